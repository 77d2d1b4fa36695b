"""The report as workflow commands of GitHub Actions: annotations, the gravest first, then the summary.

A step shows ten annotations of each level and drops the rest, so no more are written. All findings are in the step
summary, which is the report as Markdown.
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.render.facts import REASONS, by_severity, errors, in_repository
from pytest_datapolicy.render.neutral import neutral, sentence
from pytest_datapolicy.render.text import LIVE, named, subject, summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding, Report, RunError

MOST = 10
"""So many annotations of each level are shown for one step."""
COMMANDS = {"error": "error", "warning": "warning", "advice": "notice"}


def render(report: Report, *, prefix: str = "") -> str:
    """Commands and the summary. `prefix` leads from the top of the repository to the project root."""
    told: dict[str, int] = {}
    lines = []
    for command, line in _annotations(report, prefix):
        told[command] = told.get(command, 0) + 1
        if told[command] <= MOST:
            lines.append(line)
    left = sum(max(number - MOST, 0) for number in told.values())
    if left:
        lines.append(f"{counted(left, 'more findings')} without annotation: a step shows {MOST} of each level")
    return "\n".join([*lines, *summary(report)]) + "\n"


def _annotations(report: Report, prefix: str) -> Iterator[tuple[str, str]]:
    for error in errors(report):
        yield "error", _of_error(error, prefix)
    for finding in by_severity(report.findings):
        if finding.outcome in LIVE:
            # What the base revision has too does not fail with --only-new.
            command = COMMANDS["advice" if report.only_new and finding.known else finding.level]
            yield command, _of_finding(command, finding, prefix)


def _of_error(error: RunError, prefix: str) -> str:
    return _command("error", error.place, prefix, REASONS[error.code], _text(error.message, error.remedy))


def _of_finding(command: str, finding: Finding, prefix: str) -> str:
    undecided = ", indeterminate" if finding.outcome == "indeterminate" else ""
    known = ", known" if finding.known else ""
    text = _text(finding.message, finding.remedy, subject(finding))
    return _command(command, finding.place, prefix, named(finding) + undecided + known, text)


def _text(message: str, remedy: str, about: str = "") -> str:
    """The message; what follows goes on lines of their own, each behind a word of ours."""
    lines = [sentence(message)]
    if remedy:
        lines.append(f"help: {sentence(remedy)}")
    if about:
        lines.append(f"subject: {about}")
    return "\n".join(lines)


def _command(name: str, place: Place | None, prefix: str, title: str, text: str) -> str:
    properties = _position(place, prefix) if place is not None else {}
    properties["title"] = title
    given = ",".join(f"{key}={_property(item)}" for key, item in properties.items())
    return f"::{name} {given}::{_data(text)}"


def _position(place: Place, prefix: str) -> dict[str, str]:
    path = in_repository(place, prefix)
    if path is None:
        return {}
    span = place.span
    position = {"file": neutral(path), "line": str(span.line), "endLine": str(span.end_line)}
    if span.line == span.end_line:
        position |= {"col": str(span.column), "endColumn": str(span.end_column)}
    return position


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
