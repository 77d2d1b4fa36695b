"""Which of two demands is tighter, and the findings (DP701) about a policy that tries to loosen another."""

from __future__ import annotations

from pytest_datapolicy.model import vocabulary
from pytest_datapolicy.model.report import Finding
from pytest_datapolicy.model.vocabulary import LEVEL_RANK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Parameter, Rule

RULE_ID, RULE_NAME = "DP701", "tighter-only"
VALUES = {
    "stakes": frozenset(vocabulary.STAKES),
    "judgment": frozenset(vocabulary.JUDGMENTS),
    "novelty": frozenset(vocabulary.NOVELTIES),
    "stage": frozenset(vocabulary.STAGES),
    "purpose": frozenset(vocabulary.PURPOSES),
    "origin": frozenset(vocabulary.ORIGINS),
    "labels": frozenset(vocabulary.LABELLERS),
}
_MORE = {"lower": "lower {0} to {1} or less", "higher": "raise {0} to {1} or more", "fewer": "take {0} only from {1}"}


def same_when(rule: Rule, one: Clause, other: Clause) -> bool:
    """Whether two clauses of a rule select the same, by the values of each key as sets."""
    return one.when == other.when or reach(rule, one) == reach(rule, other)


def reach(rule: Rule, clause: Clause) -> dict[str, frozenset[str]]:
    """The selector with the rule's defaults; keys that leave nothing out are the same as no key."""
    reach = {}
    for key, values in {**rule.applies, **clause.when}.items():
        barred = rule.never.get(key, frozenset())
        if key in ("dataset", "split") and "*" in values:
            continue
        if key not in VALUES or values - barred != VALUES[key] - barred:
            reach[key] = values - barred
    return reach


def loosened(rule: Rule, clause: Clause, parents: Iterable[Clause]) -> tuple[Clause, Parameter] | None:
    """The parent's clause that `clause` only loosens, and the parameter that shows it; None if there is none.

    A clause that weighs more than the parent's, or that is tighter in one parameter and looser in another, demands
    something of its own.
    """
    for parent in sorted(parents, key=place_key):
        if not same_when(rule, clause, parent) or not _weighs_as_much(parent, clause):
            continue
        looser = None
        for parameter in rule.parameters:
            mine, theirs = clause.limits[parameter.name], parent.limits[parameter.name]
            if not parameter.at_least_as_tight(theirs, mine):
                break
            if mine != theirs:
                looser = looser or parameter
        else:
            if looser is not None:
                return parent, looser
    return None


def _weighs_as_much(parent: Clause, child: Clause) -> bool:
    """Whether a finding of the parent's clause counts for as much as one of the child's, on every day."""
    if LEVEL_RANK[parent.level] < LEVEL_RANK[child.level] or (parent.waivable and not child.waivable):
        return False
    return parent.effective is None or (child.effective is not None and child.effective >= parent.effective)


def place_key(clause: Clause) -> tuple[str, int, int]:
    """Clauses in the order of their places."""
    return ("", 0, 0) if clause.place is None else (clause.place.path, clause.place.line, clause.place.column)


def _finding(
    place: Place, clause: Place | None, message: str, remedy: str, thing: str, mine: Any, theirs: Any
) -> Finding:
    return Finding(
        rule=RULE_ID,
        name=RULE_NAME,
        level="error",
        outcome="fail",
        dataset=None,
        split=None,
        component=None,
        message=message,
        remedy=remedy,
        observed=_plain(mine),
        limit=_plain(theirs),
        place=place,
        clause=clause,
        thing=thing,
    )


def _plain(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, tuple) else value


def limit_text(value: Any) -> str:
    """A limit as a policy writes it."""
    from decimal import Decimal

    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    if isinstance(value, str | int):
        return str(value)
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"


def looser_limit(rule: Rule, parameter: Parameter, place: Place, child: Clause, parent: Clause) -> Finding:
    """The finding about a limit that admits more than a parent's for the same selection."""
    mine, theirs = child.limits[parameter.name], parent.limits[parameter.name]
    message = (
        f"{parameter.name} {limit_text(mine)} is looser than {limit_text(theirs)}, "
        f"which {parent.policy} sets for the same data"
    )
    remedy = f"remove the clause, or {_MORE[parameter.tighter].format(parameter.name, limit_text(theirs))}"
    selection = " ".join(f"{key}={'|'.join(sorted(values))}" for key, values in sorted(child.when.items()))
    thing = " ".join(filter(None, (child.policy, rule.name, parameter.name, selection)))
    return _finding(place, parent.place, message, remedy, thing, mine, theirs)


def lower_level(rule: Rule, policy: str, level: str, place: Place, parent: Clause) -> Finding:
    """The finding about a level below a parent's."""
    message = f"level {level} is lower than {parent.level}, which {parent.policy} sets for {rule.name}"
    remedy = f"remove the level, or raise it to {parent.level}"
    return _finding(place, parent.place, message, remedy, f"{policy} {rule.name} level", level, parent.level)


def made_waivable(rule: Rule, policy: str, place: Place, parent: Clause) -> Finding:
    """The finding about a rule that a parent does not let be waived."""
    message = f"waivable is true, and {parent.policy} does not let {rule.name} be waived"
    return _finding(place, parent.place, message, "remove waivable", f"{policy} {rule.name} waivable", None, None)


def not_replaceable(rule: Rule, policy: str, place: Place, parent: Clause) -> Finding:
    """The finding about a rule that is not this policy's to replace."""
    message = f"{rule.name} of {parent.policy} cannot be replaced here"
    remedy = "remove replace, so that the clauses of both policies apply"
    return _finding(place, parent.place, message, remedy, f"{policy} {rule.name} replace", None, None)


def lower_floor(policy: str, domain: str, stakes: str, place: Place, parent: str, theirs: Place) -> Finding:
    """The finding about a floor of a domain below a parent's."""
    message = f"floor {stakes} of the domain {domain} is lower than {parent}, which {theirs.path} sets"
    remedy = f"remove it, or raise it to {parent}"
    return _finding(place, theirs, message, remedy, f"{policy} domain {domain}", stakes, parent)


def longer_waivers(policy: str, days: int, place: Place, parent: int, theirs: Place) -> Finding:
    """The finding about waivers that may last longer than a parent lets them."""
    message = f"max_days {days} is longer than {parent}, which {theirs.path} sets"
    remedy = f"remove max_days, or lower it to {parent} or less"
    return _finding(place, theirs, message, remedy, f"{policy} max_days", days, parent)


def more_approvers(policy: str, name: str, place: Place, theirs: Place) -> Finding:
    """The finding about an approver that a parent does not name."""
    message = f"{name} is not among the approvers that {theirs.path} names"
    return _finding(place, theirs, message, f"remove {name}", f"{policy} approver {name}", name, None)
