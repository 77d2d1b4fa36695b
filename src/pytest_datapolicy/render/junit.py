"""The report as JUnit XML: a test case for every finding, and for every rule that found nothing.

Warnings and advice pass, with what they say as output; with `strict`, warnings fail. What is waived or baselined is
skipped. What makes the run invalid is an error, which no viewer takes for a pass.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.render.facts import REASONS, errors, fails, permission, state
from pytest_datapolicy.render.neutral import neutral, reason, sentence, value
from pytest_datapolicy.render.snippet import where
from pytest_datapolicy.render.text import LIVE, day, named, notes, policies, subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding, Report, RunError

SUITE = "datapolicy"


class _Case(NamedTuple):
    group: str
    name: str
    place: Place | None
    kind: str
    """``failure``, ``error``, ``skipped`` or, for what passes, ``system-out``."""
    type: str = ""
    message: str = ""
    text: str = ""


def render(report: Report, *, strict: bool = False) -> str:
    """The report as one XML document in ASCII."""
    cases = [
        *(_of_error(error) for error in errors(report)),
        *(_of_finding(finding, report, strict=strict) for finding in report.findings),
        *_of_rules(report),
    ]
    kinds = [case.kind for case in cases]
    failed, broken, skipped = (kinds.count(kind) for kind in ("failure", "error", "skipped"))
    counts = f'tests="{len(cases)}" failures="{failed}" errors="{broken}"'
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<testsuites name="{SUITE}" {counts} time="0">',
        f'<testsuite name="{SUITE}" {counts} skipped="{skipped}" time="0">',
        "<properties>",
        *(f"<property name={quoteattr(name)} value={quoteattr(text)}/>" for name, text in _properties(report)),
        "</properties>",
        *(_written(case) for case in cases),
        "</testsuite>",
        "</testsuites>",
    ]
    # In ASCII the text is the same to readers that take the encoding from elsewhere.
    return "\n".join(lines).encode("ascii", "xmlcharrefreplace").decode("ascii") + "\n"


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    yield "version", report.version
    yield "day", day(report)
    yield from (("policy", policy) for policy in policies(report))
    yield from (("note", note) for note in notes(report))


def _of_error(error: RunError) -> _Case:
    kind = REASONS[error.code]
    return _Case(SUITE, kind, error.place, "error", kind, sentence(error.message), _lines(error.remedy, error.place))


def _of_finding(finding: Finding, report: Report, *, strict: bool) -> _Case:
    thing = f" ({value(finding.thing)})" if finding.thing else ""
    about = subject(finding)
    name = named(finding) + (f": {about}" if about else "") + thing
    group = neutral(finding.place.path, 300) or SUITE
    text = _lines(finding.remedy, finding.place, finding.clause, finding.because)
    message = sentence(finding.message)
    if finding.outcome not in LIVE:
        return _Case(group, name, finding.place, "skipped", finding.outcome, permission(finding), f"found: {message}")
    if finding.rule == "DP000":
        return _Case(group, name, finding.place, "error", REASONS[4], message, text)
    if fails(finding, report, strict=strict):
        return _Case(group, name, finding.place, "failure", finding.outcome, message, text)
    return _Case(group, name, finding.place, "system-out", text=f"{state(finding)}: {message}\n{text}")


def _of_rules(report: Report) -> Iterator[_Case]:
    found = {finding.rule for finding in report.findings}
    for rule in report.rules:
        name = named(rule)
        if rule.rule in found:
            continue
        if rule.subjects:
            yield _Case(SUITE, name, None, "system-out", text=f"passed: {counted(rule.subjects, 'subjects')}")
        else:
            yield _Case(SUITE, name, None, "skipped", "no subject", "no subject that it could be put to")
    for identity in report.deselected:
        yield _Case(SUITE, value(identity), None, "skipped", "left out", "left out with --select or --ignore")


def _lines(remedy: str, place: Place | None, clause: Place | None = None, because: str = "") -> str:
    """What goes below the message; each line starts with a word of ours."""
    lines = [f"help: {sentence(remedy)}"] if remedy else []
    if place is not None and place.path:
        lines.append(f"place: {where(place)}")
    if clause is not None:
        lines.append(f"clause: {where(clause)}")
    if because:
        lines.append(f"because: {reason(because)}")
    return "\n".join(lines)


def _written(case: _Case) -> str:
    attributes = {"classname": case.group, "name": case.name}
    if case.place is not None and case.place.path:
        attributes |= {"file": neutral(case.place.path), "line": str(case.place.line)}
    head = "<testcase " + " ".join(f"{key}={quoteattr(text)}" for key, text in attributes.items()) + ' time="0"'
    text = escape(case.text)
    if case.kind == "system-out":
        return f"{head}><system-out>{text}</system-out></testcase>"
    why = f"type={quoteattr(case.type)} message={quoteattr(case.message)}"
    return f"{head}><{case.kind} {why}>{text}</{case.kind}></testcase>"
