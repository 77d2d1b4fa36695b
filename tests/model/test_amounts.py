"""How amounts are computed and printed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_datapolicy.model.amounts import ceil_div, counted, named, number_text, percent

shares = st.fractions(0, 1, max_denominator=10**18)


@pytest.mark.parametrize(
    ("share", "text"),
    [("0", "0%"), ("1", "100%"), ("0.3", "30%"), ("0.12345", "12.345%"), ("0.0001", "0.01%"), ("1/3", "33.3%")],
)
def test_percent_alone_is_exact_where_a_decimal_can_be(share: str, text: str) -> None:
    assert percent(Fraction(share)) == text


@pytest.mark.parametrize(
    ("share", "limit", "text"),
    [
        ("0.4", "0.3", "40%"),
        ("3001/10001", "0.3", "30.01%"),
        ("0.30000000000000001", "0.3", "30.000000000000001%"),
        ("0.29999999999999999", "0.3", "29.999999999999999%"),
        ("0.12349", "0.12345", "12.35%"),
        ("0.3", "0.3", "30%"),
    ],
)
def test_percent_against_a_limit_has_the_digits_that_it_takes(share: str, limit: str, text: str) -> None:
    assert percent(Fraction(share), Fraction(limit)) == text


@given(share=shares, limit=st.decimals(0, 1, places=6).map(Fraction))
def test_percent_never_rounds_to_the_other_side_of_the_limit(share: Fraction, limit: Fraction) -> None:
    shown = Fraction(percent(share, limit).removesuffix("%")) / 100
    assert (shown > limit, shown < limit) == (share > limit, share < limit)


@given(value=st.fractions(-1000, 1000))
def test_ceil_div_is_the_least_integer_that_is_enough(value: Fraction) -> None:
    assert ceil_div(value) - 1 < value <= ceil_div(value)


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [(0, "records", "0 records"), (1, "real records", "1 real record"), (3412, "tokens", "3,412 tokens")],
)
def test_counted(number: int, noun: str, text: str) -> None:
    assert counted(number, noun) == text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (list("abcde"), "a, b, c, d and e"),
        (list("abcdefg"), "a, b, c, d, e and 2 more"),
    ],
)
def test_named(names: list[str], text: str) -> None:
    assert named(names) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567, "1,234,567"),
        (Fraction(3, 10), "0.3"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(7), "7"),
        ("high", "high"),
        (None, "None"),
    ],
)
def test_number_text(value: object, text: str) -> None:
    assert number_text(value) == text
