"""A baseline lets a tree that fails today adopt a policy: what was there stays, what is new or worse fails.

An entry absorbs one finding of its rule, data set name and subject that is no worse than recorded. It knows no version,
path or line, and it never absorbs what is always on, what cannot be decided or what is about policies and waivers.
"""

from __future__ import annotations

from fractions import Fraction

from pytest_datapolicy.model.amounts import number_text
from pytest_datapolicy.model.fingerprint import fingerprint
from pytest_datapolicy.model.places import START, Place
from pytest_datapolicy.model.report import Finding
from pytest_datapolicy.model.waivers import Recorded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence
    from typing import TypeGuard

    from pytest_datapolicy.model.waivers import Baseline

RECORDED_LEVELS = ("error", "warning")
"""Advice never fails, so that there is nothing to adopt."""
_KEY = tuple[str, str, str, str, str]


def record(findings: Iterable[Finding], always_on: Container[str]) -> list[Recorded]:
    """The entries that absorb these findings, sorted."""
    entries = [
        _recorded(finding)
        for finding in findings
        if can_be_absorbed(finding, always_on) and finding.level in RECORDED_LEVELS
    ]
    return sorted(entries, key=entry_order)


def can_be_absorbed(finding: Finding, always_on: Container[str]) -> bool:
    """Whether a baseline may hold this finding at all."""
    adopted = finding.outcome in ("fail", "baselined")
    return adopted and finding.dataset is not None and finding.rule not in always_on


def absorb(
    findings: Sequence[Finding], entries: Sequence[Recorded], always_on: Container[str]
) -> tuple[list[Finding], list[Recorded]]:
    """The findings, with outcome ``baselined`` where an entry absorbs one, and the entries that absorb nothing."""
    waiting: dict[_KEY, list[Recorded]] = {}
    for entry in sorted(entries, key=entry_order):
        waiting.setdefault(entry.key, []).append(entry)
    candidates: dict[_KEY, list[int]] = {}
    for number, finding in enumerate(findings):
        if finding.outcome == "fail" and can_be_absorbed(finding, always_on):
            candidates.setdefault(_recorded(finding).key, []).append(number)
    result = list(findings)
    for key, numbers in candidates.items():
        known = waiting.get(key, [])
        # The worst first, each by the entry that just suffices: no other choice absorbs more findings.
        for number in sorted(numbers, key=lambda n: (-_badness(findings[n].observed, findings[n].limit), n)):
            finding = findings[number]
            fitting = [entry for entry in known if no_worse(finding, entry.observed, entry.limit)]
            if fitting:
                known.remove(min(fitting, key=lambda entry: _badness(entry.observed, entry.limit)))
                result[number] = finding._replace(outcome="baselined")
    return result, [entry for known in waiting.values() for entry in known]


def stale_findings(
    stale: Iterable[Recorded],
    baseline: Baseline,
    findings: Sequence[Finding],
    level: str,
    decided: Callable[[Recorded], bool],
) -> list[Finding]:
    """DP704 for each entry that absorbs nothing, as far as this run can tell."""
    left: dict[_KEY, Finding] = {}
    for finding in findings:
        if finding.outcome == "fail" and finding.dataset is not None:
            left.setdefault(_recorded(finding).key, finding)
    return [_stale(entry, baseline, left.get(entry.key), level) for entry in stale if decided(entry)]


def _stale(entry: Recorded, baseline: Baseline, worse: Finding | None, level: str) -> Finding:
    words = (("split", entry.split), ("component", entry.component), ("", entry.thing))
    subject = ", ".join([entry.dataset, *(f"{word} {name}".strip() for word, name in words if name)])
    message = f"the baseline entry of {entry.rule} for {subject} covers no finding"
    remedy = "remove it, for instance with --prune-baseline"
    if worse is not None and worse.observed != entry.observed:
        message += f": found {number_text(worse.observed)}, recorded {number_text(entry.observed)}"
        remedy = "go back to what was recorded, or meet the demand and remove the entry"
    thing = " ".join((entry.rule, subject))
    return Finding(
        rule="DP704",
        name="needed-waiver",
        level=level,
        outcome="fail",
        dataset=None,
        split=None,
        component=None,
        message=message,
        remedy=remedy,
        observed=None,
        limit=None,
        place=entry.place or Place(baseline.path, START),
        clause=None,
        thing=thing,
        fingerprint=fingerprint("DP704", None, None, None, thing),
    )


def _recorded(finding: Finding) -> Recorded:
    name = (finding.dataset or "").partition("@")[0]
    subject = (finding.split, finding.component, finding.thing)
    return Recorded(finding.rule, name, *subject, finding.observed, finding.limit)


def entry_order(entry: Recorded) -> tuple[object, ...]:
    """Data set, rule, subject; then the value, so that the file has the same bytes for the same findings."""
    value = entry.observed
    number = Fraction(value) if _is_number(value) else Fraction(0)
    rule, dataset, *subject = entry.key
    return (dataset, rule, *subject, number, str(value), str(entry.limit))


def no_worse(finding: Finding, observed: object, limit: object) -> bool:
    """Whether what was found is no further beyond its limit than `observed` was beyond its own.

    Numbers are compared if both miss their limits in one direction; other values must be equal.
    """
    if finding.observed == observed:
        return _is_number(finding.observed) == _is_number(observed)
    direction = _direction(finding.observed, finding.limit)
    if direction == 0 or direction != _direction(observed, limit):
        return False
    return _badness(finding.observed, finding.limit) <= _badness(observed, limit)


def _direction(observed: object, limit: object) -> int:
    """1 where greater values are worse, -1 where lesser ones are, 0 where that cannot be told."""
    if not (_is_number(observed) and _is_number(limit)):
        return 0
    return (observed > limit) - (observed < limit)


def _badness(observed: object, limit: object) -> Fraction:
    """How bad a value is: greater is worse."""
    return Fraction(observed) * _direction(observed, limit) if _is_number(observed) else Fraction(0)


def _is_number(value: object) -> TypeGuard[int | Fraction]:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)
