"""What a run says: findings in a fixed order, counts and the outcome, ready to be rendered by any door."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.vocabulary import LEVEL_RANK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from pytest_datapolicy.model.places import Note, Place
    from pytest_datapolicy.model.policy import PolicySource


class Finding(NamedTuple):
    """One demand not met by one subject, with its places."""

    rule: str
    name: str
    level: str
    outcome: str
    dataset: str | None
    """``name@version``; None for findings about policies and waivers."""
    split: str | None
    component: str | None
    message: str
    remedy: str
    observed: int | Fraction | str | None
    limit: int | Fraction | str | None
    place: Place
    clause: Place | None
    """The clause that set the limit; None for always-on rules."""
    because: str = ""
    thing: str = ""
    related: tuple[Note, ...] = ()
    waiver: dict[str, object] | None = None
    known: bool = False
    fingerprint: str = ""

    @property
    def fails(self) -> bool:
        """Whether this finding alone makes the run fail (exit 1)."""
        return self.level == "error" and self.outcome in ("fail", "indeterminate")

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Path, line, column, rule; then what tells findings at one place apart."""
        span = self.place.span
        return (
            self.place.path,
            span.line,
            span.column,
            self.rule,
            self.dataset or "",
            self.split or "",
            self.component or "",
            self.thing,
            -LEVEL_RANK[self.level],
            self.message,
        )


class RuleCount(NamedTuple):
    """How many subjects a rule met."""

    rule: str
    name: str
    level: str
    subjects: int


class RunError(Exception):
    """The run itself is not valid: usage, settings or policy (exit 2), no manifest (exit 3) or a crash (exit 4)."""

    def __init__(
        self,
        message: str,
        place: Place | None = None,
        *,
        remedy: str = "",
        code: int = 2,
        others: Sequence[RunError] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.remedy = remedy
        self.code = code
        self.others = tuple(others)
        """Further errors of the same kind, found in the same reading."""


class BaseName(NamedTuple):
    """The revision that policy, waivers, baseline and settings were read from."""

    revision: str
    """As it was asked for."""
    commit: str


class Report(NamedTuple):
    """The whole answer of one run."""

    version: str
    """Of the tool."""
    root: str
    """Absolute path of the project root that all paths are relative to."""
    today: str
    today_given: bool
    """Whether the clock was set by hand."""
    policy: tuple[PolicySource, ...]
    policy_default: bool
    """Whether the pack ``baseline`` was used because neither settings nor options name a policy."""
    manifests: int
    subjects: int
    skipped: int
    """Files that discovery passed over because they are excluded or ignored."""
    findings: tuple[Finding, ...]
    rules: tuple[RuleCount, ...]
    deselected: tuple[str, ...] = ()
    """Rules left out with ``--select`` or ``--ignore``."""
    errors: tuple[RunError, ...] = ()
    baseline: str | None = None
    """The baseline in use, as a path relative to the root."""
    base: BaseName | None = None
    """The revision that the tree is compared with."""
    only_new: bool = False
    """Findings that the base revision has too do not fail."""

    def count(self, outcome: str, level: str | None = None) -> int:
        """How many findings have this outcome (and this level)."""
        return sum(f.outcome == outcome and (level is None or f.level == level) for f in self.findings)

    def exit_code(self, *, strict: bool = False) -> int:
        """0 nothing failed, 1 findings, 2 the run is not valid, 3 no manifest, 4 internal error."""
        codes = {error.code for error in self.errors}
        if any(f.rule == "DP000" for f in self.findings):
            codes.add(4)
        for code in (4, 2, 3):
            if code in codes:
                return code
        findings = [f for f in self.findings if not (self.only_new and f.known)]
        if any(f.fails for f in findings):
            return 1
        live = ("fail", "indeterminate")
        # The end of a waiver is announced (DP702); until then the waiver holds, and the announcement fails nothing.
        if strict and any(f.level == "warning" and f.outcome in live and f.rule != "DP702" for f in findings):
            return 1
        return 0
