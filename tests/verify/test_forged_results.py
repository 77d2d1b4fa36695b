"""A project can hold a folder of results, but no result that this user did not compute."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from pytest_datapolicy.verify.cache import Cache

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

KEY = '[["overlap"], ["ab12"]]'
HOME = {"win32": "LOCALAPPDATA", "darwin": "HOME"}.get(sys.platform, "XDG_CACHE_HOME")


def kept(project: Path) -> object:
    """What a new run finds."""
    return Cache(str(project)).get(KEY, lambda _: True)


def test_a_result_that_somebody_else_put_there_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME, str(tmp_path / "theirs"))
    Cache(str(tmp_path / "project")).put(KEY, {"exact": 0})
    assert kept(tmp_path / "project") == {"exact": 0}
    monkeypatch.setenv(HOME, str(tmp_path / "ours"))
    assert kept(tmp_path / "project") is None


def test_a_result_that_was_changed_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME, str(tmp_path / "ours"))
    Cache(str(tmp_path / "project")).put(KEY, {"exact": 20})
    (file,) = (tmp_path / "project").glob("*/*.json")
    entry = json.loads(file.read_bytes())
    file.write_text(json.dumps(entry | {"result": {"exact": 0}}), "utf-8")
    assert kept(tmp_path / "project") is None


def test_without_a_place_for_the_key_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv(HOME, str(tmp_path / "file"))
    Cache(str(tmp_path / "project")).put(KEY, {"exact": 0})
    assert kept(tmp_path / "project") is None
    assert not (tmp_path / "project").exists()
