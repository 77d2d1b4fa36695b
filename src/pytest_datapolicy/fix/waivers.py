"""Adding an entry to a waiver file, with everything else in the file kept."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

EMPTY = "waivers: 1\nentries: []\n"
"""A waiver file without waivers."""
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAYS = ("granted", "expires")
_NO_ENTRIES = re.compile(r"""^(["']?entries["']?[ ]*:)[ ]*\[\s*\][ ]*(#.*)?$""", re.MULTILINE)
_DASH = re.compile(r"( *)-( +(?=\S)| *$)")


def entry_text(fields: Mapping[str, str], allow: Mapping[str, str | Sequence[str]]) -> str:
    """An entry as YAML, one field a line. A text of `allow` that is a number is written as it is spelled."""
    lines = []
    for key, value in fields.items():
        plain = key in DAYS and DAY.fullmatch(value)
        lines.append(f"{key}: {value if plain else _quoted(value)}")
    if allow:
        lines.append("allow: {" + ", ".join(f"{_quoted(name)}: {_value(value)}" for name, value in allow.items()) + "}")
    return "\n".join(lines) + "\n"


def _value(value: str | Sequence[str]) -> str:
    if not isinstance(value, str):
        return "[" + ", ".join(map(_quoted, value)) + "]"
    return value if NUMBER.fullmatch(value) else _quoted(value)


def _quoted(text: str) -> str:
    """A string that every YAML reader takes for this string, in quotes only where it needs them."""
    import json

    from pytest_datapolicy.syntax.wording import literal

    return json.dumps(text, ensure_ascii=False) if literal(text).startswith('"') else text


def with_entry(text: str, entry: str, *, after: int) -> str:
    """The text of a valid waiver file with one more entry at its end.

    `after` is the line, from 1, of the last entry that the file has, or 0. Lines that are there stay as they are; only
    entries in brackets are laid out anew, with comments and order kept.
    """
    line_end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if after == 0:
        whole = _NO_ENTRIES.sub(lambda found: " ".join(filter(None, found.groups())), "\n".join(lines), count=1)
        if len(whole) == len("\n".join(lines)):
            return _laid_out(text, entry)
        lines = whole.split("\n")
        start = next(number for number, line in enumerate(lines) if re.match(r"""["']?entries["']?[ ]*:""", line))
        return line_end.join([*lines[: start + 1], *_item(entry, 2, 1), *lines[start + 1 :], ""])
    first = after - 1
    while first > 0 and not _DASH.match(lines[first]):
        first -= 1
    dash = _DASH.match(lines[first])
    if dash is None:
        return _laid_out(text, entry)
    column = len(dash[1])
    end = first + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > column):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    apart = [""] if _are_apart(lines[:first], column) else []
    item = _item(entry, column, max(len(dash[2]), 1))
    return line_end.join([*lines[:end], *apart, *item, *lines[end:], ""])


def _are_apart(before: list[str], column: int) -> bool:
    """Whether a blank line stands between the last entry and the one before it."""
    above = len(before)
    while above > 0 and before[above - 1].lstrip().startswith("#"):
        above -= 1
    blank = above > 0 and not before[above - 1].strip()
    return blank and any((dash := _DASH.match(line)) and len(dash[1]) == column for line in before)


def _item(entry: str, column: int, gap: int) -> list[str]:
    """The lines of an entry in a list whose dashes stand in `column`, from 0, with `gap` blanks behind them."""
    lines = entry.rstrip("\n").split("\n")
    head = " " * column + "-" + " " * gap
    return [head + lines[0], *(" " * len(head) + line for line in lines[1:])]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _laid_out(text: str, entry: str) -> str:
    """The file as ruamel.yaml writes it, which keeps comments and order."""
    from io import StringIO

    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 20
    document: Any = yaml.load(text.removeprefix("\ufeff"))
    document["entries"].append(yaml.load(entry))
    stream = StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()
