"""The embedded engine: DuckDB, bounded in memory and temporary files, and blind to all but the project."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from typing import TYPE_CHECKING, Any

import duckdb
from duckdb.func import PythonUDFType
from sqlglot import exp

from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.verify import heads
from pytest_datapolicy.verify.duck_tables import Reader
from pytest_datapolicy.verify.engine import Exhausted, Table, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_datapolicy.verify.options import Options
    from pytest_datapolicy.verify.sources import Member

NORMAL = "datapolicy_normal"
SHORT = 100
"""Words of a text of which runs are cut rather than laid side by side."""
MORE = "raise memory_limit or temp_limit in [tool.datapolicy.verify], or name a temp folder with more room"


class Duck:
    """See the protocol `Engine`."""

    name = "duckdb"
    version = f"duckdb {duckdb.__version__}"
    dialect = "duckdb"

    def __init__(self, options: Options, root: str) -> None:
        """Start an engine that may read below `root` and below the addresses of the options, and nothing else.

        Raises `RunError`.
        """
        self._kept = 0
        self._python = False
        self._stores: set[str] = set()
        try:
            self._folder = tempfile.mkdtemp(prefix="datapolicy-", dir=options.temp)
        except OSError as error:
            raise RunError(
                f"no temporary folder can be made: {error.strerror}",
                remedy="name one with `temp` in [tool.datapolicy.verify]",
            ) from None
        try:
            self._connection = self._connect(options, root)
        except duckdb.Error as error:
            self._forget()
            raise RunError(f"DuckDB cannot be started: {_first_line(error)}", remedy=MORE) from None
        self._reader = Reader(os.path.join(self._folder, "files"), self._run, self._connection.register)

    def _connect(self, options: Options, root: str) -> duckdb.DuckDBPyConnection:
        spill = os.path.join(self._folder, "spill")
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": options.memory_limit,
            "temp_directory": spill,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_persistent_secrets": False,
            "python_enable_replacements": False,
        }
        if options.threads is not None:
            config["threads"] = options.threads
        connection = duckdb.connect(":memory:", config=config)
        for folder in (spill, os.path.join(self._folder, "files")):
            os.mkdir(folder, 0o700)
        # Given with the others, DuckDB 2.0 shows this limit and does not keep to it.
        limit = exp.Literal.string(options.temp_limit).sql(self.dialect)
        connection.execute(f"SET max_temp_directory_size = {limit}")
        allowed = [os.path.join(folder, "") for folder in (os.path.realpath(root), self._folder)] + [*options.roots]
        listed = exp.Array(expressions=[exp.Literal.string(folder) for folder in allowed]).sql(self.dialect)
        connection.execute("SET enable_progress_bar = false")  # DuckDB writes its own to standard output
        connection.execute(f"SET allowed_directories = {listed}")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection

    def table(self, members: Sequence[Member], columns: Sequence[str], *, by_file: bool = False) -> Table:
        for member in members:
            if member.store is not None and member.store.protocol not in self._stores:
                self._stores.add(member.store.protocol)
                self._connection.register_filesystem(member.store.system)
        return self._reader.table(members, columns, by_file=by_file)

    def rows(self, query: exp.Query) -> list[tuple[Any, ...]]:
        return self._run(query.sql(self.dialect))

    def keep(self, query: exp.Query) -> exp.Table:
        self._kept += 1
        name = f"kept{self._kept}"
        self._run(f"CREATE TEMP TABLE {name} AS {query.sql(self.dialect)}")
        return exp.to_table(name)

    def drop(self, table: exp.Table) -> None:
        self._run(f"DROP TABLE {table.sql(self.dialect)}")

    def _run(self, statement: str) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement).fetchall()
        except duckdb.OutOfMemoryException:
            raise Exhausted("memory or room for temporary files ran out", MORE) from None
        except duckdb.Error as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: duckdb.Error) -> Unreadable:
        """What an error says of the data. Its text may hold some of them, so that only numbers are taken from it."""
        text = str(error)
        member = self._reader.named_in(text)
        name = member.name if member is not None else "a data file"
        if member is not None and member.kind == "jsonl":
            return heads.refused(member)
        if line := re.search(r"\b[Ll]ine:? (\d+)\b", text.partition("\nLINE ")[0]):
            cells = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
            if cells:
                reason = f"line {line[1]} of {name} has {cells[2]} cells where the header has {cells[1]}"
                return Unreadable(reason, "correct the row, or quote what it holds", member)
            return Unreadable(f"line {line[1]} of {name} cannot be read", "correct the line", member)
        return Unreadable(f"{name} cannot be read as its suffix says", "restore the file", member)

    def octets(self, text: exp.Expression) -> exp.Expression:
        return exp.Anonymous(this="strlen", expressions=[text])

    def python_normal(self, text: exp.Expression) -> exp.Expression:
        if not self._python:
            from pytest_datapolicy.verify.normal import normalised_array

            self._connection.create_function(NORMAL, normalised_array, ["VARCHAR"], "VARCHAR", type=PythonUDFType.ARROW)
            self._python = True
        return exp.Anonymous(this=NORMAL, expressions=[text])

    def hash64(self, text: exp.Expression) -> exp.Expression:
        return exp.Anonymous(this="hash", expressions=[text])

    def runs(
        self, words: exp.Expression, size: int, each: Callable[[exp.Expression], exp.Expression]
    ) -> exp.Expression:
        # A function of a list copies, for each element, what else it uses: of a long list that takes the square of its
        # length. So a long list is laid beside itself, each time moved by one; of a short one that takes twice as long.
        count = _call("len", words)
        first = exp.column("i")
        cut = _call("list_slice", words, first, first + exp.Literal.number(size - 1))
        starts = _call("range", exp.Literal.number(1), count - exp.Literal.number(size - 2))
        by_cuts = _call("list_transform", starts, _function(each(cut), "i"))
        moved = [_call("list_slice", words, exp.Literal.number(1 + by), count) for by in range(size)]
        beside = exp.Array(
            expressions=[_call("struct_extract", exp.column("s"), exp.Literal.number(1 + by)) for by in range(size)]
        )
        by_moves = _call("list_transform", _call("list_zip", *moved, exp.true()), _function(each(beside), "s"))
        short = exp.LTE(this=count, expression=exp.Literal.number(SHORT))
        return exp.Case(ifs=[exp.If(this=short, true=by_cuts)], default=by_moves)

    def explode(self, values: exp.Expression) -> exp.Expression:
        return exp.Anonymous(this="unnest", expressions=[values])

    def close(self) -> None:
        if self._python:
            self._connection.remove_function(NORMAL)
        self._connection.close()
        self._forget()

    def _forget(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _call(function: str, *arguments: exp.Expression) -> exp.Anonymous:
    return exp.Anonymous(this=function, expressions=[argument.copy() for argument in arguments])


def _function(made: exp.Expression, parameter: str) -> exp.Lambda:
    return exp.Lambda(this=made, expressions=[exp.to_identifier(parameter)])


def _first_line(error: duckdb.Error) -> str:
    return str(error).split("\n", 1)[0]
