"""Finding one's way in a JSON Schema: the schema at a location, and those that judge the value at a pointer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.model.places import Pointer

Node = dict[str, Any]
_BRANCHES = ("allOf", "anyOf", "oneOf")
_CHOICES = ("then", "else")


class Guide:
    """A schema that can be walked."""

    def __init__(self, schema: Node) -> None:
        self.schema = schema
        self._at: dict[Pointer, list[Node]] = {(): self._spread(schema)}

    def located(self, path: Iterable[str | int]) -> Node:
        """The schema at a location; references on the way are followed."""
        node: Any = self.schema
        for step in path:
            node = self._target(node["$ref"]) if step == "$ref" else node[step]
        return node if isinstance(node, dict) else {}

    def nodes(self, pointer: Pointer) -> list[Node]:
        """Every schema that has a say on the value at `pointer`, choices that may not apply among them."""
        known = self._at.get(pointer)
        if known is None:
            inner = (step for parent in self.nodes(pointer[:-1]) for step in _step(parent, pointer[-1]))
            known = self._at[pointer] = [node for child in inner for node in self._spread(child)]
        return known

    def merged(self, node: Node) -> Node:
        """A schema and all that it refers to as one; what stands nearer counts."""
        return {key: part for other in reversed(self._spread(node)) for key, part in other.items()}

    def merged_at(self, pointer: Pointer) -> Node:
        """The schemas of the value at `pointer` as one."""
        return {key: part for other in reversed(self.nodes(pointer)) for key, part in other.items()}

    def is_field(self, pointer: Pointer) -> bool:
        """Whether the last step of `pointer` is a field that the schema names, rather than a name of the user's."""
        return bool(pointer) and any(pointer[-1] in node.get("properties", ()) for node in self.nodes(pointer[:-1]))

    def is_required(self, pointer: Pointer) -> bool:
        """Whether the field at `pointer` can not be left out."""
        return bool(pointer) and any(pointer[-1] in node.get("required", ()) for node in self.nodes(pointer[:-1]))

    def title(self, pointer: Pointer) -> str:
        """What the mapping at `pointer` is called."""
        return next((node["title"] for node in self.nodes(pointer) if "title" in node), "mapping")

    def owners(self, field: str) -> list[str]:
        """The titles of the mappings that have a field of this name."""
        nodes = [node for node in _all_nodes(self.schema) if field in node.get("properties", ())]
        return list(dict.fromkeys(node["title"] for node in nodes if "title" in node))

    def whole_numbers_only(self, pointer: Pointer) -> bool:
        """Whether the value at `pointer` may be an integer but no other number."""
        types = {kind for node in self.nodes(pointer) for kind in as_list(node.get("type", ()))}
        return "integer" in types and "number" not in types

    def _target(self, reference: str) -> Any:
        node: Any = self.schema
        for step in reference.removeprefix("#").split("/")[1:]:
            node = node[step.replace("~1", "/").replace("~0", "~")]
        return node

    def _spread(self, node: Any) -> list[Node]:
        """A schema with everything that it refers to or combines."""
        found: list[Node] = []
        waiting = [node]
        while waiting:
            current = waiting.pop(0)
            if not isinstance(current, dict) or any(current is other for other in found):
                continue
            found.append(current)
            if "$ref" in current:
                waiting.append(self._target(current["$ref"]))
            waiting.extend(branch for key in _BRANCHES for branch in current.get(key, ()))
            waiting.extend(current[key] for key in _CHOICES if key in current)
        return found


def as_list(value: Any) -> list[Any]:
    """`value`, or a list of the one value."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _step(node: Node, step: str | int) -> Iterator[Any]:
    if isinstance(step, int):
        first = node.get("prefixItems", ())
        yield first[step] if step < len(first) else node.get("items")
        return
    named = node.get("properties", {}).get(step)
    patterns = [inner for pattern, inner in node.get("patternProperties", {}).items() if re.search(pattern, step)]
    if named is not None:
        yield named
    yield from patterns
    if named is None and not patterns:
        yield node.get("additionalProperties")


def _all_nodes(schema: Any) -> Iterator[Node]:
    waiting = [schema]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
