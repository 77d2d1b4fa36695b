"""Results of earlier runs: used for the same bytes only, and never when they are not whole."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.model.data import Counts, Unmeasured
from pytest_datapolicy.verify import reading
from pytest_datapolicy.verify.duck import Duck
from pytest_datapolicy.verify.verification import default_cache
from tests.verify.projects import manifest, opened, part, put, split

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_datapolicy.model.manifest import Manifest

FOLDER = "results"
DATA = manifest(split(part("a.csv", where={"k": "x"})))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Duck]:
    """The engines that were started."""
    made: list[Duck] = []
    init = Duck.__init__

    def counting(self: Duck, *arguments: Any) -> None:
        made.append(self)
        init(self, *arguments)

    monkeypatch.setattr(Duck, "__init__", counting)
    return made


def counts(root: Path, data: Manifest = DATA, **options: Any) -> Counts | Unmeasured:
    with opened(root, data, **{"cached": True, **options}) as opens:
        return opens.counts(data.components[0])


def results(root: Path) -> list[Path]:
    return sorted((root / FOLDER).glob("*/*.json"))


def test_the_same_bytes_are_read_by_the_engine_once(tmp_path: Path, started: list[Duck]) -> None:
    put(tmp_path, "a.csv", b"k\nx\ny\n")
    first = counts(tmp_path)
    assert (first, len(started), len(results(tmp_path))) == (Counts(1, (2,), {}, (), (1,), (1,)), 1, 1)
    assert (counts(tmp_path), len(started)) == (first, 1)
    os.rename(tmp_path / "a.csv", tmp_path / "b.csv")
    assert (counts(tmp_path, manifest(split(part("b.csv", where={"k": "x"})))), len(started)) == (first, 1)
    assert (counts(tmp_path, cached=False), len(started)) == (
        Unmeasured(
            "a.csv is not there", "restore it, or correct the path", DATA.components[0].at("files", 0, "path"), "absent"
        ),
        1,
    )
    os.rename(tmp_path / "b.csv", tmp_path / "a.csv")
    assert (counts(tmp_path, cached=False), len(started)) == (first, 2)


def test_other_bytes_of_the_same_size_and_time_are_noticed(tmp_path: Path, started: list[Duck]) -> None:
    path = put(tmp_path, "a.csv", b"k\nx\ny\n")
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    counts(tmp_path)
    path.write_bytes(b"k\nx\nx\n")
    os.utime(path, ns=times)
    assert (counts(tmp_path), len(started)) == (Counts(2, (2,), {}, (), (0,), (2,)), 2)


def test_other_questions_and_other_versions(
    tmp_path: Path, started: list[Duck], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.csv", b"k,l\nx,1\ny,1\n")
    counts(tmp_path)
    for index, where in enumerate(({"k": "y"}, {"l": "x"}, {"k": ["x", "y"]}, {"k": "x", "l": "1"})):
        counts(tmp_path, manifest(split(part("a.csv", where=where))))
        assert len(started) == 2 + index
    monkeypatch.setattr(reading, "VERSION", reading.VERSION + 1)
    counts(tmp_path)
    assert len(started) == 6


@pytest.mark.parametrize(
    "edit",
    [
        lambda entry: b"",
        lambda entry: b"{",
        lambda entry: b"[]",
        lambda entry: b"\xff",
        lambda entry: b"[" * 100_000,
        lambda entry: json.dumps(entry | {"result": [[0, [["x", "x", 9]], 9]]}).encode(),
        lambda entry: json.dumps(entry | {"key": "other"}).encode(),
        lambda entry: json.dumps(entry | {"format": 2}).encode(),
        lambda entry: json.dumps({"key": entry["key"]}).encode(),
    ],
    ids=["nothing", "cut", "list", "no-text", "deep", "result", "key", "format", "parts"],
)
def test_what_is_not_whole_is_made_anew(tmp_path: Path, started: list[Duck], edit: Any) -> None:
    put(tmp_path, "a.csv", b"k\nx\ny\n")
    first = counts(tmp_path)
    (result,) = results(tmp_path)
    whole = result.read_bytes()
    result.write_bytes(edit(json.loads(whole)))
    assert (counts(tmp_path), len(started)) == (first, 2)
    assert result.read_bytes() == whole
    assert not list((tmp_path / FOLDER).glob("*/*.tmp"))


def test_a_result_of_another_shape_is_made_anew(tmp_path: Path, started: list[Duck]) -> None:
    from pytest_datapolicy.verify.cache import Cache

    put(tmp_path, "a.csv", b"k\nx\ny\n")
    first = counts(tmp_path)
    key = json.loads(results(tmp_path)[0].read_bytes())["key"]
    shapes: list[Any] = [{}, [1], [[0]], [[0, [["x"]], "many"]], [["0", [], 1]], None]
    for index, odd in enumerate(shapes):
        Cache(str(tmp_path / FOLDER)).put(key, odd)
        assert (counts(tmp_path), len(started)) == (first, 2 + index)


def test_the_folder_is_the_user_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert default_cache() == "/caches/pytest-datapolicy"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/me")
    assert default_cache() == "/home/me/.cache/pytest-datapolicy"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_cache() is None


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", b"k\nx\ny\n")
    put(tmp_path, FOLDER, b"a file")
    assert counts(tmp_path) == Counts(1, (2,), {}, (), (1,), (1,))


def test_a_link_in_place_of_a_result_is_replaced_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", b"k\nx\ny\n")
    counts(tmp_path)
    (result,) = results(tmp_path)
    target = put(tmp_path, "precious", b"kept")
    result.unlink()
    result.symlink_to(target)
    counts(tmp_path)
    assert not result.is_symlink()
    assert target.read_bytes() == b"kept"
