"""Globs of paths."""

from __future__ import annotations

import pytest

from pytest_datapolicy.model.globs import name_pattern, path_pattern


@pytest.mark.parametrize(
    ("glob", "hits", "misses"),
    [
        ("*.yaml", ["a.yaml", "x/a.yaml"], ["a.yml", "a.yaml/b", "ayaml"]),
        ("x/*.yaml", ["x/a.yaml"], ["x/y/a.yaml", "w/x/a.yaml", "a.yaml"]),
        ("./x/a.yaml", ["x/a.yaml"], ["a.yaml"]),
        ("**/a.yaml", ["a.yaml", "x/a.yaml", "x/y/a.yaml"], ["ba.yaml"]),
        ("x/**/a.yaml", ["x/a.yaml", "x/y/z/a.yaml"], ["xa.yaml", "y/a.yaml"]),
        ("x/**", ["x/a", "x/y/z"], ["x", "y/x/a"]),
        ("**", ["a", "x/y"], []),
        ("a?.yaml", ["ab.yaml"], ["a.yaml", "a/.yaml"]),
        ("[ab].yaml", ["a.yaml", "b.yaml"], ["c.yaml", "[ab].yaml"]),
        ("[!ab].yaml", ["c.yaml"], ["a.yaml"]),
        ("x[a/]b/c", [], ["x/b/c"]),
        ("[.yaml", ["[.yaml"], ["a.yaml"]),
        ("[]].yaml", ["].yaml"], ["a.yaml"]),
        ("a+(b).yaml", ["a+(b).yaml"], ["aab.yaml"]),
        ("new*", ["new\nline"], ["x/\n"]),
    ],
)
def test_globs(glob: str, hits: list[str], misses: list[str]) -> None:
    pattern = path_pattern([glob], folders=False, ignore_case=False)
    assert pattern is not None
    assert [path for path in (*hits, *misses) if pattern.match(path)] == hits


def test_globs_of_folders_take_what_is_below() -> None:
    pattern = path_pattern(["old", "x/*/tmp/"], folders=True, ignore_case=False)
    assert pattern is not None
    hits = ["old", "a/old/b", "old/b/c", "x/y/tmp", "x/y/tmp/z"]
    assert [path for path in (*hits, "older", "x/tmp", "OLD", "x/y/z/tmp") if pattern.match(path)] == hits


def test_no_globs_no_pattern() -> None:
    assert path_pattern([], folders=True, ignore_case=True) is None
    assert name_pattern(["a.yaml"]).search("x/A.YAML/b") is not None
