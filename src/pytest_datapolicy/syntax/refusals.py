"""Which values, fields and names of a document a schema refuses, one at a time and in the order of the document.

The validator that decides gathers all errors before it returns the first, at some kilobytes and microseconds each, so
that a small hostile file would cost seconds. Here the parts of a schema are put to that validator one by one.
"""

from __future__ import annotations

from itertools import islice

from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.syntax.limits import FAULTS
from pytest_datapolicy.syntax.walk import inner_parts, kind_of, kinds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.syntax.walk import Node, Schema

_FIRST = ("type", "const", "enum", "pattern", "format", "not")
"""Of several keywords that one value misses, the first of these is told."""
_ANNOTATIONS = {"$schema", "$id", "$ref", "$defs", "title", "description", "examples", "default"}
_FOR_EDITORS = {"patternErrorMessage", "enumDescriptions"}
_OF_MAPPINGS = {"properties", "patternProperties", "additionalProperties", "propertyNames"}
_OF_FIELDS = {"required", "dependentRequired"}
_OF_LISTS = {"items", "prefixItems"}
_COMBINING = {"allOf", "anyOf", "oneOf", "if", "then", "else"}
_NOT_TRIED = frozenset(_ANNOTATIONS | _FOR_EDITORS | _OF_MAPPINGS | _OF_FIELDS | _OF_LISTS | _COMBINING)
"""Keywords that say nothing of a value, or that are gone through part by part."""


class Refusal(NamedTuple):
    """One value, field or name that a schema refuses, not yet in words."""

    pointer: Pointer
    """The value; the field when it is unknown or missing; the key when it is a bad name."""
    keyword: str
    """The keyword of JSON Schema, or ``whole``, ``unknown``, ``missing``, ``forbidden``, ``name``."""
    node: Node
    """The part of the schema that holds the keyword."""
    condition: Node | None = None
    """The ``if`` under which it applies."""


def refusals(schema: Schema, node: Any, value: Any, pointer: Pointer, condition: Node | None) -> Iterator[Refusal]:
    """Everything in `value` that the part `node` refuses."""
    if schema.accepts(node, value):
        return
    if node is False:
        yield Refusal(pointer, "forbidden", {}, condition)
        return
    if "$ref" in node:
        yield from refusals(schema, schema.target(node["$ref"]), value, pointer, condition)
    keywords = sorted(node.keys() - _NOT_TRIED, key=_order)
    missed = next((key for key in keywords if not schema.accepts(node, value, key)), None)
    if missed is not None:
        yield Refusal(pointer, missed, node, condition)
    if isinstance(value, dict):
        yield from _in_mapping(schema, node, value, pointer, condition)
    elif isinstance(value, list):
        yield from _in_list(schema, node, value, pointer, condition)
    for part in node.get("allOf", ()):
        yield from refusals(schema, part, value, pointer, condition)
    for key in ("anyOf", "oneOf"):
        if key in node and not schema.accepts(node, value, key):
            yield from _of_nearest(schema, node[key], value, pointer, condition)
    if "if" in node:
        applies = schema.accepts(node["if"], value)
        branch, under = ("then", node["if"]) if applies else ("else", condition)
        yield from refusals(schema, node.get(branch, True), value, pointer, under)


def _in_mapping(
    schema: Schema, node: Node, value: dict[str, Any], pointer: Pointer, condition: Node | None
) -> Iterator[Refusal]:
    needs = (fields for key, fields in node.get("dependentRequired", {}).items() if key in value)
    wanted = [*node.get("required", ()), *(field for fields in needs for field in fields)]
    yield from (Refusal((*pointer, field), "missing", node, condition) for field in wanted if field not in value)
    names, fields = node.get("propertyNames", True), node.get("properties", {})
    for key, inner in value.items():
        if not schema.accepts(names, key):
            yield from (
                Refusal((*pointer, key), "name", refusal.node, condition)
                for refusal in islice(refusals(schema, names, key, (), None), 1)
            )
        if node.get("additionalProperties") is False and inner_parts(node, key) == [False] and key not in fields:
            yield Refusal((*pointer, key), "unknown", node, condition)
            continue
        for part in inner_parts(node, key):
            yield from refusals(schema, part, inner, (*pointer, key), condition)


def _in_list(
    schema: Schema, node: Node, value: list[Any], pointer: Pointer, condition: Node | None
) -> Iterator[Refusal]:
    first = node.get("prefixItems", ())
    for index, inner in enumerate(value):
        part = first[index] if index < len(first) else node.get("items", True)
        yield from refusals(schema, part, inner, (*pointer, index), condition)


def _of_nearest(
    schema: Schema, choices: list[Node], value: Any, pointer: Pointer, condition: Node | None
) -> Iterator[Refusal]:
    """The refusals of the choice that the value comes closest to, or one when it is of no kind that any allows."""
    if any(schema.accepts(choice, value) for choice in choices):
        yield Refusal(pointer, "oneOf", {}, condition)
        return
    tried = [list(islice(refusals(schema, choice, value, pointer, condition), FAULTS)) for choice in choices]
    fitting = [found for found in tried if found and not any(_is_of_other_kind(each, pointer, value) for each in found)]
    if fitting:
        yield from min(fitting, key=_distance)
    else:
        yield Refusal(pointer, "type", schema.union(choices), condition)


def _is_of_other_kind(refusal: Refusal, pointer: Pointer, value: Any) -> bool:
    if refusal.pointer != pointer:
        return False
    return refusal.keyword in ("type", "enum", "const") and kind_of(value) not in kinds(refusal.node)


def _distance(found: list[Refusal]) -> tuple[int, int, int]:
    other = sum(refusal.keyword in ("const", "enum") for refusal in found)
    return other, len(found), -max(len(refusal.pointer) for refusal in found)


def _order(keyword: str) -> tuple[int, str]:
    return _FIRST.index(keyword) if keyword in _FIRST else len(_FIRST), keyword
