"""How DuckDB reads data files: each under a plain name of its own, every cell as text."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlglot import exp

from pytest_datapolicy.verify import heads
from pytest_datapolicy.verify.engine import Table, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_datapolicy.verify.sources import Member

BRANCH = 1 << 32
"""Apart from `file_index`, which counts anew in each part of a table."""
SUFFIXES = {"parquet": ".parquet", "jsonl": ".jsonl", "csv": ".csv", "tsv": ".csv", "arrow": ".arrow"}


class Part(NamedTuple):
    """Files that are read by one call, and the columns of that call."""

    members: tuple[tuple[int, Member], ...]
    """With their positions in the table."""
    source: exp.Expression
    columns: tuple[exp.Expression, ...]


class Reader:
    """Makes tables of files."""

    def __init__(
        self,
        folder: str,
        run: Callable[[str], list[tuple[Any, ...]]],
        register: Callable[[str, object], object],
    ) -> None:
        """`folder` takes links to the files: no name of theirs reaches the engine, which would take some for globs.
        `register` lends the engine a source of rows under a name."""
        self._folder = folder
        self._run = run
        self._register = register
        self._lent: dict[tuple[object, ...], str] = {}
        self._links: dict[str, str] = {}
        self._members: dict[str, Member] = {}

    def table(self, members: Sequence[Member], columns: Sequence[str], *, by_file: bool) -> Table:
        """See `Engine.table`."""
        kinds: dict[tuple[str, str], list[tuple[int, Member]]] = {}
        for index, member in enumerate(members):
            kinds.setdefault((member.kind, member.packing), []).append((index, member))
        parts = [part for (kind, _), group in kinds.items() for part in self._parts(kind, group, columns)]
        queries = [_query(number, part, by_file=by_file) for number, part in enumerate(parts)]
        query: exp.Query = queries[0]
        for other in queries[1:]:
            query = exp.union(query, other, distinct=False)
        places = [[index for index, _ in part.members] for part in parts]
        return Table(query, lambda f: places[f // BRANCH][f % BRANCH])

    def named_in(self, text: str) -> Member | None:
        """The file that a message names."""
        found = re.search(re.escape(self._folder) + r"[/\\]+\d+\.\w+", text)
        return None if found is None else self._members.get(found[0])

    def _link(self, member: Member) -> str:
        if member.store is not None:
            self._members[member.path] = member
            return member.path
        if member.path not in self._links:
            link = os.path.join(self._folder, f"{len(self._links)}{SUFFIXES[member.kind]}")
            try:
                os.symlink(member.path, link)
            except OSError:  # Windows without the right to make links
                link = member.path
                if re.search(r"[*?\[\]{}]", link):
                    raise Unreadable(f"{member.name} looks like a pattern", "rename the file", member) from None
            self._links[member.path] = link
        self._members[self._links[member.path]] = member
        return self._links[member.path]

    def _files(self, members: Sequence[tuple[int, Member]]) -> exp.Expression:
        return exp.Array(expressions=[exp.Literal.string(self._link(member)) for _, member in members])

    def _parts(self, kind: str, members: list[tuple[int, Member]], columns: Sequence[str]) -> Iterator[Part]:
        made = {
            "parquet": self._parquet,
            "jsonl": self._jsonl,
            "csv": self._csv,
            "tsv": self._csv,
            "arrow": self._arrow,
        }
        yield from made[kind](members, columns)

    def _parquet(self, members: list[tuple[int, Member]], columns: Sequence[str]) -> Iterator[Part]:
        if not columns:
            yield Part(tuple(members), _call("read_parquet", self._files(members), hive_partitioning=exp.false()), ())
            return
        for names, group in self._signatures(members):
            selected = []
            for column in columns:
                found = [position for position, (name, _, _) in enumerate(names) if name == column]
                once(column, len(found), group[0][1])
                selected.append(found[0])
            source = _call("read_parquet", self._files(group), hive_partitioning=exp.false())
            called = [name for name, _, _ in names]
            if not all(called) or len({name.lower() for name in called}) < len(called):
                # The engine renames columns without a name, and those that differ in case only.
                described = self._run(exp.Describe(this=exp.select("*").from_(source.copy())).sql("duckdb"))
                called = [row[0] for row in described]
            cells = [
                _parquet_text(called[index], *names[index][1:], column=names[index][0], member=group[0][1])
                for index in selected
            ]
            yield Part(tuple(group), source, tuple(cells))

    def _signatures(
        self, members: list[tuple[int, Member]]
    ) -> Iterator[tuple[tuple[tuple[str, int, str], ...], list[tuple[int, Member]]]]:
        """Files with the same columns: for each its name, how many parts it has and its type."""
        fields = (
            "list([name, coalesce(num_children, 0)::VARCHAR, coalesce(duckdb_type, '')] ORDER BY column_id) AS fields"
        )
        schemas = exp.select("file_name", fields, dialect="duckdb").from_(_call("parquet_schema", self._files(members)))
        alike = exp.select("list(file_name)", "fields", dialect="duckdb").from_(
            schemas.group_by("file_name").subquery()
        )
        statement = alike.group_by("fields").sql("duckdb")
        position = {self._link(member): (index, member) for index, member in members}
        groups = []
        for files, fields in self._run(statement):
            group = sorted((position[file] for file in files), key=lambda item: item[0])
            groups.append((tuple(_top(fields)), group))
        yield from sorted(groups, key=lambda item: item[1][0][0])

    def _jsonl(self, members: list[tuple[int, Member]], columns: Sequence[str]) -> Iterator[Part]:
        packing = exp.Literal.string(members[0][1].packing or "none")
        lines = exp.Literal.string("newline_delimited")
        if "" in columns or len({column.lower() for column in columns}) < len(columns):
            source = _call("read_ndjson_objects", self._files(members), compression=packing)
            cells = [
                exp.Anonymous(
                    this="json_extract_string",
                    expressions=[exp.column("json"), exp.Literal.string(_pointer(column))],
                )
                for column in columns
            ]
            yield Part(tuple(members), source, tuple(cells))
            return
        asked = columns or ("any",)  # the engine wants one, which rows need not have
        source = _call(
            "read_json",
            self._files(members),
            format=lines,
            records=exp.true(),
            compression=packing,
            columns=_text_columns(asked),
        )
        yield Part(tuple(members), source, tuple(_named(column) for column in columns))

    def _csv(self, members: list[tuple[int, Member]], columns: Sequence[str]) -> Iterator[Part]:
        groups: dict[tuple[str, ...], list[tuple[int, Member]]] = {}
        for index, member in members:
            groups.setdefault(heads.header(member), []).append((index, member))
        for names, group in groups.items():
            first = group[0][1]
            for column in columns:
                once(column, names.count(column), first)
            quote = exp.Literal.string('"')
            source = _call(
                "read_csv",
                self._files(group),
                auto_detect=exp.false(),
                delim=exp.Literal.string(heads.DELIMITERS[first.kind]),
                quote=quote,
                escape=quote,
                header=exp.true(),
                strict_mode=exp.true(),
                compression=exp.Literal.string(first.packing or "none"),
                columns=_text_columns([f"c{index}" for index in range(len(names))]),
            )
            yield Part(tuple(group), source, tuple(_named(f"c{names.index(column)}") for column in columns))

    def _arrow(self, members: list[tuple[int, Member]], columns: Sequence[str]) -> Iterator[Part]:
        from pytest_datapolicy.verify import arrow

        groups: list[tuple[Any, list[tuple[int, Member]]]] = []
        for index, member in members:
            schema = arrow.schema_of(member)
            for column in columns:
                once(column, schema.names.count(column), member)
            alike = next((group for known, group in groups if known.equals(schema)), None)
            if alike is None:
                groups.append((schema, [(index, member)]))
            else:
                alike.append((index, member))
        for schema, group in groups:
            places = [schema.names.index(column) for column in columns]
            for column, place in zip(columns, places, strict=True):
                if "binary" in str(schema.field(place).type):
                    raise _bytes(column, group[0][1])
            key = (tuple(places), *[member.path for _, member in group])
            if key not in self._lent:
                self._lent[key] = f"arrow{len(self._lent)}"
                self._register(self._lent[key], arrow.Batches([member for _, member in group], places, schema))
            cells = [_arrow_text(f"c{index}", schema.field(place).type) for index, place in enumerate(places)]
            yield Part(tuple(group), exp.to_table(self._lent[key]), tuple(cells))


def _query(number: int, part: Part, *, by_file: bool) -> exp.Select:
    query = exp.select(*[exp.alias_(cell, f"c{index}") for index, cell in enumerate(part.columns)])
    if by_file:
        index: exp.Expression = exp.column("file_index")
        query = query.select(exp.alias_(index + exp.Literal.number(number * BRANCH) if number else index, "f"))
    elif not part.columns:
        query = query.select(exp.alias_(exp.Literal.number(1), "row"))
    return query.from_(part.source)


def _call(function: str, files: exp.Expression, **options: exp.Expression) -> exp.Expression:
    given = [exp.PropertyEQ(this=exp.to_identifier(name), expression=value) for name, value in options.items()]
    return exp.Table(this=exp.Anonymous(this=function, expressions=[files, *given]))


def _text_columns(names: Sequence[str]) -> exp.Expression:
    return exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.Literal.string(name), expression=exp.Literal.string("VARCHAR")) for name in names
        ]
    )


def _named(column: str) -> exp.Expression:
    return exp.column(exp.to_identifier(column, quoted=True))


def once(column: str, times: int, member: Member) -> None:
    """Raises `Unreadable` when a file names a column never, or more than once."""
    if times != 1:
        how = f'has no column "{column}"' if not times else f'names {times} columns "{column}"'
        remedy = "correct `columns` or `where`" if not times else "give each column a name of its own"
        raise Unreadable(f"{member.name} {how}", remedy, member, "undeclared")


def _parquet_text(called: str, parts: int, kind: str, *, column: str, member: Member) -> exp.Expression:
    cell = _named(called)
    if parts:
        return exp.cast(exp.Anonymous(this="to_json", expressions=[cell]), exp.DataType.Type.VARCHAR)
    if kind == "BLOB":
        raise _bytes(column, member)
    return cell if kind == "VARCHAR" else exp.cast(cell, exp.DataType.Type.VARCHAR)


def _arrow_text(called: str, kind: Any) -> exp.Expression:
    if kind.num_fields:
        return exp.cast(exp.Anonymous(this="to_json", expressions=[_named(called)]), exp.DataType.Type.VARCHAR)
    return exp.cast(_named(called), exp.DataType.Type.VARCHAR)


def _bytes(column: str, member: Member) -> Unreadable:
    return Unreadable(f'column "{column}" of {member.name} holds bytes, not text', "write it as strings", member)


def _top(fields: Sequence[Sequence[str]]) -> Iterator[tuple[str, int, str]]:
    """The columns of a schema that is written down depth first, its root in front."""
    index = 1
    while index < len(fields):
        name, parts, kind = fields[index]
        yield name, int(parts), kind
        left = int(parts)
        index += 1
        while left:
            left += int(fields[index][1]) - 1
            index += 1


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")
