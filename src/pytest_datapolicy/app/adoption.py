"""Adopting a policy on a tree that fails today: a baseline is read, written anew, or rid of what it does not need."""

from __future__ import annotations

import os

from pytest_datapolicy.engine.baseline import absorb, entry_order, record, stale_findings
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.model.waivers import Baseline, Recorded
from pytest_datapolicy.policy.baseline import baseline_label, load_baseline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.engine.judged import Judged
    from pytest_datapolicy.model.report import Finding

MODES = ("use", "write", "prune")


class Adoption:
    """A baseline in one run. `mode` is ``use``, ``write`` (all findings of today) or ``prune`` (drop what is stale)."""

    def __init__(self, file: str, mode: str = "use") -> None:
        self._file = file
        self.mode = mode
        self.baseline: Baseline | None = None
        """As read; once the run is judged, what is in force."""
        self.added = 0
        """Entries that the file did not hold before, when it is written anew."""
        self.removed = 0

    @property
    def label(self) -> str:
        """The path of the file, as reported."""
        return self._file if self.baseline is None else self.baseline.path

    def open(self, root: str, read: Callable[[str], bytes] | None = None) -> None:
        """Read the file. One that is to be written need not be there, but nothing else may be. Raises `RunError`."""
        label = baseline_label(self._file, root)
        if self.mode == "write" and not os.path.lexists(self._file):
            self.baseline = Baseline(label)
            return
        try:
            self.baseline = load_baseline(self._file, root=root, read=read)
        except RunError as error:
            if self.mode != "write":
                raise
            message = f"{label} is there already, and is no baseline: {error.message}"
            raise RunError(message, error.place, remedy="name another file, or remove this one") from None

    def apply(self, judged: Judged, catalogue: Catalogue, skip: frozenset[str]) -> Judged:
        """What was judged, with the findings that the baseline absorbs."""
        always_on = frozenset(entry.id for entry in catalogue if entry.always_on)
        before = self.baseline or Baseline(self._file)
        findings, stale = absorb(judged.findings, before.entries, always_on)
        put = {count.rule for count in judged.rules if count.subjects}
        crashed = any(finding.rule == "DP000" for finding in judged.findings)

        def decided(entry: Recorded) -> bool:
            """Whether this run can tell that the entry has no finding."""
            if crashed or entry.dataset in judged.undecided or entry.rule in skip:
                return False
            return entry.rule in put or entry.rule not in catalogue or not catalogue.card(entry.rule).needs

        kept = before.entries
        if self.mode == "prune":
            gone = {id(entry) for entry in stale if decided(entry)}
            kept = tuple(entry for entry in before.entries if id(entry) not in gone)
            stale = [entry for entry in stale if id(entry) not in gone]
        elif self.mode == "write":
            kept = (*record(findings, always_on), *(entry for entry in stale if not decided(entry)))
            findings, stale = absorb(judged.findings, kept, always_on)
        self.removed = _missing(before.entries, kept)
        self.added = _missing(kept, before.entries)
        self.baseline = Baseline(before.path, tuple(sorted(kept, key=entry_order)))
        return _told(judged, findings, stale, self.baseline, decided)

    def save(self) -> str:
        """Write the file, unless it is only used, and say what was done. Raises `RunError` (exit 4)."""
        if self.baseline is None or self.mode == "use":
            return ""
        from pytest_datapolicy.fix.baseline import baseline_text
        from pytest_datapolicy.fix.files import replace_file

        path = self.baseline.path
        text = baseline_text(self.baseline.entries, as_json=path.endswith(".json"))
        try:
            replace_file(self._file, text.encode())
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise RunError(f"{path} could not be written: {reason}", code=4) from None
        number = len(self.baseline.entries)
        entries = "1 entry" if number == 1 else f"{number:,} entries"
        return f"wrote {path}: {entries}, {self.added:,} new, {self.removed:,} removed"


def _missing(entries: tuple[Recorded, ...], others: tuple[Recorded, ...]) -> int:
    """How many entries have no counterpart among the others, each of which stands for one."""
    from collections import Counter

    left = Counter(entry._replace(place=None) for entry in entries)
    left.subtract(entry._replace(place=None) for entry in others)
    return sum(number for number in left.values() if number > 0)


def _told(
    judged: Judged,
    findings: list[Finding],
    stale: list[Recorded],
    baseline: Baseline,
    decided: Callable[[Recorded], bool],
) -> Judged:
    """What was judged, with the findings as the baseline leaves them and one for each entry that is not needed."""
    rules = []
    for count in judged.rules:
        if count.rule == "DP704":
            findings = [*findings, *stale_findings(stale, baseline, findings, count.level, decided)]
            count = count._replace(subjects=count.subjects + len(baseline.entries))
        rules.append(count)
    findings.sort(key=lambda finding: finding.sort_key)
    return judged._replace(findings=tuple(findings), rules=tuple(rules))
