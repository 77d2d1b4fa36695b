"""The review bound against tables that were computed independently, row by row, and at the rule's door."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.model import sampling
from pytest_datapolicy.testing import judge_text

HERE = Path(__file__).parent
DECISION_SECONDS = 0.001
POPULATIONS = ("100", "500", "1000", "5000", "10000", "100000")


def _rows(name: str) -> list[dict[str, str]]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


CATALOGUE = Catalogue()
REFERENCE = _rows("reference.csv")
PLANS = _rows("min_sample.csv")


def _review(row: dict[str, str]) -> tuple[int, int, int, int, Fraction]:
    population, sampled, defects = int(row["population"]), int(row["sampled"]), int(row["defects"])
    return population, sampled, defects, int(row["tolerable"]), Fraction(row["alpha"])


def _name(row: dict[str, str]) -> str:
    return "N{population} n{sampled} d{defects} a{alpha} p{max_error}".format(**row)


def test_the_tables_are_whole() -> None:
    assert (len(REFERENCE), len(PLANS)) == (62, 105)
    assert sum(row["passes"] == "1" for row in REFERENCE) == 30
    assert sum(row["100"] == "" for row in PLANS) == 42


@pytest.mark.parametrize("row", REFERENCE, ids=_name)
def test_decision_and_bound(row: dict[str, str]) -> None:
    population, sampled, defects, allowed, alpha = _review(row)
    assert sampling.tolerable(population, Fraction(row["max_error"])) == allowed
    assert sampling.shows(population, sampled, defects, allowed, alpha) == (row["passes"] == "1")
    upper = sampling.upper_count(population, sampled, defects, alpha)
    assert upper == int(row["upper_count"])
    assert f"{upper / population:.9f}" == row["upper_bound"]
    assert (upper <= allowed) == (row["passes"] == "1")


@pytest.mark.parametrize("row", REFERENCE, ids=_name)
def test_probability(row: dict[str, str]) -> None:
    """The printed value has ten digits: the decision flips within one unit of the last."""
    population, sampled, defects, allowed, _ = _review(row)
    value = Fraction(row["p_value"])
    if 0 < value < 1:
        assert sampling.at_most(population, allowed + 1, sampled, defects, value * (1 + Fraction(1, 10**9)))
        assert not sampling.at_most(population, allowed + 1, sampled, defects, value * (1 - Fraction(1, 10**9)))
    else:
        assert sampling.at_most(population, allowed + 1, sampled, defects, Fraction(1, 10**30)) == (value == 0)


@pytest.mark.parametrize("row", REFERENCE, ids=_name)
def test_sample_that_would_do(row: dict[str, str]) -> None:
    population, _, defects, _, alpha = _review(row)
    limit = Fraction(row["max_error"])
    assert sampling.min_sample(population, limit, 1 - alpha) == int(row["min_sample_sound"])
    expected = row["min_sample_same_defects"]
    assert sampling.min_sample(population, limit, 1 - alpha, defects) == (int(expected) if expected else None)


def test_planning_table() -> None:
    wrong = []
    for row in PLANS:
        limit, confidence = Fraction(row["max_error"]), Fraction(row["confidence"])
        for population in POPULATIONS:
            size = sampling.min_sample(int(population), limit, confidence, int(row["defects"]))
            if size != (int(row[population]) if row[population] else None):
                wrong.append((row, population, size))
    assert wrong == []


@pytest.mark.parametrize(
    ("population", "sampled", "defects", "max_error", "alpha"),
    [
        *[(*_review(row)[:3], Fraction(row["max_error"]), Fraction(row["alpha"])) for row in REFERENCE],
        (10**9, 5000, 200, Fraction("0.05"), Fraction("0.05")),
        (10**9, 5000, 200, Fraction(44862063, 10**9), Fraction("0.05")),  # the last count that is not ruled out
        (10**9, 5000, 0, Fraction(598964, 10**9), Fraction("0.05")),
    ],
)
def test_a_decision_takes_less_than_a_millisecond(
    population: int, sampled: int, defects: int, max_error: Fraction, alpha: Fraction
) -> None:
    """The best of some attempts, so that a busy machine does not decide; nothing is remembered between them."""
    allowed = sampling.tolerable(population, max_error)
    best = 1.0
    for _ in range(20):
        start = perf_counter()
        sampling.shows.__wrapped__(population, sampled, defects, allowed, alpha)
        best = min(best, perf_counter() - start)
        if best < DECISION_SECONDS / 2:
            break
    assert best < DECISION_SECONDS


MANIFEST = """\
manifest: 1
name: made
version: "1"
stakes: low
task: {{judgment: objective}}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: generated
        origin: simulation
        records: {population}
        review: {{method: random, sampled: {sampled}, accepted: {accepted}, corrected: 0, rejected: {defects}}}
"""


def _judged(row: dict[str, str], **changes: Any) -> list[Any]:
    facts = {"population": row["population"], "sampled": row["sampled"], "defects": row["defects"], **changes}
    facts["accepted"] = int(facts["sampled"]) - int(facts["defects"])
    limits = {"max_error": Fraction(row["max_error"]), "confidence": 1 - Fraction(row["alpha"])}
    clause = {key: _decimal(value) for key, value in limits.items()}
    report = judge_text(MANIFEST.format(**facts), {"review-error-bound": {"limits": [clause]}}, catalogue=CATALOGUE)
    assert {finding.rule for finding in report.findings} <= {"DP402"}
    return list(report.findings)


def _decimal(value: Fraction) -> Any:
    from decimal import Decimal

    return Decimal(value.numerator) / Decimal(value.denominator)


@pytest.mark.parametrize("row", REFERENCE[::3], ids=_name)
def test_rule(row: dict[str, str]) -> None:
    """Observed is the exact bound, the limit is the policy's number."""
    findings = _judged(row)
    if row["passes"] == "1":
        assert findings == []
        return
    (finding,) = findings
    assert finding.observed == Fraction(int(row["upper_count"]), int(row["population"]))
    assert finding.limit == Fraction(row["max_error"])
    assert finding.outcome == "fail"
    assert (finding.place.line, finding.place.column) == (14, 43)
