"""How values, fields and what is allowed read in a message."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.syntax.walk import Node

LONGEST = 80
"""Characters of a value that a message shows at most."""
UNTOLD = 10**9
"""An upper bound from here on is told only to those who pass it."""

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_READ_AS_TEXT = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@-]*(?:#[A-Za-z0-9_./-]+)?")
_NOT_TEXT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_KINDS = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}


def shown(value: object) -> str:
    """A found value on one line: strings in quotes, everything that is not printable escaped, cut when long."""
    if isinstance(value, str):
        return f'"{_clean(value)}"'
    if isinstance(value, dict | list):
        kind = "mapping" if isinstance(value, dict) else "list"
        return f"a {kind}" if value else f"an empty {kind}"
    return _word(value)


def named(key: str) -> str:
    """A field or key as a message names it: in quotes only where that helps."""
    return key if _PLAIN.fullmatch(key) and len(key) <= LONGEST else shown(key)


def literal(value: object) -> str:
    """A value as it can be written in YAML and, with strings in quotes, in JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(literal(inner) for inner in value) + "]"
    if isinstance(value, str):
        return value if _READ_AS_TEXT.fullmatch(value) and value.lower() not in _NOT_TEXT else shown(value)
    return _word(value)


def allowed(node: Node) -> str:
    """What a part of a schema allows, as the end of a sentence that says "it must be"; empty when that takes more."""
    return either(_choices(node))


def either(words: Iterable[str]) -> str:
    """``a, b or c``."""
    given = list(dict.fromkeys(words))
    return " or ".join(filter(None, (", ".join(given[:-1]), *given[-1:])))


def _choices(node: Node) -> list[str]:
    if "const" in node or "enum" in node:
        return [literal(value) for value in node.get("enum", [node.get("const")])]
    if "patternErrorMessage" in node:
        return [str(node["patternErrorMessage"])]
    if "anyOf" in node:
        return [word for choice in node["anyOf"] for word in _choices(choice)]
    given = node.get("type", "number" if _bounds(node) else ())
    return [_kind(kind, node) for kind in ((given,) if isinstance(given, str) else given)]


def _kind(kind: str, node: Node) -> str:
    text = _KINDS[kind]
    if kind in ("integer", "number"):
        return text + _bounds(node)
    if kind == "string" and node.get("format") == "date":
        return "a day of the calendar as YYYY-MM-DD"
    return text


def _bounds(node: Node) -> str:
    least, most, above = node.get("minimum"), node.get("maximum"), node.get("exclusiveMinimum")
    most = None if most is not None and most >= UNTOLD else most
    if least is not None:
        return f" of at least {least}" if most is None else f" from {least} to {most}"
    if above is not None:
        return f" greater than {above}" + ("" if most is None else f" and at most {most}")
    return "" if most is None else f" of at most {most}"


def _word(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _clean(text: str) -> str:
    cut = text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
    return "".join(_visible(character) for character in cut)


def _visible(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    return short or (f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}")
