"""What is wrong with a policy that is valid: clauses that match nothing, say nothing new, or that nothing can meet."""

from __future__ import annotations

from pytest_datapolicy.engine.plan import GLOB_KEYS, selector
from pytest_datapolicy.engine.strictness import covers
from pytest_datapolicy.model.amounts import named
from pytest_datapolicy.model.places import Note, Place
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.vocabulary import LEVEL_RANK, STAKES, STAKES_RANK, SYNTHETIC
from pytest_datapolicy.policy.effective import identity, origins, raises
from pytest_datapolicy.policy.tighter import limit_text, reach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_datapolicy.model.policy import Clause, Policy
    from pytest_datapolicy.model.rule import Rule
    from pytest_datapolicy.policy.clauses import Entry
    from pytest_datapolicy.policy.load import Survey

FIRST_DAY = "0001-01-01"


class Remark(NamedTuple):
    """One thing to say about a policy file."""

    kind: str
    """``dead-clause``, ``redundant-clause``, ``unsatisfiable`` or ``ladder``; ``DP701`` or ``DP708`` for findings."""
    rule: str
    message: str
    remedy: str
    place: Place
    related: tuple[Note, ...] = ()

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Path, line, column, kind."""
        return (self.place.path, self.place.line, self.place.column, self.kind, self.message)


def remarks(survey: Survey, rules: Mapping[str, Rule], own: Callable[[Place], bool]) -> Iterator[Remark]:
    """All remarks about the clauses of the files that are `own`. `rules` holds every rule that a clause names."""
    policy = survey.policy
    written = origins(survey)
    by_rule: dict[str, list[Clause]] = {}
    order = {source.path: number for number, source in enumerate(policy.sources)}
    for clause in sorted(policy.clauses, key=lambda item: _position(item, order)):
        by_rule.setdefault(clause.rule, []).append(clause)
    for key, clauses in by_rule.items():
        rule = rules[key]
        for number, clause in enumerate(clauses):
            if clause.place is None or not own(clause.place):
                continue
            dead = _dead(rule, clause, policy) or _impossible(rule, clause)
            if dead is not None:
                yield dead
                continue
            yield from _disjoint(rule, clause, clauses, number, own)
            said = _step_down(rule, clause, clauses) or _redundant(rule, clause, clauses, number)
            origin = written.get(identity(clause))
            if said is not None and (origin is None or not _strengthens(origin.entry, clause)):
                yield said
    yield from _between_rules(by_rule, rules, own)
    yield from _without_approver(policy, own)


def _strengthens(entry: Entry, clause: Clause) -> bool:
    """Whether the entry raises the clauses of its parents, whatever its own clause adds to them."""
    return raises(entry, clause) or (entry.bare and entry.waivable is False)


def _position(clause: Clause, order: Mapping[str, int]) -> tuple[int, int, int]:
    place = clause.place
    return (0, 0, 0) if place is None else (order.get(place.path, 0), place.line, place.column)


def _remark(kind: str, rule: Rule, clause: Clause, message: str, remedy: str, *related: Note) -> Remark:
    assert clause.place is not None
    return Remark(kind, rule.id, message, remedy, clause.place, related)


def _note(clause: Clause, text: str) -> tuple[Note, ...]:
    return () if clause.place is None else (Note(clause.place, text),)


def _dead(rule: Rule, clause: Clause, policy: Policy) -> Remark | None:
    """The clause can match no subject of any project."""
    for key, values in selector(rule, clause).wanted.items():
        barred = rule.never.get(key, frozenset())
        if values and values <= barred:
            message = f"this clause matches nothing: {rule.name} never judges {key} {named(sorted(values))}"
            return _remark("dead-clause", rule, clause, message, f"correct {key}, or remove the clause")
    stakes, domains = clause.when.get("stakes"), clause.when.get("domains")
    if not stakes or not domains:
        return None
    floors = [
        max(policy.floors.get(domain, ()), key=lambda floor: STAKES_RANK[floor.stakes], default=None)
        for domain in sorted(domains)
    ]
    if any(floor is None or STAKES_RANK[floor.stakes] <= _highest(stakes) for floor in floors):
        return None
    lifted = [floor for floor in floors if floor is not None]
    message = (
        f"this clause matches nothing: it is for stakes {named(sorted(stakes, key=STAKES.index))}, and the floor of "
        f"{named(sorted(domains))} is {min((floor.stakes for floor in lifted), key=STAKES.index)}"
    )
    notes = [Note(floor.place, "the floor") for floor in lifted]
    return _remark("dead-clause", rule, clause, message, "correct stakes, or remove the clause", *notes)


def _highest(stakes: frozenset[str]) -> int:
    return max(STAKES_RANK[item] for item in stakes)


def _impossible(rule: Rule, clause: Clause) -> Remark | None:
    """What the clause matches can never pass it."""
    limits = clause.limits
    for parameter in rule.parameters:
        if parameter.tighter == "fewer" and limits[parameter.name] == ():
            message = f"{parameter.name} is empty, so that nothing that this clause matches can pass"
            remedy = f"name what is allowed, or remove {parameter.name}"
            return _remark("unsatisfiable", rule, clause, message, remedy)
        if parameter.name.startswith("min") and parameter.tighter == "higher":
            least, most = limits[parameter.name], limits.get(f"max{parameter.name[3:]}")
            if least is not None and most is not None and least > most:
                message = f"{parameter.name} {limit_text(least)} is more than the maximum, {limit_text(most)}"
                return _remark("unsatisfiable", rule, clause, message, "lower the one or raise the other")
    origins = clause.when.get("origin")
    if rule.id == "DP101" and limits["max"] == 0 and origins is not None and origins <= SYNTHETIC:
        message = "this clause matches splits that hold synthetic records, and allows them none"
        return _remark("unsatisfiable", rule, clause, message, "remove origin, or raise max")
    return None


def _disjoint(
    rule: Rule, clause: Clause, clauses: Sequence[Clause], number: int, own: Callable[[Place], bool]
) -> Iterator[Remark]:
    """Another clause matches the same subjects, and nothing meets both."""
    for index, other in enumerate(clauses):
        later = index > number and other.place is not None and own(other.place)
        if other is clause or later or not _meet(rule, clause, other):
            continue
        for parameter in rule.parameters:
            mine, theirs = clause.limits[parameter.name], other.limits[parameter.name]
            if parameter.tighter == "fewer" and mine and theirs and not set(mine) & set(theirs):
                message = f"{parameter.name} {limit_text(mine)} and {limit_text(theirs)} have nothing in common"
                remedy = "let both allow what is meant, or let their when keep them apart"
                yield _remark("unsatisfiable", rule, clause, message, remedy, *_note(other, "holds as well"))
        mine, theirs = _metrics(rule, clause), _metrics(rule, other)
        if mine and theirs and not mine & theirs:
            message = f"limits for {named(sorted(mine))} here and for {named(sorted(theirs))} there: agreement has one"
            message += " metric, so that one of the two clauses cannot be decided"
            remedy = "set limits for the same metrics in both, or let their when keep them apart"
            yield _remark("unsatisfiable", rule, clause, message, remedy, *_note(other, "holds as well"))


def _metrics(rule: Rule, clause: Clause) -> set[str]:
    """The measures of agreement that a clause of DP305 sets limits for."""
    if rule.id != "DP305":
        return set()
    return {name for name, value in clause.limits.items() if name != "min_records" and value is not None}


def _between_rules(
    by_rule: Mapping[str, Sequence[Clause]], rules: Mapping[str, Rule], own: Callable[[Place], bool]
) -> Iterator[Remark]:
    """Two rules allow labellers, and nobody whom both allow. No other two bound the same from opposite sides."""
    pairs = [(one, other) for one in by_rule.get("DP202", ()) for other in by_rule.get("DP301", ())]
    for one, other in pairs:
        mine, theirs = one.limits["allow"], other.limits["allow"]
        if not mine or not theirs or set(mine) & set(theirs):
            continue
        if not _overlap(reach(rules["DP202"], one), reach(rules["DP301"], other)):
            continue
        for clause, against in ((one, other), (other, one)):
            if clause.place is not None and own(clause.place):
                rule, allowed, names = rules[clause.rule], clause.limits["allow"], rules[against.rule].name
                message = f"allow {limit_text(allowed)} has nothing in common with {names}, "
                message += f"which allows {limit_text(against.limits['allow'])}"
                remedy = "let both allow what is meant, or let their when keep them apart"
                yield _remark("unsatisfiable", rule, clause, message, remedy, *_note(against, "holds as well"))
                break


def _meet(rule: Rule, one: Clause, other: Clause) -> bool:
    """Whether some subject is matched by both clauses, as far as closed vocabularies tell."""
    return _overlap(reach(rule, one), reach(rule, other))


def _overlap(mine: Mapping[str, frozenset[str]], theirs: Mapping[str, frozenset[str]]) -> bool:
    return all(mine[key] & theirs[key] for key in mine.keys() & theirs.keys())


def _step_down(rule: Rule, clause: Clause, clauses: Sequence[Clause]) -> Remark | None:
    """The ladder is not monotone: higher stakes are asked less than lower ones are."""
    stakes = clause.when.get("stakes")
    if stakes is None:
        return None
    for other in clauses:
        below = other.when.get("stakes")
        if below is None or _lowest(below) >= _lowest(stakes) or not _same_but_stakes(rule, clause, other):
            continue
        for parameter in rule.parameters:
            mine, theirs = clause.limits[parameter.name], other.limits[parameter.name]
            if mine != theirs and parameter.at_least_as_tight(theirs, mine):
                message = (
                    f"{parameter.name} {limit_text(mine)} at stakes {_named(stakes)} is looser than "
                    f"{limit_text(theirs)} at stakes {_named(below)}"
                )
                return _remark("ladder", rule, clause, message, _remedy(other, stakes), *_note(other, "asks more"))
    for above in STAKES[_highest(stakes) + 1 :]:
        higher = clause._replace(when={**clause.when, "stakes": frozenset({above})})
        if any(includes(rule, other, higher) and _outweighs(rule, other, clause) for other in clauses):
            continue
        if any("stakes" in other.when and above in other.when["stakes"] for other in _alike(rule, clause, clauses)):
            continue  # told at that clause, which is looser
        message = f"stakes {_named(stakes)} are asked more by {rule.name} than stakes {above}"
        remedy = f"write stakes: {STAKES[_lowest(stakes)]}, which is that and all above"
        return _remark("ladder", rule, clause, message, remedy)
    return None


def _alike(rule: Rule, clause: Clause, clauses: Sequence[Clause]) -> Iterator[Clause]:
    return (other for other in clauses if other is not clause and _same_but_stakes(rule, clause, other))


def _same_but_stakes(rule: Rule, one: Clause, other: Clause) -> bool:
    mine, theirs = reach(rule, one), reach(rule, other)
    return {**mine, "stakes": None} == {**theirs, "stakes": None}


def _remedy(lower: Clause, stakes: frozenset[str]) -> str:
    overlap = stakes <= lower.when["stakes"]
    return "tighten it, or remove it: the other clause holds here too" if overlap else "tighten it"


def _lowest(stakes: frozenset[str]) -> int:
    return min(STAKES_RANK[item] for item in stakes)


def _named(stakes: frozenset[str]) -> str:
    if stakes == frozenset(STAKES[_lowest(stakes) :]) and len(stakes) > 1:
        return f"{STAKES[_lowest(stakes)]} and above"
    return named(sorted(stakes, key=STAKES.index))


def _redundant(rule: Rule, clause: Clause, clauses: Sequence[Clause], number: int) -> Remark | None:
    """Another clause asks as much of everything that this one matches; of two that are equal, the later one."""
    for index, other in enumerate(clauses):
        if other is clause or not implied(rule, clause, other):
            continue
        if index > number and implied(rule, other, clause):
            continue
        message = f"this clause says nothing new: {other.policy} asks as much of all that it matches"
        return _remark("redundant-clause", rule, clause, message, "remove it", *_note(other, "covers it"))
    return None


def implied(rule: Rule, clause: Clause, other: Clause) -> bool:
    """Whether `other` matches all that `clause` matches, and asks as much of it on every day."""
    return includes(rule, other, clause) and covers(rule, other, clause) and _outweighs(rule, other, clause)


def includes(rule: Rule, wide: Clause, narrow: Clause) -> bool:
    """Whether every subject that `narrow` matches is matched by `wide`, both of `rule`."""
    outer, inner = reach(rule, wide), reach(rule, narrow)
    for key, values in outer.items():
        if key not in inner:
            return False
        if key in GLOB_KEYS:
            if not all(any(_globbed(item, glob) for glob in values) for item in inner[key]):
                return False
        elif not inner[key] <= values:
            return False
    return True


def _globbed(item: str, glob: str) -> bool:
    from fnmatch import fnmatchcase

    return item == glob or (not set(item) & set("*?[") and fnmatchcase(item, glob))


def _outweighs(rule: Rule, clause: Clause, other: Clause) -> bool:
    """Whether `clause` is as tight as `other` and at no day of a lower level."""
    days = {FIRST_DAY, *filter(None, (clause.effective, other.effective))}
    tight = all(
        parameter.at_least_as_tight(clause.limits[parameter.name], other.limits[parameter.name])
        for parameter in rule.parameters
    )
    return tight and all(LEVEL_RANK[clause.level_on(day)] >= LEVEL_RANK[other.level_on(day)] for day in days)


def _without_approver(policy: Policy, own: Callable[[Place], bool]) -> Iterator[Remark]:
    files = [place for _, place in policy.waivers.files if own(place)]
    if files and policy.waivers.approvers == ():
        message = "no waiver can be valid: nobody is named by every list of approvers"
        yield Remark("unsatisfiable", "DP703", message, "name somebody whom all lists name", files[0])
