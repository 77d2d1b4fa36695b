"""Groups of components that reach each other, wherever one starts to look."""

from __future__ import annotations

from itertools import permutations

import pytest

from pytest_datapolicy.engine.graph import NodeKey, strongly_connected


def key(name: str) -> NodeKey:
    return (f"{name}@1", "s", "c")


@pytest.mark.parametrize(
    ("edges", "groups"),
    [
        ({"a": "b", "b": "", "c": "d", "d": "c"}, ["a", "b", "cd"]),
        ({"a": "a", "b": ""}, ["a", "b"]),
        ({"a": "b", "b": "c", "c": "a", "d": "a"}, ["abc", "d"]),
        ({"a": "bc", "b": "d", "c": "d", "d": ""}, ["a", "b", "c", "d"]),
        ({"a": "b", "b": "ac", "c": "d", "d": "c"}, ["ab", "cd"]),
        ({"a": "b", "b": "c", "c": "bd", "d": "a"}, ["abcd"]),
    ],
)
def test_groups(edges: dict[str, str], groups: list[str]) -> None:
    def of(node: NodeKey) -> list[NodeKey]:
        return [key(name) for name in edges[node[0][0]]]

    for starts in permutations(edges):
        found = list(strongly_connected(map(key, starts), of))
        names = ["".join(sorted(node[0][0] for node in group)) for group in found]
        assert sorted(names) == groups
        place = {name: index for index, group in enumerate(names) for name in group}
        assert all(place[other] <= place[name] for name, others in edges.items() for other in others)
