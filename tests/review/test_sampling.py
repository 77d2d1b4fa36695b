"""What must hold of the review bound whatever the numbers are."""

from __future__ import annotations

from fractions import Fraction
from math import comb, log

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_datapolicy.model.sampling import at_most, min_sample, risk, shows, tolerable, upper_count

ALPHAS = st.sampled_from([Fraction(text) for text in ("0.2", "0.1", "0.05", "0.025", "0.01", "0.001", "1/3")])
SHARES = st.fractions(0, 1, max_denominator=1000)


def probability(population: int, defective: int, sampled: int, defects: int) -> Fraction:
    """P(X <= defects), by the definition."""
    ways = sum(comb(defective, k) * comb(population - defective, sampled - k) for k in range(min(defects, sampled) + 1))
    return Fraction(ways, comb(population, sampled))


@st.composite
def reviews(draw: st.DrawFn, most: int = 10**9) -> tuple[int, int, int]:
    """A population, a sample of it and the defects found."""
    population = draw(st.integers(1, most))
    sampled = draw(st.integers(0, min(population, 2000)))
    return population, sampled, draw(st.integers(0, min(sampled, 60)))


@given(reviews(most=80), st.integers(0, 80), st.integers(-1, 1))
def test_decides_as_the_definition_does_also_at_a_tie(review: tuple[int, int, int], defective: int, nudge: int) -> None:
    population, sampled, defects = review
    assume(defective <= population)
    exact = probability(population, defective, sampled, defects)
    alpha = exact + Fraction(nudge, 10**40)
    assume(alpha >= 0)
    assert at_most(population, defective, sampled, defects, alpha) == (exact <= alpha)


@pytest.mark.parametrize(
    ("population", "defective", "sampled", "defects"),
    [
        (10**9, 598966, 5000, 0),
        (10**9, 948416, 5000, 1),
        (10**6, 500000, 900, 460),  # above the mode
        (10**6, 999000, 900, 899),
        (10**6, 3, 900000, 1),
        (10**18 - 1, 1, 9 * 10**17, 0),
    ],
)
def test_a_tie_of_large_numbers_is_a_tie(population: int, defective: int, sampled: int, defects: int) -> None:
    if sampled > 10**5:  # the same distribution with both roles exchanged has small numbers
        exact = probability(population, sampled, defective, defects)
    else:
        exact = probability(population, defective, sampled, defects)
    assert at_most(population, defective, sampled, defects, exact)
    assert not at_most(population, defective, sampled, defects, exact - exact / 10**300)


@given(reviews(), ALPHAS)
def test_the_upper_count_is_the_greatest_that_is_not_ruled_out(review: tuple[int, int, int], alpha: Fraction) -> None:
    population, sampled, defects = review
    upper = upper_count(population, sampled, defects, alpha)
    assert defects <= upper <= population - (sampled - defects)
    assert not at_most(population, upper, sampled, defects, alpha)
    assert upper == population or at_most(population, upper + 1, sampled, defects, alpha)


@given(reviews(), ALPHAS, SHARES)
def test_decision_and_bound_agree(review: tuple[int, int, int], alpha: Fraction, limit: Fraction) -> None:
    population, sampled, defects = review
    allowed = tolerable(population, limit)
    upper = upper_count(population, sampled, defects, alpha)
    assert shows(population, sampled, defects, allowed, alpha) == (Fraction(upper, population) <= limit)


@given(reviews(), ALPHAS)
def test_more_sound_records_never_raise_the_bound(review: tuple[int, int, int], alpha: Fraction) -> None:
    population, sampled, defects = review
    assume(sampled < population)
    assert upper_count(population, sampled + 1, defects, alpha) <= upper_count(population, sampled, defects, alpha)


@given(reviews(), ALPHAS)
def test_a_further_defect_never_lowers_the_bound(review: tuple[int, int, int], alpha: Fraction) -> None:
    population, sampled, defects = review
    assume(defects < sampled)
    assert upper_count(population, sampled, defects + 1, alpha) >= upper_count(population, sampled, defects, alpha)


@given(reviews(), ALPHAS, ALPHAS)
def test_less_risk_never_lowers_the_bound(review: tuple[int, int, int], one: Fraction, other: Fraction) -> None:
    less, more = sorted((one, other))
    assert upper_count(*review, less) >= upper_count(*review, more)


@given(st.integers(1, 10**12), st.integers(0, 50), ALPHAS)
def test_a_census_leaves_what_it_found(population: int, defects: int, alpha: Fraction) -> None:
    assume(defects <= population)
    assert upper_count(population, population, defects, alpha) == defects


@given(reviews(), ALPHAS)
def test_a_finite_population_is_never_worse_than_an_unlimited_one(
    review: tuple[int, int, int], alpha: Fraction
) -> None:
    """Without a defect the bound of Clopper and Pearson is 1 - alpha^(1/n)."""
    population, sampled, _ = review
    assume(sampled)
    unlimited = 1 - 2 ** (log(alpha, 2) / sampled)
    assert upper_count(population, sampled, 0, alpha) / population <= unlimited * (1 + 1e-9)


@given(st.integers(1, 10**7), st.fractions(0, 1, max_denominator=200), ALPHAS, st.integers(0, 5), st.integers(1, 4))
def test_the_planned_sample_does_and_one_less_does_not(
    population: int, limit: Fraction, alpha: Fraction, defects: int, looks: int
) -> None:
    size = min_sample(population, limit, 1 - alpha, defects, looks=looks)
    allowed, spent = tolerable(population, limit), risk(1 - alpha, looks)
    if size is None:
        assert defects > allowed
        return
    assert shows(population, size, defects, allowed, spent)
    assert size == defects or not shows(population, size - 1, defects, allowed, spent)
    assert size >= (min_sample(population, limit, 1 - alpha, 0, looks=looks) or 0)


def test_the_plan_starts_from_what_was_reviewed() -> None:
    limit, confidence = Fraction("0.05"), Fraction("0.95")
    assert min_sample(500, limit, confidence, already=53) == 54
    assert min_sample(500, limit, confidence, already=200) == 200
    assert min_sample(500, limit, confidence, already=501) is None


def test_looks_share_the_risk() -> None:
    """The zero-defect samples of one to five looks at 2% and 95%, for a population without bound."""
    sizes = [min_sample(10**9, Fraction("0.02"), Fraction("0.95"), looks=looks) for looks in (1, 2, 3, 5)]
    assert sizes == [149, 183, 203, 228]


def test_numbers_beyond_any_review_are_decided_on_the_safe_side() -> None:
    """Two and a half standard deviations below the mean pass, one and a half do not, and neither takes long."""
    population, sampled = 10**18, 10**17
    deviation = round((sampled * 0.05 * 0.95 * 0.9) ** 0.5)
    for share, passes in ((2.5, True), (1.5, False)):
        defects = sampled // 20 - round(share * deviation)
        assert at_most(population, population // 20, sampled, defects, Fraction("0.05")) == passes
