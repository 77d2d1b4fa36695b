"""The distributed engine: Spark, on this machine, on a cluster or through Spark Connect."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from typing import TYPE_CHECKING, Any

import pyspark
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from sqlglot import exp

from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.verify.engine import Exhausted, Table, Unreadable
from pytest_datapolicy.verify.options import size_of
from pytest_datapolicy.verify.spark_stage import Stage
from pytest_datapolicy.verify.spark_start import started, told
from pytest_datapolicy.verify.spark_tables import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_datapolicy.verify.options import Options
    from pytest_datapolicy.verify.sources import Member

VERSION = f"spark {pyspark.__version__}"
NORMAL = "datapolicy_normal"
ERRORS = (PySparkException, Py4JError, ConnectionError)
MORE = "raise memory_limit in [tool.datapolicy.verify] or the memory of Spark's executors"
FULL = ("OutOfMemory", "UNABLE_TO_ACQUIRE_MEMORY", "No space left on device", "exceeds the limit", "maxResultSize")
ENDED = ("Py4JNetworkError", "StatusCode.UNAVAILABLE", "SparkContext was shut down", "Connection refused")


class Spark:
    """See the protocol `Engine`."""

    name = "spark"
    version = VERSION
    dialect = "spark"

    def __init__(self, options: Options) -> None:
        """Start a session, or take the one that there is. Raises `RunError`."""
        self._kept: dict[str, Any] = {}
        self._dropped: set[str] = set()
        self._names = 0
        self._python = False
        try:
            self._folder = tempfile.mkdtemp(prefix="datapolicy-", dir=options.temp)
        except OSError as error:
            raise RunError(
                f"no temporary folder can be made: {error.strerror}",
                remedy="name one with `temp` in [tool.datapolicy.verify]",
            ) from None
        try:
            self._spark = started(options, self._folder)
        except BaseException:
            self._forget()
            raise
        stage = Stage(os.path.join(self._folder, "staged"), size_of(options.temp_limit))
        links = os.path.join(self._folder, "links")
        self._reader = Reader(
            self._spark.session,
            links,
            stage,
            local=self._spark.local,
            shared=options.temp is not None,
            patterns=options.remote is not None,
        )

    def table(self, members: Sequence[Member], columns: Sequence[str], *, by_file: bool = False) -> Table:
        try:
            return self._reader.table(members, columns, by_file=by_file)
        except ERRORS as error:
            raise self._failure(error) from error

    def rows(self, query: exp.Query) -> list[tuple[Any, ...]]:
        try:
            return [tuple(row) for row in self._frame(query).collect()]
        except ERRORS as error:
            raise self._failure(error) from error

    def keep(self, query: exp.Query) -> exp.Table:
        self._names += 1
        name = f"datapolicy_kept{self._names}"
        try:
            frame = self._frame(query).persist()
            frame.createOrReplaceTempView(name)
            frame.count()
        except ERRORS as error:
            raise self._failure(error) from error
        self._kept[name] = frame
        return exp.to_table(name)

    def drop(self, table: exp.Table) -> None:
        self._dropped.add(table.name)
        if self._dropped < self._kept.keys():
            return
        # Through Spark Connect a plan is resolved anew to be let go, and needs the views that it was made of.
        try:
            for name, frame in reversed(self._kept.items()):
                frame.unpersist()
                self._spark.session.catalog.dropTempView(name)
        except ERRORS as error:
            raise self._failure(error) from error
        finally:
            self._kept.clear()
            self._dropped.clear()

    def _frame(self, query: exp.Query) -> Any:
        return self._spark.session.sql(query.sql(self.dialect))

    def _failure(self, error: Exception) -> Unreadable | Exhausted | RunError:
        """What an error says of the data. Its text may hold some of them, so that only a file is taken from it."""
        text = f"{type(error).__name__}: {error}"
        if any(word in text for word in FULL):
            return Exhausted("the memory or the disk of Spark ran out", MORE)
        if "PYTHON_VERSION_MISMATCH" in text or "No module named" in text:
            return RunError(
                "the workers of Spark run another Python than this one",
                remedy="give them the same minor version by PYSPARK_PYTHON, and run the check with it",
            )
        if any(word in text for word in ENDED):
            return RunError(f"the connection to Spark was lost: {told(error)}", remedy="look into the log of Spark")
        member = self._reader.named_in(text)
        name = member.name if member is not None else "a data file"
        if member is not None and member.kind == "jsonl" and "USER_RAISED_EXCEPTION" in text:
            return Unreadable(f"a line of {name} is no JSON object", "correct the line", member)
        if "PATH_NOT_FOUND" in text or "does not exist" in text:
            return Unreadable(f"{name} is not there for Spark", "put it where all workers see it", member)
        if "MALFORMED_CHARACTER_CODING" in text:
            return Unreadable(f"{name} is not UTF-8", "save it as UTF-8", member)
        return Unreadable(f"{name} cannot be read as its suffix says", "restore the file", member)

    def octets(self, text: exp.Expression) -> exp.Expression:
        return exp.Anonymous(this="octet_length", expressions=[text])

    def python_normal(self, text: exp.Expression) -> exp.Expression:
        if not self._python:
            self._register()
            self._python = True
        return exp.Anonymous(this=NORMAL, expressions=[text])

    def _register(self) -> None:
        """Workers have no package of ours: the function is sent to them whole."""
        from pyspark import cloudpickle
        from pyspark.sql.types import StringType

        from pytest_datapolicy.verify import normal

        normalised = normal.normalised

        def of_cell(text: str | None) -> str | None:
            return None if text is None else normalised(text)

        cloudpickle.register_pickle_by_value(normal)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._spark.session.udf.register(NORMAL, of_cell, StringType())
        except ERRORS as error:
            raise self._failure(error) from error
        finally:
            cloudpickle.unregister_pickle_by_value(normal)

    def hash64(self, text: exp.Expression) -> exp.Expression:
        return exp.Anonymous(this="xxhash64", expressions=[text])

    def runs(
        self, words: exp.Expression, size: int, each: Callable[[exp.Expression], exp.Expression]
    ) -> exp.Expression:
        run = exp.Anonymous(this="slice", expressions=[words, exp.column("i"), exp.Literal.number(size)])
        last = exp.Anonymous(this="size", expressions=[words]) - exp.Literal.number(size - 1)
        starts = exp.Anonymous(this="sequence", expressions=[exp.Literal.number(1), last])
        made = exp.Lambda(this=each(run), expressions=[exp.to_identifier("i")])
        return exp.Anonymous(this="transform", expressions=[starts, made])

    def explode(self, values: exp.Expression) -> exp.Expression:
        return exp.Anonymous(this="explode", expressions=[values])

    def close(self) -> None:
        try:
            for frame in reversed(self._kept.values()):
                frame.unpersist()
            self._spark.end()
        except ERRORS:
            pass  # it has ended already
        finally:
            self._forget()

    def _forget(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def start_spark(options: Options, root: str) -> Spark:  # noqa: ARG001 - executors see no limits of ours
    """The engine. Raises `RunError`."""
    return Spark(options)
