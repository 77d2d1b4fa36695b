"""Which data files of the tree DP605 asks about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.app import check, discovery
from tests.app.trees import git, manifest, repository, write

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """\
policy: 1
name: house
version: "1"
rules:
  covered-data: {}
"""
SETTINGS = 'policy = "policy.yaml"\n'


def lay_out(root: Path, settings: str = SETTINGS) -> None:
    write(root, "data/a.csv", "other/b.PARQUET", "other/deep/c.jsonl.gz", "notes.txt", "build/d.csv", ".hidden/e.csv")
    texts = {"policy.yaml": POLICY, "datapolicy.toml": settings, "sets/notes.dataset.yaml": manifest()}
    write(root, **texts)


def missed(root: Path, ignore: tuple[str, ...] = ()) -> list[str]:
    """The files that no manifest names, as the findings tell them."""
    report = check(root=str(root), ignore=ignore)
    assert report.errors == ()
    return [finding.thing for finding in report.findings if finding.rule == "DP605"]


def test_outside_git_all_but_hidden_folders(tmp_path: Path) -> None:
    lay_out(tmp_path)
    assert missed(tmp_path) == ["build/d.csv", "data/a.csv", "other/b.PARQUET", "other/deep/c.jsonl.gz"]


def test_in_git_what_it_ignores_too_but_hidden_folders(tmp_path: Path) -> None:
    repository(tmp_path)
    lay_out(tmp_path)
    write(tmp_path, "gone.csv", "build/deep/f.csv", "data/local.csv", ".venv/x.csv", "venv/pyvenv.cfg", "venv/y.csv")
    write(tmp_path, **{".gitignore": "build/\n*/local.csv\n.venv/\nvenv/\n"})
    git(tmp_path, "add", "data", "gone.csv")
    (tmp_path / "gone.csv").unlink()
    named = [".hidden/e.csv", "build/d.csv", "build/deep/f.csv", "data/a.csv", "data/local.csv"]
    assert missed(tmp_path) == [*named, "other/b.PARQUET", "other/deep/c.jsonl.gz"]


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ('exclude = ["other", "build"]\n', ["data/a.csv"]),
        ('roots = ["sets", "other"]\n', ["other/b.PARQUET", "other/deep/c.jsonl.gz"]),
    ],
)
def test_settings_say_where(tmp_path: Path, settings: str, found: list[str]) -> None:
    lay_out(tmp_path, SETTINGS + settings)
    if "roots" in settings:
        write(tmp_path, **{"other/o.dataset.yaml": manifest("other")})
    assert missed(tmp_path) == found


def test_a_link_to_a_file_is_a_file(tmp_path: Path) -> None:
    lay_out(tmp_path, SETTINGS + 'exclude = ["other", "build"]\n')
    (tmp_path / "linked.csv").symlink_to("notes.txt")
    (tmp_path / "nowhere.csv").symlink_to("absent")
    assert missed(tmp_path) == ["data/a.csv", "linked.csv"]


def test_a_manifest_of_any_folder_names_its_files(tmp_path: Path) -> None:
    lay_out(tmp_path, SETTINGS + 'exclude = ["build"]\n')
    named = manifest().replace("records: 1000,", 'records: 1000, files: [{path: data}, {path: "**/*.gz"}],')
    write(tmp_path, **{"dataset.yaml": named.replace("support", "named")})
    assert missed(tmp_path) == ["other/b.PARQUET"]
    report = check([str(tmp_path / "sets")], root=str(tmp_path))
    assert [finding.thing for finding in report.findings] == ["other/b.PARQUET"]
    (finding,) = report.findings
    assert (finding.place.path, finding.place.line, finding.place.column) == ("policy.yaml", 5, 3)


def test_what_the_base_has_too_is_known(tmp_path: Path) -> None:
    repository(tmp_path)
    lay_out(tmp_path, SETTINGS + 'exclude = ["other", "build", ".hidden"]\n')
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    write(tmp_path, "data/new.csv")
    report = check(root=str(tmp_path), base="HEAD")
    told = {finding.thing: finding.known for finding in report.findings if finding.rule == "DP605"}
    assert told == {"data/a.csv": True, "data/new.csv": False}


def test_no_file_is_looked_at_when_no_policy_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path)
    asked: list[str] = []
    monkeypatch.setattr(discovery._Search, "_take_data", lambda _, path: asked.append(path))
    write(tmp_path, **{"policy.yaml": POLICY.replace("covered-data", "honest-purpose")})
    assert missed(tmp_path) == []
    assert asked == []
    write(tmp_path, **{"policy.yaml": POLICY})
    assert missed(tmp_path, ignore=("DP605",)) == []
    assert asked == []
