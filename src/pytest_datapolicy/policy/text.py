"""A policy file as read, with the places that clauses and faults point at."""

from __future__ import annotations

from pytest_datapolicy.model.places import Place, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.model.document import Document
    from pytest_datapolicy.model.places import Pointer


class PolicyText:
    """The values of one policy file and the place of each. The text is cut into lines once, not once a place."""

    __slots__ = ("_lines", "label", "positions", "tree")

    def __init__(self, document: Document) -> None:
        self.label = document.path
        """As reported: relative to the project root, or ``builtin:<pack>``, or ``package:<package>/<file>``."""
        self.tree: Any = document.tree
        self.positions = document.positions
        self._lines = document.text.split("\n")

    def spot(self, span: Span) -> Place:
        """The place of a span."""
        number = span.line - 1
        return Place(self.label, span, self._lines[number].rstrip("\r") if number < len(self._lines) else "")

    def value(self, *pointer: str | int) -> Place:
        """The place of the value at `pointer`."""
        return self.spot(self.positions.span(pointer))

    def key(self, *pointer: str | int) -> Place:
        """The place of the key that leads to `pointer`."""
        return self.spot(self.positions.key_span(pointer))

    def entry(self, pointer: Pointer) -> Place:
        """The place of a key together with its value, as far as both stand on one line: ``max: 0.30``."""
        key = self.positions.key_span(pointer)
        value = self.positions.span(pointer)
        if (value.line, value.end_line) == (key.line, key.line) and value.end_column > key.end_column:
            key = Span(key.line, key.column, key.line, value.end_column)
        return self.spot(key)
