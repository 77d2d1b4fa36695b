"""Bytes to text: strict UTF-8, and no character that hides, reorders or ends what a reviewer sees.

Not allowed, raw or escaped: control characters other than tab and line ends, bidirectional controls, the line ends that
only some readers know (U+0085, U+2028, U+2029, a lone carriage return), noncharacters, and everything that Unicode
calls default ignorable, variation selectors and tag characters among it. ZWNJ and ZWJ are allowed between two
characters beyond ASCII, where emoji and the scripts that need them have them.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from pytest_datapolicy.model.document import Problem, Refused
from pytest_datapolicy.model.places import Span
from pytest_datapolicy.syntax.limits import FAULTS
from pytest_datapolicy.syntax.positions import offset_span

_BOM = b"\xef\xbb\xbf"
_HARMLESS = bytes((9, 10, 13, *range(32, 127)))
_JOINERS = "\u200c\u200d"
_HIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u2028\u2029\ufff9-\ufffb"  # separators that end a line for some readers; annotation marks
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(p + 0xFFFE)}{chr(p + 0xFFFF)}" for p in range(0x10000, 0x110000, 0x10000))
)
# First bytes of what is sometimes found in place of a text, longest first.
_SIGNATURES = (
    (b"\x00GITCRYPT", "is encrypted by git-crypt", "unlock the repository first: git-crypt unlock"),
    (b"\xff\xfe\x00\x00", "is UTF-32, not UTF-8", "save the file as UTF-8"),
    (b"\x00\x00\xfe\xff", "is UTF-32, not UTF-8", "save the file as UTF-8"),
    (b"\xff\xfe", "is UTF-16, not UTF-8", "save the file as UTF-8"),
    (b"\xfe\xff", "is UTF-16, not UTF-8", "save the file as UTF-8"),
    (b"\x1f\x8b", "is compressed by gzip", "store the file uncompressed"),
    (b"PK\x03\x04", "is a zip archive", "store the file itself"),
    (
        b"version https://git-lfs.github.com/",
        "is a Git LFS pointer, not the file itself",
        "fetch the file: git lfs pull",
    ),
)
_LOOKED_AT = 1000
_NAMES = {
    "\0": "NULL",
    "\b": "BACKSPACE",
    "\t": "TAB",
    "\v": "LINE TABULATION",
    "\f": "FORM FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}
_INSTEAD = {
    "\r": "end lines with LF or CRLF",
    "\x85": "end lines with LF or CRLF",
    "\u2028": "end lines with LF or CRLF",
    "\u2029": "end lines with LF or CRLF",
    "\ufe0f": "remove it; an emoji shows without it",
}


def decode(data: bytes) -> str:
    """The text of `data` without its byte order mark; raises `Refused` when it is not clean UTF-8."""
    raw = data[3:] if data.startswith(_BOM) else data
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(raw, error) from None
    # Only what is left of the bytes without plain ASCII needs a search, and that is nearly always nothing.
    rest = raw.translate(None, _HARMLESS)
    lone_cr = b"\r" in raw and raw.count(b"\r") != raw.count(b"\r\n")
    if lone_cr or (rest and _suspicious(rest)) or raw.startswith(_SIGNATURES[-1][0]):
        _refuse_hidden(raw, text)
    return text


def first_forbidden(text: str) -> re.Match[str] | None:
    """The first character of `text` that is not allowed."""
    return _forbidden().search(text)


@cache
def _forbidden() -> re.Pattern[str]:
    """Made when first needed: texts of plain ASCII are the rule, and the start of the process counts."""
    joinable = f"[^\x00-\x7f{_JOINERS}]"
    return re.compile(f"[{_HIDDEN}]|\r(?!\n)|(?<!{joinable})[{_JOINERS}]|[{_JOINERS}](?!{joinable})")


@cache
def _suspect() -> re.Pattern[str]:
    return re.compile(f"[{_HIDDEN}{_JOINERS}]")


def _suspicious(rest: bytes) -> bool:
    """Whether what is left of a text without its plain ASCII may hold a forbidden character."""
    return _suspect().search(rest.decode("utf-8", "replace")) is not None


def name(character: str) -> str:
    """``U+202E RIGHT-TO-LEFT OVERRIDE``: the code point, with its name where it has one."""
    import unicodedata

    fallback = {"Cc": "control character", "Cs": "lone surrogate", "Cn": "noncharacter"}
    found = (
        _NAMES.get(character) or unicodedata.name(character, "") or fallback.get(unicodedata.category(character), "")
    )
    return f"U+{ord(character):04X} {found}".rstrip()


def instead(character: str) -> str:
    """What to do about a forbidden character."""
    return _INSTEAD.get(character, "remove it")


def _refuse_hidden(raw: bytes, text: str) -> None:
    """Refuse a text that has forbidden characters, with the first place of each."""
    signature = _signature(raw)
    if signature:
        raise Refused([signature], text)
    if "\0" in text[:2]:
        raise Refused([_at_start("is not UTF-8 text", "save the file as UTF-8")], text)
    problems: dict[str, Problem] = {}
    for found in islice(_forbidden().finditer(text), _LOOKED_AT):
        character = found[0]
        if character not in problems and len(problems) < FAULTS:
            span = offset_span(text, found.start(), found.start() + 1)
            message = f"{name(character)} is not allowed in the text"
            problems[character] = Problem("DP001", message, instead(character), span)
    if problems:
        raise Refused(list(problems.values()), text)


def _signature(raw: bytes) -> Problem | None:
    for start, message, remedy in _SIGNATURES:
        if raw.startswith(start):
            return _at_start(message, remedy)
    return None


def _at_start(message: str, remedy: str) -> Problem:
    return Problem("DP001", f"the file {message}", remedy, Span(1, 1, 1, 1))


def _not_utf8(raw: bytes, error: UnicodeDecodeError) -> Refused:
    text = raw.decode("utf-8", "replace")
    before = raw[: error.start].decode("utf-8")
    span = offset_span(before + "?", len(before), len(before) + 1)
    message = f"the byte 0x{raw[error.start]:02X} is not UTF-8"
    return Refused([_signature(raw) or Problem("DP001", message, "save the file as UTF-8", span)], text)
