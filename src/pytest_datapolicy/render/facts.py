"""What the formats for build services say of a report, in the same words and cut to the same lengths."""

from __future__ import annotations

import posixpath

from pytest_datapolicy.render.neutral import reason
from pytest_datapolicy.render.text import LIVE, terms, verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding, Report, RunError

VIRTUAL = ("builtin:", "package:")
REASONS = {2: "invalid run", 3: "no manifest", 4: "internal error"}
"""Why a run ends with 2, 3 or 4."""
ENDINGS = {
    0: "nothing failed",
    1: "findings that fail",
    2: "the run is not valid: usage, settings or policy",
    3: "no manifest found",
    4: "internal error, or output that could not be written",
}
_SEVERITY = {"error": 0, "warning": 1, "advice": 2}


def headline(report: Report) -> str:
    """The verdict, behind the one thing that is graver."""
    return f"the run is not valid; {verdict(report)}" if report.errors else verdict(report)


def in_repository(place: Place, prefix: str = "") -> str | None:
    """The path below the top of the repository; `prefix` leads from there to the project root.

    None for what is no file there: parts of packs and packages, and files outside.
    """
    if not place.path or place.path.startswith(VIRTUAL):
        return None
    path = posixpath.normpath(posixpath.join(prefix, place.path))
    return None if path == ".." or path.startswith(("/", "../")) else path


def state(finding: Finding) -> str:
    """``error``, ``warning`` or ``advice``; ``waived`` or ``baselined`` for what does not count."""
    return finding.level if finding.outcome in LIVE else finding.outcome


def permission(finding: Finding) -> str:
    """Why a finding does not count: its waiver or the baseline; empty for one that counts."""
    if finding.outcome == "baselined":
        return "in the baseline"
    if finding.outcome != "waived":
        return ""
    waiver = finding.waiver or {}
    why = f": {reason(waiver['reason'])}" if waiver.get("reason") else ""
    return f"waived {terms(waiver)}".strip() + why


def fails(finding: Finding, report: Report, *, strict: bool) -> bool:
    """Whether this finding alone makes the run end with 1, as `Report.exit_code` has it."""
    if report.only_new and finding.known:
        return False
    announced = finding.rule == "DP702"
    return finding.fails or (strict and finding.level == "warning" and finding.outcome in LIVE and not announced)


def by_severity(findings: Sequence[Finding]) -> list[Finding]:
    """Errors, warnings, advice, then what does not count; new before known, else in the order given."""
    return sorted(findings, key=lambda one: (one.outcome not in LIVE, _SEVERITY[one.level], one.known))


def errors(report: Report) -> Iterator[RunError]:
    """Everything that makes the run invalid, the gravest first."""
    for error in sorted(report.errors, key=lambda error: (4, 2, 3).index(error.code)):
        yield error
        yield from error.others
