"""Data sets that descend from themselves (rule DP006)."""

from __future__ import annotations

from pytest_datapolicy.engine.graph import External, strongly_connected
from pytest_datapolicy.model.rule import Undecidable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.engine.graph import NodeKey
    from pytest_datapolicy.engine.index import Index
    from pytest_datapolicy.engine.lineage import ProjectLineage
    from pytest_datapolicy.model.places import Pointer


class Cycles:
    """The cycles of one project."""

    def __init__(self, index: Index, lineage: ProjectLineage) -> None:
        self._index = index
        self._lineage = lineage

    def found(self) -> list[tuple[tuple[str, str, Pointer, str], ...]]:
        """Each cycle as `Project.cycles` has it, in the order of their paths."""
        starts = [
            (reference, split.name, component.name)
            for reference, entry in sorted(self._index)
            if entry.linked
            for split in entry.manifest().splits
            for component in split.components
        ]
        found = []
        for group in strongly_connected(starts, self._edges):
            if len(group) > 1 or group[0] in set(self._edges(group[0])):
                found.append(self._describe(group))
        return sorted(found, key=lambda cycle: (cycle[0][1], repr(cycle[0][2])))

    def _edges(self, key: NodeKey) -> Iterator[NodeKey]:
        """Parents of a component; the components of the version that its data set replaces count as well."""
        for parent in self._lineage.graph.node(key).parents:
            if not isinstance(parent, (External, Undecidable)):
                yield parent
        previous = self._lineage.unpacked(key[0]).previous
        if previous is not None:
            found = self._lineage.graph.resolve(previous)
            if not isinstance(found, (External, Undecidable)):
                yield from found

    def _describe(self, group: tuple[NodeKey, ...]) -> tuple[tuple[str, str, Pointer, str], ...]:
        members = set(group)
        described = []
        for key in sorted(group, key=lambda item: (self._index.entries[item[0]].path, item)):
            component = self._lineage.component(key)
            pointer: Pointer = component.pointer
            targets = set(self._edges(key))
            if targets & members:
                pointer = self._closing(key, members) or pointer
            described.append((key[0], self._index.entries[key[0]].path, pointer, f"{key[1]}/{key[2]}"))
        return tuple(described)

    def _closing(self, key: NodeKey, members: set[NodeKey]) -> Pointer | None:
        """The pointer of a reference of `key` that leads back into the cycle."""
        component = self._lineage.component(key)
        generator = component.generator
        fields = [
            (component.derived_from or (), component.at("derived_from")),
            ((generator.trained_on if generator is not None else None) or (), component.at("generator", "trained_on")),
        ]
        previous = component.manifest.previous
        for references, at in fields:
            for index, reference in enumerate(references):
                found = self._lineage.graph.resolve(reference)
                if not isinstance(found, (External, Undecidable)) and members.intersection(found):
                    return (*at, index)
        return ("previous",) if previous is not None else None
