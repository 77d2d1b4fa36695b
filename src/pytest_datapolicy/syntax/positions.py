"""Where each value of a document stands, worked out only when somebody asks."""

from __future__ import annotations

from pytest_datapolicy.model.places import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pytest_datapolicy.model.places import Pointer

# What a reader keeps of the places, as flat as it can be: a start and an end, in whatever form the reader has them,
# for each key and value. A collection is the list [start, end, ...]; of a list it goes on with start and end of every
# item, of a mapping with start and end of each key and of its value, in the order of the values. Where a value is a
# collection, its list stands in place of the start; where it is an alias, a tuple of start, end and the list of what it
# stands for.
Marks = list["Any"]


class MarkedPositions:
    """The places of all values of one document, from the marks that its reader kept beside the values."""

    __slots__ = ("_indexes", "_locate", "_marks", "_text", "_tree")

    def __init__(self, tree: Any, marks: Marks, text: str, locate: Callable[[Any, Any, str], Span]) -> None:
        """`marks` holds the start and end of `tree`."""
        self._tree = tree
        self._marks = marks
        self._text = text
        self._locate = locate
        self._indexes: dict[int, dict[str, int]] = {}

    def span(self, pointer: Pointer) -> Span:
        """The span of the value at `pointer`; of its key when the value is a mapping, a list or nothing at all."""
        value, marks, at, keyed = self._find(pointer)
        if keyed and isinstance(value, dict | list):
            return self._between(marks, at - 2)
        span = self._value(value, marks, at)
        return self._between(marks, at - 2) if keyed and span[:2] == span[2:] else span

    def key_span(self, pointer: Pointer) -> Span:
        """The span of the key that leads to `pointer`, or of the value when it stands in a list."""
        value, marks, at, keyed = self._find(pointer)
        return self._between(marks, at - 2) if keyed else self._value(value, marks, at)

    def _find(self, pointer: Pointer) -> tuple[Any, Marks, int, bool]:
        """The value at `pointer` or the nearest one around it, where in which marks it is, and whether it has a key."""
        value, marks, at, keyed = self._tree, self._marks, 0, False
        for step in pointer:
            if isinstance(value, dict) and isinstance(step, str) and step in value:
                inner = _collection(marks[at])
                at = self._index(inner, value)[step]
                value, keyed = value[step], True
            elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
                inner = _collection(marks[at])
                at = 2 + 2 * step
                value, keyed = value[step], False
            else:
                break
            marks = inner
        return value, marks, at, keyed

    def _index(self, marks: Marks, mapping: dict[str, Any]) -> dict[str, int]:
        """Where the marks of each value of a mapping start. Kept, because findings come in bunches."""
        index = self._indexes.get(id(marks))
        if index is None:
            index = self._indexes[id(marks)] = {key: 4 + 4 * number for number, key in enumerate(mapping)}
        return index

    def _between(self, marks: Marks, at: int) -> Span:
        return self._locate(marks[at], marks[at + 1], self._text)

    def _value(self, value: Any, marks: Marks, at: int) -> Span:
        """The span of a scalar or alias, of an opening bracket, or of a block's first entry if it fits on one line."""
        start = marks[at]
        if type(start) is tuple:
            return self._locate(start[0], start[1], self._text)
        if type(start) is not list:
            return self._between(marks, at)
        opening = self._between(start, 0)
        if opening[:2] == opening[2:]:  # a block starts at its first dash or key, without a bracket of its own
            opening = opening._replace(end_column=opening.column + 1)
        if not isinstance(value, dict) or not value:
            return opening
        key = self._between(start, 2)
        if key[:2] != opening[:2]:
            return opening
        if type(start[4]) in (list, tuple):
            return key
        entry = self._between(start, 4)
        return key._replace(end_column=entry.end_column) if entry.line == entry.end_line == key.line else key


def _collection(start: Any) -> Marks:
    found: Marks = start[2] if type(start) is tuple else start
    return found


def offset_place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at `offset`."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def offset_span(text: str, start: int, end: int) -> Span:
    """The span of the characters from `start` up to `end`."""
    return Span(*offset_place(text, start), *offset_place(text, end))
