"""What YAML 1.1 and YAML 1.2 make of a number that is not spelled in the one way both share."""

from __future__ import annotations

import re
from decimal import Decimal

from pytest_datapolicy.syntax.faults import shown

_LONGEST = 40
_A_NUMBER = "a number"
_TEXT = "text"

_OLD_WHOLE = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)")
_OLD_SIXTIES = re.compile(r"[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*")
_OLD_DECIMAL = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?")
_NEW_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_NEW_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def explain(text: str) -> tuple[str, str]:
    """Message and remedy for a number-like plain scalar that is not in the shared spelling."""
    if len(text) > _LONGEST:
        return f"{shown(text)} is a number to some readers and text to others", "write the number in decimal digits"
    old, new = _old(text), _new(text)
    values = [value for value in dict.fromkeys((new, old)) if value not in (_TEXT, _A_NUMBER)]
    instead = " or ".join(values) or "the number in decimal digits"
    remedy = f'write {instead}, or "{text}" in quotes'
    if old != new:
        return f"{text} is {old} in YAML 1.1 and {new} in YAML 1.2", remedy
    if old == _TEXT:
        return f"{text} is a number to some readers and text to others", f'write "{text}" in quotes'
    return f"{text} is an unusual spelling of {old}", remedy


def in_json(text: str) -> tuple[str, str]:
    """Message and remedy for a number in a JSON text that is not in the shared spelling."""
    value = _new(text) if len(text) <= _LONGEST else _A_NUMBER
    instead = "the number in decimal digits" if value in (_TEXT, _A_NUMBER) else value
    return f"{shown(text)} is not a number in decimal digits", f"write {instead}"


def _old(text: str) -> str:
    """What YAML 1.1 reads: text, or the number in decimal digits."""
    plain = text.replace("_", "")
    if _OLD_SIXTIES.fullmatch(text):
        total = Decimal(0)
        for part in plain.lstrip("+-").split(":"):
            total = total * 60 + Decimal(part)
        return _digits(-total if text[0] == "-" else total)
    if _OLD_WHOLE.fullmatch(text):
        body = plain.lstrip("+-")
        return _whole(plain, {"0b": 2, "0x": 16}.get(body[:2], 8 if body[0] == "0" and len(body) > 1 else 10))
    return _digits(plain) if _OLD_DECIMAL.fullmatch(text) else _TEXT


def _new(text: str) -> str:
    """What YAML 1.2 reads: text, or the number in decimal digits."""
    if _NEW_WHOLE.fullmatch(text):
        return _whole(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    return _digits(text) if _NEW_DECIMAL.fullmatch(text) else _TEXT


def _whole(text: str, base: int) -> str:
    try:
        return str(int(text, base))
    except ValueError:  # a prefix without digits
        return _TEXT


def _digits(number: str | Decimal) -> str:
    """`number` without an exponent, unless that would take a line of zeros."""
    try:
        value = Decimal(number)
    except ArithmeticError:  # an exponent that even Decimal cannot hold
        return _A_NUMBER
    if not -18 <= value.adjusted() <= 18:
        return _A_NUMBER
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
