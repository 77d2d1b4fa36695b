"""What the engine says of a set of manifests."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pytest_datapolicy.model.report import Finding, RuleCount


class Judged(NamedTuple):
    """What the engine says of a set of manifests under one policy."""

    findings: tuple[Finding, ...]
    """Sorted; policy findings included."""
    rules: tuple[RuleCount, ...]
    manifests: int
    """Unreadable ones included."""
    subjects: int
    """Data sets, splits and components that were judged."""
    undecided: frozenset[str] = frozenset()
    """Names of data sets of which the findings are not known: not asked for, or in a file that cannot be read."""
