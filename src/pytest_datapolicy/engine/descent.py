"""What evaluation shares with training by descent, over the whole project (rule DP204)."""

from __future__ import annotations

from pytest_datapolicy.engine.graph import External, strongly_connected
from pytest_datapolicy.engine.heldout import side_of
from pytest_datapolicy.model.rule import EVALUATION, Shared, Undecidable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_datapolicy.engine.graph import NodeKey
    from pytest_datapolicy.engine.index import Index
    from pytest_datapolicy.engine.lineage import ProjectLineage


def shared_lineage(lineage: ProjectLineage, index: Index) -> dict[str, list[Shared]]:
    """Evaluation components that training descends from, that descend from training, or that share an ancestor with it.

    Linear in the number of components and references: every component is visited a fixed number of times.
    """
    graph = lineage.graph
    training, evaluation = _linked(lineage, index)
    if not training and not evaluation:
        return {}

    def parents(key: NodeKey) -> Iterator[NodeKey]:
        return (p for p in graph.node(key).parents if not isinstance(p, (External, Undecidable)))

    def content(key: NodeKey) -> Iterator[NodeKey]:
        return (p for p in graph.node(key).content if not isinstance(p, (External, Undecidable)))

    trained_from = _reach(training, parents)
    trained_content = _reach(training, content)
    own_training = _nearest(evaluation, parents, lambda key: key if graph.node(key).purpose == "training" else None)
    common = _nearest(evaluation, content, lambda key: key if key in trained_content else None)
    found: dict[str, list[Shared]] = {}

    def report(kind: str, key: NodeKey, thing: NodeKey, other: NodeKey) -> None:
        component = lineage.component(key)
        field = "derived_from" if "derived_from" in component.tree else "name"
        other_component = lineage.component(other)
        other_field = "derived_from" if "derived_from" in other_component.tree else "name"
        shared = Shared(
            kind,
            _name(thing),
            component.at(field),
            key[1],
            key[2],
            _name(other),
            other_component.at(other_field),
        )
        found.setdefault(key[0], []).append(shared)

    for key, start in trained_from.items():
        if key != start and graph.node(key).purpose in EVALUATION:
            report("training-descends", key, key, start)
    for key in evaluation:
        if key in trained_from:
            continue
        if (ancestor := own_training.get(key)) is not None:
            report("evaluation-descends", key, ancestor, ancestor)
        elif (ancestor := common.get(key)) is not None:
            report("common-ancestor", key, ancestor, trained_content[ancestor])
    return found


def _linked(lineage: ProjectLineage, index: Index) -> tuple[list[NodeKey], list[NodeKey]]:
    """Training and evaluation components that descend from anything, in order of their names."""
    sides: dict[str, list[NodeKey]] = {"training": [], "evaluation": []}
    for reference, entry in sorted(index):
        if entry.linked:
            for split in entry.manifest().splits:
                side = side_of(split.purpose)
                if side is not None:
                    keys = [(reference, split.name, component.name) for component in split.components]
                    sides[side].extend(key for key in keys if lineage.graph.node(key).parents)
    return sides["training"], sides["evaluation"]


def _reach(starts: Iterable[NodeKey], edges: Callable[[NodeKey], Iterable[NodeKey]]) -> dict[NodeKey, NodeKey]:
    """Every node that any start reaches, with the first such start."""
    reached: dict[NodeKey, NodeKey] = {}
    for start in starts:
        waiting = [] if start in reached else [start]
        while waiting:
            key = waiting.pop()
            if key not in reached:
                reached[key] = start
                waiting.extend(edge for edge in edges(key) if edge not in reached)
    return reached


def _nearest(
    starts: Iterable[NodeKey],
    edges: Callable[[NodeKey], Iterable[NodeKey]],
    wanted: Callable[[NodeKey], NodeKey | None],
) -> dict[NodeKey, NodeKey]:
    """For every node that the starts reach: one wanted node among itself and what it descends from."""
    nearest: dict[NodeKey, NodeKey] = {}
    for group in strongly_connected(starts, edges):
        hits = [hit for key in group if (hit := wanted(key)) is not None]
        hits += [nearest[edge] for key in group for edge in edges(key) if edge in nearest]
        if hits:
            nearest.update(dict.fromkeys(group, min(hits)))
    return nearest


def _name(key: NodeKey) -> str:
    return "{}#{}/{}".format(*key)
