"""Writing new files: whole or not at all, and over nothing."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.fix.create import create_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def no_links(*_: object) -> None:
    raise OSError(errno.EPERM, "no links here")


@pytest.fixture(params=["links", "none", "not at all"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """File systems with links and without, and a system that knows none."""
    if request.param == "none":
        monkeypatch.setattr(os, "link", no_links)
    elif request.param == "not at all":
        monkeypatch.delattr(os, "link")


@pytest.mark.usefixtures("system")
def test_a_new_file_is_whole(tmp_path: Path) -> None:
    create_file(str(tmp_path / "a.yaml"), b"a: 1\n")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.yaml": b"a: 1\n"}


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize(
    "make", [lambda path: path.write_text("kept"), lambda path: path.symlink_to("nowhere")], ids=["file", "link"]
)
def test_what_is_there_is_kept(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "a.yaml"
    make(path)
    before = os.lstat(path)
    with pytest.raises(FileExistsError):
        create_file(str(path), b"a: 1\n")
    assert os.lstat(path) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.yaml"]


def test_what_appears_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"

    def late(*_: object) -> None:
        path.write_text("theirs")
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(FileExistsError):
        create_file(str(path), b"a: 1\n")
    assert {entry.name: entry.read_text() for entry in tmp_path.iterdir()} == {"a.yaml": "theirs"}


def test_a_name_that_cannot_be_given_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr(os, "replace", no_links)
    with pytest.raises(OSError, match="no links here"):
        create_file(str(tmp_path / "a.yaml"), b"a: 1\n")
    assert list(tmp_path.iterdir()) == []
