"""The files of one data set, read by an engine when the cache does not hold what is asked for."""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_datapolicy.model.data import Unmeasured
from pytest_datapolicy.verify import heads
from pytest_datapolicy.verify.cache import key_of
from pytest_datapolicy.verify.engine import Exhausted, Unreadable
from pytest_datapolicy.verify.sources import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pytest_datapolicy.verify.cache import Cache
    from pytest_datapolicy.verify.counting import Group
    from pytest_datapolicy.verify.digests import Digests
    from pytest_datapolicy.verify.engine import Engine, Table
    from pytest_datapolicy.verify.progress import Progress
    from pytest_datapolicy.verify.sources import Entry, Member, Sources

VERSION = 1
"""Counts up when a statement, the normalisation or what Python makes of results changes: older results are not used."""


class Input(NamedTuple):
    """Files that a measure reads, and the columns that it needs of them."""

    members: tuple[Member, ...]
    columns: tuple[str, ...]


class Workshop(NamedTuple):
    """What the data sets of one run share."""

    sources: Sources
    digests: Digests
    cache: Cache
    progress: Progress
    engine: Callable[[], Engine]
    """Started when it is first called."""
    engine_version: Callable[[], str]
    """Without starting it."""
    show_records: bool


class Files:
    """The files of one data set."""

    def __init__(self, workshop: Workshop, manifest_path: str, title: str) -> None:
        self._shop = workshop
        self._folder = os.path.dirname(manifest_path)
        self._title = title

    @property
    def show_records(self) -> bool:
        """Whether findings may quote records."""
        return self._shop.show_records

    def engine(self) -> Engine:
        """The engine, started if need be."""
        return self._shop.engine()

    def entry(self, path: str) -> Entry:
        """What an entry of ``files`` stands for."""
        return self._shop.sources.entry(self._folder, path)

    def elsewhere(self, manifest_path: str) -> Files:
        """The files of another data set of the project."""
        return Files(self._shop, manifest_path, self._title)

    def digests(self, members: Sequence[Member]) -> list[str | Unmeasured]:
        """SHA-256 of each file's bytes."""
        with self._shop.progress.reading(f"{self._title}: digests", sum(member.size for member in members)):
            return self._shop.digests.of(members)

    def counted(
        self, members: Sequence[Member], listed: Mapping[str, Sequence[str]]
    ) -> dict[str, list[Group] | Unmeasured]:
        """The rows of each file by what their cells hold; see `counting`. A file that cannot be read takes no other
        with it."""
        from pytest_datapolicy.verify.counting import grouped, is_grouped

        columns = tuple(sorted(listed))
        source = Input(tuple(members), columns)
        found = self.measured(
            ["counts", [list(listed[column]) for column in columns]],
            [source],
            lambda tables: grouped(
                tables[0], [listed[column] for column in columns], self._shop.engine(), alone=len(members) == 1
            ),
            is_grouped,
            blame=False,
        )
        if isinstance(found, Unmeasured) and len(members) > 1:
            half = len(members) // 2
            return self.counted(members[:half], listed) | self.counted(members[half:], listed)
        if isinstance(found, Unmeasured):
            return {members[0].path: found}
        from pytest_datapolicy.verify.counting import groups_of

        return groups_of(found, members, columns)

    def measured(
        self,
        check: list[Any],
        inputs: Sequence[Input],
        compute: Callable[[list[Table]], Any],
        valid: Callable[[Any], bool],
        *,
        blame: bool = True,
    ) -> Any | Unmeasured:
        """What `compute` makes of the inputs' tables, or made of the same bytes before. It gives what JSON can hold.

        With `blame`, a failure that names no file is looked for in one after the other.
        """
        members = [member for source in inputs for member in source.members]
        key = ""
        if self._shop.cache.on:
            digests = self.digests(members)
            fault = next((digest for digest in digests if isinstance(digest, Unmeasured)), None)
            if fault is not None:
                return fault
            shapes = [[source.columns, [(m.kind, m.packing) for m in source.members]] for source in inputs]
            versions = [VERSION, self._shop.engine_version(), unicodedata.unidata_version]
            key = key_of([*versions, *check, shapes], [str(digest) for digest in digests])
            found = self._shop.cache.get(key, valid)
            if found is not None:
                return found
        try:
            lacking = self._lacking(inputs) if check[0] != "counts" else None
            if lacking is not None:
                return lacking
            with self._shop.progress.working(f"{self._title}: {check[0]}"):
                result = compute([self._table(source) for source in inputs])
        except Exhausted as error:
            return Unmeasured(error.reason, error.remedy, kind="unreadable")
        except Unreadable as error:
            fault = changed(members)
            if fault is None and error.member is None and blame:
                error = self._culprit(inputs) or error
            return fault or Unmeasured(error.reason, error.remedy, kind=error.kind)
        fault = changed(members)
        if fault is None and key:
            self._shop.cache.put(key, result)
        return result if fault is None else fault

    def _table(self, source: Input) -> Table:
        engine = self._shop.engine()
        return engine.table(source.members, source.columns, by_file=True)

    def _culprit(self, inputs: Iterable[Input]) -> Unreadable | None:
        """The first file of which the engine cannot read the columns alone."""
        from pytest_datapolicy.verify.statements import has_values

        engine = self._shop.engine()
        for source in inputs:
            for member in source.members:
                try:
                    table = engine.table([member], source.columns)
                    engine.rows(has_values(table, len(source.columns)))
                except Unreadable as error:
                    return error
        return None

    def _lacking(self, inputs: Iterable[Input]) -> Unmeasured | None:
        """The first file of JSON lines in which no row has a value in a column; other files say which they have."""
        from pytest_datapolicy.verify.statements import has_values

        for source, member in ((given, member) for given in inputs for member in given.members):
            if member.kind != "jsonl":
                continue
            doubtful = set(source.columns) - heads.keys(member)
            if doubtful:
                columns = sorted(doubtful)
                engine = self._shop.engine()
                counts = engine.rows(has_values(engine.table([member], columns), len(columns)))[0]
                absent = [column for column, count in zip(columns, counts, strict=True) if not count]
                if absent and member.size:
                    return lacks(member, absent[0])
        return None


def lacks(member: Member, column: str) -> Unmeasured:
    """No row of a file of JSON lines has this column."""
    reason = f'no row of {member.name} has a value in the column "{column}"'
    return Unmeasured(reason, "correct `columns` or `where`", kind="undeclared")
