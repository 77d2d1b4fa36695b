"""A JSON Schema that one can find one's way in: its parts, what they refer to, and whether a value fits them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pytest_datapolicy.model.places import Pointer

Node = dict[str, "Any"]
_BRANCHES = ("allOf", "anyOf", "oneOf")
_CHOICES = ("then", "else")


class Schema:
    """A schema with the compiled validators of its parts."""

    def __init__(self, root: Node) -> None:
        self.root = root
        # By identity: the parts live as long as the schema.
        self._validators: dict[tuple[int, str], Callable[[Any], bool]] = {}
        self._unions: dict[int, Node] = {}

    def target(self, reference: str) -> Node:
        """The part that a reference within the schema names."""
        node: Any = self.root
        for step in reference.removeprefix("#").split("/")[1:]:
            node = node[step.replace("~1", "/").replace("~0", "~")]
        assert isinstance(node, dict)
        return node

    def accepts(self, node: Any, value: Any, keyword: str = "") -> bool:
        """Whether `value` satisfies a part of the schema, or only one keyword of it."""
        if not isinstance(node, dict):
            return node is not False
        known = self._validators.get((id(node), keyword))
        if known is None:
            known = self._validators[id(node), keyword] = self._compiled({keyword: node[keyword]} if keyword else node)
        return known(value)

    def fits(self, node: Node, value: Any) -> bool:
        """Whether `value` satisfies a part of the schema, where 1.0 is no integer."""
        allowed = kinds(node)
        return self.accepts(node, value) and (not allowed or kind_of(value) in allowed)

    def union(self, choices: list[Node]) -> Node:
        """The part that any of the `choices` of the schema satisfies, with all that they refer to."""
        known = self._unions.get(id(choices))
        if known is None:
            known = self._unions[id(choices)] = {"anyOf": [merged(self.spread(choice)) for choice in choices]}
        return known

    def spread(self, node: Any) -> list[Node]:
        """A part with everything that it refers to or combines, the nearest first."""
        found: list[Node] = []
        waiting = [node]
        while waiting:
            current = waiting.pop(0)
            if not isinstance(current, dict) or any(current is other for other in found):
                continue
            found.append(current)
            if "$ref" in current:
                waiting.append(self.target(current["$ref"]))
            waiting.extend(branch for key in _BRANCHES for branch in current.get(key, ()))
            waiting.extend(current[key] for key in _CHOICES if key in current)
        return found

    def owners(self, field: str) -> list[str]:
        """The titles of the mappings that have a field of this name."""
        nodes = [node for node in _all_nodes(self.root) if field in node.get("properties", ())]
        return list(dict.fromkeys(node["title"] for node in nodes if "title" in node))

    def _compiled(self, node: Node) -> Callable[[Any], bool]:
        import jsonschema_rs

        refers = any("$ref" in inner for inner in _all_nodes(node))
        inner = {"$defs": self.root.get("$defs", {}), **node} if refers else node
        dialect = self.root.get("$schema", "https://json-schema.org/draft/2020-12/schema")
        return jsonschema_rs.validator_for({**inner, "$schema": dialect}, validate_formats=True).is_valid


class Guide:
    """The parts of a schema that judge each value of one document."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._at: dict[Pointer, list[Node]] = {(): schema.spread(schema.root)}

    def nodes(self, pointer: Pointer) -> list[Node]:
        """Every part that has a say on the value at `pointer`, choices that may not apply among them."""
        known = self._at.get(pointer)
        if known is None:
            inner = (step for parent in self.nodes(pointer[:-1]) for step in _step(parent, pointer[-1]))
            known = self._at[pointer] = [node for child in inner for node in self.schema.spread(child)]
        return known

    def merged(self, pointer: Pointer) -> Node:
        """The parts for the value at `pointer` as one; what stands nearer counts."""
        return merged(self.nodes(pointer))

    def is_field(self, pointer: Pointer) -> bool:
        """Whether the last step of `pointer` is a field that the schema names, rather than a name of the user's."""
        return bool(pointer) and any(pointer[-1] in node.get("properties", ()) for node in self.nodes(pointer[:-1]))

    def is_required(self, pointer: Pointer) -> bool:
        """Whether the field at `pointer` can not be left out."""
        return bool(pointer) and any(pointer[-1] in node.get("required", ()) for node in self.nodes(pointer[:-1]))

    def title(self, pointer: Pointer) -> str:
        """What the mapping at `pointer` is called."""
        return next((node["title"] for node in self.nodes(pointer) if "title" in node), "mapping")

    def whole_numbers_only(self, pointer: Pointer) -> bool:
        """Whether the value at `pointer` may be an integer but no other number."""
        types = {kind for node in self.nodes(pointer) for kind in kinds(node)}
        return "integer" in types and "number" not in types


def kinds(node: Node) -> frozenset[str]:
    """The JSON types that a part allows; none when it does not say."""
    given = node.get("type", ())
    own = {given} if isinstance(given, str) else set(given)
    if not own:
        own = {kind_of(option) for option in (*node.get("enum", ()), *([node["const"]] if "const" in node else []))}
    return frozenset(own | {"integer"} if "number" in own else own).union(*map(kinds, node.get("anyOf", ())))


def kind_of(value: object) -> str:
    """The JSON type of a value, where 1.0 is no integer."""
    if value is None:
        return "null"
    names = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "number")


def merged(nodes: list[Node]) -> Node:
    """Several parts as one; what stands nearer counts."""
    return {key: part for node in reversed(nodes) for key, part in node.items()}


def inner_parts(node: Node, key: str) -> list[Any]:
    """What `node` says of the value of a key: its own entry, else patterns, else the rule for all other keys."""
    named = [node["properties"][key]] if key in node.get("properties", ()) else []
    patterns = [inner for pattern, inner in node.get("patternProperties", {}).items() if re.search(pattern, key)]
    return [*named, *patterns] or [node.get("additionalProperties", True)]


def _step(node: Node, step: str | int) -> Iterator[Any]:
    if isinstance(step, str):
        yield from inner_parts(node, step)
        return
    first = node.get("prefixItems", ())
    yield first[step] if step < len(first) else node.get("items")


def _all_nodes(schema: Any) -> Iterator[Node]:
    waiting = [schema]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
