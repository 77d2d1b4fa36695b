"""Drafts to findings: the clause that counts, the places, the fingerprint. Line numbers are made nowhere else."""

from __future__ import annotations

from pytest_datapolicy.model.document import place_in
from pytest_datapolicy.model.fingerprint import fingerprint
from pytest_datapolicy.model.manifest import Component, Split
from pytest_datapolicy.model.places import START, Note, Place
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import Finding
from pytest_datapolicy.model.vocabulary import LEVEL_RANK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.engine.waivers import Matcher
    from pytest_datapolicy.model.document import Refused
    from pytest_datapolicy.model.format import Reading
    from pytest_datapolicy.model.manifest import Subject
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Draft, Rule


class Located(NamedTuple):
    """What one rule says of one subject under one clause; drafts may be "not applicable"."""

    rule: Rule
    subject: Subject | None
    clause: Clause
    drafts: tuple[Draft, ...]
    error: BaseException | None = None
    first: bool = True
    """The first clause of its rule for this subject: a subject is counted once, however many clauses judge it."""
    context: Context | None = None
    """What the check knew; None for rules about the project, which no waiver covers."""


class Maker:
    """Makes findings of drafts, and counts the subjects that rules could not be put to."""

    def __init__(self, today: str, waivers: Matcher | None = None) -> None:
        self._today = today
        self._waivers = waivers
        self.not_applicable: dict[str, int] = {}

    def findings(
        self, located: Iterable[Located], reading: Reading | None, elsewhere: Callable[[str, Pointer], Place | None]
    ) -> list[Finding]:
        """One finding for each rule, subject and thing: that of the clause of highest level, then of the strictest.

        Clauses of one rule come strictest first within a level (see `strictest`), so the first of a level counts.
        """
        said: dict[tuple[object, ...], list[tuple[Located, Draft]]] = {}
        found = []
        for item in located:
            if item.error is not None:
                found.append(self._crash(item, reading))
            for draft in item.drafts:
                split, component = _subject_names(item, draft)
                if draft.outcome == "not-applicable":
                    self.not_applicable[item.rule.id] = self.not_applicable.get(item.rule.id, 0) + item.first
                    continue
                key = (item.rule.id, split, component, draft.thing, item.rule.scope)
                said.setdefault(key, []).append((item, draft))
        if reading is not None:
            found += [self._of_one_subject(pairs, reading, elsewhere) for pairs in said.values()]
        return found

    def _of_one_subject(
        self,
        pairs: list[tuple[Located, Draft]],
        reading: Reading,
        elsewhere: Callable[[str, Pointer], Place | None],
    ) -> Finding:
        """The finding of what all clauses of a rule say of one subject and thing, with the waiver that covers it."""
        item, draft = max(pairs, key=lambda pair: LEVEL_RANK[pair[0].clause.level_on(self._today)])
        finding = self._finding(item, draft, reading, elsewhere)
        if self._waivers is None or finding.dataset is None:
            return finding
        names = (finding.split, finding.component)
        waiver = self._waivers.settle(finding.rule, finding.dataset, names, pairs)
        return finding if waiver is None else finding._replace(outcome="waived", waiver=self._waivers.facts(waiver))

    def _finding(
        self, item: Located, draft: Draft, reading: Reading, elsewhere: Callable[[str, Pointer], Place | None]
    ) -> Finding:
        rule, clause = item.rule, item.clause
        split, component = _subject_names(item, draft)
        name = reading.tree["name"]
        related = []
        for target, pointer, text in draft.related:
            place = elsewhere(target, pointer) if target else reading.place(pointer)
            if place is not None:
                related.append(Note(place, text))
        return Finding(
            rule=rule.id,
            name=rule.name,
            level=clause.level_on(self._today),
            outcome=draft.outcome,
            dataset=f"{name}@{reading.tree['version']}",
            split=split,
            component=component,
            message=draft.message + _reason(reading, draft.at),
            remedy=draft.remedy,
            observed=draft.observed,
            limit=draft.limit,
            place=reading.place(draft.at),
            clause=clause.place,
            because=clause.because,
            thing=draft.thing,
            related=tuple(related),
            fingerprint=fingerprint(rule.id, name, split, component, draft.thing),
        )

    def about_policy(self, item: Located, draft: Draft, place: Place) -> Finding:
        """The finding of a rule about the project whose place is in a policy."""
        rule, clause = item.rule, item.clause
        return Finding(
            rule=rule.id,
            name=rule.name,
            level=clause.level_on(self._today),
            outcome=draft.outcome,
            dataset=None,
            split=None,
            component=None,
            message=draft.message,
            remedy=draft.remedy,
            observed=draft.observed,
            limit=draft.limit,
            place=place,
            clause=clause.place,
            because=clause.because,
            thing=draft.thing,
            fingerprint=fingerprint(rule.id, None, None, None, draft.thing),
        )

    def _crash(self, item: Located, reading: Reading | None) -> Finding:
        error = item.error or RuntimeError()
        path = reading.document.path if reading is not None else ""
        dataset = f"{reading.tree['name']}@{reading.tree['version']}" if reading is not None else None
        return crash_finding(f"rule {item.rule.id} {item.rule.name}", error, path, dataset)


def _reason(reading: Reading, at: Pointer) -> str:
    """Why the host file of another format says no more here, or what was corrected."""
    if not reading.notes:
        return ""
    inside = (pointer for pointer in reading.notes if pointer[:-1] == at)
    pointer = next((near for near in (at, *inside, at[:-1]) if near in reading.notes), None)
    return "" if pointer is None else f" ({reading.notes[pointer]})"


def _subject_names(item: Located, draft: Draft) -> tuple[str | None, str | None]:
    subject = item.subject
    if isinstance(subject, Component):
        return subject.split.name, subject.name
    if isinstance(subject, Split):
        return subject.name, draft.component
    return draft.split, draft.component


def crash_finding(what: str, error: BaseException, path: str, dataset: str | None) -> Finding:
    """The finding DP000 for a rule or a reader that raised."""
    detail = str(error).splitlines()[0][:200] if str(error) else ""
    message = f"{what} crashed: {type(error).__name__}" + (f": {detail}" if detail else "")
    return Finding(
        rule="DP000",
        name="internal-error",
        level="error",
        outcome="fail",
        dataset=dataset,
        split=None,
        component=None,
        message=message,
        remedy="report it with the manifest; set DATAPOLICY_DEBUG=1 to see the traceback",
        observed=None,
        limit=None,
        place=Place(path, START),
        clause=None,
        thing=what,
        fingerprint=fingerprint("DP000", dataset and dataset.partition("@")[0], None, None, what),
    )


def conflict_findings(reading: Reading, catalogue: Catalogue) -> list[Finding]:
    """What a host file and its completion state differently: findings of DP007."""
    if not reading.conflicts:
        return []
    rule, tree = catalogue.card("DP007"), reading.tree
    findings = []
    for item in reading.conflicts:
        split = str(item.at[1]) if len(item.at) > 1 and item.at[0] == "splits" else None
        inside = split is not None and len(item.at) > 4 and item.at[2] == "components"
        component = str(tree["splits"][split]["components"][item.at[3]]["name"]) if inside else None
        thing = ".".join(str(step) for step in item.at[4 if inside else 2 if split is not None else 0 :]) or "splits"
        findings.append(
            Finding(
                rule=rule.id,
                name=rule.name,
                level=item.level,
                outcome="fail",
                dataset=f"{tree['name']}@{tree['version']}",
                split=split,
                component=component,
                message=item.message,
                remedy=item.remedy,
                observed=None,
                limit=None,
                place=item.place,
                clause=None,
                thing=thing,
                related=(Note(item.host, item.said),),
                fingerprint=fingerprint(rule.id, tree["name"], split, component, thing),
            )
        )
    return findings


def reader_findings(refused: Refused, path: str, catalogue: Catalogue) -> list[Finding]:
    """The findings of always-on rules DP001 to DP004 about a file that cannot be judged."""
    findings = []
    for problem in refused.problems:
        rule = catalogue.card(problem.rule)
        where = "/".join(str(part) for part in problem.pointer)
        findings.append(
            Finding(
                rule=rule.id,
                name=rule.name,
                level="error",
                outcome="fail",
                dataset=None,
                split=None,
                component=None,
                message=problem.message,
                remedy=problem.remedy,
                observed=None,
                limit=None,
                place=place_in(path, refused.text, problem.span),
                clause=None,
                thing=where,
                related=tuple(Note(place_in(path, refused.text, span), text) for span, text in problem.related),
                # Such a file has no data set name that can be relied on; its path is all that tells it from others.
                fingerprint=fingerprint(rule.id, path, None, None, where),
            )
        )
    return findings
