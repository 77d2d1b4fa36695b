"""Which clauses judge which subjects: the policy, compiled once and looked up by the facts of a subject.

A clause matches a subject when one component of the subject (the subject itself, for component rules) meets every key
of its selector. Subjects with the same facts share one selection, so that matching is paid once for each distinct
combination of facts and not for each subject.
"""

from __future__ import annotations

from pytest_datapolicy.engine.strictness import counting, strictest
from pytest_datapolicy.model.policy import Clause
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.rule import Context
from pytest_datapolicy.model.vocabulary import LEVEL_RANK, STAKES, STAKES_RANK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.model.manifest import Component, Manifest, Split
    from pytest_datapolicy.model.policy import DomainFloor, Policy
    from pytest_datapolicy.model.rule import Lineage, Rule

GLOB_KEYS = ("dataset", "split", "slice")
DATASET_KEYS = ("stakes", "domains", "judgment", "novelty", "stage", "dataset")
SUBJECTS = ("dataset", "split", "component")
ELSEWHERE = ("builtin:", "package:", "../")
"""How the paths of policies start that are not the project's own: they are written for many projects."""
READERS_RULES = ("DP000", "DP001", "DP002", "DP003", "DP004")
"""Rules whose findings readers and the engine make; every manifest is their subject."""
MOST_SELECTIONS = 4096
"""Beyond so many distinct combinations of facts the cache starts anew: memory stays flat."""

Facts = dict[str, frozenset[str]]
Profile = tuple[str, str, str, str | None, tuple[str, ...]]
"""What tells components apart: purpose, origin, labeller; split name and slices where clauses select by them."""


class Selector(NamedTuple):
    """A clause with its full selector: its own keys, the rule's defaults, and what the rule can never reach."""

    rule: Rule
    clause: Clause
    wanted: Mapping[str, frozenset[str]]
    never: Mapping[str, frozenset[str]]


class Selected(NamedTuple):
    """One rule with the clauses that judge a subject; every clause that a stricter one covers is left out."""

    rule: Rule
    clauses: tuple[Clause, ...]


class Selection:
    """The rules that judge subjects with the same facts, and how many subjects it served."""

    __slots__ = ("alone", "claims", "lineage", "local", "project", "uses", "verified")

    def __init__(self, selected: Sequence[Selected]) -> None:
        self.claims = tuple(item for item in selected if item.rule.needs == "base")
        """Rules that compare with the base revision, when all manifests are known."""
        self.verified = tuple(item for item in selected if item.rule.needs == "verify")
        """Rules that read the data itself, when everything else is decided."""
        others = [item for item in selected if not item.rule.needs]
        self.local = tuple(item for item in others if not (item.rule.lineage or item.rule.project))
        self.lineage = tuple(item for item in others if item.rule.lineage)
        """Rules that ask for lineage; they wait until all manifests are known if the manifest holds references."""
        self.alone = self.local + self.lineage
        """What judges subjects of manifests without references: nothing needs to wait."""
        self.project = tuple(item for item in others if item.rule.project)
        self.uses = 0
        """Counted by the engine, once a subject."""

    @property
    def rules(self) -> Iterator[str]:
        for item in (*self.local, *self.lineage, *self.project, *self.verified):
            yield item.rule.id


class Plan:
    """A compiled policy. Holds a cache, so that one plan serves one run in one thread."""

    def __init__(
        self,
        policy: Policy,
        catalogue: Catalogue,
        today: str,
        *,
        leaf: Lineage,
        skip: frozenset[str] = frozenset(),
        options: frozenset[str] = frozenset(),
    ) -> None:
        self._leaf = leaf
        self.policy = policy
        self.today = today
        self.rules: dict[str, Rule] = {}
        self._catalogue = catalogue
        self._own = {rule.id: rule for rule in policy.custom}
        self.clauses: dict[str, list[Clause]] = {}
        self.left_aside: dict[str, str] = {}
        """Rules that are demanded and that this run has no means to judge, with their levels: they meet no subject."""
        for rule in catalogue.always_on():
            self._add(rule, always_clause(rule))
        for entry in catalogue:
            if entry.without_policy and entry.id not in skip and entry.needs in ("", *options):
                rule = catalogue.card(entry.id)
                # What data files show counts wherever no clause asks for more.
                if entry.needs != "base" or not any(clause.rule == entry.id for clause in policy.clauses):
                    self._add(rule, always_clause(rule, level=rule.level))
        for clause in policy.clauses:
            if clause.level != "disabled" and clause.rule not in skip:
                rule = self._own.get(clause.rule) or catalogue.card(clause.rule)
                if rule.needs in ("", *options):
                    self._add(rule, clause)
                else:
                    levels = (clause.level_on(today), self.left_aside.get(rule.id, "disabled"))
                    self.left_aside[rule.id] = max(levels, key=LEVEL_RANK.__getitem__)
        selectors = [selector(self.rules[rule], clause) for rule, clauses in self.clauses.items() for clause in clauses]
        self._by_scope: dict[str, list[Selector]] = {}
        for item in selectors:
            if item.rule.id in READERS_RULES:
                continue  # they have nothing to say of what could be read
            self._by_scope.setdefault(item.rule.scope, []).append(item)
        used = {key for item in selectors for key in item.wanted}
        self.uses = {key: key in used for key in GLOB_KEYS}
        """Whether any clause selects by this name: only then names are facts that tell subjects apart."""
        self._floors = {domain: _highest(floors) for domain, floors in policy.floors.items()}
        self._bases: dict[tuple[object, ...], Base] = {}
        self._met: dict[str, int] = {}
        self.live: set[int] = set()
        """The identities of clauses that matched a subject."""

    def _add(self, rule: Rule, clause: Clause) -> None:
        self.rules[rule.id] = rule
        self.clauses.setdefault(rule.id, []).append(clause)

    def loaded(self, rule: str) -> Rule:
        """The rule with its check: `rules` holds what policies need to know of each, and no more."""
        return self._own.get(rule) or self._catalogue.rule(rule)

    @property
    def floors(self) -> Mapping[str, tuple[DomainFloor, ...]]:
        return self.policy.floors

    def of_scope(self, scope: str) -> Iterable[Selector]:
        """The clauses of all rules of one scope."""
        return self._by_scope.get(scope, ())

    def stakes(self, manifest: Manifest) -> str:
        """The higher of the declared stakes and the floors of the data set's domains."""
        rank = STAKES_RANK[manifest.stakes]
        for domain in manifest.tree.get("domains", ()):
            rank = max(rank, self._floors.get(domain, 0))
        return STAKES[rank]

    def base(self, manifest: Manifest) -> Base:
        """What is fixed for all subjects of one data set."""
        tree = manifest.tree
        domains = tree.get("domains")
        key = (
            tree["stakes"],
            tuple(domains) if domains else (),
            tree["task"]["judgment"],
            tree["novelty"],
            tree.get("stage"),
            tree["name"] if self.uses["dataset"] else None,
        )
        base = self._bases.get(key)
        if base is None:
            if len(self._bases) >= MOST_SELECTIONS:
                self._retire()
            base = self._bases[key] = Base(self, manifest, self._leaf)
        return base

    @property
    def own_floors(self) -> list[DomainFloor]:
        """The floors of the project's own policies."""
        floors = [floor for _, floors in sorted(self.policy.floors.items()) for floor in floors]
        return [floor for floor in floors if not floor.place.path.startswith(ELSEWHERE)]

    def selective(self) -> dict[int, Clause]:
        """The clauses of the project's own policies that select their subjects, by identity: each is to match some."""
        return {
            id(clause): clause
            for rule, clauses in self.clauses.items()
            if self.rules[rule].scope in SUBJECTS and not self.rules[rule].needs
            for clause in clauses
            if clause.when and clause.place is not None and not clause.place.path.startswith(ELSEWHERE)
        }

    def _retire(self) -> None:
        for base in self._bases.values():
            base.retire()
        self._bases.clear()

    def count(self, selections: Iterable[Selection]) -> None:
        """Add what these selections served to the totals."""
        for selection in selections:
            if selection.uses:
                for rule in selection.rules:
                    self._met[rule] = self._met.get(rule, 0) + selection.uses
                selection.uses = 0

    def subjects(self) -> dict[str, int]:
        """How many subjects each rule met, by rule id."""
        self._retire()
        return {rule: self._met.get(rule, 0) for rule in self.rules}

    def level(self, rule: str) -> str:
        """The highest level that any clause of the rule has today."""
        levels = [clause.level_on(self.today) for clause in self.clauses[rule]]
        return max(levels, key=LEVEL_RANK.__getitem__)


class Base:
    """The selections for the subjects of data sets that share all facts of the data set itself."""

    __slots__ = ("_cache", "_facts", "_plan", "_uses_slice", "_uses_split", "domains", "leaf", "stakes")

    def __init__(self, plan: Plan, manifest: Manifest, leaf: Lineage) -> None:
        self._plan = plan
        self.stakes = plan.stakes(manifest)
        self._facts: Facts = {
            "stakes": frozenset({self.stakes}),
            "domains": frozenset(manifest.domains),
            "judgment": frozenset({manifest.judgment}),
            "novelty": frozenset({manifest.novelty}),
            "stage": frozenset({manifest.stage}),
            "dataset": frozenset({manifest.name}),
        }
        self._uses_split = plan.uses["split"]
        self._uses_slice = plan.uses["slice"]
        self._cache: dict[object, Selection] = {}
        self.domains = self._facts["domains"]
        self.leaf = Context(plan.today, self.stakes, plan.floors, leaf)
        """What checks of a manifest without references may know."""

    def dataset(self, manifest: Manifest) -> Selection:
        """What judges the data set as a whole."""
        profiles = [self._profile(component) for split in manifest.splits for component in split.components]
        return self._select("dataset", frozenset(profiles))

    def split(self, split: Split) -> Selection:
        """What judges one split."""
        return self._select("split", frozenset([self._profile(component) for component in split.components]))

    def component(self, component: Component) -> Selection:
        """What judges one component."""
        return self._select("component", self._profile(component))

    def candidates(self, components: Iterable[Component]) -> list[Facts]:
        """The facts that clauses are matched by, of each of a subject's components."""
        return [self._facts | _facts(self._profile(component)) for component in components]

    def retire(self) -> None:
        """Forget all selections, having counted what they served."""
        self._plan.count(self._cache.values())
        self._cache.clear()

    def _profile(self, component: Component) -> Profile:
        tree = component.tree
        labels = tree.get("labels")
        return (
            component.split.tree["purpose"],
            "unknown" if component.tainted else tree["origin"],
            "unknown" if labels is None else labels.get("by", "unknown"),
            component.split.name if self._uses_split else None,
            tuple(sorted(tree["slices"])) if self._uses_slice and "slices" in tree else (),
        )

    def _select(self, scope: str, profile: Profile | frozenset[Profile]) -> Selection:
        key = (scope, profile)
        selection = self._cache.get(key)
        if selection is None:
            if len(self._cache) >= MOST_SELECTIONS:
                self.retire()
            profiles = sorted(profile, key=repr) if isinstance(profile, frozenset) else [profile]
            selection = self._cache[key] = Selection(self._choose(scope, [self._facts | _facts(p) for p in profiles]))
        return selection

    def _choose(self, scope: str, candidates: list[Facts]) -> list[Selected]:
        matching: dict[str, list[Clause]] = {}
        for item in self._plan.of_scope(scope):
            if any(matches(item, facts) for facts in candidates):
                self._plan.live.add(id(item.clause))
                matching.setdefault(item.rule.id, []).append(item.clause)
        rules = self._plan.rules
        return [
            Selected(self._plan.loaded(rule), strictest(rules[rule], counting(rules[rule], clauses), self._plan.today))
            for rule, clauses in sorted(matching.items())
        ]


def _facts(profile: Profile) -> Facts:
    purpose, origin, labels, split, slices = profile
    return {
        "purpose": frozenset({purpose}),
        "origin": frozenset({origin}),
        "labels": frozenset({labels}),
        "split": frozenset() if split is None else frozenset({split}),
        "slice": frozenset(slices),
    }


def matches(item: Selector, facts: Facts) -> bool:
    """Whether a subject with these facts is judged by this clause: all keys, each by any of its values."""
    for key, values in item.never.items():
        if facts[key] <= values:
            return False
    for key, values in item.wanted.items():
        if key in GLOB_KEYS:
            if not _any_glob(facts[key], values):
                return False
        elif not values & facts[key]:
            return False
    return True


def _any_glob(names: Iterable[str], globs: Iterable[str]) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(name, glob) for name in names for glob in globs)


def selector(rule: Rule, clause: Clause) -> Selector:
    """A clause's own keys over the defaults of its rule."""
    return Selector(rule, clause, {**rule.applies, **clause.when}, rule.never)


def always_clause(rule: Rule, *, level: str = "error") -> Clause:
    """The clause of a rule that no policy names: no limits, no place."""
    limits = {parameter.name: parameter.default for parameter in rule.parameters}
    return Clause(rule.id, level, {}, limits, None, waivable=rule.waivable)


def _highest(floors: Iterable[DomainFloor]) -> int:
    return max(STAKES_RANK[floor.stakes] for floor in floors)
