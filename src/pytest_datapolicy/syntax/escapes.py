"""Backslash escapes in double quotes: what they stand for, and where the one is that may not stand there."""

from __future__ import annotations

import re

from pytest_datapolicy.syntax.characters import first_forbidden, instead, name
from pytest_datapolicy.syntax.positions import offset_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pytest_datapolicy.model.places import Pointer, Span
    from pytest_datapolicy.syntax.faults import Faults

ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)",
    re.DOTALL,
)
_LETTERS = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def character(escape: str) -> str:
    """The character that an escape, found by `ESCAPE`, stands for; a surrogate when it is half a pair."""
    if len(escape) == 2:
        return _LETTERS.get(escape[1], escape[1])
    if len(escape) == 12:
        return chr(0x10000 + ((int(escape[2:6], 16) - 0xD800) << 10) + int(escape[8:], 16) - 0xDC00)
    return chr(int(escape[2:], 16))


def refuse_hidden(faults: Faults, value: str, start: int, end: int, pointer: Pointer = ()) -> None:
    """Stop at the first forbidden character of `value`, which `start` to `end` of the source spell in quotes."""
    found = first_forbidden(value)
    if found is None:
        return
    bad = found[0]
    span = _escape_span(faults.text, bad, value.count(bad, 0, found.start()), start, end)
    remedy = r"write \n" if bad == "\r" else instead(bad)
    faults.stop(f"an escape for {name(bad)} is not allowed", remedy, span, pointer)


def _escape_span(text: str, bad: str, before: int, start: int, end: int) -> Span:
    """The span of the escape for `bad` that follows `before` others for it; of the whole text when there is none."""
    for found in ESCAPE.finditer(text, start, end):
        if character(found[0]) == bad:
            if before == 0:
                return offset_span(text, *found.span())
            before -= 1
    return offset_span(text, start, end)
