"""What README.md shows is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.repo.examples import COUNT, check
from tests.repo.readme import README, blocks, command, not_shown

if TYPE_CHECKING:
    from pathlib import Path

ROOT = README.parent
SUMMARY, FINDING = range(2)
MANIFEST, POLICY, PRE_COMMIT = range(3)


def test_the_two_commands_set_up_everything_themselves() -> None:
    fresh = "python3 -m venv .venv && .venv/bin/pip install -q "
    assert command(1) == fresh + ". && .venv/bin/datapolicy check examples"
    assert command(2) == fresh + "-e '.[test]' && .venv/bin/pytest -n auto"


def test_the_count_is_that_of_the_first_command() -> None:
    assert "\n".join(re.findall(COUNT, check(), re.MULTILINE)) + "\n" == blocks("text")[SUMMARY]


def test_the_manifest_under_the_policy_gives_the_finding(tmp_path: Path) -> None:
    (tmp_path / "dataset.yaml").write_text(blocks("yaml")[MANIFEST], "utf-8")
    (tmp_path / "policy.yaml").write_text(blocks("yaml")[POLICY], "utf-8")
    command = [sys.executable, "-m", "pytest_datapolicy", "check", "--policy", "policy.yaml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(blocks("text")[FINDING] + "\n")


def test_the_manifest_is_short_and_so_is_the_policy() -> None:
    assert blocks("yaml")[MANIFEST].count("\n") <= 15
    assert blocks("yaml")[POLICY].count("\n") <= 10


def test_the_hook_that_is_shown_exists() -> None:
    (identity,) = re.findall(r"id: ([\w-]+)", blocks("yaml")[PRE_COMMIT])
    assert f"- id: {identity}\n" in (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / page).read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_what_is_shown_and_did_not_happen_is_told() -> None:
    assert not_shown("something else\n") == blocks("text")
    assert not_shown("".join(blocks("text"))) == []
