"""Which version of a data set is the latest: one that no other replaces; of several, the highest."""

from __future__ import annotations

from functools import partial

import pytest

from pytest_datapolicy.engine.claims import latest, order
from pytest_datapolicy.model.manifest import Manifest


def versions(**previous: str | None) -> dict[str, partial[Manifest]]:
    made = {}
    for version, before in previous.items():
        tree = {"name": "n", "version": version, "splits": {}}
        made[f"n@{version}"] = partial(Manifest, tree if before is None else {**tree, "previous": f"n@{before}"})
    return made


@pytest.mark.parametrize(
    ("previous", "expected"),
    [
        ({"v1": None}, "n@v1"),
        ({"v1": None, "v2": None, "v10": None}, "n@v10"),
        ({"v3": None, "v2": "v3", "v1": None}, "n@v2"),
        ({"v3": None, "v2": "v3", "v1": "v2"}, "n@v1"),
        ({"v1": "v2", "v2": "v1"}, "n@v2"),
    ],
)
def test_latest(previous: dict[str, str | None], expected: str) -> None:
    assert latest(versions(**previous)) == expected
    assert latest(dict(reversed(versions(**previous).items()))) == expected


def test_versions_are_in_the_order_of_their_numbers() -> None:
    ordered = ["n@", "n@a", "n@a9", "n@a010", "n@b", "n@1", "n@1.2", "n@1.10", "n@2", "n@10", "n@2026.9", "n@2026.11"]
    assert sorted(set(ordered), key=order) == ordered
    assert order("n@01.0") == order("n@1.00")
