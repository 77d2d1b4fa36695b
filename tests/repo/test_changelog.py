"""CHANGELOG.md keeps the format of keepachangelog.com."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
RELEASE = r"\[Unreleased\]|\[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}"


def releases() -> dict[str, str]:
    """The text under each heading of the second level."""
    parts = re.split(r"^## (.+)$", CHANGELOG, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_unreleased_stands_first() -> None:
    assert next(iter(releases())) == "[Unreleased]"


def test_every_release_has_a_version_and_a_date() -> None:
    assert [heading for heading in releases() if not re.fullmatch(RELEASE, heading)] == []


def test_every_release_groups_its_entries_by_known_kinds_in_order() -> None:
    for heading, body in releases().items():
        kinds = re.findall(r"^### (.+)$", body, re.MULTILINE)
        assert kinds == [kind for kind in KINDS if kind in kinds], heading
        for section in re.split(r"^### .+$", body, flags=re.MULTILINE)[1:]:
            lines = section.strip().splitlines()
            assert lines, f"{heading}: an empty section"
            assert all(line.startswith(("- ", "  ")) for line in lines), heading


def test_the_latest_release_is_the_version_of_the_package() -> None:
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", CHANGELOG, re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert versions[:1] in ([], [project["version"]])
