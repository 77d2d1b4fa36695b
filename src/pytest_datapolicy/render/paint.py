"""Colours of a terminal, or none."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Paint = Callable[[str, str], str]
    """From a style and a text to what is printed."""

_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "advice": "1;36",
    "quiet": "2",
    "gutter": "34",
    "strong": "1",
    "good": "1;32",
}


def plain(style: str, text: str) -> str:
    """`text` as it is."""
    del style
    return text


def ansi(style: str, text: str) -> str:
    """`text` between the escape sequences of a style."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if text else text
