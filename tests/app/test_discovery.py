"""Which files are taken for manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.model.places import Place, Span
from pytest_datapolicy.model.report import RunError
from tests.app.trees import repository, write

if TYPE_CHECKING:
    from pathlib import Path

from tests.app.searches import find, paths

NAMES = {
    "dataset.yaml": True,
    "a/dataset.yml": True,
    "a/b/dataset.json": True,
    "triage.dataset.yaml": True,
    "a/triage.dataset.yml": True,
    "a/triage.dataset.json": True,
    "Dataset.YAML": True,
    "a/TRIAGE.DataSet.Json": True,
    ".dataset.yaml": True,
    "card.md": True,
    "a dataset's.dataset.yaml": True,
    "mydataset.yaml": False,
    "dataset.yaml.orig": False,
    "dataset.toml": False,
    "dataset": False,
    "datasetXyaml": False,
}


@pytest.mark.parametrize("tracked", [True, False])
def test_names(tmp_path: Path, tracked: bool) -> None:
    if tracked:
        repository(tmp_path, *NAMES)
    else:
        write(tmp_path, *NAMES)
    assert paths(tmp_path) == sorted(name for name, taken in NAMES.items() if taken)


def test_outside_git_hidden_folders_and_virtual_environments_stay_out(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a/dataset.yaml",
        ".cache/dataset.yaml",
        "env/pyvenv.cfg",
        "env/lib/dataset.yaml",
        "a/.tox/x/dataset.yaml",
    )
    found = find(tmp_path)
    assert (found.paths, found.skipped) == (("a/dataset.yaml",), 3)


def test_a_root_may_itself_be_hidden_or_a_virtual_environment(tmp_path: Path) -> None:
    write(tmp_path, ".hidden/dataset.yaml", ".hidden/pyvenv.cfg")
    assert paths(tmp_path / ".hidden") == ["dataset.yaml"]


def test_excluded_files_and_folders_are_counted(tmp_path: Path) -> None:
    write(tmp_path, "a/dataset.yaml", "old/a/dataset.yaml", "old/b/dataset.yaml", "x.dataset.yml")
    exclude = ("old", "*.dataset.yml")
    outside = find(tmp_path, exclude=exclude)
    assert (outside.paths, outside.skipped) == (("a/dataset.yaml",), 2)
    repository(tmp_path)
    tracked = find(tmp_path, exclude=exclude)
    assert (tracked.paths, tracked.skipped) == (("a/dataset.yaml",), 3)


def test_roots_are_where_manifests_are_looked_for(tmp_path: Path) -> None:
    write(tmp_path, "a/dataset.yaml", "a/b/dataset.yaml", "c/dataset.yaml", "ab/dataset.yaml")
    assert paths(tmp_path, roots=("a/b", "./a", "c/")) == ["a/b/dataset.yaml", "a/dataset.yaml", "c/dataset.yaml"]
    repository(tmp_path)
    assert paths(tmp_path, roots=("a", ".")) == [
        "a/b/dataset.yaml",
        "a/dataset.yaml",
        "ab/dataset.yaml",
        "c/dataset.yaml",
    ]


def test_more_manifests_by_glob(tmp_path: Path) -> None:
    write(tmp_path, "cards/a.yaml", "cards/B.YAML", "cards/deep/c.yaml", "other/a.yaml", "x/dataset.yaml")
    assert paths(tmp_path, manifests=("cards/*.yaml",)) == ["cards/B.YAML", "cards/a.yaml", "x/dataset.yaml"]
    assert paths(tmp_path, manifests=("cards/**/*.yaml",))[2:] == ["cards/deep/c.yaml", "x/dataset.yaml"]


def test_formats_choose_the_names(tmp_path: Path) -> None:
    write(tmp_path, "CARD.md", "dataset.yaml")
    assert paths(tmp_path, formats=("card",)) == ["CARD.md"]
    place = Place("datapolicy.toml", Span(1, 1, 1, 8))
    with pytest.raises(RunError, match="formats: unknown format 'natve'") as caught:
        find(tmp_path, formats=("natve",), places={"formats": place})
    assert (caught.value.place, caught.value.remedy) == (place, "did you mean native?")
