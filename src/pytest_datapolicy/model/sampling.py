"""What a reviewed sample proves about the records it was drawn from: exact hypergeometric bounds.

A sample of `sampled` records, drawn without replacement from `population`, that holds `defects` defective ones shows
that at most `tolerable` records are defective when P(X <= defects) <= alpha for X hypergeometric with `tolerable` + 1
defective records.

Probabilities are bracketed from below and above with floating point; where the bracket cannot decide, with fifty
digits; where that cannot decide either, for example at a tie, with integers. No answer rests on a rounding error.
"""

from __future__ import annotations

import math
from decimal import Context, Decimal, localcontext
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction

_FEW_TERMS = 16
_MOST_TERMS = 12_000
"""Terms of a tail that are added one by one; what is left is bounded by a geometric series. Enough for every sample
that people can review: seven standard deviations at ten million records. Beyond that size a sample that only just
reaches the limit may count as short of it, so that a manifest with absurd numbers costs no time."""
_LARGE_SAMPLE = 10_000_000
_MOST_EXACT = 20_000
"""Integers with so many factors are still quick; a near-tie beyond it counts as not shown."""
_LGAMMA_ERROR = 1e-14
"""Relative, and generous: CPython's lgamma is good to a few units in the last place."""
_DIGITS = Context(prec=50, traps=[])
_SMALL = 256
_HALF_LOG_TAU = Decimal("0.91893853320467274178032973640561763986139747363778")
_STIRLING = ((12, 1), (-360, 3), (1260, 5), (-1680, 7), (1188, 9))


@lru_cache(maxsize=64)
def risk(confidence: Fraction, looks: int = 1) -> Fraction:
    """The risk alpha of one look: a sample that is topped up and judged again spends its risk in parts."""
    return (1 - confidence) / looks


def tolerable(population: int, max_error: Fraction) -> int:
    """The greatest number of defective records that a share of `max_error` admits."""
    return population * max_error.numerator // max_error.denominator


@lru_cache(maxsize=512)
def shows(population: int, sampled: int, defects: int, tolerable: int, alpha: Fraction) -> bool:
    """Whether the sample shows, at risk `alpha`, that at most `tolerable` records of the population are defective."""
    if defects > tolerable or sampled > population:
        return False
    return tolerable >= population or at_most(population, tolerable + 1, sampled, defects, alpha)


def upper_count(population: int, sampled: int, defects: int, alpha: Fraction) -> int:
    """The greatest number of defective records that the sample does not rule out at risk `alpha`."""
    possible, excluded = min(defects, population), min(population - sampled + defects, population) + 1
    while excluded - possible > 1:
        middle = (possible + excluded) // 2
        if at_most(population, middle, sampled, defects, alpha):
            excluded = middle
        else:
            possible = middle
    return possible


def min_sample(
    population: int, max_error: Fraction, confidence: Fraction, defects: int = 0, *, looks: int = 1, already: int = 0
) -> int | None:
    """The least sample that shows a defect rate of at most `max_error` when it holds `defects` defects in all.

    None when even a census with that many defects does not. Samples smaller than `already` are not considered.
    """
    allowed, alpha = tolerable(population, max_error), risk(confidence, looks)
    if defects > allowed or already > population:
        return None
    short, enough = max(already, defects) - 1, population
    while enough - short > 1:
        middle = (short + enough) // 2
        if shows(population, middle, defects, allowed, alpha):
            enough = middle
        else:
            short = middle
    return enough


def at_most(population: int, defective: int, sampled: int, defects: int, alpha: Fraction) -> bool:
    """Whether P(X <= defects) <= alpha, X being the defective records in the sample.

    P falls when `defective` or `sampled` rises.
    """
    if defects >= min(sampled, defective):
        return alpha >= 1
    if defects < sampled - (population - defective):
        return True
    if alpha <= 0 or alpha >= 1:
        return alpha >= 1
    if defects < (defective + 1) * (sampled + 1) // (population + 2):
        return _compare(population, defective, sampled, defects, alpha, unclear=1) <= 0
    # Beyond the mode: the sound records of the sample have the short tail.
    sound = population - defective
    return _compare(population, sound, sampled, sampled - defects - 1, 1 - alpha, unclear=-1) >= 0


def _compare(population: int, marked: int, sampled: int, most: int, level: Fraction, *, unclear: int) -> int:
    """The sign of P(X <= most) - level, for `most` below the mode and 0 < level < 1."""
    plus = (marked, population - marked, sampled, population - sampled)
    minus = (most, marked - most, sampled - most, population - marked - sampled + most, population)
    up, down = math.fsum([math.lgamma(n + 1.0) for n in plus]), math.fsum([math.lgamma(n + 1.0) for n in minus])
    # math.log of an integer has no limit of size, unlike float division.
    excess = up - down - (math.log(level.numerator) - math.log(level.denominator))
    error = _LGAMMA_ERROR * (1 + up + down)
    low = high = 0.0
    for terms in (_FEW_TERMS, _MOST_TERMS if sampled <= _LARGE_SAMPLE else _FEW_TERMS):
        low, high = _series(population, marked, sampled, most, terms)
        if excess + high + error < 0:
            return -1
        if excess + low - error > 0:
            return 1
    with localcontext(_DIGITS):
        logarithm = sum(map(_log_factorial, plus)) - sum(map(_log_factorial, minus))
        excess = float(logarithm - (Decimal(level.numerator).ln() - Decimal(level.denominator).ln()))
    error = 1e-14 * (1 + abs(excess))
    if excess + high + error < 0:
        return -1
    if excess + low - error > 0:
        return 1
    return _compare_exactly(population, marked, sampled, most, level, unclear)


def _series(population: int, marked: int, sampled: int, most: int, terms: int) -> tuple[float, float]:
    """Bounds of log(P(X <= most) / P(X = most)), for `most` below the mode: each term is smaller than the one above."""
    least = max(0, sampled - population + marked)
    rest = population - marked - sampled
    term = total = 1.0
    left = 0.0
    for k in range(most, max(least, most - terms), -1):
        ratio = k * (rest + k) / ((marked - k + 1) * (sampled - k + 1))
        term *= ratio
        total += term
        # The ratios fall on the way down, so what is left is below a geometric series; a ratio that rounds to one
        # bounds nothing, but no term is larger than the last.
        left = term * (k - 1 - least)
        if ratio < 1:
            left = min(left, term * ratio / (1 - ratio))
        if left < total * 1e-16:
            break
    rounding = 1e-15 * (min(most - least, terms) + 8)
    return math.log(total) - rounding, math.log(total + left) + rounding


def _log_factorial(number: int) -> Decimal:
    """The natural logarithm of number!, to an absolute error below 1e-28; in the context of fifty digits."""
    if number < _SMALL:
        return _log_small_factorial(number)
    value = Decimal(number)
    result = (value + Decimal("0.5")) * value.ln() - value + _HALF_LOG_TAU
    for coefficient, power in _STIRLING:
        result += 1 / (coefficient * value**power)
    return result


@lru_cache(maxsize=_SMALL)
def _log_small_factorial(number: int) -> Decimal:
    return Decimal(math.factorial(number)).ln()


def _compare_exactly(population: int, marked: int, sampled: int, most: int, level: Fraction, unclear: int) -> int:
    """The sign of P(X <= most) - level in integers; `unclear` where they would be too large to hold."""
    if min(marked, population - marked) < min(sampled, population - sampled):
        marked, sampled = sampled, marked  # the distribution is the same, its numbers are smaller
    if min(sampled, population - sampled) > _MOST_EXACT:
        return unclear
    sound = population - marked
    k = max(0, sampled - sound)
    term = total = math.comb(marked, k) * math.comb(sound, sampled - k)
    while k < most:
        term = term * ((marked - k) * (sampled - k)) // ((k + 1) * (sound - sampled + k + 1))
        total += term
        k += 1
    difference = total * level.denominator - level.numerator * math.comb(population, sampled)
    return (difference > 0) - (difference < 0)
