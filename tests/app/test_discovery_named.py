"""Files and folders that are named, and what is found nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.model.places import Place, Span
from pytest_datapolicy.model.report import RunError
from tests.app.trees import repository, write

if TYPE_CHECKING:
    from pathlib import Path

from tests.app.searches import find, reported


def test_named_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a/dataset.yaml", "a/b/dataset.yaml", "ab/dataset.yaml", "a/notes.yaml")
    monkeypatch.chdir(tmp_path / "a")
    assert reported(tmp_path, "b") == ["a/b/dataset.yaml"]
    assert reported(tmp_path, "../a/") == ["a/b/dataset.yaml", "a/dataset.yaml"]
    assert reported(tmp_path, "dataset.yaml", "../ab") == ["a/dataset.yaml", "ab/dataset.yaml"]
    assert reported(tmp_path, "notes.yaml") == ["a/notes.yaml"]
    assert find(tmp_path, "notes.yaml").paths == (
        "a/b/dataset.yaml",
        "a/dataset.yaml",
        "a/notes.yaml",
        "ab/dataset.yaml",
    )
    assert find(tmp_path, "..").reported is None
    assert reported(tmp_path, str(tmp_path / "ab" / "dataset.yaml")) == ["ab/dataset.yaml"]


def test_a_named_file_is_judged_even_if_it_is_excluded_or_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(tmp_path, "dataset.yaml")
    write(tmp_path, "old/dataset.yaml", "local/dataset.yaml", **{".gitignore": "local\n"})
    monkeypatch.chdir(tmp_path)
    assert reported(tmp_path, "old/dataset.yaml", "local/dataset.yaml", exclude=("old",)) == [
        "local/dataset.yaml",
        "old/dataset.yaml",
    ]


def test_a_name_through_a_linked_folder_counts_where_the_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "root/a/dataset.yaml")
    (tmp_path / "root" / "link").symlink_to("a")
    (tmp_path / "entrance").symlink_to("root")
    monkeypatch.chdir(tmp_path / "root")
    assert reported(tmp_path / "root", "link/dataset.yaml") == ["a/dataset.yaml"]
    assert reported(tmp_path / "root", "link") == ["a/dataset.yaml"]
    assert reported(tmp_path / "root", "../entrance/a") == ["a/dataset.yaml"]


def test_what_is_named_must_exist_within_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "root/dataset.yaml", "other/dataset.yaml", "root2/dataset.yaml")
    monkeypatch.chdir(tmp_path)
    for name in ("root/dataset.yml", "", "root/\0"):
        with pytest.raises(RunError) as caught:
            find(tmp_path / "root", "root", name)
        assert caught.value.code == 2
        assert caught.value.message == f"there is no file or folder {name!r}"
    for name in ("other", "root2/dataset.yaml", ".."):
        with pytest.raises(RunError) as caught:
            find(tmp_path / "root", name)
        assert caught.value.code == 2
        assert caught.value.message == f"{name!r} is outside the project root {tmp_path / 'root'}"


def test_a_named_folder_without_manifests_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a/dataset.yaml", "b/x.txt")
    monkeypatch.chdir(tmp_path)
    errors = find(tmp_path, "a", "b").errors
    assert [(error.code, error.message) for error in errors] == [(3, "no manifest found below b")]


def test_a_root_or_a_glob_without_manifests_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "a/dataset.yaml", "b/x.txt")
    places = {
        key: Place("datapolicy.toml", Span(line, 1, line, 9)) for line, key in enumerate(("roots", "manifests"), 1)
    }
    errors = find(tmp_path, roots=("a", "b"), manifests=("a/*.yaml", "cards/*.yaml"), places=places).errors
    assert [(error.code, error.message, error.place) for error in errors] == [
        (3, "roots: no manifest found below b", places["roots"]),
        (3, "manifests: no file matches cards/*.yaml", places["manifests"]),
    ]


def test_nothing_at_all_is_left_to_the_caller(tmp_path: Path) -> None:
    write(tmp_path, "b/x.txt")
    found = find(tmp_path, roots=("b",), manifests=("*.md",))
    assert (found.paths, found.errors) == ((), ())
