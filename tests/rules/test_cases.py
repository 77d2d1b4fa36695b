"""Every case file of every rule, and the examples on every rule's page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.testing import documented, example_faults, faults, read_cases

HERE = Path(__file__).parent
CATALOGUE = Catalogue()
RULES = [entry.id for entry in CATALOGUE]
HEADINGS = ("What it demands", "Why", "Bad", "Good", "Parameters", "Evidence", "Crosswalk")
READERS = ("DP000", "DP701")
"""Rules that neither a manifest nor a waiver can break."""


def _slug(path: Path) -> str:
    return path.stem.replace("_", "-")


def _cases() -> list[Any]:
    cases: list[Any] = []
    for path in sorted(HERE.glob("*/*.yaml")):
        if path.parent.name == "verify":
            continue  # they run on every engine
        rule = CATALOGUE.id_of(_slug(path))
        cases.extend(pytest.param(rule, case, id=f"{rule}: {case['case']}") for case in read_cases(str(path)))
    return cases


@pytest.mark.parametrize(("rule", "case"), _cases())
def test_case(rule: str, case: dict[str, Any]) -> None:
    assert faults(case, rule, catalogue=CATALOGUE) == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in READERS])
def test_examples_of_the_page(rule: str) -> None:
    assert example_faults(rule, CATALOGUE) == []


@pytest.mark.parametrize("rule", RULES)
def test_page_has_all_headings_in_order(rule: str) -> None:
    assert documented(CATALOGUE.rule(rule).docs, HEADINGS) == []


def test_every_case_file_names_a_rule() -> None:
    strangers = [path.name for path in HERE.glob("*/*.yaml") if CATALOGUE.id_of(_slug(path)) is None]
    assert strangers == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in READERS])
def test_every_rule_has_a_case_file(rule: str) -> None:
    slug = CATALOGUE.rule(rule).name.replace("-", "_")
    assert [path.stem for path in HERE.glob(f"*/{slug}.yaml")] == [slug]
