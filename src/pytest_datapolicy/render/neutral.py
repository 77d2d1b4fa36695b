"""Text of other people, made harmless for terminals and build logs: what cannot be seen is written out.

Control, bidirectional, zero-width and other characters without a glyph become visible escapes. Nothing is taken away,
so two texts that differ stay different in print.
"""

from __future__ import annotations

import re

# Build services run ``##[command]`` and ``##vso[command]`` wherever they stand in a line of the log.
COMMAND = r"##(?=[A-Za-z]*\[)"
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


VALUE = 80
"""No more characters are shown of a name or a value that somebody wrote."""
REASON = 300
"""Nor of a sentence that was written to be read: why a policy asks, why a waiver was granted."""
SENTENCE = 1000
"""Nor of a message or a remedy."""


def neutral(text: str, limit: int = 0) -> str:
    """`text` on one line with visible escapes, cut to `limit` characters when that is given."""
    if limit and len(text) > limit:
        text = text[: max(limit - 3, 0)] + "..."
    if text.isascii() and text.isprintable() and "##" not in text:
        return text
    return "".join(cells(text))


def value(text: object) -> str:
    """A name or a value, on one line and cut."""
    return neutral(str(text), VALUE)


def reason(text: object) -> str:
    """Why a policy asks or a waiver was granted, on one line and cut."""
    return neutral(str(text), REASON)


def sentence(text: str) -> str:
    """A message or a remedy, on one line and cut."""
    return neutral(text, SENTENCE)


def cells(text: str) -> list[str]:
    """What to print for each character of `text`."""
    shown = [char if _is_plain(char) else visible(char) for char in text]
    for command in re.finditer(COMMAND, text):
        shown[command.start() + 1] = "\\x23"
    return shown


def visible(char: str) -> str:
    """The escape of one character. A byte of a file name that is not UTF-8 is shown as that byte."""
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width(text: str) -> int:
    """How many columns of a terminal neutral text takes."""
    if text.isascii():
        return len(text)
    import unicodedata

    columns = 0
    for char in text:
        if unicodedata.east_asian_width(char) in ("W", "F"):
            columns += 2
        elif not unicodedata.combining(char) and unicodedata.category(char) != "Me":
            columns += 1
    return columns


def _is_plain(char: str) -> bool:
    # Variation selectors count as printable, but change what they follow without being seen.
    return char.isprintable() and not ("\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef")
