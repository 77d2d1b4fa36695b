"""A git revision, read file by file with the git program only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.app.revision import Revision, open_revision
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.report import RunError
from tests.app.trees import git, repository, write

from .conftest import commit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

from contextlib import contextmanager


@contextmanager
def opened(folder: Path, name: str = "HEAD") -> Iterator[Revision]:
    revision = open_revision(str(folder), name)
    try:
        yield revision
    finally:
        revision.close()


def told(folder: Path, name: str) -> str:
    """What is wrong with a revision, and the remedy."""
    with pytest.raises(RunError) as caught:
        open_revision(str(folder), name)
    assert caught.value.code == 2
    return f"{caught.value.message}; {caught.value.remedy}"


def refused(folder: Path, path: str, root: str = "") -> str:
    with opened(folder) as revision, pytest.raises(Refused) as caught:
        revision.read(path, root=root, limit=1000)
    assert [problem.rule for problem in caught.value.problems] == ["DP001"]
    return caught.value.problems[0].message


def test_files_are_those_of_the_commit_and_not_of_the_disk(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    first = commit(root, **{"a/b.txt": "old\n"})
    commit(root, **{"a/b.txt": "new\n"})
    write(root, **{"a/b.txt": "dirty\n", "c.txt": "more\n"})
    with opened(root, first) as revision:
        assert (revision.commit, sorted(revision.files())) == (first, ["a/b.txt"])
        assert revision.read("a/b.txt", limit=4) == b"old\n"
        assert revision.read("a/b.txt", limit=4) == b"old\n"
        with pytest.raises(FileNotFoundError):
            revision.read("c.txt", limit=4)


@pytest.mark.parametrize(
    "name", ["a\nb.txt", 'quo"te.txt', "tab\tand space.txt", "ümlaut.txt", "-dash.txt", ":colon.txt", "b*?[x].txt"]
)
def test_odd_names(tmp_path: Path, name: str) -> None:
    root = repository(tmp_path / "r")
    commit(root, **{name: "text"})
    with opened(root) as revision:
        assert list(revision.files()) == [name]
        assert revision.read(name, limit=10) == b"text"


def test_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    name = os.fsdecode(b"caf\xe9.txt")
    commit(root, **{name: "text"})
    with opened(root) as revision:
        assert revision.read(name, limit=10) == b"text"


def test_links_are_followed_within_the_revision(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    (root / "in").mkdir()
    (root / "in" / "link.txt").symlink_to("../sub/to.txt")
    (root / "folder").symlink_to("sub")
    (root / "out.txt").symlink_to("/etc/hostname")
    (root / "up.txt").symlink_to("../outside.txt")
    (root / "loop.txt").symlink_to("loop.txt")
    (root / "gone.txt").symlink_to("nowhere.txt")
    commit(root, **{"sub/to.txt": "text"})
    write(root, **{"sub/to.txt": "dirty"})
    with opened(root) as revision:
        assert revision.read("in/link.txt", limit=10) == b"text"
        assert revision.read("folder/to.txt", limit=10) == b"text"
        assert revision.read("in/../folder/./to.txt", limit=10) == b"text"
        with pytest.raises(FileNotFoundError):
            revision.read("gone.txt", limit=10)
    for path in ("out.txt", "up.txt", "../x.txt"):
        assert refused(root, path) == "in HEAD this leads out of the project root"
    assert refused(root, "in/link.txt", root="in") == "in HEAD this leads out of the project root"
    assert refused(root, "loop.txt") == "in HEAD the link leads back to itself"
    assert refused(root, "sub") == "in HEAD this is a directory, not a regular file"


def test_a_file_beyond_the_limit_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    commit(root, **{"big.txt": "x" * 3_000_000, "small.txt": "text"})
    assert refused(root, "big.txt") == "in HEAD the file has 3,000,000 bytes, at most 1,000 allowed"
    with opened(root) as revision:
        with pytest.raises(Refused):
            revision.read("big.txt", limit=10)
        assert revision.read("small.txt", limit=10) == b"text"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "nope",
            "--base 'nope' is no commit of this repository; name a commit, a branch or a tag that `git log` knows",
        ),
        ("", "--base names no revision; name a commit, a branch or a tag: --base origin/main"),
        ("  ", "--base names no revision"),
        ("a\0b", "--base names no revision"),
        ("--output=/tmp/owned", "--base '--output=/tmp/owned' is no revision"),
        ("-h", "--base '-h' is no revision"),
        ("HEAD:a", "--base 'HEAD:a' is a tree, not a commit"),
        ("HEAD:a/b.txt", "--base 'HEAD:a/b.txt' is a blob, not a commit"),
        ("HEAD^{tree}", "--base 'HEAD^{tree}' is a tree, not a commit"),
        ("HEAD~9", "--base 'HEAD~9' is no commit of this repository"),
        ("^HEAD", "--base '^HEAD' is no commit of this repository"),
        ("HEAD..HEAD", "--base 'HEAD..HEAD' is no commit of this repository"),
        ("HEAD; touch owned", "--base 'HEAD; touch owned' is no commit of this repository"),
        ("$(touch owned)", "--base '$(touch owned)' is no commit of this repository"),
        ("HEAD\nHEAD", "--base 'HEAD\\nHEAD' is no commit of this repository"),
        ("0" * 40, f"--base '{'0' * 40}' is no commit of this repository"),
    ],
)
def test_what_names_no_commit(tmp_path: Path, name: str, message: str) -> None:
    root = repository(tmp_path / "r")
    commit(root, **{"a/b.txt": "text"})
    assert told(root, name).startswith(message)
    assert sorted(path.name for path in root.iterdir()) == [".git", "a"]


def test_a_name_that_can_mean_two_revisions_is_refused(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    commit(root, **{"a.txt": "weak"})
    git(root, "tag", "main")
    commit(root, **{"a.txt": "strong"})
    assert told(root, "main").startswith("--base 'main' can mean more than one revision; write it out: refs/heads/")
    with opened(root, "refs/heads/main") as revision:
        assert revision.read("a.txt", limit=10) == b"strong"


def test_tags_and_short_names(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    first = commit(root, **{"a.txt": "text"})
    git(root, "tag", "-a", "-m", "release", "v1")
    git(root, "branch", "release/1.x")
    commit(root)
    for name in ("v1", "release/1.x", first[:10], "HEAD~1", "main^", ":/more", "refs/tags/v1"):
        with opened(root, name) as revision:
            assert len(revision.files()) == 1, name


def test_outside_of_git(tmp_path: Path) -> None:
    assert told(tmp_path, "HEAD").startswith(
        f"--base needs a git work tree, and {tmp_path} is in none; run it in a clone"
    )


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    assert told(repository(tmp_path / "r"), "HEAD").startswith("--base 'HEAD' is no commit of this repository")


def test_a_shallow_clone_says_how_to_fetch_more(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    first = commit(root, **{"a.txt": "one"})
    commit(root, **{"a.txt": "two"})
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{root}", "clone")
    clone = tmp_path / "clone"
    message = (
        f"--base '{first}' is not in this repository, which is a shallow clone; "
        "fetch more of its history: `git fetch --deepen=100` or `git fetch --unshallow`"
    )
    assert told(clone, first) == message
    assert "shallow clone" in told(clone, "HEAD~1")
    git(clone, "fetch", "-q", "--deepen=1")
    with opened(clone, "HEAD~1") as revision:
        assert revision.read("a.txt", limit=10) == b"one"


def test_an_object_that_is_missing_is_told(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    commit(root, **{"a.txt": "one"})
    oid = git(root, "rev-parse", "HEAD:a.txt").strip()
    (root / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    with opened(root) as revision, pytest.raises(RunError) as caught:
        revision.read("a.txt", limit=10)
    assert caught.value.message == f"the repository does not hold all files of HEAD (object {oid[:12]} is missing)"


def test_worktrees_and_subdirectories(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    commit(root, **{"sub/a.txt": "one"})
    git(root, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "side")
    for top in (root, tmp_path / "tree"):
        with opened(top / "sub") as revision:
            assert revision.top == str(top)
            assert revision.relative(str(top / "sub" / "a.txt")) == "sub/a.txt"
            assert revision.relative(str(top)) == ""
            assert revision.relative(str(tmp_path / "elsewhere")) is None
            assert revision.read("sub/a.txt", limit=10) == b"one"


def test_a_link_above_the_work_tree_is_another_name_of_it(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    commit(root, **{"sub/a.txt": "one"})
    (tmp_path / "alias").symlink_to("r")
    with opened(tmp_path / "alias" / "sub") as revision:
        assert revision.relative(str(tmp_path / "alias" / "sub" / "a.txt")) == "sub/a.txt"
        assert revision.relative(str(root / "sub" / "a.txt")) == "sub/a.txt"


def test_a_detour_into_the_work_tree_is_refused(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    commit(root, **{"a.txt": "one"})
    (tmp_path / "detour").symlink_to("r")
    with opened(root) as revision, pytest.raises(RunError) as caught:
        revision.relative(str(tmp_path / "detour" / "a.txt"))
    assert "leads into the work tree" in caught.value.message


def test_a_link_within_the_work_tree_keeps_its_own_name(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    commit(root, **{"policies/a.txt": "strong", "weak/a.txt": "weak"})
    (root / "policies" / "a.txt").unlink()
    (root / "policies").rmdir()
    (root / "policies").symlink_to("weak")
    with opened(root) as revision:
        inside = revision.relative(str(root / "policies" / "a.txt"))
        assert inside == "policies/a.txt"
        assert revision.read(inside, limit=10) == b"strong"


def test_replaced_objects_and_foreign_variables_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "r")
    strong = commit(root, **{"a.txt": "strong"})
    weak = commit(root, **{"a.txt": "weak"})
    git(root, "replace", strong, weak)
    other = repository(tmp_path / "other", "b.txt")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    with opened(root, strong) as revision:
        assert revision.read("a.txt", limit=10) == b"strong"


def test_objects_named_by_sha_256(tmp_path: Path) -> None:
    root = tmp_path / "r"
    root.mkdir()
    git(root, "init", "-q", "-b", "main", "--object-format=sha256")
    commit(root, **{"a.txt": "one"})
    with opened(root) as revision:
        assert len(revision.commit) == 64
        assert revision.read("a.txt", limit=10) == b"one"
