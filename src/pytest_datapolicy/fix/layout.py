"""Values as YAML that the strict reader takes for the same values, with comments where people need them."""

from __future__ import annotations

import json
from decimal import Decimal

from pytest_datapolicy.syntax.limits import DATE_KEYS
from pytest_datapolicy.syntax.wording import literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from pytest_datapolicy.model.places import Pointer

WIDTH = 110
"""Mappings and lists that fit are written on one line."""


def dump(
    tree: Mapping[str, Any],
    notes: Mapping[Pointer, str] | None = None,
    heads: Mapping[Pointer, Sequence[str]] | None = None,
    at: Pointer = (),
) -> str:
    """A mapping as YAML. `notes` follow the value that they are about; `heads` are lines before it, or, under the
    pointer of a mapping and an empty key, at its end."""
    return "\n".join(_Layout(notes or {}, heads or {}).mapping(tree, at, "")) + "\n"


class _Layout:
    def __init__(self, notes: Mapping[Pointer, str], heads: Mapping[Pointer, Sequence[str]]) -> None:
        self.notes = notes
        self.heads = heads
        self.noted = {pointer[:length] for pointer in (*notes, *heads) for length in range(len(pointer))}

    def mapping(self, tree: Mapping[str, Any], at: Pointer, indent: str) -> Iterator[str]:
        for key, value in tree.items():
            pointer = (*at, key)
            yield from self.head(pointer, indent)
            yield from self.entry(f"{indent}{scalar(key)}:", value, pointer, indent)
        yield from self.head((*at, ""), indent)

    def head(self, pointer: Pointer, indent: str) -> Iterator[str]:
        for line in self.heads.get(pointer, ()):
            yield f"{indent}# {line}" if line else ""

    def entry(self, key: str, value: Any, pointer: Pointer, indent: str) -> Iterator[str]:
        note = f"  # {self.notes[pointer]}" if pointer in self.notes else ""
        flow = self.flow(value, pointer)
        if flow is not None and (len(key) + len(flow) < WIDTH or not isinstance(value, dict | list)):
            yield f"{key} {flow}{note}"
        elif isinstance(value, dict):
            yield f"{key}{note}"
            yield from self.mapping(value, pointer, f"{indent}  ")
        else:
            yield f"{key}{note}"
            yield from self.items(value, pointer, indent)

    def items(self, values: Sequence[Any], at: Pointer, indent: str) -> Iterator[str]:
        for index, value in enumerate(values):
            pointer = (*at, index)
            flow = self.flow(value, pointer)
            held = len(value) if isinstance(value, dict) else 0
            if flow is not None and (not isinstance(value, dict | list) or (len(flow) < WIDTH and held < 4)):
                yield f"{indent}  - {flow}"
            elif isinstance(value, dict):
                first, *others = self.mapping(value, pointer, f"{indent}    ")
                yield f"{indent}  - {first.lstrip()}"
                yield from others
            else:
                yield f"{indent}  -"
                yield from self.items(value, pointer, f"{indent}  ")

    def flow(self, value: Any, at: Pointer) -> str | None:
        """A value on one line; None for one that is noted further in, or that is easier to read on several."""
        if not isinstance(value, dict | list):
            return scalar(value, str(at[-1]) if at else "")
        if at in self.noted:
            return None
        if isinstance(value, dict):
            if any(isinstance(item, dict | list) and item and not _plain(item) for item in value.values()):
                return None
            pairs = [f"{scalar(key)}: {self.flow(item, (*at, key))}" for key, item in value.items()]
            return "{" + ", ".join(pairs) + "}"
        if any(isinstance(item, dict | list) for item in value):
            return None
        return "[" + ", ".join(scalar(item) for item in value) + "]"


def _plain(value: Any) -> bool:
    items = value.values() if isinstance(value, dict) else value
    return not any(isinstance(item, dict | list) for item in items)


def scalar(value: Any, key: str = "") -> str:
    """One value; text stands in quotes only where it would be read as something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if key in DATE_KEYS and len(text) == 10 and text.replace("-", "").isdigit():
        return text
    return _quoted(text) if literal(text).startswith('"') else text


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)
