"""Which findings the base revision has too, when several could be meant."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pytest_datapolicy.engine.known import mark
from tests.render.reports import finding

if TYPE_CHECKING:
    from pytest_datapolicy.model.report import Finding


def found(version: int, percent: int, level: str = "error") -> Finding:
    dataset = f"triage-notes@{version}"
    return finding(dataset=dataset, observed=Fraction(percent, 100), level=level, fingerprint="one")


def known(findings: list[Finding], before: list[Finding]) -> list[bool]:
    return [item.known for item in mark(findings, before, lambda path: True, "main")]


def test_a_finding_of_the_same_version_goes_first() -> None:
    before = [found(1, 40), found(2, 45)]
    assert known([found(3, 45), found(2, 45)], before) == [False, True]
    assert known([found(2, 45), found(3, 45)], before) == [True, False]


def test_what_was_less_grave_before_is_passed_over() -> None:
    assert known([found(1, 40)], [found(1, 40, "warning"), found(1, 40)]) == [True]
    assert known([found(1, 40)], [found(1, 40, "warning")]) == [False]
    assert known([found(1, 40, "warning")], [found(1, 40)]) == [True]


def test_one_finding_there_is_one_here() -> None:
    assert known([found(1, 40), found(1, 40)], [found(1, 40)]) == [True, False]
