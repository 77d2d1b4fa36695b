"""What entries of ``files`` stand for, and what is never opened."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.model.data import Counts, DataFile, Unmeasured
from pytest_datapolicy.verify.sources import pattern_of
from tests.verify.projects import manifest, opened, part, put, split

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AT = ("splits", "train", "components", 0, "files", 0, "path")


def file_of(root: Path, name: str, path: str = "dataset.yaml", **options: Any) -> DataFile:
    data = manifest(split(part(name)))
    with opened(root, data, path=path, **options) as opens:
        (found,) = opens.files(data.components[0])
    return found


def digest_of(root: Path, name: str) -> str | Unmeasured:
    data = manifest(split(part(name)))
    with opened(root, data) as opens:
        return opens.sha256(data.components[0], 0)


def test_a_file_a_folder_and_a_glob(tmp_path: Path) -> None:
    put(tmp_path, "sub/data/a.csv", b"k\n1\n")
    put(tmp_path, "sub/data/deep/b.csv", b"k\n")
    path = "sub/dataset.yaml"
    assert file_of(tmp_path, "data/a.csv", path) == DataFile("data/a.csv", AT, None, False, 1, 4)
    for name in ("data", "data/**/*.csv", "**/?.csv", "data/**"):
        assert file_of(tmp_path, name, path) == DataFile(name, AT, None, True, 2, 6)
    assert file_of(tmp_path, "data/*.csv", path) == DataFile("data/*.csv", AT, None, True, 1, 4)


def link(target: str) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(target)


def bound(path: Path) -> None:
    """A socket in the file system; its path may not be long."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


FAULTS: dict[str, tuple[str, Callable[[Path], object] | None, str]] = {
    "absent": ("data/x.csv", None, "absent: data/x.csv is not there (restore it, or correct the path)"),
    "below a file": ("top.csv/x.csv", None, "absent: top.csv/x.csv is not there (restore it, or correct the path)"),
    "no match": ("data/*.parquet", None, "absent: no file matches data/*.parquet "
                                         "(correct the pattern, or restore the files)"),
    "no folder to match in": ("none/*.csv", None, "absent: no file matches none/*.csv "
                                                  "(correct the pattern, or restore the files)"),
    "empty": ("data/x", os.mkdir, "absent: data/x holds no file (restore the files, or take it out of `files`)"),
    "dangling": ("data/x.csv", link("gone"), "absent: data/x.csv is a link that leads nowhere "
                                             "(restore what it leads to)"),
    "itself": ("data/x.csv", link("x.csv"), "unreadable: data/x.csv cannot be read: too many levels of symbolic links "
                                            "(make it readable)"),
    "out": ("data/x.csv", link("/etc/passwd"), "outside: data/x.csv is a link that leads out of the project root "
                                               "(put the file itself below the root)"),
    "folder out": ("data/x", link("/etc"), "outside: data/x is a link that leads out of the project root "
                                           "(put the file itself below the root)"),
    "through a folder": ("data/x/passwd", lambda path: path.parent.symlink_to("/etc"),
                         "outside: data/x/passwd is a link that leads out of the project root "
                         "(put the file itself below the root)"),
    "up": ("../x.csv", None, "outside: ../x.csv is outside of the project root (put the file itself below the root)"),
    "absolute": ("/etc/passwd", None, "outside: /etc/passwd is outside of the project root "
                                      "(put the file itself below the root)"),
    "glob up": ("../*", None, "outside: .. is outside of the project root (put the file itself below the root)"),
    "pipe": ("data/x.csv", os.mkfifo, "irregular: data/x.csv is a named pipe, not a regular file "
                                      "(name a regular file)"),
    "socket": ("data/x.csv", bound, "irregular: data/x.csv is a socket, not a regular file (name a regular file)"),
    "NUL": ("data/\0", None, "absent: 'data/\\x00' is no path (name a file below the manifest's folder)"),
    "too long": ("d" * 300, None, f"unreadable: {'d' * 300} cannot be read: file name too long (make it readable)"),
    "address": ("s3://bucket/x.csv", None, "outside: s3://bucket/x.csv is below none of the addresses that may be read "
                "(name the address above it in `roots` of [tool.datapolicy.verify] to allow it)"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_not_opened(tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, make, expected = FAULTS[case]
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "data/ok.csv", b"k\n1\n")
    put(tmp_path, "top.csv", b"k\n1\n")
    if make is not None:
        make(tmp_path / name)
    found = file_of(tmp_path, name).fault
    assert found is not None
    assert f"{found.kind}: {found.reason} ({found.remedy})" == expected
    assert found.at == AT
    assert digest_of(tmp_path, name) == found
    data = manifest(split(part(name), part("data/ok.csv", name="other")))
    with opened(tmp_path, data) as opens:
        assert opens.counts(data.components[0]) == found
        assert opens.counts(data.components[1]) == Counts(1, (1,), {}, (), (0,), (1,))


@pytest.mark.parametrize(
    ("name", "target", "expected"),
    [
        ("data/x.csv", "/etc/passwd", "data/x.csv is a link that leads out of the project root"),
        ("data/x", "/etc", "data/x is a link to a folder"),
        ("data/x", ".", "data/x is a link to a folder"),
        ("data/x.csv", "gone", "data/x.csv is a link that leads nowhere"),
    ],
)
@pytest.mark.parametrize("entry", ["data", "data/**"])
def test_links_in_folders(tmp_path: Path, entry: str, name: str, target: str, expected: str) -> None:
    put(tmp_path, "data/ok.csv", b"k\n1\n")
    (tmp_path / name).symlink_to(target)
    found = file_of(tmp_path, entry).fault
    assert found is not None
    assert found.reason == expected


def test_links_that_stay_inside(tmp_path: Path) -> None:
    put(tmp_path, "store/a.csv", b"k\n1\n2\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").symlink_to("../store/a.csv")
    (tmp_path / "linked").symlink_to("store")
    for name in ("data/a.csv", "data", "linked", "linked/*.csv"):
        assert file_of(tmp_path, name).fault is None, name
    data = manifest(split(part("data", name="a"), part("linked", name="b")))
    with opened(tmp_path, data) as opens:
        found = opens.counts(data.components[0])
    assert found == Counts(2, (2,), {}, (("train/b", 2),), (0,), (2,))


def test_a_project_below_a_link(tmp_path: Path) -> None:
    put(tmp_path, "real/data/a.csv", b"k\n1\n")
    (tmp_path / "linked").symlink_to("real")
    assert file_of(tmp_path / "linked", "data/a.csv") == DataFile("data/a.csv", AT, None, False, 1, 4)


HOSTILE = (
    "a b.parquet",
    "quote'.parquet",
    'double".parquet',
    "back\\slash.parquet",
    "semi;colon --.parquet",
    "line\nfeed.parquet",
    "star*.parquet",
    "what?.parquet",
    "set[a-c].parquet",
    "brace{a,b}.parquet",
    "$HOME.parquet",
    "%41.parquet",
    "ünï✓.parquet",
    "-rf.parquet",
    "k=1.parquet",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_names(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"data/{name}", [{"k": "a"}, {"k": "b"}])
    put(tmp_path, "data/starred.parquet", [{"k": "c"}])
    put(tmp_path, "data/seta.parquet", [{"k": "c"}])
    wild = any(char in name for char in "*?")
    data = manifest(split(part("data" if wild else f"data/{name}", where={"k": "a"})))
    with opened(tmp_path, data) as opens:
        found = opens.counts(data.components[0])
    assert isinstance(found, Counts)
    assert (found.records, found.files) == (1, (4 if wild else 2,))


COLUMNS = (
    "a b",
    'dou"ble',
    "sing'le",
    "back\\slash",
    "semi; DROP TABLE x --",
    "line\nfeed",
    "star*",
    "c0",
    "f",
    "file_index",
    "filename",
    "row",
    "select",
    "ünï✓",
    "a/b~c",
    "",
    " ",
)


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".csv", ".arrow"])
@pytest.mark.parametrize("column", COLUMNS)
def test_hostile_column_names_and_values(tmp_path: Path, column: str, suffix: str) -> None:
    if "\n" in column and suffix == ".csv":
        column = "line\tfeed"  # see test_counts
    value = f"va'l\"ue\\ {column};"
    put(tmp_path, f"a{suffix}", [{"first": "1", column: value}, {"first": "2", column: "other"}])
    data = manifest(split(part(f"a{suffix}", where={column: value}), columns={"origin": column, "origins": {}}))
    with opened(tmp_path, data) as opens:
        found = opens.counts(data.components[0])
    assert found == Counts(1, (2,), {value: 1}, (), (1,), (1,))


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".csv", ".arrow"])
def test_columns_that_differ_in_case(tmp_path: Path, suffix: str) -> None:
    put(tmp_path, f"a{suffix}", [{"Key": "1", "key": "2"}, {"Key": "2", "key": "1"}, {"Key": "1", "key": "3"}])
    for where, records in (({"Key": "1"}, 2), ({"key": "1"}, 1), ({"Key": "1", "key": "2"}, 1)):
        data = manifest(split(part(f"a{suffix}", where=where)))
        with opened(tmp_path, data) as opens:
            found = opens.counts(data.components[0])
        assert isinstance(found, Counts)
        assert found.records == records


def test_the_digest_of_a_folder_is_that_of_its_listing(tmp_path: Path) -> None:
    names = ("data/b.csv", "data/a/z.csv", "data/é.csv", "data/line\nfeed.csv", "data/back\\slash.csv")
    for name in names:
        put(tmp_path, name, name.encode())
    put(tmp_path, "data/.hidden", b"x")
    ordered = sorted(names, key=str.encode)
    listing = subprocess.run(["sha256sum", "--", *ordered], cwd=tmp_path, check=True, capture_output=True).stdout
    assert digest_of(tmp_path, "data") == hashlib.sha256(listing).hexdigest()
    assert digest_of(tmp_path, "data/b.csv") == hashlib.sha256(b"data/b.csv").hexdigest()


@pytest.mark.parametrize("when", ["before", "during"])
def test_a_file_that_changes_while_it_is_read(tmp_path: Path, when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from pytest_datapolicy.verify.duck import Duck

    path = put(tmp_path, "a.csv", b"k\n1\n")
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    rows = Duck.rows

    def write() -> None:
        path.write_bytes(b"k\n2\n")
        os.utime(path, ns=times)  # the time of the change of the inode still tells

    def late(self: Duck, query: Any) -> Any:
        found = rows(self, query)
        write()
        return found

    if when == "during":
        monkeypatch.setattr(Duck, "rows", late)
    data = manifest(split(part("a.csv")))
    with opened(tmp_path, data) as opens:
        opens.files(data.components[0])
        if when == "before":
            write()
        found = opens.counts(data.components[0]), opens.sha256(data.components[0], 0)
    for item in found:
        assert isinstance(item, Unmeasured)
        assert (item.kind, item.reason, item.at) == ("changed", "a.csv changed while it was read", AT)
        assert item.remedy == "let nothing write to it while it is checked, and run the check again"


def test_globs() -> None:
    cases = {
        "*.csv": (["a.csv", ".csv"], ["a/b.csv", "a.csvx", "a.CSV"]),
        "**/*.csv": (["a.csv", "a/b.csv", "a/b/c.csv"], ["a.tsv"]),
        "a/**": (["a/b", "a/b/c"], ["a", "ab"]),
        "a/**/b?.x": (["a/b1.x", "a/c/b1.x"], ["a/b.x", "a/b/.x"]),
        "[ab].csv": (["[ab].csv"], ["a.csv"]),
    }
    for glob, (matching, others) in cases.items():
        pattern = pattern_of(glob)
        assert all(pattern.fullmatch(name) for name in matching), glob
        assert not any(pattern.fullmatch(name) for name in others), glob
