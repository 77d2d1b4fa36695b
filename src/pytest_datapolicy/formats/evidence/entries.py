"""What every kind of evidence comes down to: who said what of which record, and what of it is no review."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

VERDICTS = ("accepted", "corrected", "rejected")
"""From good to bad."""
CANCELLED = "cancelled"
BULK = "made in bulk"
IMPORTED = "imported or predicted"
DRAFTS = "drafts"
UNDECIDED = "without a verdict"
NAMELESS = "without a record"

_WORDS = {
    **dict.fromkeys(("accepted", "accept", "approved", "approve", "ok", "pass", "passed", "valid", "good"), "accepted"),
    **dict.fromkeys(("corrected", "fixed", "fixed_and_accepted", "edited", "changed", "modified"), "corrected"),
    **dict.fromkeys(("rejected", "reject", "fail", "failed", "invalid", "bad", "discarded"), "rejected"),
    **dict.fromkeys(("cancelled", "canceled", "skipped", "skip"), CANCELLED),
    **dict.fromkeys(("draft", "pending"), DRAFTS),
}
"""``correct`` is missing on purpose: it can mean that a record is right, and that it was put right."""
QUESTIONS = frozenset({"review", "verdict", "decision", "review_decision", "review-decision", "review_verdict"})
"""Names of questions and controls whose answer is a verdict."""


class Unreadable(Exception):  # noqa: N818 - it is an answer, and its one caller handles it
    """Why a file yields no entries."""


class Entry(NamedTuple):
    """One reviewer's word on one record."""

    record: str
    reviewer: str
    """Empty where the file names nobody."""
    verdict: str
    """One of `VERDICTS`, or empty."""
    aside: str = ""
    """Why the entry is no review."""


def judged(record: str, reviewer: str, word: Any) -> Entry:
    """The entry of a verdict as people spell it."""
    meant = _WORDS.get(str(word).strip().lower(), "")
    if meant in VERDICTS:
        return Entry(record, reviewer, meant)
    return Entry(record, reviewer, "", meant or UNDECIDED)


def identity(value: Any) -> str:
    """An id as text: a number, a text, or a mapping that holds one."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("id", "email", "username") if value.get(key) not in (None, "")), None)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    return str(value).strip()


def tally(entries: Iterable[Entry]) -> tuple[int, int, int, frozenset[str], dict[str, int]]:
    """Records accepted, corrected and rejected, their reviewers, and what was put aside.

    A record that several people judged, or one judged twice, counts once, with its worst verdict: a defect that was
    found stays found.
    """
    worst: dict[str, int] = {}
    reviewers: set[str] = set()
    aside: dict[str, int] = {}
    for entry in entries:
        why = entry.aside or ("" if entry.record else NAMELESS)
        if why:
            aside[why] = aside.get(why, 0) + 1
            continue
        worst[entry.record] = max(worst.get(entry.record, 0), VERDICTS.index(entry.verdict))
        if entry.reviewer:
            reviewers.add(entry.reviewer.casefold())
    found = list(worst.values())
    return found.count(0), found.count(1), found.count(2), frozenset(reviewers), dict(sorted(aside.items()))
