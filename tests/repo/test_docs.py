"""The pages of the documentation: the site builds without a warning, and every example on a page does what it says."""

from __future__ import annotations

import fnmatch
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.policy.load import load_policy

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md"))
FENCE = re.compile(r"^```(?P<kind>\w+)(?:[^\n]*?title=\"(?P<title>[^\"]+)\")?[^\n]*\n(?P<body>.*?)^```$", re.M | re.S)


class Block(NamedTuple):
    """One fenced block."""

    kind: str
    title: str | None
    body: str


def blocks(path: Path) -> list[Block]:
    return [Block(found["kind"], found["title"], found["body"]) for found in FENCE.finditer(path.read_text("utf-8"))]


def name(path: Path) -> str:
    return path.relative_to(DOCS).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    """Blocks with a title are files; console blocks are commands and their output, ``...`` standing for anything."""
    for block in blocks(page):
        if block.title is not None:
            (tmp_path / block.title).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.title).write_text(block.body, "utf-8")
        elif block.kind == "console":
            for command, shown in commands(block.body):
                assert matches(run(command, tmp_path), shown) == []


def commands(body: str) -> list[tuple[str, str]]:
    parts = re.split(r"^\$ ", body, flags=re.M)[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


def run(command: str, folder: Path) -> str:
    words = shlex.split(command)
    assert words[0] == "datapolicy", f"only datapolicy is shown: {command}"
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"}
    result = subprocess.run(
        [sys.executable, "-m", "pytest_datapolicy", *words[1:]],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )
    return result.stdout + result.stderr


def matches(printed: str, shown: str) -> list[str]:
    """The lines shown that were not printed in that order; a line ``...`` skips any number of printed ones."""
    lines = iter(printed.splitlines())
    missing = []
    skipping = False
    for wanted in shown.splitlines():
        if wanted.strip() == "...":
            skipping = True
            continue
        pattern = fnmatch.translate(glob(wanted))
        for line in lines:
            if re.match(pattern, line.rstrip()):
                break
            if not skipping:
                missing.append(f"shown {wanted!r}, printed {line!r}")
                break
        else:
            missing.append(f"shown {wanted!r}, never printed")
        skipping = False
    return missing


def glob(line: str) -> str:
    """A shown line as a pattern: everything stands for itself but three dots."""
    escaped = re.sub(r"([*?\[])", r"[\1]", line.rstrip())
    return escaped.replace("...", "*")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_policies_on_the_page_are_valid(page: Path, tmp_path: Path) -> None:
    catalogue = Catalogue()
    faults = []
    for block in blocks(page):
        if block.kind == "yaml" and block.body.startswith("policy:") and "misspelt" not in (block.title or ""):
            (tmp_path / "policy.yaml").write_text(block.body, "utf-8")
            try:
                load_policy([str(tmp_path / "policy.yaml")], root=str(tmp_path), catalogue=catalogue)
            except RunError as error:
                if "extends" not in block.body:
                    faults.append(f"{error.message} ({error.place})")
    assert faults == []


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Links, anchors and navigation are checked by the build (``strict``)."""
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(ROOT / "mkdocs.yml"), "-d", str(tmp_path)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    pages = {path.parent.name for path in (tmp_path / "rules").glob("*/index.html")}
    assert pages >= {entry.name for entry in Catalogue()}


def test_matching_tells_a_difference() -> None:
    assert matches("a\nb\n", "a\n...\n") == []
    assert matches("a\nb\nc\n", "...\nc\n") == []
    assert matches("a\nb\n", "a\nc\n") != []
    assert matches("a\n", "a\nb\n") != []
    assert matches("1 manifest, 3 subjects\n", "1 manifest, ...\n") == []
