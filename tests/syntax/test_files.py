"""Only regular files below the root are read, whole, through one descriptor; everything else is a finding."""

from __future__ import annotations

import os
import socket
import stat
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.syntax import files
from pytest_datapolicy.syntax.files import read_head, read_regular
from tests.syntax.told import line

if TYPE_CHECKING:
    from pathlib import Path

OUTSIDE = "DP001 1:1-1:1 this leads out of the project root | put the file itself below the root"
CHANGED = "DP001 1:1-1:1 the file changed while it was read | run again when nothing writes to it"


def _told(path: Path | str, root: Path | None, limit: int = 100) -> list[str]:
    with pytest.raises(Refused) as refused:
        read_regular(str(path), root=None if root is None else str(root), limit=limit)
    assert refused.value.text == ""
    return [line(problem) for problem in refused.value.problems]


def _kind(kind: str) -> list[str]:
    remedy = "put a regular file in its place, or rename it"
    return [f"DP001 1:1-1:1 this is {kind}, not a regular file | {remedy}"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.yaml").write_bytes(b"a: 1\r\n")
    (tmp_path / "secret").write_text("secret")
    return root


def test_a_file(root: Path) -> None:
    assert read_regular(str(root / "a.yaml"), root=str(root), limit=6) == b"a: 1\r\n"
    assert read_regular(str(root / "a.yaml"), root=None, limit=6) == b"a: 1\r\n"


def test_an_empty_file(root: Path) -> None:
    (root / "b.yaml").touch()
    assert read_regular(str(root / "b.yaml"), root=str(root), limit=0) == b""


def test_relative_paths(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    assert read_regular("a.yaml", root=".", limit=6) == b"a: 1\r\n"
    assert _told("../secret", root) == [OUTSIDE]


def test_a_large_file(root: Path) -> None:
    assert _told(root / "a.yaml", root, limit=5) == [
        "DP001 1:1-1:1 the file has 6 bytes, at most 5 allowed | split the file"
    ]
    with (root / "b.yaml").open("wb") as file:
        file.truncate(1 << 30)
    assert _told(root / "b.yaml", root, limit=1 << 20) == [
        "DP001 1:1-1:1 the file has 1,073,741,824 bytes, at most 1,048,576 allowed | split the file"
    ]


def test_a_directory(root: Path) -> None:
    (root / "b.yaml").mkdir()
    assert _told(root / "b.yaml", root) == _kind("a directory")


def test_no_file(root: Path) -> None:
    expected = ["DP001 1:1-1:1 there is no such file | restore it, or correct the path"]
    assert _told(root / "b.yaml", root) == expected
    assert _told(root / "a.yaml" / "b.yaml", root) == expected
    assert _told("", None) == expected


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
def test_a_name_that_cannot_be(root: Path, name: str) -> None:
    assert _told(root / name, root) == [
        "DP001 1:1-1:1 the file name is not one that this system can hold | rename the file"
    ]


def test_a_long_name(root: Path) -> None:
    assert _told(root / ("a" * 5000), root) in (
        ["DP001 1:1-1:1 the path is too long | shorten the path"],
        ["DP001 1:1-1:1 there is no such file | restore it, or correct the path"],
    )


def test_links_inside_the_root(root: Path) -> None:
    (root / "b.yaml").symlink_to("a.yaml")
    (root / "c.yaml").symlink_to(root / "b.yaml")
    assert read_regular(str(root / "b.yaml"), root=str(root), limit=6) == b"a: 1\r\n"
    assert read_regular(str(root / "c.yaml"), root=str(root), limit=6) == b"a: 1\r\n"


def test_a_link_out_of_the_root(root: Path) -> None:
    (root / "b.yaml").symlink_to("../secret")
    assert _told(root / "b.yaml", root) == [OUTSIDE]
    assert read_regular(str(root / "b.yaml"), root=None, limit=6) == b"secret"


def test_a_folder_that_links_out_of_the_root(root: Path) -> None:
    (root / "b").symlink_to("..", target_is_directory=True)
    assert _told(root / "b" / "secret", root) == [OUTSIDE]
    assert read_regular(str(root / "b" / "root" / "a.yaml"), root=str(root), limit=6) == b"a: 1\r\n"


def test_a_root_with_a_neighbour_of_like_name(root: Path) -> None:
    (root.parent / "root2").mkdir()
    (root.parent / "root2" / "a.yaml").touch()
    assert _told(root.parent / "root2" / "a.yaml", root) == [OUTSIDE]


def test_a_root_behind_a_link(root: Path) -> None:
    (root.parent / "link").symlink_to("root", target_is_directory=True)
    link = root.parent / "link"
    assert read_regular(str(link / "a.yaml"), root=str(link), limit=6) == b"a: 1\r\n"
    assert read_regular(str(root / "a.yaml"), root=str(link), limit=6) == b"a: 1\r\n"


def test_a_dangling_link(root: Path) -> None:
    (root / "b.yaml").symlink_to("nowhere")
    assert _told(root / "b.yaml", root) == [
        "DP001 1:1-1:1 the link leads nowhere | remove it, or restore what it leads to"
    ]


def test_a_dangling_link_out_of_the_root(root: Path) -> None:
    """Whether a file outside exists is not told."""
    (root / "b.yaml").symlink_to("../nowhere")
    assert _told(root / "b.yaml", root) == [OUTSIDE]


def test_links_in_a_circle(root: Path) -> None:
    (root / "b.yaml").symlink_to("c.yaml")
    (root / "c.yaml").symlink_to("b.yaml")
    assert _told(root / "b.yaml", root) == [
        "DP001 1:1-1:1 the link leads back to itself | put a regular file in its place"
    ]


def test_a_file_that_may_not_be_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert _told(root / "a.yaml", root) == ["DP001 1:1-1:1 the file may not be read | give read permission"]


def test_a_disk_that_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", fail)
    expected = f"DP001 1:1-1:1 the file cannot be read: {os.strerror(5).lower()} | make it readable"
    assert _told(root / "a.yaml", root) == [expected]


@pytest.mark.parametrize("change", [b"a: 1\r\nb: 2\r\n", b"a: 1", b""])
def test_a_file_that_changes(root: Path, monkeypatch: pytest.MonkeyPatch, change: bytes) -> None:
    fstat = os.fstat

    def change_after(descriptor: int) -> os.stat_result:
        state = fstat(descriptor)
        if stat.S_ISREG(state.st_mode):
            (root / "a.yaml").write_bytes(change)
        return state

    monkeypatch.setattr(os, "fstat", change_after)
    assert _told(root / "a.yaml", root) == [CHANGED]


def test_short_reads(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, size: read(descriptor, min(size, 2)))
    assert read_regular(str(root / "a.yaml"), root=str(root), limit=6) == b"a: 1\r\n"


def test_nothing_stays_open(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    closed: list[int] = []
    real_open, real_close = os.open, os.close

    def watched_open(path: str, flags: int) -> int:
        opened.append(real_open(path, flags))
        return opened[-1]

    def watched_close(descriptor: int) -> None:
        closed.append(descriptor)
        real_close(descriptor)

    monkeypatch.setattr(os, "open", watched_open)
    monkeypatch.setattr(os, "close", watched_close)
    read_regular(str(root / "a.yaml"), root=str(root), limit=6)
    _told(root / "a.yaml", root, limit=1)
    _told(root, root)
    assert len(opened) >= 2
    assert opened == closed


def test_without_the_flags_and_folders_of_linux(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere a link is followed by name, and a descriptor does not tell its path."""

    def unknown(descriptor: int) -> str:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(files, "_FLAGS", os.O_RDONLY | getattr(os, "O_BINARY", 0))
    monkeypatch.setattr(files, "_NO_LINK", 0)
    monkeypatch.setattr(files, "_opened", unknown)
    (root / "b.yaml").symlink_to("../secret")
    (root / "c.yaml").symlink_to("a.yaml")
    (root / "d").symlink_to("..", target_is_directory=True)
    assert read_regular(str(root / "a.yaml"), root=str(root), limit=6) == b"a: 1\r\n"
    assert read_regular(str(root / "c.yaml"), root=str(root), limit=6) == b"a: 1\r\n"
    assert _told(root / "b.yaml", root) == [OUTSIDE]
    assert _told(root / "d" / "secret", root) == [OUTSIDE]


def test_the_head_of_a_file(root: Path) -> None:
    assert read_head(str(root / "a.yaml"), 4) == b"a: 1"
    assert [read_head(str(root / name), 4) for name in ("", "b.yaml", "a\0b")] == [None, None, None]


if hasattr(os, "mkfifo"):

    def test_a_named_pipe(root: Path) -> None:
        os.mkfifo(root / "b.yaml")
        assert _told(root / "b.yaml", root) == _kind("a named pipe")

    def test_devices(root: Path) -> None:
        assert _told("/dev/zero", None) == _kind("a device")
        (root / "b.yaml").symlink_to("/dev/zero")
        assert _told(root / "b.yaml", root) == [OUTSIDE]

    def test_a_socket(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(root)  # paths of sockets are short
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("b.yaml")
            assert _told("b.yaml", root) == _kind("a socket")
