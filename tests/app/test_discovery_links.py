"""Links, folders and pipes on the way to manifests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.app import discovery
from tests.app.trees import git, repository, write

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

from tests.app.searches import find, paths


@pytest.mark.parametrize("tracked", [True, False])
def test_links_with_a_manifests_name_are_manifests(tmp_path: Path, tracked: bool) -> None:
    write(tmp_path, "real.yaml")
    for name, target in (("a", "real.yaml"), ("loop", "loop.dataset.yaml"), ("gone", "nowhere"), ("folder", ".")):
        (tmp_path / f"{name}.dataset.yaml").symlink_to(target)
    if tracked:
        repository(tmp_path)
        git(tmp_path, "add", "-A")
    assert paths(tmp_path) == ["a.dataset.yaml", "folder.dataset.yaml", "gone.dataset.yaml", "loop.dataset.yaml"]


@pytest.mark.parametrize("tracked", [True, False])
def test_a_folder_with_a_manifests_name_is_not_passed_over(tmp_path: Path, tracked: bool) -> None:
    write(tmp_path, "x.dataset.yaml/part-0.txt", "x.dataset.yaml/part-1.txt")
    if tracked:
        repository(tmp_path)
    assert paths(tmp_path) == ["x.dataset.yaml"]
    assert paths(tmp_path, exclude=("x.dataset.yaml",)) == []


def test_a_pipe_with_a_manifests_name_is_not_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.dataset.yaml")
    assert paths(tmp_path) == ["x.dataset.yaml"]


@pytest.mark.parametrize("state", ["outside git", "untracked", "tracked"])
def test_a_manifest_behind_a_linked_folder_is_told(tmp_path: Path, state: str) -> None:
    write(tmp_path, "outside/deep/a.dataset.yaml", "outside/deep/b.dataset.yaml", "root/dataset.yaml", "plain/x.txt")
    (tmp_path / "root" / "data").symlink_to("../outside")
    (tmp_path / "root" / "harmless").symlink_to("../plain")
    if state != "outside git":
        repository(tmp_path / "root")
    if state == "tracked":
        git(tmp_path / "root", "add", "-A")
    found = find(tmp_path / "root")
    assert found.paths == ("data", "dataset.yaml")
    assert found.problems["data"].message == (
        "this linked folder leads to 2 manifests found nowhere else, and links to folders are not followed"
    )
    assert found.problems["data"].remedy == (
        "put the manifests themselves below the project root, or exclude the link in the settings"
    )
    excluded = find(tmp_path / "root", exclude=("data",))
    assert (excluded.paths, excluded.skipped) == (("dataset.yaml",), 1)


def test_linked_folders_within_the_project_hide_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a/b/dataset.yaml")
    (tmp_path / "same").symlink_to("a/b")
    (tmp_path / "a" / "loop").symlink_to("..")
    (tmp_path / "a" / "b" / "self").symlink_to(".")
    found = find(tmp_path)
    assert (found.paths, found.problems) == (("a/b/dataset.yaml",), {})


def test_a_hidden_folder_behind_a_link_is_told(tmp_path: Path) -> None:
    write(tmp_path, ".store/dataset.yaml")
    (tmp_path / "data").symlink_to(".store")
    assert find(tmp_path).problems["data"].message == (
        "this linked folder leads to 1 manifest found nowhere else, and links to folders are not followed"
    )


def test_a_linked_folder_too_large_to_look_through_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "LINK_ENTRIES", 3)
    write(tmp_path, "outside/1", "outside/2", "outside/3", "root/dataset.yaml")
    (tmp_path / "root" / "data").symlink_to("../outside")
    assert find(tmp_path / "root").problems == {}
    write(tmp_path, "outside/4")
    assert find(tmp_path / "root").problems["data"].message == (
        "this linked folder leads to more than 3 files, and links to folders are not followed"
    )


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a/dataset.yaml", "closed/dataset.yaml")
    scan = os.scandir

    def scandir(path: str) -> Any:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = find(tmp_path)
    assert found.paths == ("a/dataset.yaml", "closed")
    assert found.problems["closed"].message == "this folder cannot be read: Permission denied"
