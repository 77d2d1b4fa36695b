"""The union of policies in which a child can add demands and raise them, never remove or loosen them.

Every policy is merged with what it extends into one set of demands. The sets are joined point by point: of one clause
the higher level and the stricter waivability hold, so that neither order nor reaching a policy twice matters.
"""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.vocabulary import LEVEL_RANK, STAKES_RANK
from pytest_datapolicy.policy import tighter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeVar

    from pytest_datapolicy.model.places import Place, Span
    from pytest_datapolicy.model.policy import Clause, DomainFloor, External
    from pytest_datapolicy.model.report import Finding
    from pytest_datapolicy.policy.clauses import Entry
    from pytest_datapolicy.policy.faults import Faults
    from pytest_datapolicy.policy.terms import Terms
    from pytest_datapolicy.policy.tree import Node

    _K = TypeVar("_K")

Key = tuple[str, str, "Span | None"]
"""Rule, path and span of a clause: what makes it the same clause."""


class Held(NamedTuple):
    """A clause in a set of demands, and what a child may do about it."""

    clause: Clause
    pack: bool
    """Reached through packs only: the first policy outside the packs may replace it."""
    replaceable: bool
    """Its own policy, and every one that raised it, lets children replace it."""
    level_by: tuple[str, Place] | None = None
    """Who raised its level, and where; None: its own policy."""
    fixed_by: tuple[str, Place] | None = None
    """Who takes it from waivers, and where; None: its own policy."""


class Demands(NamedTuple):
    """What a policy demands together with all that it extends."""

    held: Mapping[Key, Held] = {}
    floors: Mapping[Place, DomainFloor] = {}
    externals: Mapping[Place, External] = {}
    inventory: Mapping[str, Place] = {}
    waiver_files: Mapping[str, Place] = {}
    days: Mapping[Place, int] = {}
    approvers: Mapping[Place, Mapping[str, Place]] = {}


def join(sets: Iterable[Demands]) -> Demands:
    """The union of sets of demands, the stricter reading of each clause that several hold."""
    joined = Demands()
    for number, demands in enumerate(sets):
        if number == 0:
            joined = demands
            continue
        common = joined.held.keys() & demands.held.keys()
        stricter = {key: _stricter(joined.held[key], demands.held[key]) for key in common}
        joined = Demands(
            {**joined.held, **demands.held, **stricter},
            {**joined.floors, **demands.floors},
            {**joined.externals, **demands.externals},
            _first_places(joined.inventory, demands.inventory),
            _first_places(joined.waiver_files, demands.waiver_files),
            {**joined.days, **demands.days},
            {**joined.approvers, **demands.approvers},
        )
    return joined


def _stricter(one: Held, other: Held) -> Held:
    highest = max(one, other, key=lambda held: LEVEL_RANK[held.clause.level])
    fixed = other if one.clause.waivable else one
    clause = one.clause._replace(level=highest.clause.level, waivable=fixed.clause.waivable)
    pack, replaceable = one.pack and other.pack, one.replaceable and other.replaceable
    return Held(clause, pack, replaceable, highest.level_by, fixed.fixed_by)


def _first_places(one: Mapping[_K, Place], other: Mapping[_K, Place]) -> dict[_K, Place]:
    return {**one, **{key: min(place, one.get(key, place)) for key, place in other.items()}}


def merged(
    node: Node, entries: Sequence[Entry], terms: Terms, parents: Sequence[Demands], faults: Faults
) -> tuple[Demands, list[Finding]]:
    """A policy's demands joined with those of its parents, and a finding for each attempt to loosen them."""
    step = _Step(node, faults)
    kept = [step.without_replaced(demands, entries) for demands in parents]
    inherited = join(kept)
    held = {key: step.passed_on(item) for key, item in inherited.held.items()}
    by_rule: dict[str, list[Key]] = {}
    for key in held:
        by_rule.setdefault(key[0], []).append(key)
    for entry in entries:
        step.add(entry, held, by_rule.get(entry.rule.id, ()))
    own = Demands(
        held,
        step.floors(terms.floors, inherited.floors),
        terms.externals,
        terms.inventory,
        terms.waiver_files,
        step.days(terms.days, inherited.days),
        step.approvers(terms.approvers, inherited.approvers),
    )
    return join([inherited._replace(held={}), own]), step.findings


class _Step:
    """The merging of one policy with its parents."""

    def __init__(self, node: Node, faults: Faults) -> None:
        self._text = node.text
        self._name: str = node.text.tree["name"]
        self._pack = node.source.kind == "pack"
        self._faults = faults
        self.findings: list[Finding] = []

    def without_replaced(self, demands: Demands, entries: Sequence[Entry]) -> Demands:
        """A parent's demands without the rules that this policy may replace and does."""
        held = dict(demands.held)
        for entry in entries:
            theirs = {key: item for key, item in held.items() if item.clause.rule == entry.rule.id}
            if not entry.replace or not theirs:
                continue
            fixed = [item.clause for item in theirs.values() if not self._may_replace(item)]
            if fixed:
                place = self._text.entry((*entry.pointer, "replace"))
                parent = min(fixed, key=tighter.place_key)
                self._found(tighter.not_replaceable(entry.rule, self._name, place, parent))
            else:
                held = {key: item for key, item in held.items() if key not in theirs}
        return demands._replace(held=held)

    def _may_replace(self, item: Held) -> bool:
        return item.replaceable or (item.pack and not self._pack)

    def _found(self, finding: Finding) -> None:
        if finding not in self.findings:
            self.findings.append(finding)

    def passed_on(self, item: Held) -> Held:
        """A parent's clause as children of this policy see it."""
        return item if self._pack or not item.pack else item._replace(pack=False)

    def add(self, entry: Entry, held: dict[Key, Held], inherited: Sequence[Key]) -> None:
        """Put what this policy says of one rule into `held`; `inherited` is what its parents say of that rule."""
        theirs = {key: held[key] for key in inherited}
        if entry.missing and not theirs and entry.level != "disabled":
            message = f"{entry.rule.name} {entry.missing}"
            self._faults.add(message, self._text.key(*entry.pointer), "add limits")
            return
        parents = sorted((item.clause for item in theirs.values()), key=tighter.place_key)
        set_by = sorted(theirs.values(), key=lambda item: tighter.place_key(item.clause))
        level = self._level(entry, [_said_by(item.clause, item.level_by) for item in set_by])
        waivable = self._waivable(entry, [_said_by(item.clause, item.fixed_by) for item in set_by])
        if entry.bare:
            for key, item in theirs.items():
                held[key] = self._raised(item, entry)
        if level == "disabled" or (entry.level == "disabled" and parents):
            return
        highest = max((clause.level for clause in parents), key=LEVEL_RANK.__getitem__, default="disabled")
        for index, clause in enumerate(entry.clauses):
            own = clause._replace(level=level, waivable=waivable, floor_level=highest)
            parent = tighter.loosened(entry.rule, own, parents)
            if parent is None:
                held[_key(own)] = Held(own, self._pack, entry.replaceable)
            else:
                place = self._limit_place(entry, index, parent[1].name)
                self._found(tighter.looser_limit(entry.rule, parent[1], place, own, parent[0]))

    def _limit_place(self, entry: Entry, index: int, parameter: str) -> Place:
        if entry.bare:
            return self._text.key(*entry.pointer)
        pointer = (*entry.pointer, "limits", index)
        body = self._text.tree["rules"][entry.pointer[1]]["limits"][index]
        return self._text.entry((*pointer, parameter)) if parameter in body else self._text.value(*pointer)

    def _level(self, entry: Entry, parents: Sequence[Clause]) -> str:
        """The level of this policy's own clauses: its word, unless that is lower than a parent's."""
        if not parents:
            return entry.level or entry.rule.level
        highest = max(parents, key=lambda clause: LEVEL_RANK[clause.level])
        if entry.level is None:
            named = highest.level if entry.bare else entry.rule.level
            return max(named, highest.level, key=LEVEL_RANK.__getitem__)
        if LEVEL_RANK[entry.level] < LEVEL_RANK[highest.level]:
            place = self._text.entry((*entry.pointer, "level"))
            self._found(tighter.lower_level(entry.rule, self._name, entry.level, place, highest))
            return highest.level
        return entry.level

    def _waivable(self, entry: Entry, parents: Sequence[Clause]) -> bool:
        fixed = [clause for clause in parents if not clause.waivable]
        if fixed and entry.waivable:
            place = self._text.entry((*entry.pointer, "waivable"))
            self._found(tighter.made_waivable(entry.rule, self._name, place, fixed[0]))
        return entry.rule.waivable and not fixed and entry.waivable is not False

    def _raised(self, item: Held, entry: Entry) -> Held:
        """A parent's clause as this policy raises it, which names the rule without limits."""
        clause, level_by, fixed_by = item.clause, item.level_by, item.fixed_by
        if entry.level is not None and LEVEL_RANK[entry.level] > LEVEL_RANK[clause.level]:
            clause = clause._replace(level=entry.level)
            level_by = (self._name, self._text.entry((*entry.pointer, "level")))
        if entry.waivable is False and clause.waivable:
            clause = clause._replace(waivable=False)
            fixed_by = (self._name, self._text.entry((*entry.pointer, "waivable")))
        if clause is item.clause:
            return item
        # Replacing the clause would undo what this policy raised as well.
        return Held(clause, item.pack, item.replaceable and entry.replaceable, level_by, fixed_by)

    def floors(self, own: Mapping[Place, DomainFloor], theirs: Mapping[Place, DomainFloor]) -> dict[Place, DomainFloor]:
        """This policy's floors, without those below a parent's."""
        kept = {}
        for place, floor in own.items():
            parents = [parent for parent in theirs.values() if parent.domain == floor.domain]
            highest = max(parents, key=lambda item: (STAKES_RANK[item.stakes], item.place), default=floor)
            if STAKES_RANK[floor.stakes] < STAKES_RANK[highest.stakes]:
                finding = tighter.lower_floor(
                    self._name, floor.domain, floor.stakes, place, highest.stakes, highest.place
                )
                self._found(finding)
            else:
                kept[place] = floor
        return kept

    def days(self, own: Mapping[Place, int], theirs: Mapping[Place, int]) -> dict[Place, int]:
        """This policy's longest time of a waiver, unless a parent's is shorter."""
        shortest = min(((days, place) for place, days in theirs.items()), default=None)
        kept = {}
        for place, days in own.items():
            if shortest is not None and days > shortest[0]:
                self._found(tighter.longer_waivers(self._name, days, place, *shortest))
            else:
                kept[place] = days
        return kept

    def approvers(
        self, own: Mapping[Place, Mapping[str, Place]], theirs: Mapping[Place, Mapping[str, Place]]
    ) -> Mapping[Place, Mapping[str, Place]]:
        """This policy's approvers; those that a parent does not name have no effect."""
        for names in own.values():
            for name, place in names.items():
                for parent in sorted(parent for parent, known in theirs.items() if name not in known)[:1]:
                    self._found(tighter.more_approvers(self._name, name, place, parent))
        return own


def _said_by(clause: Clause, setter: tuple[str, Place] | None) -> Clause:
    """A clause as the policy that raised it last has it."""
    return clause if setter is None else clause._replace(policy=setter[0], place=setter[1])


def _key(clause: Clause) -> Key:
    place = clause.place
    return (clause.rule, "" if place is None else place.path, None if place is None else place.span)
