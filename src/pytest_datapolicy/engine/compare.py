"""What a change of a policy does: every difference is tighter, looser or neutral.

A demand that goes is looser only when nothing that stays asks as much; one that comes is tighter only when nothing that
was there asked as much. What cannot be compared counts as looser.
"""

from __future__ import annotations

from pytest_datapolicy.engine.lint import FIRST_DAY, implied
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.vocabulary import LEVEL_RANK, STAKES_RANK
from pytest_datapolicy.policy.tighter import limit_text, place_key, same_when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Clause, DomainFloor, Policy
    from pytest_datapolicy.model.rule import Rule
    from pytest_datapolicy.policy.load import Survey

CLASSES = ("looser", "tighter", "neutral")


class Change(NamedTuple):
    """One difference between two policies."""

    kind: str
    """``looser``, ``tighter`` or ``neutral``."""
    rule: str
    """The rule's id; empty for what is no rule."""
    message: str
    old: Place | None
    new: Place | None


def changes(old: Survey, new: Survey, rules: Mapping[str, Rule]) -> list[Change]:
    """All differences, the looser ones in front. `rules` holds every rule that either names, save their own ones."""
    found = [*_clauses(old, new, rules), *_own_rules(old, new), *_floors(old.policy, new.policy)]
    found += [*_waivers(old.policy, new.policy), *_names(old.policy, new.policy), *_versions(old.policy, new.policy)]
    return sorted(found, key=lambda change: (CLASSES.index(change.kind), change.rule))


def _clauses(old: Survey, new: Survey, rules: Mapping[str, Rule]) -> Iterator[Change]:
    own = {rule.id for item in (old, new) for rule in item.policy.custom}
    before, after = _by_rule(old.policy, own), _by_rule(new.policy, own)
    for key in sorted(before.keys() | after.keys()):
        yield from _of_rule(rules[key], before.get(key, []), after.get(key, []), _replacing(new, key))


def _by_rule(policy: Policy, own: set[str]) -> dict[str, list[Clause]]:
    by_rule: dict[str, list[Clause]] = {}
    for clause in sorted(policy.clauses, key=place_key):
        if clause.rule not in own:
            by_rule.setdefault(clause.rule, []).append(clause)
    return by_rule


def _replacing(new: Survey, rule: str) -> Place | None:
    """Where a file of the new policy replaces what its parents say of the rule."""
    for node, entries in new.files:
        for entry in entries:
            if entry.replace and entry.rule.id == rule:
                return node.text.entry((*entry.pointer, "replace"))
    return None


def _of_rule(rule: Rule, old: list[Clause], new: list[Clause], replacing: Place | None) -> Iterator[Change]:
    gone, come = list(old), list(new)
    stay: list[Clause] = []
    for clause in old:
        same = next((item for item in come if _asks(item) == _asks(clause) and same_when(rule, item, clause)), None)
        if same is not None:
            gone.remove(clause)
            come.remove(same)
            stay.append(clause)
            if same.because != clause.because:
                yield Change("neutral", rule.id, "another reason is given", clause.place, same.place)
    for clause in list(gone):
        alike = [item for item in come if same_when(rule, item, clause)]
        if alike:
            pair = min(alike, key=lambda item: sum(item.limits[key] != clause.limits[key] for key in clause.limits))
            gone.remove(clause)
            come.remove(pair)
            stay.append(clause)
            yield from _values(rule, clause, pair, old, new)
    for clause in gone:
        if any(implied(rule, clause, item) for item in stay):
            continue  # it said nothing new, and what becomes of the other one is told there
        kept = next((item for item in new if implied(rule, clause, item)), None)
        what = f"{_described(rule, clause)} is not asked any more"
        if kept is None:
            yield Change("looser", rule.id, what, clause.place, replacing)
        else:
            yield Change("neutral", rule.id, f"{what} there, and another clause asks as much", clause.place, kept.place)
    for clause in come:
        was = next((item for item in old if implied(rule, clause, item)), None)
        what = f"{_described(rule, clause)} is asked"
        if was is None:
            yield Change("tighter", rule.id, what, None, clause.place)
        else:
            yield Change("neutral", rule.id, f"{what}, as another clause did", was.place, clause.place)


def _asks(clause: Clause) -> tuple[object, ...]:
    return (tuple(clause.limits.items()), clause.level, clause.waivable, clause.effective, clause.floor_level)


def _described(rule: Rule, clause: Clause) -> str:
    limits = ", ".join(
        f"{parameter.name} {limit_text(clause.limits[parameter.name])}"
        for parameter in rule.parameters
        if clause.limits[parameter.name] not in (None, parameter.default)
    )
    return f"{rule.name}{' ' if limits else ''}{limits}{_selection(clause)}"


def _selection(clause: Clause) -> str:
    keys = (
        f"{key} {' or '.join(sorted(values, key=lambda item: (STAKES_RANK.get(item, 0), item)))}"
        for key, values in clause.when.items()
    )
    text = ", ".join(keys)
    return f" for {text}" if text else ""


def _values(
    rule: Rule, old: Clause, new: Clause, before: Sequence[Clause], after: Sequence[Clause]
) -> Iterator[Change]:
    """What differs between two clauses that select the same."""
    held = any(implied(rule, old, item) for item in after if item is not new)
    known = any(implied(rule, new, item) for item in before if item is not old)
    for name, kind, was, now in _differing(rule, old, new):
        message = f"{rule.name} {name}: {was} becomes {now}{_selection(new)}"
        if kind == "looser" and held:
            kind, message = "neutral", f"{message}, and another clause asks as much as before"
        elif kind == "tighter" and known:
            kind, message = "neutral", f"{message}, as another clause did"
        yield Change(kind, rule.id, message, old.place, new.place)


def _differing(rule: Rule, old: Clause, new: Clause) -> Iterator[tuple[str, str, str, str]]:
    """The name of each value that differs, what its change does, and its text before and after."""
    for parameter in rule.parameters:
        was, now = old.limits[parameter.name], new.limits[parameter.name]
        if was != now:
            kind = "tighter" if parameter.at_least_as_tight(now, was) or was is None else "looser"
            yield parameter.name, kind, _limit(was), _limit(now)
    if old.level != new.level:
        higher = LEVEL_RANK[new.level] > LEVEL_RANK[old.level]
        yield "level", "tighter" if higher else "looser", old.level, new.level
    if old.waivable != new.waivable:
        yield "waivable", "tighter" if old.waivable else "looser", _word(old.waivable), _word(new.waivable)
    if old.effective != new.effective:
        days = {FIRST_DAY, *filter(None, (old.effective, new.effective))}
        sooner = all(
            LEVEL_RANK[new._replace(level=old.level).level_on(day)] >= LEVEL_RANK[old.level_on(day)] for day in days
        )
        yield "effective", "tighter" if sooner else "looser", old.effective or "at once", new.effective or "at once"


def _limit(value: Any) -> str:
    return "no limit" if value is None else limit_text(value)


def _word(value: bool) -> str:
    return "yes" if value else "no"


def _own_rules(old: Survey, new: Survey) -> Iterator[Change]:
    """Own rules are compared by their text: whether one asks more than another, nobody can tell."""
    before, after = _bodies(old), _bodies(new)
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if now is None and was is not None:
            yield Change("looser", key, f"the own rule {key} is gone", was[1], None)
        elif was is None and now is not None:
            yield Change("tighter", key, f"the own rule {key} is new", None, now[1])
        elif was is not None and now is not None and was[0] != now[0]:
            yield _own_rule(key, was, now)


def _bodies(survey: Survey) -> dict[str, tuple[Mapping[str, Any], Place]]:
    return {
        key: (body, node.text.key("custom", key))
        for node, _ in survey.files
        for key, body in node.text.tree.get("custom", {}).items()
    }


def _own_rule(key: str, was: tuple[Mapping[str, Any], Place], now: tuple[Mapping[str, Any], Place]) -> Change:
    differing = {name for name in was[0].keys() | now[0].keys() if was[0].get(name) != now[0].get(name)}
    if differing <= {"summary", "message"}:
        return Change("neutral", key, f"the own rule {key} says it otherwise", was[1], now[1])
    if differing <= {"summary", "message", "level"}:
        levels = [LEVEL_RANK[body.get("level", "error")] for body, _ in (was, now)]
        kind = "tighter" if levels[1] > levels[0] else "looser"
        return Change(kind, key, f"the own rule {key} is of another level", was[1], now[1])
    message = f"the own rule {key} is another one: nobody can tell whether it asks as much"
    return Change("looser", key, message, was[1], now[1])


def _floors(old: Policy, new: Policy) -> Iterator[Change]:
    for domain in sorted(old.floors.keys() | new.floors.keys()):
        was, now = _highest(old.floors.get(domain, ())), _highest(new.floors.get(domain, ()))
        if was is None and now is not None:
            yield Change("tighter", "", f"floor of domain {domain}: {now.stakes}", None, now.place)
        elif now is None and was is not None:
            yield Change("looser", "", f"floor of domain {domain}: {was.stakes} is gone", was.place, None)
        elif was is not None and now is not None and was.stakes != now.stakes:
            kind = "tighter" if STAKES_RANK[now.stakes] > STAKES_RANK[was.stakes] else "looser"
            message = f"floor of domain {domain}: {was.stakes} becomes {now.stakes}"
            yield Change(kind, "", message, was.place, now.place)


def _highest(floors: Sequence[DomainFloor]) -> DomainFloor | None:
    return max(floors, key=lambda floor: STAKES_RANK[floor.stakes], default=None)


def _waivers(old: Policy, new: Policy) -> Iterator[Change]:
    was, now = old.waivers.max_days, new.waivers.max_days
    if (was and was[0]) != (now and now[0]):
        tighter = now is not None and (was is None or now[0] < was[0])
        words = [f"{item[0]} days" if item else "any time" for item in (was, now)]
        message = f"the longest time of a waiver: {words[0]} becomes {words[1]}"
        yield Change("tighter" if tighter else "looser", "", message, was and was[1], now and now[1])
    before = None if old.waivers.approvers is None else dict(old.waivers.approvers)
    after = None if new.waivers.approvers is None else dict(new.waivers.approvers)
    if before is None and after is not None:
        names = ", ".join(after) or "nobody"
        yield Change("tighter", "", f"only {names} may approve waivers", None, next(iter(after.values()), None))
    elif after is None and before is not None:
        yield Change("looser", "", "anybody may approve waivers", next(iter(before.values()), None), None)
    elif before is not None and after is not None:
        yield from _sets("approver of waivers", before, after, more="looser")
    yield from _sets("file of waivers", dict(old.waivers.files), dict(new.waivers.files), more="looser")


def _names(old: Policy, new: Policy) -> Iterator[Change]:
    yield from _sets("data set that must exist", dict(old.inventory), dict(new.inventory), more="tighter")
    before, after = (
        {
            f"{item.reference} ({item.origin}, generation {item.generation})": item.place
            for item in found.externals.values()
        }
        for found in (old, new)
    )
    # Real or synthetic, near or far: which of two facts asks less depends on the rules, so that another one is told.
    yield from _sets("external data set", before, after, more="looser")


def _sets(what: str, old: Mapping[str, Place], new: Mapping[str, Place], *, more: str) -> Iterator[Change]:
    less = "tighter" if more == "looser" else "looser"
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield Change(more, "", f"{what}: {name} is new", None, new[name])
        elif name not in new:
            yield Change(less, "", f"{what}: {name} is gone", old[name], None)


def _versions(old: Policy, new: Policy) -> Iterator[Change]:
    before = {source.name: source for source in old.sources}
    for source in new.sources:
        was = before.get(source.name)
        if was is not None and was.version != source.version:
            yield Change(
                "neutral", "", f"policy {source.name}: version {was.version} becomes {source.version}", None, None
            )
