"""Which categories of the real core a part of the data still has."""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pytest_datapolicy.model.data import Coverage, Tails
from pytest_datapolicy.verify import statements

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pytest_datapolicy.verify.engine import Engine

MOST_CATEGORIES = 100_000
SHOWN = 3
DOUBT = 0.05
"""An absent category tells nothing when so small a part would lack it by chance at least this often."""


def counted(
    core: Callable[[], exp.Query], parts: Mapping[str, Callable[[], exp.Query]], engine: Engine
) -> dict[str, Any]:
    """Records by category in the real core, and for each part its records and those of the core's categories that it
    has. Each call gives the statement of a side anew, its category as ``c0``."""
    category = exp.alias_(statements.text("c0"), "c")
    grouped = exp.select(category, "count(*) AS n").from_(core().subquery("r")).group_by("c0")
    known = engine.keep(exp.select("c", "sum(n) AS n").from_(grouped.subquery("g")).where("c <> ''").group_by("c"))
    try:
        total = engine.rows(exp.select("count(*)", "CAST(coalesce(sum(n), 0) AS BIGINT)").from_(known.copy()))[0]
        if total[0] > MOST_CATEGORIES:
            return {"categories": total[0], "core": {}, "parts": {}}
        names = exp.select("c", exp.cast(exp.column("n"), exp.DataType.Type.BIGINT)).from_(known.copy())
        frequencies = {str(name): int(count) for name, count in engine.rows(names)}
        found = {name: _present(query(), known, engine) for name, query in parts.items()}
    finally:
        engine.drop(known)
    return {"categories": total[0], "core": frequencies, "parts": found}


def _present(query: exp.Query, known: exp.Table, engine: Engine) -> list[Any]:
    raw = exp.select("c0", "count(*) AS n").from_(query.subquery("r")).group_by("c0")
    held = engine.keep(exp.select(exp.alias_(statements.text("c0"), "c"), "n").from_(raw.subquery("g")))
    try:
        records = engine.rows(exp.select("CAST(coalesce(sum(n), 0) AS BIGINT)").from_(held.copy()))[0][0]
        on = exp.EQ(this=exp.column("c", "p"), expression=exp.column("c", "k"))
        core = exp.alias_(known.copy(), "k", table=True)
        shared = (
            exp.select("p.c").from_(exp.alias_(held.copy(), "p", table=True)).join(core, on=on, join_type="left semi")
        )
        names = sorted({str(row[0]) for row in engine.rows(shared)})
    finally:
        engine.drop(held)
    return [records, names]


def is_counted(found: Any) -> bool:
    """Whether something read from the cache is what `counted` makes."""
    return (
        isinstance(found, dict)
        and isinstance(found["categories"], int)
        and all(isinstance(name, str) and isinstance(count, int) for name, count in found["core"].items())
        and all(
            isinstance(records, int) and all(isinstance(name, str) for name in names)
            for records, names in found["parts"].values()
        )
    )


def tails(column: str, found: Mapping[str, Any], slices: Collection[str]) -> Tails:
    """What the counts say. Rare are the `slices`, where the column knows any of them, else the rarer half."""
    core: dict[str, int] = found["core"]
    named = core.keys() & set(slices)
    middle = median(core.values())
    rare = named or {name for name, count in core.items() if count <= middle}
    looks = {part: (records, frozenset(names)) for part, (records, names) in found["parts"].items()}
    return Tails(
        column,
        sum(core.values()),
        tuple(_coverage(part, records, present, rare, core) for part, (records, present) in looks.items()),
        tuple(_coverage(part, records, present, core, core) for part, (records, present) in looks.items()),
    )


def _coverage(
    part: str, records: int, present: Collection[str], wanted: Collection[str], core: Mapping[str, int]
) -> Coverage:
    total = sum(core.values())
    absent = [name for name in wanted if name not in present]
    needed = {name: _enough(core[name], total) for name in absent}
    lost = sorted((name for name in absent if records >= needed[name]), key=lambda name: (-core[name], name))
    unsure = [needed[name] for name in absent if records < needed[name]]
    return Coverage(
        part,
        records,
        len(wanted),
        len(wanted) - len(absent),
        len(unsure),
        tuple(lost[:SHOWN]),
        max(unsure, default=0),
    )


def _enough(count: int, total: int) -> int:
    """So many records show a category that `count` of `total` have, at least nineteen times in twenty."""
    return 1 if count >= total else math.ceil(math.log(DOUBT) / math.log1p(-count / total))
