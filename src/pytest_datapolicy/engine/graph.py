"""The lineage graph of components, built from the index as far as it is asked for."""

from __future__ import annotations

import re

from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.rule import Undecidable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_datapolicy.engine.index import Entry, Index
    from pytest_datapolicy.model.manifest import Component

REFERENCE = re.compile(r"(?P<dataset>[^#@]+@[^#]+)(?:#(?P<split>[^/]+)(?:/(?P<component>.+))?)?")
NodeKey = tuple[str, str, str]
"""``name@version``, split, component."""


class Node(NamedTuple):
    """One component, as far as lineage goes."""

    key: NodeKey
    purpose: str
    origin: str
    family: str | None
    """Case-folded family of the generator; None without a generator or without a family."""
    has_generator: bool
    generation: int
    content: tuple[NodeKey | External | Undecidable, ...]
    """What ``derived_from`` names."""
    training: tuple[NodeKey | External | Undecidable, ...]
    """What ``generator.trained_on`` names."""

    @property
    def parents(self) -> tuple[NodeKey | External | Undecidable, ...]:
        """What the component descends from, by content and by training of its generator."""
        return self.content + self.training


class External(NamedTuple):
    """A data set outside the tree, as the policy describes it."""

    reference: str
    origin: str
    generation: int


class Graph:
    """Components and what they descend from. Nodes are made when first asked for and kept."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._nodes: dict[NodeKey, Node] = {}
        self._members: dict[str, dict[str, list[str]]] = {}

    def node(self, key: NodeKey) -> Node:
        """The node of a component that exists."""
        node = self._nodes.get(key)
        if node is None:
            entry = self._index.entries[key[0]]
            self._read(key[0], entry)
            node = self._nodes[key]
        return node

    def _read(self, reference: str, entry: Entry) -> None:
        for split in entry.manifest().splits:
            for component in split.components:
                key = (reference, split.name, component.name)
                self._nodes[key] = self._make(key, component)

    def _make(self, key: NodeKey, component: Component) -> Node:
        generator = component.generator
        family = generator.family if generator is not None else None
        return Node(
            key,
            component.split.purpose,
            component.origin,
            None if family is None else family.casefold(),
            generator is not None,
            (generator.generation if generator is not None else None) or 0,
            tuple(self._targets(component.derived_from)),
            tuple(self._targets(generator.trained_on if generator is not None else None)),
        )

    def _targets(self, references: Iterable[str] | None) -> Iterator[NodeKey | External | Undecidable]:
        for reference in references or ():
            found = self.resolve(reference)
            if isinstance(found, (External, Undecidable)):
                yield found
            else:
                yield from found

    def resolve(self, reference: str) -> tuple[NodeKey, ...] | External | Undecidable:
        """The components that a reference names, or why it names none."""
        parts = REFERENCE.fullmatch(reference)
        dataset = parts["dataset"] if parts else reference
        external = self._index.externals.get(dataset) or self._index.externals.get(reference)
        if external is not None and dataset not in self._index.entries:
            return External(external.reference, external.origin, external.generation)
        if parts is None or dataset not in self._index.entries:
            return self._unknown(reference, dataset)
        members = self._splits(dataset)
        split, component = parts["split"], parts["component"]
        if split is None:
            return tuple((dataset, name, item) for name, items in members.items() for item in items)
        if split not in members:
            return Undecidable(f"{dataset} has no split {split}", reference, missing=True)
        if component is None:
            return tuple((dataset, split, item) for item in members[split])
        if component not in members[split]:
            return Undecidable(f"split {split} of {dataset} has no component {component}", reference, missing=True)
        return ((dataset, split, component),)

    def _unknown(self, reference: str, dataset: str) -> Undecidable:
        if self._index.may_be_unreadable(dataset):
            return Undecidable(f"the manifest of {dataset} cannot be read", reference)
        name = dataset.partition("@")[0]
        versions = sorted(key for key in self._index.entries if key.partition("@")[0] == name)
        if versions:
            return Undecidable(f"the project has {', '.join(versions[:3])}, not {dataset}", reference, missing=True)
        return Undecidable(f"{dataset} names no manifest of the project", reference, missing=True)

    def _splits(self, dataset: str) -> dict[str, list[str]]:
        members = self._members.get(dataset)
        if members is None:
            manifest = self._index.entries[dataset].manifest()
            members = {split.name: [item.name for item in split.components] for split in manifest.splits}
            self._members[dataset] = members
        return members


def strongly_connected(
    starts: Iterable[NodeKey], edges: Callable[[NodeKey], Iterable[NodeKey]]
) -> Iterator[tuple[NodeKey, ...]]:
    """Groups of nodes that reach each other, what they descend from first (Tarjan 1972, without recursion)."""
    number: dict[NodeKey, int] = {}
    low: dict[NodeKey, int] = {}
    open_nodes: list[NodeKey] = []
    is_open: set[NodeKey] = set()
    for start in starts:
        if start in number:
            continue
        work = [(start, iter(edges(start)))]
        number[start] = low[start] = len(number)
        open_nodes.append(start)
        is_open.add(start)
        while work:
            key, rest = work[-1]
            for edge in rest:
                if edge not in number:
                    number[edge] = low[edge] = len(number)
                    open_nodes.append(edge)
                    is_open.add(edge)
                    work.append((edge, iter(edges(edge))))
                    break
                if edge in is_open:
                    low[key] = min(low[key], number[edge])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[key])
                if low[key] == number[key]:
                    group: list[NodeKey] = []
                    while not group or group[-1] != key:
                        group.append(open_nodes.pop())
                        is_open.discard(group[-1])
                    yield tuple(reversed(group))


def key_of(component: Component) -> NodeKey:
    """The node of a component."""
    return (component.manifest.reference, component.split.name, component.name)
