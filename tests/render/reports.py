"""Reports made by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pytest_datapolicy.model.fingerprint import fingerprint
from pytest_datapolicy.model.places import Note, Place, Span
from pytest_datapolicy.model.policy import PolicySource
from pytest_datapolicy.model.report import Finding, Report, RuleCount

SOURCE = "        records: 4000"
CLAUSE = "      - {max: 0.30, when: {stakes: high}}"


def place(
    path: str = "data/dataset.yaml", line: int = 12, column: int = 18, length: int = 4, source: str = SOURCE
) -> Place:
    return Place(path, Span(line, column, line, column + length), source)


def finding(**changes: Any) -> Finding:
    made = Finding(
        rule="DP101",
        name="max-synthetic-ratio",
        level="error",
        outcome="fail",
        dataset="triage-notes@2026.11",
        split="train",
        component=None,
        message="40% of the records are synthetic, at most 30% allowed",
        remedy="add 3,334 real records, or remove 1,429 synthetic records",
        observed=Fraction(2, 5),
        limit=Fraction(3, 10),
        place=place(),
        clause=place("policies/org.yaml", 9, 9, 36, CLAUSE),
        because="clinical board, 2026-04",
        fingerprint=fingerprint("DP101", "triage-notes@2026.11", "train", None, ""),
    )
    return made._replace(**changes)


def note(text: str, **changes: Any) -> Note:
    return Note(place(**changes), text)


def report(*findings: Finding, **changes: Any) -> Report:
    made = Report(
        version="0.1.0",
        root="/home/ada/triage",
        today="2026-11-01",
        today_given=False,
        policy=(
            PolicySource("baseline", "1", "builtin:baseline", "ab" * 32),
            PolicySource("acme-org", "7", "policies/org.yaml", "cd" * 32),
        ),
        policy_default=False,
        manifests=1,
        subjects=5,
        skipped=0,
        findings=findings,
        rules=(RuleCount("DP101", "max-synthetic-ratio", "error", 1),),
    )
    return made._replace(**changes)
