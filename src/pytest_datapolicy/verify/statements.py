"""Each check as a statement, once for all engines: syntax trees over the columns ``c0``, ``c1``, ... of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_datapolicy.verify.engine import Engine, Table


def text(column: str) -> exp.Expression:
    """A cell as text; an empty one as the empty text."""
    return exp.Coalesce(this=exp.column(column), expressions=[exp.Literal.string("")])


def counts(table: Table, listed: Sequence[Sequence[str]], *, alone: bool = False) -> exp.Select:
    """Rows by file and by what their cells hold: ``f``, one bucket for each column, rows, and for each column the first
    of its values and how many rows have one.

    `listed` holds, for each column, the values that have a bucket of their own; the empty text has one too, and all
    other values share the bucket NULL. Rows are grouped by their cells as they are before anything is made of them,
    which costs a third of putting each row into its bucket. One file `alone` has no ``f`` in its groups, which costs
    two fifths.
    """
    columns = [f"c{index}" for index in range(len(listed))]
    groups = exp.select(exp.alias_(exp.Literal.number(0), "f") if alone else "f", *columns)
    groups = groups.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(table.query.subquery("t"))
    groups = groups.group_by(*columns) if alone else groups.group_by("f", *columns)
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


WHITE = "\t\n\v\f\r\x1c\x1d\x1e\x1f"
"""What is white space in ASCII besides the space."""
MARKS = "\N{SECTION SIGN}", "\N{CURRENCY SIGN}"
"""No text of ASCII holds them."""


def joined(columns: Sequence[str]) -> exp.Expression:
    """The text of a record: its cells that are not empty, a line each."""
    if len(columns) == 1:
        return text(columns[0])
    cells = [exp.Nullif(this=exp.column(column), expression=_string("")) for column in columns]
    return exp.Anonymous(this="concat_ws", expressions=[_string("\n"), *cells])


def normal(value: exp.Expression, engine: Engine) -> exp.Expression:
    """`normal.normalised` of a text that is not NULL.

    Most texts of ASCII are only lowered: to trim them all would take longer than the rest.
    """
    is_ascii = exp.EQ(this=engine.octets(value.copy()), expression=exp.Length(this=value.copy()))
    ends = [exp.Like(this=value.copy(), expression=_string(pattern)) for pattern in (" %", "% ")]
    odd = exp.or_(*ends, *[_contains(value, part) for part in ("  ", *WHITE)])
    other = exp.Case(ifs=[exp.If(this=exp.not_(is_ascii.copy()), true=value.copy())])
    return exp.Case(
        ifs=[
            exp.If(this=exp.and_(is_ascii.copy(), exp.not_(odd)), true=exp.Lower(this=value.copy())),
            exp.If(this=is_ascii.copy(), true=exp.Lower(this=exp.Trim(this=_spaced(value)))),
        ],
        default=engine.python_normal(other),
    )


def _spaced(value: exp.Expression) -> exp.Expression:
    """One space for each run of white space: runs become pairs of marks, of which the inner ones go."""
    made = value.copy()
    first, second = MARKS
    steps = [*((char, " ") for char in WHITE), (" ", first + second), (second + first, ""), (first + second, " ")]
    for old, new in steps:
        made = exp.Anonymous(this="replace", expressions=[made, _string(old), _string(new)])
    return made


def _contains(value: exp.Expression, part: str) -> exp.Expression:
    return exp.Anonymous(this="contains", expressions=[value.copy(), _string(part)])


def _string(value: str) -> exp.Expression:
    return exp.Literal.string(value)


def words(value: exp.Expression) -> exp.Expression:
    """How many words a normalised text has that is not empty."""
    without = exp.Anonymous(this="replace", expressions=[value.copy(), _string(" "), _string("")])
    return exp.Length(this=value.copy()) - exp.Length(this=without) + exp.Literal.number(1)


def any_of(wheres: Sequence[Sequence[tuple[str, Sequence[str]]]]) -> exp.Condition | None:
    """The rows that one of some selections takes: in each, every column has one of its values. None: all rows."""
    if not wheres or any(not where for where in wheres):
        return None
    return exp.or_(
        *[
            exp.and_(*[exp.In(this=text(column), expressions=[_string(v) for v in values]) for column, values in where])
            for where in wheres
        ]
    )
