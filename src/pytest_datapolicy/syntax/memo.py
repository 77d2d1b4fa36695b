"""Texts read before: equal keys and scalars of many documents are read once and shared.

Both memos hold what does not depend on where it stands, are bounded in entries and in their length, and are only ever
a shortcut: emptying them changes no result.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


ENTRIES = 4096
LENGTH = 64

values: dict[str, object] = {}
"""The values of plain scalars. Doubtful ones are never kept: they stay rare, and their message depends on the field."""
days: dict[str, bool] = {}
"""Plain scalars of date fields that are days of the calendar."""
keys: dict[str, str] = {}
"""Keys that mean the same plain and quoted."""


class _Mark:
    __slots__ = ()


MISSING: Final = _Mark()
ITEM: Final = _Mark()
"""Stands for the key while a list is read."""


def keep_value(text: str, value: object) -> None:
    """Remember what a plain scalar reads as outside date fields."""
    if len(text) <= LENGTH:
        if len(values) >= ENTRIES:
            values.clear()
        values[text] = value


def keep_day(text: str) -> None:
    """Remember a day of the calendar."""
    if len(days) >= ENTRIES:
        days.clear()
    days[text] = True


def keep_key(text: str) -> str:
    """The one string object for a key."""
    if len(text) > LENGTH:
        return text
    if len(keys) >= ENTRIES:
        keys.clear()
    return keys.setdefault(text, text)
