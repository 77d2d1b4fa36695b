"""Limits and selectors as a policy writes them, brought to one form."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pytest_datapolicy.model.vocabulary import STAKES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pytest_datapolicy.model.rule import Parameter

NUMBERS = ("share", "ratio", "count", "days")
"""Kinds of parameters that set a bound."""
_ALLOWED = {
    "share": "a share from 0 to 1",
    "ratio": "a number of at least 0",
    "count": "an integer of at least 0",
    "days": "a number of days of at least 0",
    "choice": "a word",
    "choices": "a word",
    "name": "a name",
    "names": "a name",
}


class Unfit(Exception):  # noqa: N818 - it is an answer, and the caller gives it a place
    """A value that its parameter cannot take."""

    def __init__(self, message: str, remedy: str = "", item: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.item = item
        """The item of a list that is at fault."""


def limit(parameter: Parameter, value: Any) -> Any:
    """The value of a parameter: int, Fraction, str or tuple of str, as its kind. Raises `Unfit`."""
    if parameter.kind in ("choices", "names"):
        return _several(parameter, value)
    if not _fits(parameter, value):
        raise _unfit(parameter, value)
    return Fraction(value) if parameter.kind in ("share", "ratio") else value


def _fits(parameter: Parameter, value: Any) -> bool:
    """Whether `value` is one that the parameter can take; one of several for ``choices`` and ``names``."""
    if parameter.kind in ("choice", "choices"):
        return isinstance(value, str) and (not parameter.choices or value in parameter.choices)
    if parameter.kind in ("name", "names"):
        return isinstance(value, str) and bool(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        return False
    return isinstance(value, int) if parameter.kind in ("count", "days") else parameter.kind == "ratio" or value <= 1


def _several(parameter: Parameter, value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    default: tuple[str, ...] | None = parameter.default
    for index, item in enumerate(values):
        at = index if isinstance(value, list) else None
        if not _fits(parameter, item):
            raise _unfit(parameter, item, at)
        if parameter.kind == "choices" and default is not None and item not in default:
            message = f"{parameter.name} holds {item}; it can only shrink its default, {', '.join(default)}"
            raise Unfit(message, f"remove {item}", at)
    if parameter.kind == "names":
        return tuple(sorted(set(values)))
    order = parameter.choices or default or sorted(set(values))
    return tuple(choice for choice in order if choice in values)


def _unfit(parameter: Parameter, value: Any, item: int | None = None) -> Unfit:
    from pytest_datapolicy.syntax.suggestions import nearest, repaired
    from pytest_datapolicy.syntax.wording import either, shown

    allowed = either(parameter.choices) or _ALLOWED[parameter.kind]
    label = parameter.name if item is None else f"{parameter.name} entry {item + 1}"
    message = f"{label} is {shown(value)}; it must be {allowed}"
    meant = nearest(value, parameter.choices) if isinstance(value, str) else None
    if meant is not None:
        return Unfit(message, f"did you mean {meant}?", item)
    wanted = frozenset({"number", "integer"} if parameter.kind in NUMBERS else {"string"})
    fitting = None if isinstance(value, list) else repaired(value, lambda other: _fits(parameter, other), wanted)
    return Unfit(message, fitting or f"write {allowed}", item)


def selector(when: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """``when`` as sets: a single ``stakes`` value is that and all higher ones, and ``model`` takes ``unknown`` too."""
    values = {}
    for key, value in when.items():
        if isinstance(value, str):
            chosen = frozenset(STAKES[STAKES.index(value) :]) if key == "stakes" else frozenset((value,))
        else:
            chosen = frozenset(value)
        values[key] = chosen | {"unknown"} if key == "origin" and "model" in chosen else chosen
    return values
