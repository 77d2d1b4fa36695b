"""A baseline as text: sorted, an entry a line, the same bytes for the same findings."""

from __future__ import annotations

import json
from fractions import Fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.waivers import Recorded

MOST_DIGITS = 15
"""Numbers of more digits are written as fractions: readers may round them."""


def baseline_text(entries: Iterable[Recorded], *, as_json: bool) -> str:
    """The text of a baseline with these entries, in their order."""
    lines = [_entry(entry, as_json=as_json) for entry in entries]
    if as_json:
        body = "".join(f"\n    {line}{',' if number < len(lines) else ''}" for number, line in enumerate(lines, 1))
        return f'{{\n  "baseline": 1,\n  "entries": [{body}{chr(10) + "  " if lines else ""}]\n}}\n'
    return "baseline: 1\nentries:" + ("".join(f"\n  - {line}" for line in lines) or " []") + "\n"


def _entry(entry: Recorded, *, as_json: bool) -> str:
    fields: dict[str, object] = {
        "rule": entry.rule,
        "dataset": entry.dataset,
        "split": entry.split,
        "component": entry.component,
        "thing": entry.thing or None,
        "observed": entry.observed,
        "limit": entry.limit,
    }
    quote = '"' if as_json else ""
    given = [f"{quote}{key}{quote}: {_value(value)}" for key, value in fields.items() if value is not None]
    return "{" + ", ".join(given) + "}"


def _value(value: object) -> str:
    """A value as JSON writes it, which YAML reads the same way."""
    if isinstance(value, int | Fraction):
        decimal = _decimal(Fraction(value))
        return decimal if decimal is not None else f'"{value.numerator}/{value.denominator}"'
    return json.dumps(str(value))


def _decimal(value: Fraction) -> str | None:
    """The exact decimal of a number; None when there is no short one."""
    for digits in range(MOST_DIGITS + 1):
        scaled = value * 10**digits
        if scaled.denominator == 1 and abs(scaled) < 10**MOST_DIGITS:
            whole, rest = divmod(abs(scaled.numerator), 10**digits)
            point = f".{rest:0{digits}}" if digits else ""
            return f"{'-' if value < 0 else ''}{whole}{point}"
    return None
