"""Every door by which somebody's text comes into a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_datapolicy.model.places import Note, Place, Span
from pytest_datapolicy.model.policy import PolicySource
from pytest_datapolicy.model.report import BaseName, Finding, Report, RuleCount, RunError
from tests.render.reports import finding, place, report

if TYPE_CHECKING:
    from collections.abc import Callable

WAIVER = {"owner": "ada", "approved_by": "grace", "reason": "until the ward reopens", "expires": "2026-12-01"}


def _waived(text: str, *keys: str) -> Finding:
    facts: dict[str, object] = {**WAIVER, **dict.fromkeys(keys, text), "days_left": 30}
    if "path" in keys:
        facts["line"] = 3
    return finding(outcome="waived", waiver=facts)


def _at(text: str) -> Place:
    return Place(text, Span(3, 1, 3, 5), "name: x")


VALUES: dict[str, Callable[[str], Finding]] = {
    "name of a rule": lambda text: finding(name=text),
    "data set": lambda text: finding(dataset=text),
    "split": lambda text: finding(split=text),
    "component": lambda text: finding(component=text),
    "thing": lambda text: finding(thing=text),
    "observed": lambda text: finding(observed=text),
    "limit": lambda text: finding(limit=text),
    "owner": lambda text: _waived(text, "owner"),
    "approver": lambda text: _waived(text, "approved_by"),
    "end of a waiver": lambda text: _waived(text, "expires", "granted"),
}
"""Names and values."""
PROSE: dict[str, Callable[[str], Finding]] = {
    "message": lambda text: finding(message=text),
    "remedy": lambda text: finding(remedy=text),
    "reason of a clause": lambda text: finding(because=text),
    "reason of a waiver": lambda text: _waived(text, "reason"),
    "related text": lambda text: finding(related=(Note(place(), text),)),
    "crash": lambda text: finding(rule="DP000", name="internal-error", message=text),
    "key and value of a source line": lambda text: finding(place=place(source=f"{text}: {text}")),
    "source of a clause": lambda text: finding(clause=place(source=text)),
    "source of a related place": lambda text: finding(related=(Note(place(source=text), "see"),)),
}
"""Sentences and lines of files."""
PATHS: dict[str, Callable[[str], Finding]] = {
    "file name": lambda text: finding(place=_at(f"data/{text}.dataset.yaml")),
    "whole path": lambda text: finding(place=_at(text)),
    "path of a clause": lambda text: finding(clause=_at(text)),
    "related path": lambda text: finding(related=(Note(_at(text), "see"),)),
    "path of a waiver": lambda text: _waived(text, "path"),
}
DOORS = VALUES | PROSE | PATHS


def errors(text: str) -> tuple[RunError, ...]:
    """A run that three texts of one error and one of another made invalid."""
    other = RunError(text, _at(text), remedy=text)
    return (RunError(text, place(source=text), remedy=text, others=(other,)), RunError(text, code=3))


def around(text: str, *findings: Finding) -> Report:
    """A report whose own facts hold the text."""
    return report(
        *findings,
        policy=(PolicySource(text, text, text, "ab" * 32), PolicySource(text, "1", f"builtin:{text}", "cd" * 32)),
        rules=(RuleCount("DP101", "max-synthetic-ratio", "error", 1), RuleCount("ACME001", text, "warning", 0)),
        deselected=(text,),
        root=f"/home/{text}",
        baseline=text,
        base=BaseName(text, "ef" * 20),
        policy_default=True,
        skipped=2,
    )
