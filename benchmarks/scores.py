"""Scores of mutation testing as tables: killed, survived, and how sure a sample makes us."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Result(NamedTuple):
    """What became of a mutant: killed, survived or no tests, and the test that killed it."""

    name: str
    status: str
    test: str


def told(results: list[Result], made: int) -> str:
    """The score in all and by part of the package, then every mutant that was not killed, as a difference."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    killed = sum(result.status == "killed" for result in results)
    low, high = interval(killed, len(results))
    lines = [f"{len(results)} of {made} mutants tested, {killed} killed: {100 * killed / len(results):.1f} %"]
    if len(results) < made:
        lines.append(f"of all, {100 * low:.1f} % to {100 * high:.1f} % with 95 % confidence (Clopper-Pearson)")
    lines += ["", *table(results), ""]
    for result in results:
        if result.status != "killed":
            lines += [f"# {result.name}: {result.status}", *get_diff_for_mutant(result.name).splitlines()[2:], ""]
    return "\n".join(lines)


def table(results: list[Result]) -> list[str]:
    """A Markdown table with a line for each part of the package."""
    parts: dict[str, Counter[str]] = {}
    for result in results:
        for part in (part_of(result.name), "all"):
            parts.setdefault(part, Counter())[result.status] += 1
    lines = ["| part | mutants | killed | survived | no tests | score |", "| --- | --: | --: | --: | --: | --: |"]
    for part, counts in sorted(parts.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        killed, total = counts["killed"], counts.total()
        cells = (part, total, killed, counts["survived"], counts["no tests"], f"{100 * killed / total:.1f} %")
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return lines


def part_of(name: str) -> str:
    """The folder of the module of a mutant: ``rules/mix``, or ``engine``."""
    module = name.rpartition(".")[0].split(".")
    return "/".join(module[1:-1])


def interval(killed: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of Clopper and Pearson for a share."""
    tail = (1 - confidence) / 2
    low = 0.0 if killed == 0 else _solve(lambda p: 1 - _at_most(killed - 1, total, p), tail)
    high = 1.0 if killed == total else 1 - _solve(lambda p: 1 - _at_most(total - killed - 1, total, p), tail)
    return low, high


def _solve(rising: Callable[[float], float], wanted: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return low


def _at_most(count: int, total: int, p: float) -> float:
    """The chance of at most so many of a total."""
    ways = math.lgamma(total + 1)
    return math.fsum(
        math.exp(
            ways - math.lgamma(k + 1) - math.lgamma(total - k + 1) + k * math.log(p) + (total - k) * math.log1p(-p)
        )
        for k in range(count + 1)
    )
