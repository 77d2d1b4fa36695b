"""Where things stand: pointers into a document, spans of its text, and places that a person can open."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple

Pointer = tuple[str | int, ...]
"""The path to a value from the root of a document, for example ``("splits", "train", "components", 0)``."""


class Span(NamedTuple):
    """A stretch of text. Lines and columns start at 1 and count characters; the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Span(1, 1, 1, 1)


class Place(NamedTuple):
    """A span in a named file, with the text of its first line so that renderers need no file access."""

    path: str
    """Relative to the project root, with ``/``; packs are ``builtin:<name>``."""
    span: Span
    source: str = ""
    """The line ``span.line`` of the file, without its line end; empty when the file could not be read."""

    @property
    def line(self) -> int:
        """The first line, from 1."""
        return self.span.line

    @property
    def column(self) -> int:
        """The first column, from 1, in characters."""
        return self.span.column


class Note(NamedTuple):
    """A second place that helps to understand a finding, with what to see there."""

    place: Place
    text: str
