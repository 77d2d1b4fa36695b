"""Policies and the policies that they extend, read once each."""

from __future__ import annotations

from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.places import START, Place
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.policy.sources import Unresolved
from pytest_datapolicy.policy.text import PolicyText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_datapolicy.model.document import Document
    from pytest_datapolicy.policy.faults import Faults
    from pytest_datapolicy.policy.sources import Source, Sources
    from pytest_datapolicy.syntax.shape import Shape

MOST_POLICIES_DEEP = 8
"""A policy, what it extends, what that extends ... : the longest chain."""


class Node(NamedTuple):
    """One policy file with the policies that it extends."""

    source: Source
    text: PolicyText
    sha256: str
    parents: tuple[Node, ...]
    height: int
    """Length of the longest chain from here upwards, itself counted."""


class PolicyTree:
    """Reads policies with all that they extend; a file that is reached twice is read once."""

    def __init__(self, sources: Sources, faults: Faults) -> None:
        self._sources = sources
        self._faults = faults
        self._nodes: dict[object, Node | None] = {}
        self._open: list[Source] = []
        self._shape: Shape | None = None
        self.order: list[Node] = []
        """All policies, parents before children."""

    def root(self, name: str) -> Node | None:
        """The policy that an option or the settings name; None if it has a fault."""
        try:
            source = self._sources.named(name)
        except Unresolved as unresolved:
            self._faults.add(unresolved.message, None, unresolved.remedy)
            return None
        return self._node(source, None)

    def _node(self, source: Source, place: Place | None) -> Node | None:
        """The policy at `source`, which is named at `place`."""
        if any(source.key == other.key for other in self._open):
            chain = [other.label for other in self._open] + [source.label]
            message = f"extends leads in a circle: {' -> '.join(chain[chain.index(source.label) :])}"
            self._faults.add(message, place, "remove one of these extends")
            return None
        if len(self._open) >= MOST_POLICIES_DEEP:
            self._too_deep(source, place)
            return None
        if source.key in self._nodes:
            known = self._nodes[source.key]
            if known is not None and len(self._open) + known.height > MOST_POLICIES_DEEP:
                self._too_deep(source, place)
            return known
        node = self._read(source, place)
        self._nodes[source.key] = node
        if node is not None:
            self.order.append(node)
        return node

    def _too_deep(self, source: Source, place: Place | None) -> None:
        message = f"extending {source.label} makes a chain of more than {MOST_POLICIES_DEEP} policies"
        self._faults.add(message, place, "extend fewer policies in a row")

    def _read(self, source: Source, place: Place | None) -> Node | None:
        try:
            document = self._document(source)
        except Unresolved as unresolved:
            self._faults.add(unresolved.message, place or Place(source.label, START), unresolved.remedy)
            return None
        except Refused as refused:
            self._faults.take(refused, source.label, place)
            return None
        text = PolicyText(document)
        self._open.append(source)
        parents = self._parents(source, text)
        self._open.pop()
        height = 1 + max((parent.height for parent in parents), default=0)
        return Node(source, text, document.sha256, tuple(parents), height)

    def _document(self, source: Source) -> Document:
        """A policy file, read and valid against the schema. Raises `Unresolved` and `Refused`."""
        from pytest_datapolicy.syntax.reader import read

        document = read(self._sources.bytes_of(source), source.label, as_json=source.path.endswith(".json"))
        if source.shipped:
            return document
        if self._shape is None:
            from pytest_datapolicy.syntax.shape import Shape

            self._shape = Shape("policy")
        problems = self._shape.problems(document)
        if problems:
            raise Refused(problems, document.text)
        return document

    def _parents(self, source: Source, text: PolicyText) -> Sequence[Node]:
        parents: dict[object, Node] = {}
        for index, name in enumerate(text.tree.get("extends", ())):
            place = text.value("extends", index)
            try:
                parent = self._node(self._sources.extended(name, source), place)
            except Unresolved as unresolved:
                self._faults.add(unresolved.message, place, unresolved.remedy)
                continue
            if parent is not None:
                parents[parent.source.key] = parent
        return list(parents.values())
