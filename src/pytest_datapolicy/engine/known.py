"""Which findings the base revision has too.

A finding is known when the base revision has one with the same fingerprint that fails no less and is no worse: a value
further from its limit is a new finding, and so is what a waiver covered there and covers no more. One finding there
makes one finding known here. A file that cannot be read is known only as long as nobody touches it, since nothing else
is known of it.
"""

from __future__ import annotations

from pytest_datapolicy.engine.baseline import no_worse
from pytest_datapolicy.model.vocabulary import LEVEL_RANK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pytest_datapolicy.model.report import Finding

LIVE = ("fail", "indeterminate")
UNREAD = ("DP000", "DP001", "DP002", "DP003", "DP004")
"""Rules about files of which nothing else is known."""
OF_BASE_FILES = ("DP703", "DP704", "DP708")
"""Rules about waivers, baselines and policies, which a change cannot repair as long as those of the base count."""


def mark(
    findings: Sequence[Finding], before: Iterable[Finding], unchanged: Callable[[str], bool], revision: str
) -> tuple[Finding, ...]:
    """The findings in their order, each marked if it is among those of the base revision.

    `unchanged` tells whether the file at a path is the same in both. What is told anew of waivers, baselines and
    policies of the base revision becomes advice: they are not the change's to repair.
    """
    there: dict[tuple[str, str], list[Finding]] = {}
    for finding in before:
        there.setdefault(_key(finding), []).append(finding)
    result = list(findings)
    waiting = range(len(result))
    for same_version in (True, False):
        left = []
        for number in waiting:
            known = _counterpart(result[number], there.get(_key(result[number]), []), unchanged, same=same_version)
            if known is None:
                left.append(number)
            else:
                there[_key(result[number])].remove(known)
                result[number] = result[number]._replace(known=True)
        waiting = left  # type: ignore[assignment]
    reason = f"what is read from {revision} is not for this change to repair"
    for number in waiting:
        if result[number].rule in OF_BASE_FILES:
            result[number] = result[number]._replace(level="advice", because=reason)
    return tuple(result)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.fingerprint, "live" if finding.outcome in LIVE else finding.outcome


def _counterpart(
    finding: Finding, candidates: Iterable[Finding], unchanged: Callable[[str], bool], *, same: bool
) -> Finding | None:
    if finding.rule in UNREAD and not unchanged(finding.place.path):
        return None
    for other in candidates:
        if same and finding.dataset != other.dataset:
            continue
        if LEVEL_RANK[other.level] < LEVEL_RANK[finding.level]:
            continue
        if no_worse(finding, other.observed, other.limit):
            return other
    return None
