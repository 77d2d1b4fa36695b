"""Which of two clauses of one rule is stricter, by the direction that each parameter declares."""

from __future__ import annotations

from pytest_datapolicy.model.vocabulary import LEVEL_RANK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Rule


def covers(rule: Rule, clause: Clause, other: Clause) -> bool:
    """Whether whatever passes `clause` passes `other`, both of `rule` and both matching."""
    if other.waivable < clause.waivable:
        return False
    return _as_tight(rule, clause, other) and _same_slices(clause, other)


def _as_tight(rule: Rule, clause: Clause, other: Clause) -> bool:
    return all(
        parameter.at_least_as_tight(clause.limits[parameter.name], other.limits[parameter.name])
        for parameter in rule.parameters
    )


def _same_slices(clause: Clause, other: Clause) -> bool:
    """A clause for some slices says nothing about the others."""
    globs = clause.when.get("slice")
    return globs is None or globs == other.when.get("slice")


def counting(rule: Rule, clauses: Sequence[Clause]) -> Sequence[Clause]:
    """Of the clauses that match: what policies say of data files takes the place of what holds without them."""
    if rule.needs != "verify":
        return clauses
    return [clause for clause in clauses if clause.place is not None] or clauses


def strictest(rule: Rule, clauses: Sequence[Clause], today: str) -> tuple[Clause, ...]:
    """The clauses that matter: those of highest level first, without any that another covers at its level or above.

    Every clause that matches applies; leaving covered ones out changes no outcome, only work.
    """
    ranked = sorted(clauses, key=lambda clause: _order(clause, today))
    kept: list[Clause] = []
    for clause in ranked:
        if not any(covers(rule, other, clause) for other in kept):
            kept = [
                other
                for other in kept
                if not (covers(rule, clause, other) and clause.level_on(today) == other.level_on(today))
            ]
            kept.append(clause)
    return tuple(
        sorted(kept, key=lambda clause: (-LEVEL_RANK[clause.level_on(today)], -_dominated(rule, clause, kept)))
    )


def _dominated(rule: Rule, clause: Clause, others: Sequence[Clause]) -> int:
    """How many of `others` the clause is as tight as: where both speak of one slice, the tighter one is to count."""
    return sum(_as_tight(rule, clause, other) for other in others)


def _order(clause: Clause, today: str) -> tuple[object, ...]:
    """Highest level first, then what cannot be waived, then by place: the order of loading never matters."""
    place = clause.place
    return (
        -LEVEL_RANK[clause.level_on(today)],
        clause.waivable,
        ("", 0, 0) if place is None else (place.path, place.line, place.column),
    )
