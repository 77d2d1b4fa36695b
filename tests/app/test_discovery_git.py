"""Which files are manifests of a git work tree."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.model.report import RunError
from tests.app.trees import git, repository, write

if TYPE_CHECKING:
    from pathlib import Path

from tests.app.searches import find, paths


def test_git_takes_what_is_tracked_or_would_be(tmp_path: Path) -> None:
    repository(tmp_path, "committed/dataset.yaml", ".hidden/dataset.yaml", "forced/dataset.yaml")
    write(tmp_path, "new/dataset.yaml", "staged/dataset.yaml", "local/dataset.yaml", "x.dataset.yaml", "x.dataset.yml")
    git(tmp_path, "add", "staged")
    write(tmp_path, **{".gitignore": "local/\nforced/\n*.dataset.yml\n"})
    found = find(tmp_path)
    assert found.paths == (
        ".hidden/dataset.yaml",
        "committed/dataset.yaml",
        "forced/dataset.yaml",
        "new/dataset.yaml",
        "staged/dataset.yaml",
        "x.dataset.yaml",
    )
    assert found.skipped == 2
    assert (found.problems, found.errors, found.reported) == ({}, (), None)


def test_a_root_below_the_top_of_the_work_tree_sees_only_its_own(tmp_path: Path) -> None:
    repository(tmp_path, "a/dataset.yaml", "b/dataset.yaml")
    write(tmp_path, "a/new.dataset.yaml")
    assert paths(tmp_path / "a") == ["dataset.yaml", "new.dataset.yaml"]


def test_names_that_git_would_quote(tmp_path: Path) -> None:
    names = ['a"b.dataset.yaml', "größe.dataset.yaml", "new\nline.dataset.yaml", "tab\t.dataset.yaml", " .dataset.yaml"]
    repository(tmp_path, *names)
    write(tmp_path, "un\ntracked.dataset.yaml")
    assert paths(tmp_path) == sorted([*names, "un\ntracked.dataset.yaml"])


def test_names_that_are_not_utf_8(tmp_path: Path) -> None:
    repository(tmp_path)
    name = os.fsencode(tmp_path) + b"/caf\xe9.dataset.yaml"
    with open(name, "wb"):
        pass
    assert paths(tmp_path) == ["caf\udce9.dataset.yaml"]


def test_a_deleted_manifest_is_gone(tmp_path: Path) -> None:
    repository(tmp_path, "a.dataset.yaml", "b.dataset.yaml")
    (tmp_path / "a.dataset.yaml").unlink()
    found = find(tmp_path)
    assert (found.paths, found.problems) == (("b.dataset.yaml",), {})


@pytest.mark.parametrize("flag", ["--skip-worktree", "--assume-unchanged"])
def test_a_tracked_manifest_that_git_was_told_to_leave_out_is_not_gone(tmp_path: Path, flag: str) -> None:
    repository(tmp_path, "a.dataset.yaml", "b.dataset.yaml", "c.txt")
    git(tmp_path, "update-index", flag, "a.dataset.yaml", "c.txt")
    assert find(tmp_path).problems == {}
    (tmp_path / "a.dataset.yaml").unlink()
    (tmp_path / "c.txt").unlink()
    found = find(tmp_path)
    assert found.paths == ("a.dataset.yaml", "b.dataset.yaml")
    assert list(found.problems) == ["a.dataset.yaml"]
    problem = found.problems["a.dataset.yaml"]
    assert problem.rule == "DP001"
    assert problem.message == "git tracks this manifest, but was told to keep it out of the work tree"
    assert problem.remedy == "check it out: `git sparse-checkout disable`, or `git update-index --no-skip-worktree`"


def test_a_sparse_checkout_hides_no_manifest(tmp_path: Path) -> None:
    repository(tmp_path, "a/dataset.yaml", "b/dataset.yaml")
    git(tmp_path, "sparse-checkout", "set", "--sparse-index", "a")
    assert not (tmp_path / "b").exists()
    found = find(tmp_path)
    assert (found.paths, list(found.problems)) == (("a/dataset.yaml", "b/dataset.yaml"), ["b/dataset.yaml"])
    assert find(tmp_path, exclude=("b",)).problems == {}


def test_submodules_are_looked_into(tmp_path: Path) -> None:
    repository(tmp_path / "inner", "deep/dataset.yaml")
    outer = repository(tmp_path / "outer", "dataset.yaml")
    git(outer, "submodule", "add", "-q", "../inner", "vendor/inner")
    write(outer, "vendor/inner/new.dataset.yaml")
    assert paths(outer) == ["dataset.yaml", "vendor/inner/deep/dataset.yaml", "vendor/inner/new.dataset.yaml"]
    assert paths(outer, exclude=("vendor",)) == ["dataset.yaml"]


def test_a_submodule_that_is_not_checked_out_cannot_be_told(tmp_path: Path) -> None:
    repository(tmp_path / "inner", "dataset.yaml")
    outer = repository(tmp_path / "outer", "dataset.yaml")
    git(outer, "submodule", "add", "-q", "../inner", "vendor")
    git(outer, "commit", "-q", "-m", "vendor")
    git(tmp_path, "clone", "-q", "outer", "clone")
    found = find(tmp_path / "clone")
    assert found.paths == ("dataset.yaml", "vendor")
    assert found.problems["vendor"].message == "this submodule is not checked out, so its manifests cannot be read"
    assert found.problems["vendor"].remedy == "run `git submodule update --init`, or exclude it in the settings"
    assert paths(tmp_path / "clone", exclude=("vendor/",)) == ["dataset.yaml"]


def test_repositories_within_are_looked_into(tmp_path: Path) -> None:
    repository(tmp_path / "inner", "a/dataset.yaml")
    write(tmp_path, "inner/out/dataset.yaml", **{"inner/.gitignore": "out\n"})
    assert paths(tmp_path) == ["inner/a/dataset.yaml"]
    repository(tmp_path)
    assert paths(tmp_path) == ["inner/a/dataset.yaml"]


def test_a_linked_work_tree(tmp_path: Path) -> None:
    top = repository(tmp_path / "top", "a.dataset.yaml")
    git(top, "worktree", "add", "-q", "../side")
    write(tmp_path, "side/b.dataset.yaml")
    assert paths(tmp_path / "side") == ["a.dataset.yaml", "b.dataset.yaml"]


def test_a_folder_that_git_ignores_is_outside_of_git(tmp_path: Path) -> None:
    repository(tmp_path, "dataset.yaml")
    write(tmp_path, "scratch/dataset.yaml", "scratch/.cache/dataset.yaml", **{".gitignore": "scratch\n"})
    assert paths(tmp_path / "scratch") == ["dataset.yaml"]


def test_variables_of_a_git_hook_do_not_lead_astray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path / "one", "a.dataset.yaml")
    repository(tmp_path / "two", "b.dataset.yaml")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "one" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "one"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "one" / ".git" / "index"))
    assert paths(tmp_path / "two") == ["b.dataset.yaml"]


def test_no_program_of_the_repository_is_run(tmp_path: Path) -> None:
    repository(tmp_path, "dataset.yaml")
    monitor = tmp_path / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    monitor.chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(monitor))
    assert paths(tmp_path) == ["dataset.yaml"]
    assert not (tmp_path / "was-run").exists()


def test_a_repository_that_git_cannot_read_stops_the_run(tmp_path: Path) -> None:
    write(tmp_path, "dataset.yaml", ".git/HEAD")
    with pytest.raises(RunError) as caught:
        find(tmp_path)
    assert caught.value.code == 2
    assert caught.value.message.startswith(f"git cannot list {tmp_path}: not a git repository")
    assert caught.value.remedy == (
        "make `git ls-files` work in that folder; discovery takes what git tracks or would track"
    )


def test_a_missing_git_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path, "dataset.yaml")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RunError, match=r"git cannot be run in .*: No such file or directory") as caught:
        find(tmp_path)
    assert caught.value.remedy.startswith("install git;")
