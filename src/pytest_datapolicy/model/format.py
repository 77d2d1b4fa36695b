"""What a manifest format is: a reader from a file's bytes to a native manifest tree that knows its places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_datapolicy.model.document import Document
    from pytest_datapolicy.model.manifest import Tree
    from pytest_datapolicy.model.places import Place, Pointer


class Reading(NamedTuple):
    """One file, read as a manifest."""

    tree: Tree
    """A native manifest, valid against the manifest schema."""
    document: Document
    """The file that was read."""
    locate: Callable[[Pointer], Place] | None = None
    """The place of a native pointer in a host file; None when the file is itself native."""

    def place(self, pointer: Pointer) -> Place:
        """Where a value of the native tree, or the lack of it, can be seen."""
        return self.document.place(pointer) if self.locate is None else self.locate(pointer)


class Format(NamedTuple):
    """A manifest format."""

    name: str
    read: Callable[[bytes, str], Reading]
    """From bytes and the reported path; raises `Refused` with every fault found."""
