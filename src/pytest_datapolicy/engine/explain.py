"""One rule's decisions, worked out: which clauses match a subject, which of them count, how each answers.

Runs on what a check leaves behind when all is decided, so that it explains those decisions and no others.
"""

from __future__ import annotations

from pytest_datapolicy.engine.plan import GLOB_KEYS, matches
from pytest_datapolicy.engine.run import CRASHES
from pytest_datapolicy.engine.strictness import counting, covers, strictest
from pytest_datapolicy.model.manifest import Component, Manifest, Split
from pytest_datapolicy.model.phrases import either
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.model.rule import Context
from pytest_datapolicy.model.vocabulary import (
    JUDGMENTS,
    LABELLERS,
    LEVEL_RANK,
    NOVELTIES,
    ORIGINS,
    PURPOSES,
    STAGES,
    STAKES,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pytest_datapolicy.engine.plan import Base, Facts, Selector
    from pytest_datapolicy.engine.project import Known
    from pytest_datapolicy.model.format import Reading
    from pytest_datapolicy.model.manifest import Subject
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Clause, DomainFloor
    from pytest_datapolicy.model.report import Finding, Report
    from pytest_datapolicy.model.rule import Draft, Rule, Term

ORDER = ("fail", "indeterminate", "waived", "baselined", "pass", "not-applicable")
"""Outcomes, the gravest first."""
VOCABULARY = {
    "stakes": STAKES,
    "judgment": JUDGMENTS,
    "novelty": NOVELTIES,
    "stage": STAGES,
    "purpose": PURPOSES,
    "origin": ORIGINS,
    "labels": LABELLERS,
}
"""The values of ``when`` keys in the order in which people name them."""


class Line(NamedTuple):
    """One line of a calculation and its place."""

    term: Term
    place: Place | None


class Judgement(NamedTuple):
    """What one clause says of a subject."""

    clause: Clause
    level: str
    """On the day of the run."""
    outcome: str
    drafts: tuple[Draft, ...]
    lines: tuple[Line, ...]

    def of(self, thing: str) -> str:
        """The outcome of one thing (a slice, a family) that the calculation shows."""
        return min((draft.outcome for draft in self.drafts if draft.thing == thing), key=ORDER.index, default="pass")


class Decision(NamedTuple):
    """What one rule says of one subject, and why."""

    rule: Rule
    path: str
    """Of the manifest."""
    dataset: str
    split: str | None
    component: str | None
    place: Place
    declared_stakes: str
    floors: tuple[DomainFloor, ...]
    """Those that raise the stakes."""
    facts: Mapping[str, tuple[str, ...]]
    """What the rule's clauses select by, as this subject has it."""
    judged: tuple[Judgement, ...]
    """The clauses that count: the one that bound first."""
    looser: tuple[tuple[Clause, Clause], ...]
    """Clauses that match and ask no more than another one, which follows each."""
    others: tuple[tuple[Clause, str], ...]
    """Clauses that do not match, and why."""
    findings: tuple[Finding, ...] = ()
    """Of the check, about this subject: waivers and baselines have been applied to them."""

    @property
    def outcome(self) -> str:
        """``pass``, ``fail``, ``waived``, ``baselined``, ``indeterminate`` or ``not-applicable``."""
        said = [finding.outcome for finding in self.findings] or [item.outcome for item in self.judged]
        return min(said, key=ORDER.index, default="not-applicable")

    @property
    def level(self) -> str:
        """The level that the outcome has."""
        levels = [finding.level for finding in self.findings if finding.outcome == self.outcome]
        levels = levels or [item.level for item in self.judged if item.outcome == self.outcome]
        return max(levels, key=LEVEL_RANK.__getitem__, default=self.rule.level)


class Explained(NamedTuple):
    """The decisions of one rule."""

    rule: Rule
    decisions: tuple[Decision, ...]
    others: tuple[Finding, ...]
    """Findings that are about no subject of the rule: why manifests that were asked for could not be judged at all."""
    report: Report
    """Of the check."""


def everything(split: str | None, component: str | None) -> bool:  # noqa: ARG001
    """Chooses every subject."""
    return True


def decisions(
    known: Known, rule: Rule, chosen: Callable[[str | None, str | None], bool] = everything
) -> Iterator[Decision]:
    """The decisions of one rule about every manifest that was asked for and could be read, in the order of the paths.

    `chosen` tells by the names of split and component which subjects are asked for. Raises `RunError` when the rule
    crashes.
    """
    for path in known.paths:
        reading = known.reread(path)
        if reading is not None:
            yield from _Explainer(known, rule, path, reading).decisions(chosen)


def with_findings(found: Iterable[Decision], findings: Sequence[Finding]) -> list[Decision]:
    """Decisions, each with the findings that the check has about its subject."""
    explained = list(found)
    paths = {(decision.dataset, decision.path) for decision in explained}
    shared = {dataset for dataset, _ in paths if len([path for name, path in paths if name == dataset]) > 1}
    by_subject: dict[tuple[str | None, ...], list[Finding]] = {}
    for finding in findings:
        names = (finding.rule, finding.dataset)
        for key in {(*names, finding.split, finding.component), (*names, finding.split, None), (*names, None, None)}:
            by_subject.setdefault(key, []).append(finding)
    result = []
    for decision in explained:
        mine = by_subject.get((decision.rule.id, decision.dataset, decision.split, decision.component), [])
        if decision.dataset in shared:
            mine = [finding for finding in mine if finding.place.path == decision.path]
        result.append(decision._replace(findings=tuple(mine)))
    return result


class _Explainer:
    """One rule and one manifest."""

    def __init__(self, known: Known, rule: Rule, path: str, reading: Reading) -> None:
        self._known = known
        self._plan = known.plan
        self._rule = rule
        self._path = path
        self._reading = reading
        plain = Manifest(reading.tree)
        entry = known.manifests.entries.get(plain.reference)
        first = entry is not None and entry.path == path
        tainted = known.lineage.tainted(plain) if first and entry is not None and entry.linked else frozenset()
        self._manifest = Manifest(reading.tree, tainted)
        self._base: Base = self._plan.base(self._manifest)
        today, floors = self._plan.today, self._plan.floors
        self._context = Context(
            today, self._base.stakes, floors, known.lineage, known.project, evidence=reading.evidence
        )
        if rule.needs == "verify":
            self._context = self._context._replace(data=known.data(self._manifest, path))
        self._selectors = [item for item in self._plan.of_scope(rule.scope) if item.rule.id == rule.id]

    def decisions(self, chosen: Callable[[str | None, str | None], bool]) -> Iterator[Decision]:
        """Of each subject of the rule's scope that is chosen, in the order of the text."""
        scope = self._rule.scope
        if scope in ("dataset", "project") and chosen(None, None):
            yield self._decide(self._manifest, self._manifest.components)
        for split in self._manifest.splits:
            if scope == "split" and chosen(split.name, None):
                yield self._decide(split, split.components)
            for component in split.components:
                if scope == "component" and chosen(split.name, component.name):
                    yield self._decide(component, (component,))

    def _decide(self, subject: Subject, components: Sequence[Component]) -> Decision:
        candidates = self._base.candidates(components)
        found = [item.clause for item in self._selectors if self._matches(item, candidates)]
        matching = counting(self._rule, found)
        kept = strictest(self._rule, matching, self._plan.today)
        judged = sorted((self._judge(subject, clause) for clause in kept), key=_gravest)
        split = subject if isinstance(subject, Split) else subject.split if isinstance(subject, Component) else None
        looser = [(clause, self._cover(clause, kept)) for clause in matching if clause not in kept]
        return Decision(
            rule=self._rule,
            path=self._path,
            dataset=self._manifest.reference,
            split=None if split is None else split.name,
            component=subject.name if isinstance(subject, Component) else None,
            place=self._reading.place(subject.pointer),
            declared_stakes=self._manifest.stakes,
            floors=tuple(self._raising()),
            facts=self._facts(candidates),
            judged=tuple(judged),
            looser=tuple(looser),
            others=tuple(self._unmatched(candidates)),
        )

    def _matches(self, item: Selector, candidates: Iterable[Facts]) -> bool:
        return self._rule.scope == "project" or any(matches(item, facts) for facts in candidates)

    def _cover(self, clause: Clause, kept: Sequence[Clause]) -> Clause:
        return next(other for other in kept if covers(self._rule, other, clause))

    def _judge(self, subject: Subject, clause: Clause) -> Judgement:
        rule, about = self._rule, self._known.project if self._rule.scope == "project" else subject
        try:
            drafts = tuple(rule.check(about, clause, self._context))
            terms = tuple(rule.explain(about, clause, self._context)) if rule.explain is not None else ()
        except CRASHES as error:
            detail = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            message = f"rule {rule.id} {rule.name} crashed: {detail}"
            raise RunError(message, self._reading.place(subject.pointer), code=4) from error
        if rule.scope == "project":
            drafts = tuple(draft for draft in drafts if draft.path == self._path)
        outcome = min((draft.outcome for draft in drafts), key=ORDER.index, default="pass")
        lines = tuple(Line(term, self._place(term)) for term in terms)
        return Judgement(clause, clause.level_on(self._plan.today), outcome, drafts, lines)

    def _place(self, term: Term) -> Place | None:
        if term.at is None:
            return None
        if term.of in ("", self._manifest.reference):
            return self._reading.place(term.at)
        entry = self._known.manifests.entries.get(term.of)
        reading = None if entry is None else self._known.reread(entry.path)
        return None if reading is None else reading.place(term.at)

    def _raising(self) -> Iterator[DomainFloor]:
        if self._base.stakes != self._manifest.stakes:
            for domain in self._manifest.domains:
                yield from (floor for floor in self._plan.floors.get(domain, ()) if floor.stakes == self._base.stakes)

    def _facts(self, candidates: Sequence[Facts]) -> dict[str, tuple[str, ...]]:
        """What any of the rule's clauses asks for, in the order of the policy reference."""
        used = {key for item in self._selectors for key in (*item.wanted, *item.never)}
        return {
            key: tuple(dict.fromkeys(value for facts in candidates for value in sorted(facts[key])))
            for key in (candidates[0] if candidates else ())
            if key in used
        }

    def _unmatched(self, candidates: Sequence[Facts]) -> Iterator[tuple[Clause, str]]:
        for item in self._selectors:
            if not self._matches(item, candidates):
                yield item.clause, "; ".join(_reasons(item, candidates))


def _gravest(item: Judgement) -> tuple[int, int]:
    """Failing clauses first, and of these the one of highest level: it is the one that a finding names.

    Sorting is stable, so that of several the strictest stays in front.
    """
    rank = ORDER.index(item.outcome)
    fails = item.outcome in ("fail", "indeterminate")
    return (0 if fails else rank, -LEVEL_RANK[item.level])


def _reasons(item: Selector, candidates: Sequence[Facts]) -> Sequence[str]:
    """Why no component of a subject meets a clause's selector. What the rule itself leaves out is reason enough."""
    for key, values in item.never.items():
        if all(facts[key] <= values for facts in candidates):
            return [f"{key} is {_words(candidates, key)}, which the rule never judges"]
    missed = []
    for key, values in item.wanted.items():
        if not any(matches(item._replace(wanted={key: values}, never={}), facts) for facts in candidates):
            told = f"{key} is {_words(candidates, key)}, not {values_text(key, values)}"
            if key not in item.clause.when:
                return [f"{told}, which the rule judges unless `when` names others"]
            missed.append(told)
    return missed or ["no single component is all that it selects"]


def _words(candidates: Sequence[Facts], key: str) -> str:
    found = dict.fromkeys(value for facts in candidates for value in sorted(facts[key]))
    return " and ".join(found) or "none"


def values_text(key: str, values: Iterable[str]) -> str:
    """The values of a ``when`` key as a sentence names them."""
    wanted = set(values)
    known = [value for value in VOCABULARY.get(key, ()) if value in wanted]
    if key == "stakes" and len(known) > 1 and known == list(STAKES[-len(known) :]):
        return f"{known[0]} or higher"
    strange = sorted(wanted.difference(known))
    return either([*known, *((f'like "{value}"' for value in strange) if key in GLOB_KEYS else strange)])
