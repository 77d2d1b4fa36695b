"""Exact amounts and how people read them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

MOST_DIGITS = 80
"""After the point: more than two counts of 18 digits with weights of 18 digits need to be told apart."""


def ceil_div(value: Fraction | int) -> int:
    """The least integer that is not below `value`."""
    return -((-value) // 1)


def counted(number: int, noun: str) -> str:
    """``1 real record``, ``3,412 real records``: `noun` is given in the plural with a trailing s."""
    return f"{number:,} {noun[:-1] if number == 1 and noun.endswith('s') else noun}"


def named(names: Sequence[str], most: int = 5) -> str:
    """``a``, ``a and b``, ``a, b and c``; beyond `most` names only their number."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def percent(share: Fraction, against: Fraction | None = None) -> str:
    """A share in percent. Alone it is exact where a decimal can be (limits are); otherwise it has one digit.

    With `against` it has as many digits as it takes to stand on the same side of that limit as the share itself:
    0.30000000000000001 against 0.3 prints ``30.000000000000001%``.
    """
    value = share * 100
    bound = value if against is None else against * 100
    for digits in range(1, MOST_DIGITS):
        scaled = round(value * 10**digits)
        if _compare(scaled, bound * 10**digits) == _compare(value, bound):
            return f"{_decimal(scaled, digits)}%"
    return f"{_decimal(round(value * 10), 1)}%" if against is None else f"{value.numerator}/{value.denominator}%"


def number_text(value: object) -> str:
    """An observed value or a limit as people write it: integers with separators, shares as decimals."""
    if isinstance(value, bool) or not hasattr(value, "denominator"):
        return str(value)
    if value.denominator == 1:
        return f"{int(value):,}"  # type: ignore[call-overload]
    return _decimal(round(value * 10**6), 6)  # type: ignore[operator]


def _compare(value: Fraction | int, other: Fraction | int) -> int:
    return (value > other) - (value < other)


def _decimal(scaled: int, digits: int) -> str:
    """`scaled` / 10**`digits` without trailing zeros."""
    whole, rest = divmod(abs(scaled), 10**digits)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}}".rstrip("0").rstrip(".")
