"""Searches for manifests, as the tests of discovery make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_datapolicy.app.discovery import Found, find_manifests
from pytest_datapolicy.app.settings import Settings
from pytest_datapolicy.builtin import NATIVE_NAMES
from pytest_datapolicy.hooks import FormatEntry

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
