"""Plain scalars: the one reading that YAML 1.1 and YAML 1.2 share, or why there is none.

A plain scalar is a number when it is spelled ``-?(0|[1-9][0-9]*)(\\.[0-9]+)?``, a truth value or null when it is one of
their words, and text when no version reads it as anything else. All other spellings are doubtful, and refused.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.syntax.faults import shown
from pytest_datapolicy.syntax.limits import DIGITS


class Doubt(NamedTuple):
    """Why a plain scalar has no value."""

    rule: str
    message: str
    remedy: str


WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_OLD_WORDS = {
    **{spelling: word for word in ("yes", "on", "y") for spelling in (word, word.capitalize(), word.upper())},
    **{spelling: word for word in ("no", "off", "n") for spelling in (word, word.capitalize(), word.upper())},
}
_TRUE = frozenset({"yes", "on", "y"})

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
# The patterns of the slow path are compiled when first needed: the start of the process counts.
_DAY_LIKE = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_MOMENT = (
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?"
)
_NOT_FINITE = r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
# Everything that some reader takes for a number. Possessive, so that a megabyte of digits is refused in one go.
_NUMBER_LIKE = (
    r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*+(?::[0-5]?[0-9])++(?:\.[0-9_]*+)?"
    r"|(?:[0-9][0-9_]*+(?:\.[0-9_]*+)?|\.[0-9][0-9_]*+)(?:[eE][-+]?[0-9]+)?)"
)


def read_plain(text: str) -> object:
    """The value of a plain scalar outside date fields: str, int, Decimal, bool or None, or the `Doubt` about it."""
    if text in WORDS:
        return WORDS[text]
    if _NUMBER.fullmatch(text):
        return read_number(text)
    if text in _OLD_WORDS:
        word = _OLD_WORDS[text]
        return _apart(text, "true" if word in _TRUE else "false", "text", "true" if word in _TRUE else "false")
    if text[0] not in "0123456789+-.=<":
        return text
    return _doubt(text) or text


def read_number(text: str) -> object:
    """The value of a number in the shared spelling, or the `Doubt` about it."""
    digits = len(text) - text.count("-") - text.count(".")
    if digits > DIGITS:
        message = f"the number {shown(text)} has {digits:,} digits, at most {DIGITS} allowed"
        return Doubt("DP001", message, "write a shorter number, or put it in quotes if it is a name")
    if text[0] == "-" and not text.strip("-0."):
        return Doubt("DP004", f"{shown(text)} is a negative zero", "write 0")
    return Decimal(text) if "." in text else int(text)


def read_json_number(text: str) -> object:
    """The value of a number in a JSON text, the `Doubt` about it, or None when it is not meant as a number."""
    if _NUMBER.fullmatch(text):
        return read_number(text)
    if text.lstrip("+-") in ("NaN", "Infinity"):
        kind = "not a number" if text[-1] == "N" else "infinite"
        return Doubt("DP004", f"{text} is {kind}", "write a number, or leave the field out")
    if re.fullmatch(_NUMBER_LIKE, text):
        from pytest_datapolicy.syntax.spellings import in_json

        return Doubt("DP004", *in_json(text))
    return None


def read_date(text: str) -> object:
    """The value of a plain scalar in a date field: a calendar day as str, or what `read_plain` says of it."""
    if _DAY.fullmatch(text):
        return wrong_day(text) or text
    if re.fullmatch(_MOMENT, text):
        day = text[:10] if _DAY.fullmatch(text[:10]) else "the day as YYYY-MM-DD"
        return Doubt("DP004", f"{shown(text)} is a point in time, and this field takes a day", f"write {day}")
    if re.fullmatch(_DAY_LIKE, text):
        return Doubt("DP004", f"{text} is not spelled as a date, YYYY-MM-DD", f"write {_padded(text)}")
    return read_plain(text)


def wrong_day(text: str) -> Doubt | None:
    """The `Doubt` about a string that is spelled like a date when the calendar has no such day."""
    spelled = _DAY.fullmatch(text)
    if spelled is None:
        return None
    from datetime import date

    try:
        date(int(spelled[1]), int(spelled[2]), int(spelled[3]))
    except ValueError:
        return Doubt("DP004", f"{text} is not a day of the calendar", "write an existing date as YYYY-MM-DD")
    return None


def _doubt(text: str) -> Doubt | None:
    """Why a scalar that starts like a number, a date or an indicator is doubtful; None when all read it as text."""
    if text == "=":
        return _apart(text, "a default value", "text", "")
    if text == "<<":
        return _apart(text, "a merge", "text", "")
    if _DAY.fullmatch(text):
        return _apart(text, "a date", "text", "")
    if re.fullmatch(_DAY_LIKE, text):
        return Doubt("DP004", f"{text} is a date to some readers and text to others", f'write "{text}" in quotes')
    if re.fullmatch(_MOMENT, text):
        return _apart(text, "a point in time", "text", "")
    if re.fullmatch(_NOT_FINITE, text):
        kind = "not a number" if text[-1] in "nN" else "infinite"
        return Doubt("DP004", f"{text} is {kind}", "write a number, or leave the field out")
    if re.fullmatch(_NUMBER_LIKE, text):
        from pytest_datapolicy.syntax.spellings import explain

        return Doubt("DP004", *explain(text))
    return None


def _apart(text: str, old: str, new: str, instead: str) -> Doubt:
    message = f"{shown(text)} is {old} in YAML 1.1 and {new} in YAML 1.2"
    return Doubt("DP004", message, f'write "{text}" in quotes' + (f", or {instead}" if instead else ""))


def _padded(day: str) -> str:
    year, month, number = day.split("-")
    return f"{year}-{month:0>2}-{number:0>2}"
