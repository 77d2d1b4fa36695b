"""What evaluation shares with training, by the texts of paths alone."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from pytest_datapolicy.engine.heldout import HeldOut, shared_files
from pytest_datapolicy.model.globs import WILD, entry_pattern
from pytest_datapolicy.model.manifest import Manifest

NAMES = ("a", "b", "aa", "ab", "ba", "bb")
FILES = ["/".join(names) for depth in range(1, 5) for names in product(NAMES, repeat=depth)]
"""Every path that two entries of at most two names, of at most two letters each, may need to meet in."""

names = st.sampled_from(NAMES) | st.sampled_from(("*", "?", "a*", "*b", "?a", "**"))
paths = st.lists(names, min_size=1, max_size=2).map("/".join)
folders = st.sampled_from(("", "a/", "b/", "a/b/"))


def manifest(name: str, purpose: str, path: str) -> Manifest:
    component = {"name": "c", "origin": "human", "records": 1, "files": [{"path": path}]}
    return Manifest({"name": name, "version": "1", "splits": {"s": {"purpose": purpose, "components": [component]}}})


def holds(entry: str, file: str) -> bool:
    """Whether an entry, read as a file, a folder or a glob, can stand for a file."""
    if WILD.search(entry) is not None:
        return entry_pattern(entry).match(file) is not None
    return file == entry or file.startswith(f"{entry}/")


@given(folders, paths, folders, paths)
def test_two_entries_share_what_some_file_can_be_in(above: str, used: str, beside: str, held: str) -> None:
    trains = (f"{above}x.dataset.yaml", manifest("x", "training", used))
    tests = (f"{beside}y.dataset.yaml", manifest("y", "evaluation", held))
    known = HeldOut()
    known.add(trains[1], trains[0])
    known.add(tests[1], tests[0])
    found = shared_files([trains, tests])
    assert bool(found) == any(holds(above + used, file) and holds(beside + held, file) for file in FILES)
    assert not found or known.suspects() == tuple(sorted((trains[0], tests[0])))


def test_wildcards_in_the_names_of_folders_are_none() -> None:
    trains = ("a*/x.dataset.yaml", manifest("x", "training", "f.csv"))
    assert shared_files([trains, ("ab/y.dataset.yaml", manifest("y", "evaluation", "f.csv"))]) == {}
    (shared,) = shared_files([trains, ("a*/y.dataset.yaml", manifest("y", "evaluation", "f.csv"))])["y@1"]
    assert (shared.kind, shared.thing) == ("file", "a*/f.csv")


def test_a_digest_says_more_than_an_overlap() -> None:
    used, held = manifest("x", "training", "a"), manifest("y", "evaluation", "a/b")
    for one in (used, held):
        one.splits[0].components[0].tree["files"][0]["sha256"] = "0" * 64
    (shared,) = shared_files([("x.dataset.yaml", used), ("y.dataset.yaml", held)])["y@1"]
    assert shared.kind == "digest"
