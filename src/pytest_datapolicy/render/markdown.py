"""The report as Markdown for a pull-request comment or a step summary.

Plain words stay as they are; whatever else a report holds goes into code spans, where nothing is a link, a mention, an
image or markup. A pipe would end a cell and a backtick a span: both are shown as escapes.
"""

from __future__ import annotations

import re

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.render.facts import REASONS, by_severity, errors, fails, headline, permission, state
from pytest_datapolicy.render.neutral import REASON, VALUE, neutral
from pytest_datapolicy.render.snippet import where
from pytest_datapolicy.render.text import LIVE, day, named, notes, policies, scope, subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_datapolicy.model.report import Finding, Report, RunError

MARKER = "<!-- datapolicy -->"
"""The first line: by it a program finds its earlier comment."""
LIMIT = 65_535
"""GitHub refuses comments that are longer."""
ROOM = 200
"""Kept free for the count of what was cut."""
CELL = 500
ERRORS = 10
POLICIES = 20
HEAD = "| | rule | where | found | remedy |\n| --- | --- | --- | --- | --- |"
_WORD = re.compile(r"\(?[A-Za-z]+[),;:.?]*|[0-9]{1,3}(,[0-9]{3})*(\.[0-9]{1,6})?%?[),;:.]*|<=")
_COMMIT = re.compile(r"[a-f]{7,}")
"""Reads like the start of a commit's id, which becomes a link."""


def render(report: Report, *, strict: bool = False, limit: int = LIMIT) -> str:
    """The report in at most `limit` bytes of UTF-8; what does not fit is counted."""
    end = ("", "<details><summary>How this was decided</summary>", "", *_facts(report), "", "</details>")
    page = _Page(limit - _size(end) - ROOM)
    page.add(MARKER, f"### datapolicy: {prose(headline(report))}", "", prose(scope(report)))
    _add_errors(page, list(errors(report)))
    findings = by_severity(report.findings)
    live = [finding for finding in findings if finding.outcome in LIVE]
    cut = page.table([finding for finding in live if fails(finding, report, strict=strict)])
    cut += page.folded("Not failing", [finding for finding in live if not fails(finding, report, strict=strict)])
    cut += page.folded("Waived and baselined", [finding for finding in findings if finding.outcome not in LIVE])
    told = ("", f"**{counted(cut, 'more findings')} not shown**; the JSON report has all") if cut else ()
    return "\n".join([*page.lines, *told, *end]) + "\n"


class _Page:
    """Lines within a budget of bytes."""

    def __init__(self, budget: int) -> None:
        self._left = budget
        self.lines: list[str] = []

    def add(self, *lines: str) -> bool:
        """Add lines if all of them fit."""
        size = _size(lines)
        if size <= self._left:
            self._left -= size
            self.lines += lines
            return True
        return False

    def table(self, findings: Sequence[Finding], *before: str) -> int:
        """A table of findings below some lines; how many do not fit."""
        for index, finding in enumerate(findings):
            head = (*before, "", HEAD) if index == 0 else ()
            if not self.add(*head, _row(finding)):
                self._left = 0  # nothing that weighs less is shown in its place
                return len(findings) - index
        return 0

    def folded(self, title: str, findings: Sequence[Finding]) -> int:
        """A table that opens on demand; how many do not fit."""
        end = ("", "</details>")
        self._left -= _size(end)
        cut = self.table(findings, "", f"<details><summary>{title}: {len(findings):,}</summary>")
        if cut < len(findings):
            self.lines += end
        return cut


def _size(lines: Sequence[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)


def _add_errors(page: _Page, told: Sequence[RunError]) -> None:
    if told:
        page.add("")
    for error in told[:ERRORS]:
        place = f" {code(where(error.place), CELL)}" if error.place is not None and error.place.path else ""
        remedy = f"; {prose(error.remedy)}" if error.remedy else ""
        page.add(f"- **{REASONS[error.code]}**:{place} {prose(error.message)}{remedy}")
    if len(told) > ERRORS:
        page.add(f"- {len(told) - ERRORS:,} more")


def _row(finding: Finding) -> str:
    place = code(where(finding.place), CELL) if finding.place.path else ""
    because = f"; because {code(finding.because, REASON)}" if finding.because else ""
    cells = (
        state(finding) + (", known" if finding.known else ""),
        code(named(finding), CELL),
        f"{place} {code(subject(finding), CELL)}".strip(),
        prose(finding.message) + because,
        code(permission(finding), CELL) or prose(finding.remedy),
    )
    return f"| {' | '.join(cells)} |"


def _facts(report: Report) -> Iterator[str]:
    told = list(policies(report))
    for policy in told[:POLICIES]:
        yield f"- policy {code(policy, CELL)}"
    if len(told) > POLICIES:
        yield f"- {len(told) - POLICIES:,} more policies"
    for note in notes(report):
        yield f"- {prose(note)}"
    yield f"- datapolicy {code(report.version)}, {code(day(report))}"


def prose(text: str) -> str:
    """A sentence: plain words as they are, everything else in code spans."""
    parts: list[str] = []
    odd: list[str] = []
    for word in [*neutral(text, CELL).split(), ""]:
        plain = _WORD.fullmatch(word) and not _COMMIT.search(word) and not word.startswith("www")
        if word and not plain:
            odd.append(word)
            continue
        if odd:
            parts.append(code(" ".join(odd), 0))
            odd = []
        parts.append("&lt;=" if word == "<=" else word)
    return " ".join(part for part in parts if part)


def code(text: str, limit: int = VALUE) -> str:
    """A code span that nothing in `text` can end; empty for what shows nothing."""
    shown = neutral(text, limit).replace("`", "\\x60").replace("|", "\\x7c")
    return f"`{shown}`" if shown.strip() else ""
