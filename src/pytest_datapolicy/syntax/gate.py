"""A JSON Schema as one function that says whether a tree fits it: no reasons, and no time spent on any.

Integers are those written without a point: 100.0 is none. A schema that says more than this module knows is left to
the validator that explains, so that no schema is ever read by half.
"""

from __future__ import annotations

import re
from decimal import Decimal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    Check = Callable[[Any], bool]
    Node = Mapping[str, Any]

REMEMBERED = 1024
"""So many texts that matched are remembered for each pattern."""
_CLASSES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
_OF_NUMBERS = {"minimum", "maximum", "exclusiveMinimum"}
_WORDS = {
    str: {"minLength", "maxLength", "pattern", "format"},
    int: _OF_NUMBERS,
    Decimal: _OF_NUMBERS,
    list: {"items", "minItems", "maxItems", "uniqueItems"},
    dict: {"properties", "additionalProperties", "propertyNames", "required", "dependentRequired", "minProperties"},
}
"""The keywords that are about values of one class, and say nothing of others."""
_COMBINING = {"type", "enum", "const", "$ref", "allOf", "anyOf", "not", "if", "then", "else"}
NOTES = frozenset({"title", "description", "examples", "default", "patternErrorMessage", "enumDescriptions"})
"""The keywords that decide nothing."""
NAMED_PARTS = frozenset({"properties", "$defs"})
"""The keywords that hold parts by names of their own."""
_OF_THE_ROOT = {"$schema", "$id", "$defs"}
_SIMPLE = (str, int, bool, type(None))
_NO_END = 1 << 62


class _Unknown(Exception):  # noqa: N818 - it is an answer
    """A keyword, or a use of one, that this module does not know."""


def compiled(schema: Node) -> Check | None:
    """Whether a tree fits the schema, as a function; None for a schema with more in it than is known here."""
    try:
        return _Compiler(schema).check(schema)
    except _Unknown:
        return None


class _Compiler:
    """The checks of the parts of one schema."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._targets: dict[str, Check | None] = {}

    def check(self, node: Any) -> Check:
        """Whether a value fits one part."""
        if not isinstance(node, dict):
            return _anything if node else _nothing
        words = node.keys() - NOTES - _OF_THE_ROOT
        if not words <= _COMBINING.union(*_WORDS.values()):
            raise _Unknown
        checks = [*self._own(node, words), *self._combined(node)]
        if len(checks) == 1:
            return checks[0]
        if len(checks) == 2:
            first, second = checks
            return lambda value: first(value) and second(value)
        return lambda value: all(check(value) for check in checks)

    def _own(self, node: Node, words: set[str]) -> Iterator[Check]:
        """What the part itself says of a value: its class, what is asked of that class, the values to choose from."""
        asked = {kind: self._asked(node, kind) for kind, known in _WORDS.items() if words & known}
        names = node.get("type", ())
        kinds = [kind for name in ((names,) if isinstance(names, str) else names) for kind in _CLASSES[name]]
        options = [*node.get("enum", ()), *([node["const"]] if "const" in node else ())]
        if len(kinds) == 1:
            yield asked.get(kinds[0]) or _is(kinds[0])
        elif kinds:
            table = {kind: asked.get(kind, _anything) for kind in kinds}
            yield lambda value: table.get(value.__class__, _nothing)(value)
        elif asked:
            yield lambda value: asked.get(value.__class__, _anything)(value)
        if options:
            yield _one_of(options)

    def _asked(self, node: Node, kind: type) -> Check:
        """Whether a value is of this class, and as the part wants it."""
        if kind is str:
            return _text(node)
        if kind is list:
            return self._list(node)
        return self._mapping(node) if kind is dict else _number(node, kind)

    def _combined(self, node: Node) -> Iterator[Check]:
        """What the part says with the help of others."""
        if "$ref" in node:
            yield self._target(node["$ref"])
        yield from map(self.check, node.get("allOf", ()))
        if "anyOf" in node:
            choices = [self.check(part) for part in node["anyOf"]]
            yield lambda value: any(choice(value) for choice in choices)
        if "not" in node:
            forbidden = self.check(node["not"])
            yield lambda value: not forbidden(value)
        if "if" in node:
            condition, then, other = (self.check(node.get(word, True)) for word in ("if", "then", "else"))
            yield lambda value: then(value) if condition(value) else other(value)

    def _target(self, reference: str) -> Check:
        start, _, name = reference.rpartition("/")
        if start != "#/$defs":
            raise _Unknown
        if reference not in self._targets:
            self._targets[reference] = None
            self._targets[reference] = self.check(self._root["$defs"][name])
        check = self._targets[reference]
        if check is None:
            raise _Unknown  # it refers to itself
        return check

    def _list(self, node: Node) -> Check:
        least, most = node.get("minItems", 0), node.get("maxItems", _NO_END)
        items = node.get("items", True)
        fits = self.check(items)
        unique = node.get("uniqueItems", False)
        if unique and (items is True or items.get("type") != "string"):
            raise _Unknown

        def check(value: Any) -> bool:
            if value.__class__ is not list or not least <= len(value) <= most:
                return False
            for item in value:
                if not fits(item):
                    return False
            return not unique or len(set(value)) == len(value)

        return check

    def _mapping(self, node: Node) -> Check:
        field = {name: self.check(part) for name, part in node.get("properties", {}).items()}.get
        other = self.check(node.get("additionalProperties", True))
        named = self.check(node["propertyNames"]) if "propertyNames" in node else _anything
        required, least = frozenset(node.get("required", ())), node.get("minProperties", 0)
        together = [(key, frozenset(names)) for key, names in node.get("dependentRequired", {}).items()]

        def check(value: Any) -> bool:
            if value.__class__ is not dict or not required <= value.keys() or len(value) < least:
                return False
            for key, inner in value.items():
                if not field(key, other)(inner):
                    return False
            if named is not _anything and not all(map(named, value)):
                return False
            return not together or all(key not in value or names <= value.keys() for key, names in together)

        return check


def _anything(value: object) -> bool:  # noqa: ARG001
    return True


def _nothing(value: object) -> bool:  # noqa: ARG001
    return False


def _is(kind: type) -> Check:
    return lambda value: value.__class__ is kind


def _one_of(options: Sequence[Any]) -> Check:
    if any(option.__class__ not in _SIMPLE for option in options):
        raise _Unknown
    if all(option.__class__ is str for option in options):
        texts = frozenset(options)
        return lambda value: value.__class__ is str and value in texts
    # True is 1 to Python, and not to JSON.
    pairs = frozenset((option.__class__, option) for option in options)
    return lambda value: value.__class__ in _SIMPLE and (value.__class__, value) in pairs


def _number(node: Node, kind: type) -> Check:
    least, most, above = node.get("minimum"), node.get("maximum"), node.get("exclusiveMinimum")
    if least is not None and most is not None and above is None:
        return lambda value: value.__class__ is kind and least <= value <= most
    return lambda value: (
        value.__class__ is kind
        and (least is None or value >= least)
        and (most is None or value <= most)
        and (above is None or value > above)
    )


def _text(node: Node) -> Check:
    least, most = node.get("minLength", 0), node.get("maxLength", _NO_END)
    found = _search(node["pattern"]) if "pattern" in node else _anything
    if node.get("format", "date") != "date":
        raise _Unknown
    is_day = _is_day if "format" in node else _anything
    known: dict[str, bool] = {}

    def fits(value: str) -> bool:
        if not least <= len(value) <= most or not found(value) or not is_day(value):
            return False
        if len(known) >= REMEMBERED:
            known.clear()
        known[value] = True
        return True

    return lambda value: value.__class__ is str and (value in known or fits(value))


def _search(pattern: str) -> Check:
    """Whether a pattern of ECMAScript is found, where ``$`` is the very end. Compiled when it is first needed."""
    ready: list[Callable[[str], object]] = []

    def found(value: str) -> bool:
        if not ready:
            steps = re.findall(r"\\.|\[(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL)
            ready.append(re.compile("".join(r"\Z" if step == "$" else step for step in steps)).search)
        return ready[0](value) is not None

    return found


def _is_day(value: str) -> bool:
    from datetime import date

    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
