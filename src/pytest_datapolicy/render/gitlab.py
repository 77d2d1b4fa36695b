"""The report as a GitLab code quality artifact: a JSON list with one entry for each finding.

GitLab has no word for "waived"; such findings are of the least severity, and say what covers them.
"""

from __future__ import annotations

from hashlib import sha256

from pytest_datapolicy.render.facts import REASONS, errors, in_repository, permission
from pytest_datapolicy.render.json import dumps
from pytest_datapolicy.render.neutral import neutral, sentence, value
from pytest_datapolicy.render.text import LIVE, subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding, Report, RunError

SEVERITIES = {"error": "critical", "warning": "minor", "advice": "info"}
NOWHERE = "."
"""The path of what is about no file."""


def render(report: Report, *, prefix: str = "") -> str:
    """The report as JSON. `prefix` leads from the top of the repository to the project root."""
    entries = [_of_error(error, prefix) for error in errors(report)]
    entries += [_of_finding(finding, prefix) for finding in report.findings]
    return dumps(_told_apart(entries))


def _of_error(error: RunError, prefix: str) -> dict[str, Any]:
    description = sentence(error.message) + (f". Remedy: {sentence(error.remedy)}" if error.remedy else "")
    reason = REASONS[error.code]
    return _entry(reason, description, "blocker", error.place, prefix, _digest(reason, error.message))


def _of_finding(finding: Finding, prefix: str) -> dict[str, Any]:
    description = sentence(finding.message)
    about, why = subject(finding), permission(finding)
    description += f" ({about})" if about else ""
    if why:
        description += f"; {why}"
    elif finding.remedy:
        description += f". Remedy: {sentence(finding.remedy)}"
    severity = SEVERITIES[finding.level] if finding.outcome in LIVE else "info"
    known = finding.fingerprint or _digest(finding.rule, finding.place.path, finding.thing, finding.message)
    return _entry(value(finding.rule), description, severity, finding.place, prefix, known)


def _entry(
    name: str, description: str, severity: str, place: Place | None, prefix: str, fingerprint: str
) -> dict[str, Any]:
    path, lines = NOWHERE, {"begin": 1, "end": 1}
    if place is not None and place.path:
        path = neutral(in_repository(place, prefix) or place.path.rpartition("/")[2])
        lines = {"begin": place.line, "end": place.span.end_line}
    return {
        "description": description,
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": lines},
    }


def _told_apart(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """GitLab keeps one entry of each fingerprint; ours is that of all versions of a data set."""
    seen: dict[str, int] = {}
    for entry in entries:
        fingerprint = entry["fingerprint"]
        seen[fingerprint] = seen.get(fingerprint, 0) + 1
        if seen[fingerprint] > 1:
            entry["fingerprint"] = _digest(fingerprint, str(seen[fingerprint]))
    return entries


def _digest(*parts: str) -> str:
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
