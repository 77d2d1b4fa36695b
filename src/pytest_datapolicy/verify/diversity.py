"""Diversity of texts on equal samples. The engine draws them, Python measures: so that engines agree."""

from __future__ import annotations

import zlib
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_datapolicy.verify.engine import Engine

MOST_WORDS = 200_000
FEWEST_WORDS = 1_000
MOST_CHARACTERS = 2_000_000
"""Of one record: no sample needs more."""
ROWS = 4_096
METRICS = ("distinct-1", "distinct-2", "distinct-3", "compression")


def sample(texts: Callable[[], exp.Select], engine: Engine) -> list[str]:
    """Normalised texts in the order of their MD5, as many as `MOST_WORDS` take: a draw that anyone can repeat."""
    limit = ROWS
    while True:
        rows = engine.rows(_drawn(texts(), limit))
        found = 0
        taken = []
        for (value,) in rows:
            taken.append(value)
            found += value.count(" ") + 1
            if found >= MOST_WORDS:
                return taken
        if len(rows) < limit:
            return taken
        limit = min(max(2 * limit, limit * MOST_WORDS * 5 // (found * 4)), MOST_WORDS)


def _drawn(query: exp.Select, limit: int) -> exp.Select:
    some = exp.select("x", exp.alias_(exp.MD5(this=exp.column("x")), "m")).from_(query.subquery("a")).where("x <> ''")
    cut = exp.Substring(this=exp.column("x"), start=exp.Literal.number(1), length=exp.Literal.number(MOST_CHARACTERS))
    first = exp.select("x", "m").from_(some.subquery("b")).order_by("m", "x").limit(limit)
    return exp.select(exp.alias_(cut, "x")).from_(first.subquery("c")).order_by("m")


def measured(real: Sequence[str], synthetic: Sequence[str]) -> dict[str, Any]:
    """Each metric of two samples, cut to the same number of words: [parts, whole] for the real and the synthetic."""
    size = min(_size(real), _size(synthetic), MOST_WORDS)
    found: dict[str, Any] = {"tokens": size, "metrics": {}}
    if size < FEWEST_WORDS:
        return found
    pair = [_cut(sample_, size) for sample_ in (real, synthetic)]
    for metric in METRICS:
        of = _compressed if metric == "compression" else _distinct
        found["metrics"][metric] = [of(records, metric) for records in pair]
    return found


def is_measured(found: Any) -> bool:
    """Whether something read from the cache is what `measured` makes."""
    return (
        isinstance(found, dict)
        and isinstance(found["tokens"], int)
        and (found["tokens"] < FEWEST_WORDS or found["metrics"].keys() == set(METRICS))
        and all(
            len(pair) == 2 and all(isinstance(part, int) and isinstance(whole, int) for part, whole in pair)
            for pair in found["metrics"].values()
        )
    )


def share(pair: Sequence[int]) -> Fraction:
    """A measure of one sample. Of a sample without runs of so many words, nothing is distinct."""
    part, whole = pair
    return Fraction(part, whole) if whole else Fraction(0)


def _size(records: Sequence[str]) -> int:
    return sum(record.count(" ") + 1 for record in records)


def _cut(records: Sequence[str], size: int) -> list[list[str]]:
    taken = []
    left = size
    for record in records:
        if left <= 0:
            break
        words = record.split(" ")[:left]
        taken.append(words)
        left -= len(words)
    return taken


def _distinct(records: Sequence[Sequence[str]], metric: str) -> list[int]:
    """How many runs of n words differ, of how many; none crosses from one record to the next."""
    size = int(metric.rpartition("-")[2])
    runs = [tuple(words[i : i + size]) for words in records for i in range(len(words) - size + 1)]
    return [len(set(runs)), len(runs)]


def _compressed(records: Sequence[Sequence[str]], metric: str) -> list[int]:
    """The bytes that remain of how many: text that repeats itself leaves few."""
    del metric
    data = "\n".join(" ".join(words) for words in records).encode("utf-8", "surrogatepass")
    return [len(zlib.compress(data, 9)), len(data)]
