"""A policy with one thing changed: what its tests must notice. Every clause, limit, level and floor has a few."""

from __future__ import annotations

from fractions import Fraction

from pytest_datapolicy.engine.lint import implied
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.vocabulary import LEVEL_RANK, LEVELS, STAKES, STAKES_RANK
from pytest_datapolicy.policy.effective import body, identity, origins, raises
from pytest_datapolicy.policy.tighter import VALUES, limit_text, same_when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Clause, Policy
    from pytest_datapolicy.model.rule import Parameter, Rule
    from pytest_datapolicy.policy.clauses import Entry
    from pytest_datapolicy.policy.load import Survey


class Mutant(NamedTuple):
    """A policy that differs from the one under test in one thing."""

    what: str
    place: Place
    rule: str
    """The rule whose findings alone can differ; empty when any can."""
    policy: Policy


def mutants(survey: Survey, rules: Mapping[str, Rule], own: Callable[[Place], bool]) -> Iterator[Mutant]:
    """All mutants of what is written in the files that are `own`."""
    policy = survey.policy
    written = origins(survey)
    for number, clause in enumerate(policy.clauses):
        if clause.place is None or not own(clause.place):
            continue
        origin = written.get(identity(clause))
        given = {} if origin is None else body(origin)
        rule = rules[clause.rule]
        raised = origin is not None and raises(origin.entry, clause)
        if origin is not None and not raised and _only_fixes(origin.entry, rule, clause, policy):
            continue
        yield Mutant("without the clause", clause.place, rule.id, _with(policy, number, None, raised=raised))
        for what, changed in _changed(rule, clause, given):
            yield Mutant(what, clause.place, rule.id, _with(policy, number, changed, raised=raised))
    yield from _waivable(survey, own)
    yield from _floors(policy, own)
    days = policy.waivers.max_days
    if days is not None and own(days[1]):
        terms = policy.waivers._replace(max_days=(days[0] + 1, days[1]))
        yield Mutant(f"max_days {days[0] + 1}", days[1], "", policy._replace(waivers=terms))


def _only_fixes(entry: Entry, rule: Rule, clause: Clause, policy: Policy) -> bool:
    """Whether the entry is there to keep from being waived what another clause asks: `_waivable` is its mutant."""
    others = (item for item in policy.clauses if item.rule == rule.id and item is not clause)
    return entry.bare and entry.waivable is False and any(implied(rule, clause, item) for item in others)


def _with(policy: Policy, number: int, clause: Clause | None, *, raised: bool) -> Policy:
    """The policy with another clause, or none, in that place; what the clause had raised falls back with it."""
    old = policy.clauses[number]
    clauses = []
    for index, item in enumerate(policy.clauses):
        if index == number:
            clauses += [] if clause is None else [clause]
        elif raised and item.rule == old.rule and item.level == old.level and item.policy != old.policy:
            clauses.append(item._replace(level=old.floor_level))
        else:
            clauses.append(item)
    return policy._replace(clauses=tuple(clauses))


def _changed(rule: Rule, clause: Clause, given: Mapping[str, Any]) -> Iterator[tuple[str, Clause]]:
    """The clause with each thing that its file says of it changed, and what was changed."""
    for parameter in rule.parameters:
        if parameter.name in given:
            for value in _looser(parameter, clause.limits[parameter.name]):
                limits = {**clause.limits, parameter.name: value}
                yield f"{parameter.name} {limit_text(value)}", clause._replace(limits=limits)
    for what, when in _selecting(rule, clause):
        changed = clause._replace(when=when)
        if not same_when(rule, clause, changed):
            yield what, changed
    lower = LEVELS[LEVEL_RANK[clause.level] - 1]
    if lower != "disabled":
        floor = min(clause.floor_level, lower, key=LEVEL_RANK.__getitem__)
        yield f"level {lower}", clause._replace(level=lower, floor_level=floor)
    if clause.effective is not None:
        from datetime import date, timedelta

        later = (date.fromisoformat(clause.effective) + timedelta(days=1)).isoformat()
        yield f"effective {later}", clause._replace(effective=later)


def _looser(parameter: Parameter, value: Any) -> Iterator[Any]:
    """The value one smallest step looser; for a set, with each value more; for a choice, every other one."""
    if parameter.kind == "choice":
        yield from (choice for choice in parameter.choices if choice != value)
    elif parameter.tighter == "fewer":
        known = parameter.default or parameter.choices
        yield from (
            tuple(item for item in known if item in value or item == more) for more in known if more not in value
        )
    elif parameter.tighter in ("lower", "higher"):
        step = _step(value) if parameter.kind in ("share", "ratio") else 1
        moved = value + step if parameter.tighter == "lower" else value - step
        if moved >= 0 and not (parameter.kind == "share" and moved > 1):
            yield moved


def _step(value: Fraction) -> Fraction:
    """A hundredth, or less where the value is written finer."""
    step = Fraction(1, 100)
    while (value / step).denominator != 1 and step > Fraction(1, 10**12):
        step /= 10
    return step


def _selecting(rule: Rule, clause: Clause) -> Iterator[tuple[str, Mapping[str, frozenset[str]]]]:
    """Every key of the selector left out, taking one value less, and taking what it did not take."""
    for key, values in clause.when.items():
        others = {name: item for name, item in clause.when.items() if name != key}
        if key == "stakes":
            yield from _stakes(clause, values)
            continue
        yield f"without when {key}", others
        if len(_units(key, values)) > 1:
            for unit in _units(key, values):
                yield f"when {key} without {min(unit)}", {**clause.when, key: values - unit}
        rest = VALUES.get(key, frozenset()) - values - rule.never.get(key, frozenset())
        if rest:
            yield f"when {key}: {', '.join(sorted(rest))}", {**others, key: rest}


def _units(key: str, values: frozenset[str]) -> list[frozenset[str]]:
    """The values one by one, as a policy can write them: ``origin: model`` takes ``unknown`` with it."""
    if key == "origin" and "model" in values:
        return [frozenset({"model", "unknown"}), *(frozenset({item}) for item in sorted(values - {"model", "unknown"}))]
    return [frozenset({item}) for item in sorted(values)]


def _stakes(clause: Clause, values: frozenset[str]) -> Iterator[tuple[str, Mapping[str, frozenset[str]]]]:
    """The next lower stakes taken as well, and stakes left out: the lowest where all above count, else each."""
    lowest = min(values, key=STAKES_RANK.__getitem__)
    if STAKES_RANK[lowest]:
        lower = STAKES[STAKES_RANK[lowest] - 1]
        yield f"when stakes {lower} too", {**clause.when, "stakes": values | {lower}}
    if len(values) > 1:
        ladder = values == frozenset(STAKES[STAKES_RANK[lowest] :])
        for item in [lowest] if ladder else sorted(values, key=STAKES.index):
            yield f"when stakes without {item}", {**clause.when, "stakes": values - {item}}


def _waivable(survey: Survey, own: Callable[[Place], bool]) -> Iterator[Mutant]:
    """Every rule that an own file keeps from being waived, waivable."""
    policy = survey.policy
    for node, entries in survey.files:
        for entry in entries:
            place = node.text.entry((*entry.pointer, "waivable"))
            if entry.waivable is False and entry.rule.waivable and own(place):
                clauses = (
                    clause._replace(waivable=True) if clause.rule == entry.rule.id else clause
                    for clause in policy.clauses
                )
                yield Mutant("waivable", place, "", policy._replace(clauses=tuple(clauses)))


def _floors(policy: Policy, own: Callable[[Place], bool]) -> Iterator[Mutant]:
    """Every floor one step lower."""
    for domain, floors in policy.floors.items():
        for number, floor in enumerate(floors):
            if own(floor.place) and STAKES_RANK[floor.stakes]:
                lower = floor._replace(stakes=STAKES[STAKES_RANK[floor.stakes] - 1])
                changed = {**policy.floors, domain: (*floors[:number], lower, *floors[number + 1 :])}
                what = f"floor {lower.stakes} for {domain}"
                yield Mutant(what, floor.place, "", policy._replace(floors=changed))
