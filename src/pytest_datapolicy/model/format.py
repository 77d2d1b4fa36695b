"""What a manifest format is: a reader from a file's bytes to a native manifest tree that knows its places."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from pytest_datapolicy.model.blocks import Tree
    from pytest_datapolicy.model.document import Document
    from pytest_datapolicy.model.evidence import OpenEvidence
    from pytest_datapolicy.model.places import Place, Pointer

    Sibling = Callable[[str], bytes | None]
    """From a name to the bytes of that file beside the one that is read, None without one; raises `Refused`."""
    Hosts = Callable[[str, bytes, str | None], "Format | None"]
    """From the path and bytes of a host file, and the name of its format if that is given, to the format."""


class Conflict(NamedTuple):
    """A fact that a host file and what completes it state differently: a finding of DP007."""

    at: Pointer
    """The fact in the native tree."""
    message: str
    remedy: str
    place: Place
    """Where the manifest, or the block of native fields, states it."""
    host: Place
    """Where the host states it."""
    said: str
    """What is to be seen there."""
    level: str = "error"
    """``advice`` where ``corrects`` says why the host is wrong: that stays in every report."""


class Reading(NamedTuple):
    """One file, read as a manifest."""

    tree: Tree
    """A native manifest, valid against the manifest schema."""
    document: Document
    """The file that was read."""
    locate: Callable[[Pointer], Place] | None = None
    """The place of a native pointer in a host file; None when the file is itself native."""
    conflicts: tuple[Conflict, ...] = ()
    """What a host file and its completion state differently."""
    notes: Mapping[Pointer, str] = {}
    """Why facts read as they do: what a host says too coarsely, a placeholder, a correction. By native pointer."""
    evidence: OpenEvidence | None = None
    """Opens and recounts files that this manifest names as evidence; None where there are none to open."""

    def place(self, pointer: Pointer) -> Place:
        """Where a value of the native tree, or the lack of it, can be seen."""
        return self.document.place(pointer) if self.locate is None else self.locate(pointer)


class Format(NamedTuple):
    """A manifest format."""

    name: str
    read: Callable[[bytes, str], Reading]
    """From bytes and the reported path; raises `Refused` with every fault found."""
    read_beside: Callable[[bytes, str, Sibling], Reading] | None = None
    """Like `read`, for a format that also looks at files beside the one that it reads."""
    state: Callable[[bytes, str, Sibling], Any] | None = None
    """What a host file states before anything completes it; None for formats that are whole manifests."""

    read_described: Callable[[bytes, str, Sibling, Hosts], Reading] | None = None
    """Like `read_beside`, for manifests that may describe a host file of another format."""

    def reading(self, data: bytes, path: str, sibling: Sibling, hosts: Hosts) -> Reading:
        """The manifest in `data`, with whatever the format needs from beside it."""
        if self.read_described is not None:
            return self.read_described(data, path, sibling, hosts)
        return self.read(data, path) if self.read_beside is None else self.read_beside(data, path, sibling)


def alone(name: str) -> bytes | None:  # noqa: ARG001
    """The `Sibling` of a file with nothing beside it."""
    return None


def no_hosts(path: str, data: bytes, name: str | None) -> Format | None:  # noqa: ARG001
    """The `Hosts` of a reader that knows no other format."""
    return None
