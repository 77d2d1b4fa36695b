"""Decisions as worked calculations: for people, and as plain values for programs."""

from __future__ import annotations

from fractions import Fraction

from pytest_datapolicy.engine.explain import values_text
from pytest_datapolicy.model.amounts import named, number_text, percent
from pytest_datapolicy.policy.tighter import limit_text
from pytest_datapolicy.render.json import as_finding, number
from pytest_datapolicy.render.neutral import neutral, width
from pytest_datapolicy.render.snippet import where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pytest_datapolicy.engine.explain import Decision, Explained, Judgement, Line
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.report import Finding, Report
    from pytest_datapolicy.model.rule import Draft

LONGEST = 1000
WIDEST = 24
"""Longer values do not widen their column."""
MOST_PLACES = 3
"""So many clauses that do not match are named for one reason; the rest is counted."""
LIVE = ("fail", "indeterminate")


def render(explained: Explained) -> str:
    """Each decision with its clause, its calculation, and the clauses that asked less or did not match."""
    rule = explained.rule
    title = rule.id if rule.name == rule.id else f"{rule.id} {rule.name}"
    lines = [f"{title}: {neutral(rule.summary)}", ""]
    for decision in explained.decisions:
        lines += [*_decision(decision), ""]
    for finding in explained.others:
        lines += [f"{where(finding.place)}: {finding.outcome}", *_told(finding), ""]
    if not (explained.decisions or explained.others):
        lines += [f"no {rule.scope} to judge", ""]
    lines += _frame(explained.report)
    return "\n".join(lines) + "\n"


def _decision(decision: Decision) -> Iterator[str]:
    level = f" (level {decision.level})" if decision.outcome in LIVE and decision.level != "error" else ""
    yield f"{_subject(decision)}: {decision.outcome}{level}"
    yield f"  --> {where(decision.place)}"
    if decision.facts:
        yield f"  facts: {_facts(decision)}"
    findings = {(item.split, item.component, item.thing): item for item in decision.findings}
    for index, item in enumerate(decision.judged):
        yield ""
        yield f"  {'also asked' if index else 'bound'} by {_clause(item.clause)}"
        if item.clause.because:
            yield f"  because: {neutral(item.clause.because, LONGEST)}"
        if index and (item.lines, item.drafts) == (decision.judged[0].lines, decision.judged[0].drafts):
            yield f"  {item.outcome}, for the same reason"
            continue
        yield from _calculation(item, decision.path)
        yield from _answer(item, decision, findings)
    told = {_key(decision, draft) for item in decision.judged for draft in item.drafts}
    for key, finding in findings.items():
        if key not in told:
            yield f"  {finding.outcome}: {neutral(finding.message, LONGEST)} ({where(finding.place)})"
            yield from _told(finding, message=False)
    yield from _passed_over(decision)


def _subject(decision: Decision) -> str:
    parts = [neutral(decision.dataset)]
    parts += [f"split {neutral(decision.split)}"] if decision.split else []
    parts += [f"component {neutral(decision.component)}"] if decision.component else []
    return ", ".join(parts)


def _facts(decision: Decision) -> str:
    words = []
    for key, values in decision.facts.items():
        text = f"{key} {neutral(' and '.join(values)) or 'none'}"
        if key == "stakes" and decision.floors:
            floors = ", ".join(f"domain {neutral(floor.domain)} at {where(floor.place)}" for floor in decision.floors)
            text += f" (declared {decision.declared_stakes}, raised by {floors})"
        words.append(text)
    return "; ".join(words)


def _clause(clause: Clause) -> str:
    """A clause as a person would name it: where it stands, what it sets, and for what."""
    limits = ", ".join(f"{name} {limit_text(value)}" for name, value in clause.limits.items() if value is not None)
    if clause.place is None:
        return f"the rule itself: no policy has to name it{f' ({limits})' if limits else ''}"
    when = "; ".join(f"{key} {values_text(key, values)}" for key, values in clause.when.items())
    level = "" if clause.level == "error" else f" at level {clause.level}"
    level += f" (an error from {clause.effective}, a warning before)" if clause.effective else ""
    told = ", ".join(filter(None, (limits, f"when {when}" if when else "")))
    return f"{where(clause.place)}{level}{f': {neutral(told)}' if told else ''}"


def _calculation(item: Judgement, path: str) -> Iterator[str]:
    """The lines as a table, with the lines of the manifest in front."""
    if not item.lines:
        return
    limits = {line.term.thing: line.term.value for line in item.lines if line.term.role == "limit"}
    values = [_value(line, limits) for line in item.lines]
    numbers = [
        str(line.place.line) if line.place is not None and line.place.path == path else "" for line in item.lines
    ]
    gutter = max(map(len, numbers))
    labels = max(width(neutral(line.term.label, 60)) for line in item.lines)
    column = max((width(value) for value in values if width(value) <= WIDEST), default=0)
    thing = ""
    for line, value, at in zip(item.lines, values, numbers, strict=True):
        if line.term.thing != thing:
            thing = line.term.thing
            yield f"  {' ' * gutter} | [{neutral(thing, 60)}] {item.of(thing)}"
        label = neutral(line.term.label, 60)
        shown = f"{label}{' ' * (labels - width(label))}  {' ' * (column - width(value))}{value}"
        note = neutral(line.term.note, LONGEST)
        if line.place is not None and line.place.path != path:
            note = f"{note} ({where(line.place)})".lstrip()
        yield f"  {at:>{gutter}} | {shown}  {note}".rstrip()


def _value(line: Line, limits: Mapping[str, object]) -> str:
    term = line.term
    if isinstance(term.value, str):
        return neutral(term.value, 80)
    if term.share:
        limit = limits.get(term.thing)
        against = limit if term.role == "observed" and isinstance(limit, int | Fraction) else None
        return percent(Fraction(term.value), None if against is None else Fraction(against))
    return number_text(term.value)


def _answer(item: Judgement, decision: Decision, findings: Mapping[Any, Finding]) -> Iterator[str]:
    """What the calculation comes to."""
    if not item.drafts:
        yield f"  pass{_compared(item)}"
    for draft in item.drafts:
        finding = findings.get(_key(decision, draft))
        if draft.outcome == "not-applicable":
            yield "  not-applicable: the rule asks nothing of this one"
        elif finding is not None and finding.message == draft.message:
            yield from _told(finding)
        else:
            level = "" if item.level == "error" else f" at level {item.level}"
            yield f"  {draft.outcome}{level}: {neutral(draft.message, LONGEST)}"
            yield f"  help: {neutral(draft.remedy, LONGEST)}"


def _compared(item: Judgement) -> str:
    """The two values of a pass, when there is one pair of them."""
    limits = {line.term.thing: line.term.value for line in item.lines if line.term.role == "limit"}
    pair = {line.term.role: line for line in item.lines if line.term.role}
    if len(limits) != 1 or pair.keys() != {"observed", "limit"}:
        return ""
    told = [f"{neutral(pair[role].term.label)} {_value(pair[role], limits)}" for role in ("observed", "limit")]
    return f": {', '.join(told)}"


def _told(finding: Finding, *, message: bool = True) -> Iterator[str]:
    """A finding: what was found, the remedy, and what covers it."""
    if message:
        yield f"  {finding.outcome}: {neutral(finding.message, LONGEST)}"
    if finding.waiver is not None:
        facts = [
            f"{word} {finding.waiver[word]}" for word in ("reason", "owner", "expires") if finding.waiver.get(word)
        ]
        yield f"  waiver: {neutral(', '.join(facts), LONGEST)}"
    if finding.remedy:
        yield f"  help: {neutral(finding.remedy, LONGEST)}"


def _key(decision: Decision, draft: Draft) -> tuple[str | None, str | None, str]:
    if decision.component is not None or decision.split is not None:
        return decision.split, decision.component or draft.component, draft.thing
    return draft.split, draft.component, draft.thing


def _passed_over(decision: Decision) -> Iterator[str]:
    """The clauses that did not decide."""
    if not (decision.judged or decision.others):
        yield "  the policy has no clause of this rule, so that nothing is asked"
    if decision.looser:
        yield ""
        yield "  these match too and ask no more:"
    for clause, other in decision.looser:
        by = f" (see {where(other.place)})" if len(decision.judged) > 1 and other.place is not None else ""
        yield f"    {_clause(clause)}{by}"
    if decision.others:
        yield ""
        yield "  these do not match:"
    reasons: dict[str, list[Clause]] = {}
    for clause, reason in decision.others:
        reasons.setdefault(reason, []).append(clause)
    for reason, clauses in reasons.items():
        places = [where(clause.place) for clause in clauses if clause.place is not None]
        yield f"    {named(places, MOST_PLACES) or 'the rule itself'}: {neutral(reason, LONGEST)}"


def _frame(report: Report) -> Iterator[str]:
    """Under which policy, on which day."""
    sources = [neutral(f"{source.name} {source.version} ({source.path})", 300) for source in report.policy]
    yield f"policy: {', '.join(sources)}"
    if report.policy_default:
        yield "note: neither settings nor --policy name a policy, so the pack baseline is used"
    yield f"day: {report.today}{' (set by hand)' if report.today_given else ' UTC'}"


def as_object(explained: Explained, *, root: str = ".") -> dict[str, Any]:
    """The decisions as plain values, for `render.json.dumps`."""
    rule, report = explained.rule, explained.report
    return {
        "schema": 1,
        "tool": {"name": "pytest-datapolicy", "version": report.version},
        "today": report.today,
        "root": root,
        "policy": [
            {"name": source.name, "version": source.version, "path": source.path, "sha256": source.sha256}
            for source in report.policy
        ],
        "rule": {"id": rule.id, "name": rule.name, "scope": rule.scope, "summary": rule.summary},
        "decisions": [_decision_object(decision) for decision in explained.decisions],
        "others": [as_finding(finding) for finding in explained.others],
    }


def _decision_object(decision: Decision) -> dict[str, Any]:
    return {
        "dataset": decision.dataset,
        "split": decision.split,
        "component": decision.component,
        "outcome": decision.outcome,
        "level": decision.level,
        **_place_object(decision.place),
        "facts": {key: list(values) for key, values in decision.facts.items()},
        "stakes": {
            "declared": decision.declared_stakes,
            "raised_by": [
                {"domain": floor.domain, "stakes": floor.stakes, **_place_object(floor.place)}
                for floor in decision.floors
            ],
        },
        "clauses": [_judgement_object(item, bound=index == 0) for index, item in enumerate(decision.judged)],
        "looser": [
            {**_clause_object(clause), "than": None if other.place is None else _place_object(other.place)}
            for clause, other in decision.looser
        ],
        "not_matching": [{**_clause_object(clause), "reason": reason} for clause, reason in decision.others],
        "findings": [as_finding(finding) for finding in decision.findings],
    }


def _judgement_object(item: Judgement, *, bound: bool) -> dict[str, Any]:
    return {
        **_clause_object(item.clause),
        "bound": bound,
        "outcome": item.outcome,
        "compared": _pairs(item),
        "calculation": [
            {
                "label": line.term.label,
                "value": number(line.term.value),
                "share": line.term.share,
                "note": line.term.note,
                "role": line.term.role or None,
                "thing": line.term.thing or None,
                **(
                    _place_object(line.place)
                    if line.place is not None
                    else {"path": None, "line": None, "column": None}
                ),
            }
            for line in item.lines
        ],
        "told": [
            {
                "outcome": draft.outcome,
                "split": draft.split,
                "component": draft.component,
                "thing": draft.thing or None,
                "message": draft.message,
                "remedy": draft.remedy,
                "observed": number(draft.observed, draft.limit),
                "limit": number(draft.limit, draft.observed),
            }
            for draft in item.drafts
        ],
    }


def _pairs(item: Judgement) -> list[dict[str, Any]]:
    """Observed value and limit of each thing, pass or not."""
    pairs: dict[str, dict[str, Any]] = {}
    for line in item.lines:
        if line.term.role:
            pairs.setdefault(line.term.thing, {})[line.term.role] = line.term.value
    return [
        {
            "thing": thing or None,
            "observed": number(pair.get("observed"), pair.get("limit")),
            "limit": number(pair.get("limit"), pair.get("observed")),
            "outcome": item.of(thing) if item.outcome != "not-applicable" else item.outcome,
        }
        for thing, pair in pairs.items()
    ]


def _clause_object(clause: Clause) -> dict[str, Any]:
    return {
        "policy": clause.policy or None,
        **_place_object(clause.place),
        "level": clause.level,
        "limits": {name: _plain(value) for name, value in clause.limits.items() if value is not None},
        "when": {key: sorted(values) for key, values in clause.when.items()},
        "because": clause.because,
        "effective": clause.effective,
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else number(value)


def _place_object(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"path": None, "line": None, "column": None}
    return {"path": place.path, "line": place.line, "column": place.column}
