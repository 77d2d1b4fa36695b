"""A document: the values of one file, the place of each, and the faults that stop its reading."""

from __future__ import annotations

from pytest_datapolicy.model.places import Place, Pointer, Span
from pytest_datapolicy.model.record import NamedTuple, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Problem(NamedTuple):
    """A fault of a file's text or shape: the finding of an always-on rule DP001 to DP004, not yet tied to a report."""

    rule: str
    message: str
    remedy: str
    span: Span
    pointer: Pointer = ()
    related: tuple[tuple[Span, str], ...] = ()
    """Further places in the same file, each with what to see there."""


class Refused(Exception):  # noqa: N818 - it is an answer, and every caller handles it
    """A file that cannot be judged. ``problems`` holds one or more faults, in the order of the text."""

    def __init__(self, problems: Sequence[Problem], text: str = "") -> None:
        super().__init__("; ".join(f"{p.rule} {p.span.line}:{p.span.column} {p.message}" for p in problems))
        self.problems = tuple(problems)
        self.text = text
        """The decoded text as far as it could be decoded, for quoting source lines; may be empty."""


class Positions(Protocol):
    """The places of all values of one document."""

    def span(self, pointer: Pointer) -> Span:
        """The span of the value at `pointer`; of its key when the value is a mapping or a list.

        A pointer that leads nowhere gives the span of the nearest enclosing value that exists: a missing field is
        reported where it is missing.
        """
        ...

    def key_span(self, pointer: Pointer) -> Span:
        """The span of the key that leads to `pointer`, or of the value when it stands in a list."""
        ...


class Document:
    """The values of one file with their places. Frozen by convention: nothing writes to it after reading."""

    __slots__ = ("_lines", "path", "positions", "source", "text", "tree")

    def __init__(self, path: str, text: str, source: bytes | str, tree: Any, positions: Positions) -> None:
        self.path = path
        """As reported: relative to the project root, with ``/``."""
        self.text = text
        self.source = source
        """The file's bytes; for what is made of parts of files, a digest of those."""
        self.tree = tree
        """Plain dict, list, str, bool, int, Decimal and None."""
        self.positions = positions
        self._lines: list[str] | None = None

    @property
    def sha256(self) -> str:
        """Hex digest of the file's bytes. Most runs ask it of policies alone."""
        if isinstance(self.source, str):
            return self.source
        from hashlib import sha256

        return sha256(self.source).hexdigest()

    def place(self, pointer: Pointer, *, key: bool = False) -> Place:
        """The place of the value (or, with `key`, of its key) at `pointer`."""
        span = self.positions.key_span(pointer) if key else self.positions.span(pointer)
        if self._lines is None:
            self._lines = self.text.split("\n")
        line = self._lines[span.line - 1] if span.line <= len(self._lines) else ""
        return Place(self.path, span, line.rstrip("\r"))


def place_in(path: str, text: str, span: Span) -> Place:
    """The place `span` in a file whose text is `text`."""
    return Place(path, span, source_line(text, span.line))


def source_line(text: str, line: int) -> str:
    """Line number `line` (from 1) of `text` without its line end, or an empty string beyond the end."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return ""
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)].rstrip("\r")
