"""What the worked calculations of several rules share. Imported when a decision is explained, never by a check."""

from __future__ import annotations

import math
from fractions import Fraction

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.rule import Term, Undecidable
from pytest_datapolicy.model.vocabulary import HUMAN_LABELLERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.rule import Context, Lineage


def at_most(value: int | Fraction, name: str, *, share: bool = False, thing: str = "") -> Term:
    """The limit that an observed value must not exceed; `name` is the parameter."""
    return Term("at most", value, name, role="limit", thing=thing, share=share)


def at_least(value: int | Fraction, name: str, *, share: bool = False, thing: str = "") -> Term:
    """The limit that an observed value must reach; `name` is the parameter."""
    return Term("at least", value, name, role="limit", thing=thing, share=share)


def ratio(part: int | Fraction, whole: int | Fraction, what: str) -> Term:
    """The share that a limit is compared with; `what` says of what in what."""
    return Term("share", Fraction(part) / Fraction(whole), what, role="observed", share=True)


def nature(component: Component, context: Context) -> str:
    """Why the content of a component counts as real or as synthetic."""
    origin = component.origin
    if component.is_real:
        return f"real (origin {origin})"
    if component.tainted:
        return f"synthetic (declared {origin}, but {_ancestry(component, context.lineage)})"
    return f"synthetic (origin {origin}{', which counts as synthetic' if origin == 'unknown' else ''})"


def _ancestry(component: Component, lineage: Lineage | None) -> str:
    """Which synthetic content a component of real origin descends from."""
    for reference in component.derived_from or ():
        found = lineage.resolve(reference) if lineage is not None else ()
        if isinstance(found, Undecidable):
            continue
        depths = [lineage.depth(parent) for parent in found] if lineage is not None else []
        if not found or any(depth != 0 for depth in depths):
            return f"it descends from {reference}"
    return "it descends from synthetic content"


def labeller(component: Component) -> str:
    """Why the labels of a component count as human or not."""
    by = component.labelled_by
    if by in HUMAN_LABELLERS:
        return f"labelled by {by}: people"
    return "labels.by is missing: not people" if by == "unknown" else f"labelled by {by}: not people"


def records_of(component: Component, label: str, why: str, *, counts: bool = True) -> Term:
    """The records that a component adds to a sum, or the zero that it adds with the records that do not count."""
    value, note = component.records, why
    if not counts:
        value, note = 0, f"{why}; not counted: {counted(component.records, 'records')}"
    return Term(label, value, note, component.at("records"))


MOST_TERMS = 20_000
MOST_RECORDS = 10**9
"""Beyond these a floating-point sum would be slow, or not tell a chance from its limit."""


def chance_text(population: int, defective: int, sampled: int, most: int, level: Fraction) -> str:
    """P(X <= `most`) for X hypergeometric, with the digits that tell it from `level`; empty where that is too much.

    For people to read: decisions are made in whole numbers (see `model.sampling`).
    """
    least = max(0, sampled - (population - defective))
    if population > MOST_RECORDS or most - least > MOST_TERMS or defective > population:
        return ""
    all_ways = _log_ways(population, sampled)
    chance = math.fsum(
        math.exp(_log_ways(defective, found) + _log_ways(population - defective, sampled - found) - all_ways)
        for found in range(least, min(most, sampled, defective) + 1)
    )
    limit = float(level)
    texts = [f"{chance:.{digits}g}" for digits in range(3, 10)]
    return next((text for text in texts if text != f"{limit:.{len(text)}g}" and float(text) != limit), texts[-1])


def _log_ways(of: int, choose: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(choose + 1) - math.lgamma(of - choose + 1)
