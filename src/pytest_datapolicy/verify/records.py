"""The records of components, wherever they stand: which files, which rows of them, and which cells of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from pytest_datapolicy.model.data import Unmeasured
from pytest_datapolicy.verify import statements
from pytest_datapolicy.verify.counting import where_of
from pytest_datapolicy.verify.reading import Input

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_datapolicy.model.manifest import Component, Split
    from pytest_datapolicy.verify.engine import Engine, Table
    from pytest_datapolicy.verify.reading import Files
    from pytest_datapolicy.verify.sources import Member

Where = tuple[tuple[str, tuple[str, ...]], ...]


class Part(NamedTuple):
    """Files that are read alike."""

    source: Input
    """Its columns: first the `cells` that were asked for, then those that select rows."""
    wheres: tuple[Where, ...]
    """The selections any of which takes a row; with an empty one among them all rows count."""
    cells: int


class Asked(NamedTuple):
    """What is needed of the records of a split."""

    text: tuple[str, ...]
    """The columns that hold the content."""
    id: str | None = None


def asked_of(split: Split, *, with_id: bool = False) -> Asked | Unmeasured:
    """What the manifest says of the columns of a split."""
    columns = split.tree.get("columns", {})
    if "text" not in columns:
        reason = f"split {split.name} does not say which columns hold its text"
        return Unmeasured(reason, "name them in columns.text", split.at("columns", "text"), "undeclared")
    return Asked(tuple(columns["text"]), columns.get("id") if with_id else None)


def parts_of(components: Iterable[Component], cells: Sequence[str], files: Files) -> list[Part] | Unmeasured:
    """Where the records of some components of one split stand. A row that several of them claim is there once."""
    claims: dict[str, set[Where]] = {}
    members: dict[str, Member] = {}
    for component in components:
        if not component.files and component.records:
            reason = f"component {component.name} of split {component.split.name} names no data file"
            return Unmeasured(reason, "name them in `files`", component.at("files"), "undeclared")
        where = tuple(sorted(where_of(component).items()))
        for index, file in enumerate(component.files):
            entry = files.entry(file.path)
            fault = entry.fault
            if fault is None and (not entry.holds_rows or any(member.kind == "sealed" for member in entry.counted)):
                reason = f"{file.path} holds no rows that can be read"
                fault = Unmeasured(reason, "write the records as Parquet, JSON lines, CSV or Arrow", kind="undeclared")
            if fault is not None:
                return fault._replace(at=component.at("files", index, "path"))
            for member in entry.counted:
                members[member.path] = member
                claims.setdefault(member.path, set()).add(where)
    alike: dict[tuple[Where, ...], list[Member]] = {}
    for path, wheres in claims.items():
        alike.setdefault(tuple(sorted(wheres)), []).append(members[path])
    return [_part(group, wheres, cells) for wheres, group in alike.items()]


def _part(members: Sequence[Member], wheres: tuple[Where, ...], cells: Sequence[str]) -> Part:
    selecting = () if () in wheres else sorted({column for where in wheres for column, _ in where} - set(cells))
    return Part(Input(tuple(members), (*cells, *selecting)), () if () in wheres else wheres, len(cells))


def shape_of(parts: Sequence[Part]) -> list[object]:
    """What tells selections apart, for the key of a result."""
    return [[part.wheres, part.cells] for part in parts]


def rows_of(parts: Sequence[Part], tables: Iterable[Table]) -> exp.Query:
    """The rows of some records: the cells asked for as ``c0``, ``c1``, ..."""
    queries = [_selected(part, table) for part, table in zip(parts, tables, strict=True)]
    query: exp.Query = queries[0]
    for other in queries[1:]:
        query = exp.union(query, other, distinct=False)
    return query


def _selected(part: Part, table: Table) -> exp.Select:
    # A column that is asked for twice is read twice: each place has a name of its own.
    names: Mapping[str, str] = {column: f"c{index}" for index, column in enumerate(part.source.columns)}
    cells = [f"c{index}" for index in range(part.cells)]
    query = exp.select(*cells or ["1 AS row"]).from_(table.query.subquery("t"))
    condition = statements.any_of([[(names[column], values) for column, values in where] for where in part.wheres])
    return query if condition is None else query.where(condition)


def texts_of(
    asked: Asked, parts: Sequence[Part], tables: Iterable[Table], engine: Engine, *, whole: bool = False
) -> exp.Select:
    """The records as ``x``, their normalised texts; with `whole`, also as ``raw`` and ``id``."""
    content = statements.joined([f"c{index}" for index in range(len(asked.text))])
    query = exp.select(exp.alias_(statements.normal(exp.column("raw"), engine), "x"))
    cells: list[exp.Expr] = [exp.alias_(content, "raw")]
    if whole:
        query = query.select("raw", "id")
        identity = exp.Literal.string("") if asked.id is None else statements.text(f"c{len(asked.text)}")
        cells.append(exp.alias_(identity, "id"))
    rows = exp.select(*cells).from_(rows_of(parts, tables).subquery("r"))
    return query.from_(rows.subquery("s"))
