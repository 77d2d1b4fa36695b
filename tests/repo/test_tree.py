"""What the repository holds: known rooms, short files, no leftovers."""

from __future__ import annotations

import os
import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".pre-commit-hooks.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "benchmarks",
    "mkdocs.yml",
    "docs",
    "examples",
    "policies",
    "pyproject.toml",
    "src",
    "tests",
}
MAY_BE_ABSENT = {"benchmarks", "docs", "policies"}

LONGEST = 400
LONG = {
    "src/pytest_datapolicy/schemas/manifest.schema.json": "one JSON Schema is one document",
    "tests/rules/*/*.yaml": "all cases of one rule, read one at a time",
    "tests/*/whole.txt": "what all cases of a family give, whole; written by a command",
    "tests/explain/texts.yaml": "what is printed for several rules, whole",
    "tests/syntax/cases/*.yaml": "all texts that the reader refuses, in one table",
}
"""Files of more than 400 lines (patterns), and why each is one file."""

# In pieces, so that this file does not hold what it looks for.
LEFTOVERS = (
    rf"{re.escape('../')}shared\b",
    rf"(?<![\w.]){'/'}work\b(?!flows)",
    rf"{'/'}tmp/(lab|team|issue)",
    rf"\bpypi\.{'org'}|\bpythonhosted\.{'org'}|--(extra-)?index{'-url'}",
    rf"(#|//) *(TO{'DO'}|FIX{'ME'}|XX{'X'})\b",
    rf"\|\| {'true'}\b",
    rf"\bassert {'True'}\b",
    rf"\bpytest\.mark\.{'skip'}\b",
)


def files() -> list[str]:
    """Every file of the working tree that git tracks or would track; without git, all but what .gitignore names."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return sorted(name for name in set(listed.stdout.split("\0")) if name and (ROOT / name).is_file())


def text(name: str) -> str | None:
    """The text of a file, None for a binary one."""
    try:
        return (ROOT / name).read_text("utf-8")
    except UnicodeDecodeError:
        return None


def test_every_room_is_known_and_every_known_room_is_there() -> None:
    found = {name.split("/")[0] for name in files()}
    assert found - TOP_LEVEL == set()
    assert TOP_LEVEL - MAY_BE_ABSENT - found == set()


def test_no_file_is_long_without_a_reason() -> None:
    lengths = {name: (text(name) or "").count("\n") for name in files()}
    long = {name for name, length in lengths.items() if length > LONGEST}
    assert [name for name in sorted(long) if not any(fnmatch(name, pattern) for pattern in LONG)] == []
    stale = [pattern for pattern in LONG if not any(fnmatch(name, pattern) for name in long)]
    assert stale == [], "listed as long, but not long any more"


@pytest.mark.parametrize("pattern", LEFTOVERS)
def test_nothing_is_left_over(pattern: str) -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name in files()
        for number, line in enumerate((text(name) or "").splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert found == []


def test_every_text_file_ends_with_one_newline_and_has_no_trailing_blanks() -> None:
    made_to_be_odd = ("tests/syntax/", "tests/data/")
    untidy = []
    for name in files():
        content = text(name)
        if not content or name.startswith(made_to_be_odd) or not name.endswith((".py", ".md", ".toml")):
            continue
        if not content.endswith("\n") or content.endswith("\n\n") or re.search(r"[ \t]$", content, re.MULTILINE):
            untidy.append(name)
    assert untidy == []


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "src/pytest_datapolicy/py.typed").read_bytes() == b""


def test_the_licence_is_whole_and_names_its_holder() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    assert "Copyright 2026 The pytest-datapolicy authors" in licence


def test_ci_can_be_run() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=False).returncode == 0
