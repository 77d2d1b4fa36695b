"""Each check as a statement, once for all engines: syntax trees over the columns ``c0``, ``c1``, ... of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_datapolicy.verify.engine import Table


def text(column: str) -> exp.Expression:
    """A cell as text; an empty one as the empty text."""
    return exp.Coalesce(this=exp.column(column), expressions=[exp.Literal.string("")])


def counts(table: Table, listed: Sequence[Sequence[str]]) -> exp.Select:
    """Rows by file and by what their cells hold: ``f``, one bucket for each column, rows, and for each column the first
    of its values and how many rows have one.

    `listed` holds, for each column, the values that have a bucket of their own; the empty text has one too, and all
    other values share the bucket NULL. Rows are grouped by their cells as they are before anything is made of them,
    which costs a third of putting each row into its bucket.
    """
    columns = [f"c{index}" for index in range(len(listed))]
    groups = exp.select("f", *columns, exp.alias_(exp.Count(this=exp.Star()), "n")).from_(table.query.subquery("t"))
    groups = groups.group_by("f", *columns)
    buckets = [
        exp.alias_(_bucket(column, values), f"b{index}")
        for index, (column, values) in enumerate(zip(columns, listed, strict=True))
    ]
    held = [
        exp.alias_(exp.Coalesce(this=exp.Sum(this=_present(column)), expressions=[exp.Literal.number(0)]), f"h{index}")
        for index, column in enumerate(columns)
    ]
    least = [exp.alias_(exp.Min(this=text(column)), f"m{index}") for index, column in enumerate(columns)]
    total = exp.alias_(exp.cast(exp.Sum(this=exp.column("n")), exp.DataType.Type.BIGINT), "rows")
    query = exp.select("f", *buckets, total, *least, *held).from_(groups.subquery("g"))
    return query.group_by("f", *[bucket.this.copy() for bucket in buckets])


def _bucket(column: str, values: Sequence[str]) -> exp.Expression:
    known = sorted({*values, ""})
    inside = exp.In(this=text(column), expressions=[exp.Literal.string(value) for value in known])
    return exp.Case(ifs=[exp.If(this=inside, true=text(column))])


def _present(column: str) -> exp.Expression:
    """The rows of a group when its cell is not NULL."""
    has = exp.Not(this=exp.Is(this=exp.column(column), expression=exp.null()))
    return exp.cast(exp.Case(ifs=[exp.If(this=has, true=exp.column("n"))]), exp.DataType.Type.BIGINT)


def has_values(table: Table, columns: int) -> exp.Select:
    """How many rows have a value in each column."""
    return exp.select(*[exp.Count(this=exp.column(f"c{index}")) for index in range(columns)]).from_(
        table.query.subquery("t")
    )
