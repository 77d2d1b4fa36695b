"""The text of evidence: UTF-8, JSON without duplicate keys, a list of mappings or one mapping a line."""

from __future__ import annotations

import json

from pytest_datapolicy.formats.evidence.entries import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


def decode(data: bytes) -> str:
    """The text of a file; a leading BOM is left out."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"byte {error.start} is not UTF-8") from None


def items(text: str) -> list[dict[str, Any]]:
    """The mappings of a JSON list, or of lines that hold one each."""
    if text.lstrip().startswith("["):
        found = _parsed(text, "")
    else:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        found = [_parsed(line, f" on line {number}") for number, line in lines]
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Unreadable("it is no list of records")
    return found


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place = where or f" on line {error.lineno}"
        raise Unreadable(f"the JSON{place} is broken: {error.msg[:1].lower()}{error.msg[1:]}") from None
    except (ValueError, RecursionError):
        raise Unreadable(f"the JSON{where} holds a number too long, or is nested too deep") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Unreadable(f"the key {twice[:80]!r} is given twice in one mapping")
    return found


def _no_number(word: str) -> NoReturn:
    raise Unreadable(f"{word} is no number in JSON")
