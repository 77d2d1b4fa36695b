"""The report as one page: no scripts, nothing loaded from anywhere, every text escaped."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

from pytest_datapolicy.render.facts import REASONS, by_severity, errors, headline, permission, state
from pytest_datapolicy.render.neutral import neutral, reason, sentence, value
from pytest_datapolicy.render.snippet import excerpt, where
from pytest_datapolicy.render.text import LIVE, day, named, notes, policies, scope, subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding, Report, RunError

PER_RULE = 200
"""So many findings of one rule are shown; the rest is counted."""
STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem;margin:0}
article{border:1px solid;border-left-width:.4rem;border-radius:.2rem;margin:1rem 0;padding:.6rem 1rem}
.error{border-left-color:#c11}.warning{border-left-color:#b70}.advice{border-left-color:#27c}
.waived,.baselined{border-left-color:#888}
pre{overflow-x:auto;margin:.4rem 0}p{margin:.3rem 0;overflow-wrap:anywhere}
pre,code,bdi{unicode-bidi:isolate}
table{border-collapse:collapse}th,td{text-align:left;padding:.2rem 1rem .2rem 0;border-bottom:1px solid #8886}
"""
POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
"""What a browser may do with the page: apply this style sheet and no other, and load nothing."""


def render(report: Report) -> str:
    """The report as one HTML document in ASCII."""
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}; base-uri 'none'; form-action 'none'\">",
        '<meta name="viewport" content="width=device-width">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>datapolicy: {escape(headline(report))}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>datapolicy: {escape(headline(report))}</h1>",
        f"<p>{escape(scope(report))}; {escape(day(report))}</p>",
        *_errors(list(errors(report))),
        *_findings(report.findings),
        *_rules(report),
        *_facts(report),
        "</body>",
        "</html>",
    ]
    # In ASCII the page is the same to whatever guesses its encoding.
    return "\n".join(lines).encode("ascii", "xmlcharrefreplace").decode("ascii") + "\n"


def _errors(told: Sequence[RunError]) -> Iterator[str]:
    if told:
        yield "<h2>Why the run is not valid</h2>"
    for error in told:
        yield '<article class="error">'
        yield f"<h3>{REASONS[error.code]}</h3>"
        yield f"<p>{escape(sentence(error.message))}</p>"
        yield from _place(error.place, "")
        yield from _line("help", sentence(error.remedy))
        yield "</article>"


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    ordered = by_severity(findings)
    seen: dict[str, int] = {}
    for heading, live in (("Findings", True), ("Waived and baselined", False)):
        part = [finding for finding in ordered if (finding.outcome in LIVE) is live]
        if part:
            yield f"<h2>{heading}: {len(part):,}</h2>"
        for finding in part:
            seen[finding.rule] = seen.get(finding.rule, 0) + 1
            if seen[finding.rule] <= PER_RULE:
                yield from _finding(finding)
    for rule, number in sorted(seen.items()):
        if number > PER_RULE:
            yield f"<p>{number - PER_RULE:,} more of {escape(value(rule))} are not shown; the JSON report has all</p>"


def _finding(finding: Finding) -> Iterator[str]:
    undecided = ", indeterminate" if finding.outcome == "indeterminate" else ""
    yield f'<article class="{state(finding)}">'
    yield f"<h3>{state(finding)}{undecided}: <bdi>{escape(named(finding))}</bdi></h3>"
    yield f"<p>{escape(sentence(finding.message))}</p>"
    yield from _place(finding.place, "")
    for note in finding.related:
        yield from _place(note.place, sentence(note.text))
    yield from _place(finding.clause, "the clause that asks it")
    yield from _line("because", reason(finding.because))
    yield from _line("help", sentence(finding.remedy))
    yield from _line("subject", subject(finding))
    yield from _line("state", permission(finding))
    yield from _line("note", "the base revision has this finding too" if finding.known else "")
    yield "</article>"


def _place(place: Place | None, text: str) -> Iterator[str]:
    if place is None or not place.path:
        return
    note = f" ({escape(text)})" if text else ""
    yield f"<p><code>{escape(where(place))}</code>{note}</p>"
    source = excerpt(place, len(str(place.line)))
    if source:
        yield "<pre>" + escape("\n".join(source[1:])) + "</pre>"


def _line(word: str, text: str) -> Iterator[str]:
    if text:
        yield f"<p><b>{word}:</b> <bdi>{escape(text)}</bdi></p>"


def _rules(report: Report) -> Iterator[str]:
    found: dict[str, int] = {}
    for finding in report.findings:
        found[finding.rule] = found.get(finding.rule, 0) + 1
    yield "<h2>Rules</h2>"
    yield "<table>"
    yield "<thead><tr><th>rule</th><th>level</th><th>subjects</th><th>findings</th></tr></thead>"
    for rule in report.rules:
        name = escape(named(rule))
        numbers = f"<td>{rule.subjects:,}</td><td>{found.get(rule.rule, 0):,}</td>"
        yield f"<tr><td><bdi>{name}</bdi></td><td>{rule.level}</td>{numbers}</tr>"
    yield "</table>"


def _facts(report: Report) -> Iterator[str]:
    yield "<h2>How this was decided</h2>"
    yield from (f"<p>policy: <bdi>{escape(policy)}</bdi></p>" for policy in policies(report))
    yield from (f"<p>note: <bdi>{escape(note)}</bdi></p>" for note in notes(report))
    yield f"<p>datapolicy {escape(neutral(report.version))}</p>"
