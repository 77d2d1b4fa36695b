"""The records of each component, counted in one pass over the data set's files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_datapolicy.model.data import Counts, Unmeasured
from pytest_datapolicy.model.vocabulary import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from pytest_datapolicy.model.manifest import Component, Manifest
    from pytest_datapolicy.verify.engine import Engine, Table
    from pytest_datapolicy.verify.reading import Files
    from pytest_datapolicy.verify.sources import Entry, Member

Key = tuple[str, str]
OTHER = None
"""The bucket of the values that no manifest lists."""


class Group(NamedTuple):
    """Rows of one file that hold the same in all columns that matter."""

    cells: Mapping[str, str | None]
    """The bucket of each column."""
    rows: int
    least: Mapping[str, str]
    """The first value of each column."""


def where_of(component: Component) -> dict[str, tuple[str, ...]]:
    """The columns that select a component's rows, each with the texts that count."""
    return {
        column: tuple(map(text_of, value if isinstance(value, list) else [value]))
        for column, value in (component.where or {}).items()
    }


def text_of(value: object) -> str:
    """A value of a manifest as the text that a cell must be."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def origin_column(component: Component) -> str | None:
    """The column that says where a record comes from."""
    name: str | None = component.split.tree.get("columns", {}).get("origin")
    return name


class Claims:
    """Which components claim which rows."""

    def __init__(self, manifest: Manifest, files: Files) -> None:
        self._files = files
        self._components = [component for component in manifest.components if component.files]
        self._entries: dict[Key, tuple[Entry, ...]] = {
            _key(component): tuple(files.entry(file.path) for file in component.files) for component in self._components
        }
        self._groups: dict[str, list[Group] | Unmeasured] = {}
        self._counted = False

    def entries(self, component: Component) -> tuple[Entry, ...]:
        """The entries of a component's ``files``."""
        return self._entries.get(_key(component), ())

    def counts(self, component: Component) -> Counts | Unmeasured:
        """See `Data.counts`."""
        entries = self.entries(component)
        if not entries:
            reason = f"{component.name} names no data file"
            return Unmeasured(reason, "name them in `files`", component.at("files"), "undeclared")
        for index, entry in enumerate(entries):
            if entry.fault is not None:
                return entry.fault._replace(at=component.at("files", index, "path"))
        self._count()
        for index, entry in enumerate(entries):
            for member in entry.counted:
                found = self._groups[member.path]
                if isinstance(found, Unmeasured):
                    return found if found.at else found._replace(at=component.at("files", index, "path"))
        members = {member.path: member for entry in entries for member in entry.counted}
        mine = [group for path in members for group in self._of(path) if _claims(component, group)]
        return Counts(
            sum(group.rows for group in mine),
            tuple(sum(group.rows for member in entry.counted for group in self._of(member.path)) for entry in entries),
            self._origins(component, mine),
            tuple(self._shared(component, members)),
            tuple(self._unclaimed(component)),
            tuple(
                sum(
                    group.rows
                    for member in entry.counted
                    for group in self._of(member.path)
                    if _claims(component, group)
                )
                for entry in entries
            ),
        )

    def _of(self, path: str) -> list[Group]:
        found = self._groups[path]
        return [] if isinstance(found, Unmeasured) else found

    def _origins(self, component: Component, groups: Iterable[Group]) -> dict[str, int]:
        column = origin_column(component)
        if column is None:
            return {}
        origins: dict[str, int] = {}
        listed = {"", *_origin_values(component)}
        others: list[Group] = []
        for group in groups:
            value = group.cells.get(column)
            if value is not None and value in listed:
                origins[value] = origins.get(value, 0) + group.rows
            else:
                others.append(group)
        if others:
            origins[min(group.least[column] for group in others)] = sum(group.rows for group in others)
        return dict(sorted(origins.items()))

    def _shared(self, component: Component, members: Iterable[str]) -> Iterator[tuple[str, int]]:
        paths = set(members)
        for other in self._components:
            if _key(other) == _key(component):
                continue
            theirs = paths & {member.path for entry in self.entries(other) for member in entry.counted}
            rows = sum(
                group.rows
                for path in theirs
                for group in self._of(path)
                if _claims(component, group) and _claims(other, group)
            )
            if rows:
                yield f"{other.split.name}/{other.name}", rows

    def _unclaimed(self, component: Component) -> Iterator[int]:
        claims = self._claimants()
        for index, entry in enumerate(self.entries(component)):
            rows = 0
            for member in entry.counted:
                claimants = claims[member.path]
                if (first := claimants[0])[1] is component and first[0] == index:
                    rows += sum(
                        group.rows
                        for group in self._of(member.path)
                        if not any(_claims(other, group) for _, other in claimants)
                    )
            yield rows

    def _claimants(self) -> dict[str, list[tuple[int, Component]]]:
        """By path: who names a file, and in which of its entries."""
        found: dict[str, list[tuple[int, Component]]] = {}
        for component in self._components:
            for index, entry in enumerate(self.entries(component)):
                for member in entry.counted:
                    found.setdefault(member.path, []).append((index, component))
        return found

    def _count(self) -> None:
        """Count everything there is to count in this data set: files that the same components name go together."""
        if self._counted:
            return
        self._counted = True
        together: dict[tuple[int, ...], dict[str, Member]] = {}
        position = {id(component): index for index, component in enumerate(self._components)}
        members = {
            member.path: member
            for component in self._components
            for entry in self.entries(component)
            for member in entry.counted
        }
        for path, claimants in self._claimants().items():
            named_by = tuple(sorted({position[id(component)] for _, component in claimants}))
            together.setdefault(named_by, {})[path] = members[path]
        for named_by, group in together.items():
            self._count_together([self._components[index] for index in named_by], list(group.values()))

    def _count_together(self, components: Sequence[Component], members: Sequence[Member]) -> None:
        listed: dict[str, set[str]] = {}
        for component in components:
            for column, values in where_of(component).items():
                listed.setdefault(column, set()).update(values)
            origin = origin_column(component)
            if origin is not None:
                listed.setdefault(origin, set()).update(_origin_values(component))
        rows = [member for member in members if member.kind not in ("media", "sealed")]
        for member in members:
            if member.kind == "sealed":
                self._groups[member.path] = Unmeasured(
                    f"the records of {member.name} cannot be counted in this form",
                    "write them as Parquet, JSON lines, CSV or Arrow",
                )
            elif member.kind == "media":
                self._groups[member.path] = [Group({}, 1, {})] if not listed else _no_columns(member, sorted(listed)[0])
        if rows:
            self._groups |= self._files.counted(rows, {column: sorted(values) for column, values in listed.items()})


def _claims(component: Component, group: Group) -> bool:
    return all(group.cells.get(column, OTHER) in values for column, values in where_of(component).items())


def _origin_values(component: Component) -> tuple[str, ...]:
    """The values of the origin column that stand for an origin."""
    return tuple(component.split.tree.get("columns", {}).get("origins", ORIGINS))


def _no_columns(member: Member, column: str) -> Unmeasured:
    reason = f'{member.name} has no column "{column}": it is counted as one record'
    return Unmeasured(reason, "take the column out of `where` and `columns`", kind="undeclared")


def _key(component: Component) -> Key:
    return component.split.name, component.name


def grouped(table: Table, listed: Sequence[Sequence[str]], engine: Engine, *, alone: bool = False) -> list[list[Any]]:
    """The rows of a table by file and bucket, as JSON holds them: [member, [bucket, first value, held], ...], rows].

    One file `alone` need not be told from others.
    """
    from pytest_datapolicy.verify import statements

    size = len(listed)
    rows = engine.rows(statements.counts(table, listed, alone=alone))
    made = []
    for row in rows:
        place, buckets, total, least, held = (
            row[0],
            row[1 : 1 + size],
            row[1 + size],
            row[2 + size : 2 + 2 * size],
            row[-size:],
        )
        if place is not None:
            cells = [list(cell) for cell in zip(buckets, least, held, strict=True)] if size else []
            made.append([0 if alone else table.place(place), cells, total])
    return sorted(made, key=repr)


def is_grouped(found: Any) -> bool:
    """Whether something read from the cache is what `grouped` makes."""
    return isinstance(found, list) and all(
        isinstance(place, int)
        and isinstance(rows, int)
        and all(
            isinstance(bucket, str | None) and isinstance(least, str) and isinstance(held, int)
            for bucket, least, held in cells
        )
        for place, cells, rows in found
    )


def groups_of(
    found: Iterable[Sequence[Any]], members: Sequence[Member], columns: Sequence[str]
) -> dict[str, list[Group] | Unmeasured]:
    """Groups by file. A file of JSON lines lacks a column of which no row has a value."""
    from pytest_datapolicy.verify.reading import lacks

    groups: dict[str, list[Group] | Unmeasured] = {}
    by_file: dict[int, list[Sequence[Any]]] = {}
    for row in found:
        by_file.setdefault(row[0], []).append(row)
    for index, member in enumerate(members):
        rows = by_file.get(index, [])
        absent = [
            column
            for position, column in enumerate(columns)
            if rows and member.kind == "jsonl" and not any(cells[position][2] for _, cells, _ in rows)
        ]
        groups[member.path] = (
            lacks(member, absent[0])
            if absent
            else [
                Group(
                    {column: cell[0] for column, cell in zip(columns, cells, strict=True)},
                    total,
                    {column: cell[1] for column, cell in zip(columns, cells, strict=True)},
                )
                for _, cells, total in rows
            ]
        )
    return groups
