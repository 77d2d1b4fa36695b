"""Clauses of the project's own policies that matched nothing, and domains that no manifest uses (DP708)."""

from __future__ import annotations

from pytest_datapolicy.model.amounts import named
from pytest_datapolicy.model.report import Finding
from pytest_datapolicy.policy.faults import meant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.engine.index import Index
    from pytest_datapolicy.engine.plan import Plan
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Clause

RULE = "DP708"
NOUNS = {"dataset": "data set", "split": "split", "component": "component"}


def idle(plan: Plan, index: Index) -> Iterator[Finding]:
    """A finding for each clause that matched nothing and for each domain that no manifest uses."""
    if not index.entries:
        return
    used = {domain for _, entry in index for domain in entry.base.domains}
    for identity, clause in plan.selective().items():
        strangers = sorted(clause.when.get("domains", frozenset()) - used)
        assert clause.place is not None
        for domain in strangers:
            message = f"this clause is for domain {domain}, and no data set of the project has it"
            yield _finding(plan, clause.place, message, _other(domain, used), f"{_label(clause)} domain {domain}")
        if identity not in plan.live and not strangers:
            rule = plan.rules[clause.rule]
            message = f"this clause of {rule.name} matches no {NOUNS[rule.scope]} of the project"
            yield _finding(plan, clause.place, message, "correct its when, or remove the clause", _label(clause))
    for floor in plan.own_floors:
        if floor.domain not in used:
            message = f"this floor is for domain {floor.domain}, and no data set of the project has it"
            yield _finding(plan, floor.place, message, _other(floor.domain, used), f"floor domain {floor.domain}")


def _other(domain: str, used: Iterable[str]) -> str:
    known = sorted(used)
    return meant(domain, known) or ("correct it, or remove it" + (f"; in use: {named(known)}" if known else ""))


def _label(clause: Clause) -> str:
    """What makes it the same clause in another run: never its line."""
    keys = (f"{key}={','.join(sorted(values))}" for key, values in sorted(clause.when.items()))
    return " ".join((clause.policy, clause.rule, *keys))


def _finding(plan: Plan, place: Place, message: str, remedy: str, thing: str) -> Finding:
    return Finding(
        rule=RULE,
        name=plan.rules[RULE].name,
        level=plan.level(RULE),
        outcome="fail",
        dataset=None,
        split=None,
        component=None,
        message=message,
        remedy=remedy,
        observed=None,
        limit=None,
        place=place,
        clause=None,
        thing=thing,
    )
