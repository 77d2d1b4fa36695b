"""What a component descends from: depth, families and laundering, each component decided once for the whole project."""

from __future__ import annotations

from pytest_datapolicy.engine.graph import External, Graph, key_of, strongly_connected
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.rule import Undecidable
from pytest_datapolicy.model.vocabulary import REAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pytest_datapolicy.engine.graph import Node, NodeKey
    from pytest_datapolicy.engine.index import Index
    from pytest_datapolicy.model.manifest import Component, ComponentKey, Manifest

UNPACKED = 256
"""So many manifests are kept unpacked at a time."""


class Descent(NamedTuple):
    """What is known of one component's lineage."""

    depth: int | Undecidable
    families: frozenset[str] | Undecidable
    synthetic: bool
    """The content is synthetic, by its own origin or by an ancestor's."""


class ProjectLineage:
    """Lineage over all manifests of the project. See the protocol `Lineage`."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.graph = Graph(index)
        self.memo: dict[str, Any] = {}
        self._descents: dict[NodeKey, Descent] = {}
        self._unpacked: dict[str, Manifest] = {}
        self._components: dict[str, dict[ComponentKey, Component]] = {}

    def depth(self, component: Component) -> int | Undecidable:
        return self._descent(key_of(component)).depth

    def families(self, component: Component) -> frozenset[str] | Undecidable:
        return self._descent(key_of(component)).families

    def ancestors(self, component: Component) -> frozenset[tuple[str, ComponentKey]] | Undecidable:
        start = key_of(component)
        seen: set[NodeKey] = set()
        waiting = [start]
        while waiting:
            for parent in self.graph.node(waiting.pop()).parents:
                if isinstance(parent, Undecidable):
                    return parent
                if not isinstance(parent, External) and parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        seen.discard(start)
        return frozenset((reference, (split, name)) for reference, split, name in seen)

    def resolve(self, reference: str) -> tuple[Component, ...] | Undecidable:
        found = self.graph.resolve(reference)
        if isinstance(found, Undecidable):
            return found
        if isinstance(found, External):
            return ()
        return tuple(self.component(key) for key in found)

    def manifest(self, reference: str) -> Manifest | Undecidable | None:
        found = self.graph.resolve(reference)
        if isinstance(found, Undecidable):
            return found
        return None if isinstance(found, External) else self.unpacked(reference.partition("#")[0])

    def component(self, key: NodeKey) -> Component:
        """The component of a node."""
        self.unpacked(key[0])
        return self._components[key[0]][key[1:]]

    def unpacked(self, reference: str) -> Manifest:
        """The pruned manifest of a data set that exists."""
        manifest = self._unpacked.get(reference)
        if manifest is None:
            if len(self._unpacked) >= UNPACKED:
                self._unpacked.clear()
                self._components.clear()
            manifest = self._unpacked[reference] = self._index.entries[reference].manifest()
            self._components[reference] = {(item.split.name, item.name): item for item in manifest.components}
        return manifest

    def tainted(self, manifest: Manifest) -> frozenset[ComponentKey]:
        """The components whose declared real origin descends from a synthetic component."""
        return frozenset(
            (split.name, component.name)
            for split in manifest.splits
            for component in split.components
            if component.origin in REAL
            and "derived_from" in component.tree
            and self._descent(key_of(component)).synthetic
        )

    def _descent(self, start: NodeKey) -> Descent:
        descent = self._descents.get(start)
        if descent is None:
            for group in strongly_connected([start], self._open_parents):
                if len(group) > 1 or group[0] in self._known_parents(group[0]):
                    self._decide_cycle(group)
                elif group[0] not in self._descents:
                    self._descents[group[0]] = self._decide(self.graph.node(group[0]))
            descent = self._descents[start]
        return descent

    def _known_parents(self, key: NodeKey) -> Iterator[NodeKey]:
        for parent in self.graph.node(key).parents:
            if not isinstance(parent, (External, Undecidable)):
                yield parent

    def _open_parents(self, key: NodeKey) -> Iterable[NodeKey]:
        if key in self._descents:
            return ()
        return self._known_parents(key)

    def _decide_cycle(self, group: Iterable[NodeKey]) -> None:
        for key in group:
            reason = Undecidable(f"{key[0]}#{key[1]}/{key[2]} descends from itself", "")
            synthetic = self.graph.node(key).origin not in REAL
            self._descents[key] = Descent(reason, reason, synthetic)

    def _decide(self, node: Node) -> Descent:
        own = node.origin not in REAL
        synthetic = own or any(self._is_synthetic(parent) for parent in node.content)
        return Descent(self._depth_of(node) if synthetic else 0, self._families_of(node, own=own), synthetic)

    def _is_synthetic(self, parent: NodeKey | External | Undecidable) -> bool:
        if isinstance(parent, Undecidable):
            return False
        if isinstance(parent, External):
            return parent.origin not in REAL
        return self._descents[parent].synthetic

    def _depth_of(self, node: Node) -> int | Undecidable:
        depth = max(node.generation - 1, 0)
        for parent in node.parents:
            if isinstance(parent, Undecidable):
                return parent
            known = parent.generation if isinstance(parent, External) else self._descents[parent].depth
            if isinstance(known, Undecidable):
                return known
            depth = max(depth, known)
        return depth + 1

    def _families_of(self, node: Node, *, own: bool) -> frozenset[str] | Undecidable:
        families = frozenset() if node.family is None else frozenset({node.family})
        if node.family is None and (node.has_generator or (own and node.origin != "simulation")):
            what = "its generator names no family" if node.has_generator else f"origin {node.origin} names no generator"
            return Undecidable("{}#{}/{}: ".format(*node.key) + what)
        for parent in node.parents:
            if isinstance(parent, Undecidable):
                return parent
            if isinstance(parent, External):
                if parent.origin not in REAL and parent.origin != "simulation":
                    return Undecidable(f"the family behind {parent.reference} is not known", parent.reference)
                continue
            known = self._descents[parent].families
            if isinstance(known, Undecidable):
                return known
            if not known <= families:
                families = known if families <= known else families | known
        return families
