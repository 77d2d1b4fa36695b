"""Which files are taken for manifests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.app import discovery
from pytest_datapolicy.app.discovery import Found, find_manifests
from pytest_datapolicy.app.settings import Settings
from pytest_datapolicy.builtin import NATIVE_NAMES
from pytest_datapolicy.hooks import FormatEntry
from pytest_datapolicy.model.globs import name_pattern, path_pattern
from pytest_datapolicy.model.places import Place, Span
from pytest_datapolicy.model.report import RunError
from tests.app.trees import git, repository, write

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

FORMATS = {
    "native": FormatEntry("native", "pytest_datapolicy.formats.native", NATIVE_NAMES),
    "card": FormatEntry("card", "acme.card", ("CARD.md",)),
}


def find(root: Path, *named: str, **settings: Any) -> Found:
    return find_manifests(Settings(str(root), **settings), FORMATS, named)


def paths(root: Path, **settings: Any) -> list[str]:
    return list(find(root, **settings).paths)


def reported(root: Path, *named: str, **settings: Any) -> list[str]:
    """The paths that `named` asks for."""
    found = find(root, *named, **settings)
    return [path for path in found.paths if found.reported is None or found.reported(path)]


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
