"""Pairs of entries of ``files``: what two data sets share, whole, and which manifests are suspected for it."""

from __future__ import annotations

import pytest

from pytest_datapolicy.engine.heldout import HeldOut, shared_files
from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.model.rule import Shared


def manifest(name: str, purpose: str, *paths: str, sha256: str | None = None) -> Manifest:
    digest = {} if sha256 is None else {"sha256": sha256}
    files = [{"path": f"{name}/none"}, *({"path": path, **digest} for path in paths)]
    component = {"name": "c", "origin": "human", "records": 1, "files": files}
    return Manifest({"name": name, "version": "1", "splits": {"s": {"purpose": purpose, "components": [component]}}})


PAIRS = [
    # training, evaluation, shared as, and what
    ("d/a.csv", "d/a.csv", "file", "p/d/a.csv"),
    ("d/?.csv", "d/a.csv", "files", "p/d/a.csv"),
    ("d/a.csv", "d/?.csv", "files", "p/d/?.csv"),
    ("d/*.csv", "d/a.csv", "files", "p/d/a.csv"),
    ("d/a.csv", "d/*.csv", "files", "p/d/*.csv"),
    ("d", "d/a.csv", "files", "p/d/a.csv"),
    ("d/a.csv", "d", "files", "p/d"),
    ("d", "d/e/a.csv", "files", "p/d/e/a.csv"),
    ("d/e/a.csv", "d", "files", "p/d"),
    ("d/?/a.csv", "d/e/*.csv", "files", "p/d/e/*.csv"),
    ("d/**", "d/e/a.csv", "files", "p/d/e/a.csv"),
    ("?", "a", "files", "p/a"),
    ("s3://b/a.csv", "s3://b/a.csv", "file", "s3://b/a.csv"),
    ("s3://b", "s3://b/a.csv", "files", "s3://b/a.csv"),
    ("s3://b/*", "s3://b/a.csv", "files", "s3://b/a.csv"),
    ("d/a.csv", "d/b.csv", None, None),
    ("d/?.csv", "d/ab.csv", None, None),
    ("d/a", "d/ab", None, None),
    ("d/*/a", "d/a", "files", "p/d/a"),
    ("e/*.csv", "d/a.csv", None, None),
    ("s3://b/a.csv", "b/a.csv", None, None),
]


@pytest.mark.parametrize("purpose", ["evaluation", "validation"])
@pytest.mark.parametrize(("used", "held", "kind", "thing"), PAIRS)
def test_pair(used: str, held: str, kind: str | None, thing: str | None, purpose: str) -> None:
    trains, tests = manifest("x", "training", used), manifest("y", purpose, held)
    known = HeldOut()
    known.add(trains, "p/x.dataset.yaml")
    known.add(tests, "p/y.dataset.yaml")
    known.add(manifest("z", "training", "z.csv"), "q/z.dataset.yaml")
    known.add(manifest("w", "diagnostic", used, held), "p/w.dataset.yaml")
    found = shared_files([("p/x.dataset.yaml", trains), ("p/y.dataset.yaml", tests)])
    at = ("splits", "s", "components", 0, "files", 1, "path")
    expected = {} if kind is None else {"y@1": [Shared(kind, thing or "", at, "s", "c", "x@1#s/c", at, used)]}
    assert found == expected
    if kind is not None:
        assert known.suspects() == ("p/x.dataset.yaml", "p/y.dataset.yaml")


def test_digests_are_compared_whatever_the_paths_are() -> None:
    trains = manifest("x", "training", "a.csv", sha256="0" * 64)
    tests = manifest("y", "evaluation", "far/b.csv", sha256="0" * 64)
    known = HeldOut()
    known.add(trains, "p/x.dataset.yaml")
    known.add(tests, "q/y.dataset.yaml")
    at = ("splits", "s", "components", 0, "files", 1, "sha256")
    shared = Shared("digest", "0" * 64, at, "s", "c", "x@1#s/c", at, "a.csv")
    assert shared_files([("p/x.dataset.yaml", trains), ("q/y.dataset.yaml", tests)]) == {"y@1": [shared]}
    assert known.suspects() == ("p/x.dataset.yaml", "q/y.dataset.yaml")


def test_a_manifest_below_a_folder_that_another_names_is_suspected_and_no_other() -> None:
    known = HeldOut()
    known.add(manifest("x", "training", "sub"), "p/x.dataset.yaml")
    known.add(manifest("y", "evaluation", "a.csv"), "p/sub/y.dataset.yaml")
    known.add(manifest("z", "evaluation", "a.csv"), "p/subway/z.dataset.yaml")
    known.add(manifest("w", "evaluation", "a.csv"), "q/sub/w.dataset.yaml")
    assert known.suspects() == ("p/sub/y.dataset.yaml", "p/x.dataset.yaml")


def test_every_entry_counts_also_after_several_of_one_folder() -> None:
    trains = manifest("x", "training", "d/a.csv", "d/b.csv", "e/c.csv")
    shared = shared_files([("x.dataset.yaml", trains), ("y.dataset.yaml", manifest("y", "evaluation", "e/c.csv"))])
    assert [item.thing for item in shared["y@1"]] == ["e/c.csv"]
