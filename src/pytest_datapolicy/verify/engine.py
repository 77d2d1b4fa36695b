"""What measuring asks of an engine. Statements are made once, as syntax trees, and written in the engine's dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlglot import exp

    from pytest_datapolicy.verify.sources import Member


class Table(NamedTuple):
    """The rows of data files."""

    query: exp.Query
    """Gives the columns that were asked for as ``c0``, ``c1``, ...: each cell as text, or NULL. Asked for by file, also
    ``f``, which tells the files apart."""
    place: Callable[[Any], int]
    """The position, among the members asked for, of the file that a value of ``f`` stands for."""


class Unreadable(Exception):  # noqa: N818 - no error of the program
    """Data that cannot be read as what it should be."""

    def __init__(self, reason: str, remedy: str, member: Member | None = None, kind: str = "unreadable") -> None:
        super().__init__(reason)
        self.reason = reason
        """A clause of a sentence that names the file when `member` is given. Holds no text of the data."""
        self.remedy = remedy
        self.member = member
        """The file that is at fault; None when the engine does not tell."""
        self.kind = kind


class Exhausted(Exception):  # noqa: N818 - no error of the program
    """The limits on memory or temporary files do not suffice."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class Engine(Protocol):
    """Runs statements over data files."""

    name: str
    """``duckdb`` or ``spark``."""
    version: str
    """Of the engine and its settings that may change results: part of the key of cached results."""
    dialect: str
    """As sqlglot calls it."""

    def table(self, members: Sequence[Member], columns: Sequence[str], *, by_file: bool = False) -> Table:
        """The rows of data files of any kinds, one or more. Column names are exact, and letters' case counts.

        Raises `Unreadable`, of kind ``undeclared`` for a file that lacks a column. A column of JSON lines that no row
        has is all NULL.
        """
        ...

    def rows(self, query: exp.Query) -> list[tuple[Any, ...]]:
        """The rows of a result that is known to be small. Raises `Unreadable` or `Exhausted`."""
        ...

    def keep(self, query: exp.Query) -> exp.Table:
        """A result kept by the engine until it is dropped; it may be larger than memory. Raises like `rows`."""
        ...

    def drop(self, table: exp.Table) -> None:
        """Let go of a result that was kept."""
        ...

    def octets(self, text: exp.Expression) -> exp.Expression:
        """The length of a text in bytes of UTF-8."""
        ...

    def python_normal(self, text: exp.Expression) -> exp.Expression:
        """`normal.normalised` of each text, which is not NULL."""
        ...

    def hash64(self, text: exp.Expression) -> exp.Expression:
        """A hash of 64 bits of a text or of a list of texts."""
        ...

    def runs(
        self, words: exp.Expression, size: int, each: Callable[[exp.Expression], exp.Expression]
    ) -> exp.Expression:
        """The list of what `each` makes of every run of `size` words, given a list of at least so many."""
        ...

    def explode(self, values: exp.Expression) -> exp.Expression:
        """A row for each value of a list, in place of one for the list."""
        ...

    def close(self) -> None:
        """End what was started and remove temporary files."""
        ...
