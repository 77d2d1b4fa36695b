"""Evaluation records that occur in training, and records that occur twice: exact, whatever the size of the training.

A set of 64-bit hashes is made of the smaller side, the larger is streamed past it, and what it lets through is compared
as text. So nothing but the texts that do occur is ever kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlglot import exp

from pytest_datapolicy.verify import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_datapolicy.verify.engine import Engine

GRAM = 13
"""Words in a run that two records do not share by chance."""
SHOWN = 3


class Texts(NamedTuple):
    """Records of a side; each call gives the statement anew."""

    x: Callable[[], exp.Select]
    """Normalised texts as ``x``."""
    whole: Callable[[], exp.Select]
    """With ``raw`` and ``id``."""


def overlap(test: Texts, train: Texts, engine: Engine, *, show: bool) -> dict[str, Any]:
    """The records of `test`, how many are in `train` whole, how many by a run of words, and the first few."""
    kept: list[exp.Table] = []

    def keep(query: exp.Query) -> exp.Table:
        kept.append(engine.keep(query))
        return kept[-1]

    try:
        hashes = keep(_some(test.x(), hash_=engine).distinct())
        # Without a filter on the training side: the engine would push it down and make every text normal twice.
        hit = keep(_matching(train.x(), engine.hash64(exp.column("x")), hashes, "h").distinct())
        records, exact, longer = engine.rows(_tally(test.x(), hit))[0]
        runs = _by_runs(test, train, hit, engine, keep) if longer else None
        grams = engine.rows(_counted(_matching(test.x(), exp.column("x"), runs, "x")))[0][0] if runs is not None else 0
        first = []
        if exact or grams:
            both: exp.Query = exp.select("x").from_(hit.copy())
            if runs is not None:
                both = exp.union(both, exp.select("x").from_(runs.copy()))
            first = engine.rows(_first(_matching(test.whole(), exp.column("x"), both.subquery("k"), "x"), show=show))
        return {
            "records": records,
            "exact": exact,
            "grams": grams,
            "first": [list(row) for row in first],
        }
    finally:
        for table in kept:
            engine.drop(table)


def duplicates(side: Texts, engine: Engine, *, show: bool) -> dict[str, Any]:
    """How many records there are, how many of them repeat the text of another, and the first few of those."""
    hashed = exp.select(exp.alias_(engine.hash64(exp.column("x")), "h")).from_(side.x().subquery("a"))
    grouped = exp.select("h", "count(*) AS n").from_(hashed.subquery("b")).group_by("h")
    table = engine.keep(grouped.having("count(*) > 1"))
    try:
        records = engine.rows(_counted(side.x()))[0][0]
        repeated = _matching(side.whole(), engine.hash64(exp.column("x")), table, "h")
        order = "row_number() OVER (PARTITION BY x ORDER BY id, raw) AS place"
        placed = exp.select("id", "raw", order).from_(repeated.subquery("c"))
        later = engine.keep(exp.select("id", "raw").from_(placed.subquery("d")).where("place > 1"))
        try:
            count = engine.rows(_counted(exp.select("id").from_(later.copy())))[0][0]
            first = engine.rows(_first(exp.select("id", "raw").from_(later.copy()), show=show)) if count else []
        finally:
            engine.drop(later)
    finally:
        engine.drop(table)
    return {"records": records, "duplicates": count, "first": [list(row) for row in first]}


def _some(query: exp.Select, hash_: Engine | None = None) -> exp.Select:
    """The texts that are not empty, or their hashes."""
    value = exp.column("x") if hash_ is None else exp.alias_(hash_.hash64(exp.column("x")), "h")
    return exp.select(value).from_(query.subquery("a")).where("x <> ''")


def _matching(query: exp.Select, value: exp.Expression, table: exp.Expression, column: str) -> exp.Select:
    """The rows of which `value` is in a column of a table."""
    names = [item.alias_or_name for item in query.selects]
    found = exp.select(*[exp.column(name, "q") for name in names], exp.alias_(value, "key_"))
    inner = found.from_(query.subquery("q"))
    on = exp.EQ(this=exp.column("key_", "p"), expression=exp.column(column, "k"))
    known = exp.alias_(table.copy(), "k", table=True) if isinstance(table, exp.Table) else table
    return (
        exp.select(*[exp.column(name, "p") for name in names])
        .from_(inner.subquery("p"))
        .join(known, on=on, join_type="left semi")
    )


def _tally(test: exp.Select, hit: exp.Table) -> exp.Select:
    """Of the records with text: all, those whose text was found, and the others that are long enough for a run."""
    x = exp.column("x", "p")
    absent = exp.Is(this=exp.column("x", "k"), expression=exp.null())
    enough = exp.and_(absent, exp.GTE(this=statements.words(x), expression=exp.Literal.number(GRAM)))
    return (
        exp.select(
            "count(*)",
            exp.Count(this=exp.column("x", "k")),
            exp.Count(this=exp.Case(ifs=[exp.If(this=enough, true=exp.Literal.number(1))])),
        )
        .from_(_some(test).subquery("p"))
        .join(
            exp.alias_(hit.copy(), "k", table=True),
            on=exp.EQ(this=x.copy(), expression=exp.column("x", "k")),
            join_type="left",
        )
    )


def _by_runs(
    test: Texts, train: Texts, hit: exp.Table, engine: Engine, keep: Callable[[exp.Query], exp.Table]
) -> exp.Table | None:
    """The texts of `test`, not those already `hit`, that share a run of words with `train`; None when none does.

    What is made for every run holds hashes only, never the text that it is of: long texts have many runs.
    """
    x = exp.column("x")
    of_text = engine.hash64(x.copy())

    def others() -> exp.Select:
        known = exp.alias_(hit.copy(), "k", table=True)
        on = exp.EQ(this=exp.column("x", "p"), expression=exp.column("x", "k"))
        return exp.select("p.x").from_(test.x().subquery("p")).join(known, on=on, join_type="left anti")

    def spelled(query: exp.Select, key: exp.Expression) -> exp.Select:
        return _exploded(
            query, key, engine, lambda run: exp.ArrayToString(this=run, expression=exp.Literal.string(" "))
        )

    hashed = _exploded(others(), of_text, engine, engine.hash64)
    wanted = keep(exp.select("g").from_(hashed.subquery("a")).distinct())
    passed = _matching(_exploded(train.x(), of_text, engine, engine.hash64), exp.column("g"), wanted, "g")
    met = keep(exp.select("h", "g").from_(passed.subquery("b")).distinct())
    if not engine.rows(_counted(exp.select("h").from_(met.copy())))[0][0]:
        return None
    sources = exp.select("h").from_(met.copy()).distinct().subquery("k")
    trained = keep(_matching(train.x(), of_text, sources, "h").distinct())
    runs = keep(
        exp.select("g").from_(spelled(exp.select("x").from_(trained), exp.Literal.number(0)).subquery("c")).distinct()
    )
    alike = _matching(_exploded(others(), of_text, engine, engine.hash64), exp.column("g"), met, "g")
    likely = keep(exp.select("h").from_(alike.subquery("d")).distinct())
    texts = _matching(others(), of_text, likely, "h").distinct()
    suspects = keep(exp.select("x", "row_number() OVER (ORDER BY x) AS n").from_(texts.subquery("e")))
    shared = _matching(spelled(exp.select("x", "n").from_(suspects), exp.column("n")), exp.column("g"), runs, "g")
    found = exp.select("h").from_(shared.subquery("f")).distinct().subquery("k")
    return keep(
        exp.select("x").from_(
            _matching(exp.select("x", "n").from_(suspects), exp.column("n"), found, "h").subquery("i")
        )
    )


def _exploded(
    query: exp.Select,
    key: exp.Expression,
    engine: Engine,
    each: Callable[[exp.Expression], exp.Expression],
) -> exp.Select:
    """A row ``h``, ``g`` for every run of words of every text: the text's key, and what `each` makes of the run."""
    enough = exp.GTE(this=statements.words(exp.column("x")), expression=exp.Literal.number(GRAM))
    split = exp.Split(this=exp.column("x"), expression=exp.Literal.string(" "))
    parts = exp.alias_(exp.Case(ifs=[exp.If(this=enough, true=split)]), "w")
    words = exp.select(exp.alias_(key.copy(), "h"), parts).from_(query.subquery("u"))
    known = exp.Not(this=exp.Is(this=exp.column("w"), expression=exp.null()))
    runs = exp.Case(ifs=[exp.If(this=known, true=engine.runs(exp.column("w"), GRAM, each))])
    listed = exp.select("h", exp.alias_(runs, "r")).from_(words.subquery("v"))
    return exp.select("h", exp.alias_(engine.explode(exp.column("r")), "g")).from_(listed.subquery("z"))


def _counted(query: exp.Query) -> exp.Select:
    return exp.select("count(*)").from_(query.subquery("n"))


def _first(query: exp.Select, *, show: bool) -> exp.Select:
    """The first few records in order of their ids: [id, text]."""
    shown = exp.column("raw") if show else exp.alias_(exp.Literal.string(""), "raw")
    return exp.select("id", shown).from_(query.subquery("f")).distinct().order_by("id", "raw").limit(SHOWN)
