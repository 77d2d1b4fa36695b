"""Exact amounts and how people read them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction


def ceil_div(value: Fraction | int) -> int:
    """The least integer that is not below `value`."""
    return -((-value) // 1)


def counted(number: int, noun: str) -> str:
    """``1 real record``, ``3,412 real records``: `noun` is given in the plural with a trailing s."""
    return f"{number:,} {noun[:-1] if number == 1 and noun.endswith('s') else noun}"


def percent(share: Fraction, against: Fraction | None = None) -> str:
    """A share in percent, with as many digits as it takes to tell it from the limit `against`.

    The result never rounds to the other side of the limit: 0.30000000000000001 against 0.3 prints
    ``30.000000000000001%``.
    """
    for digits in range(1, 25):
        text = _rounded(share * 100, digits)
        if against is None or share == against or text != _rounded(against * 100, digits):
            return f"{text}%"
    return f"{share.numerator}/{share.denominator}"


def _rounded(value: Fraction, digits: int) -> str:
    scaled = round(value * 10**digits)
    text = f"{Decimal(scaled).scaleb(-digits):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_text(value: object) -> str:
    """An observed value or a limit as people write it: integers with separators, shares as decimals."""
    if isinstance(value, bool) or not hasattr(value, "denominator"):
        return str(value)
    if value.denominator == 1:
        return f"{int(value):,}"  # type: ignore[call-overload]
    return _rounded(value, 6)  # type: ignore[arg-type]
