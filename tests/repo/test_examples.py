"""The examples: exactly these findings, facts with a source, and the hook that we run on ourselves."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
EXPECTED: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("examples.yaml").read_text("utf-8"))
OURS = {"house-mix"}
"""Data sets that we defined: their parts' manifests name the sources."""


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    command = [sys.executable, "-m", "pytest_datapolicy", "check", "examples", "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def line_of(finding: dict[str, Any]) -> str:
    subject = "/".join(name for name in (finding["split"], finding["component"]) if name) or "-"
    verdict = finding["level"] if finding["outcome"] == "fail" else finding["outcome"]
    return f"{finding['rule']} {finding['line']} {subject} {verdict}"


def test_there_are_no_other_examples() -> None:
    assert sorted(path.parent.name for path in EXAMPLES.glob("*/dataset.yaml")) == sorted(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_findings(name: str, report: dict[str, Any]) -> None:
    path = f"{name}/dataset.yaml"
    assert [line_of(finding) for finding in report["findings"] if finding["path"] == path] == EXPECTED[name]


def test_findings_point_at_examples_only(report: dict[str, Any]) -> None:
    """A clause without a subject in the examples is no finding here: the pack is for others' data sets too."""
    paths = {finding["path"] for finding in report["findings"]}
    assert paths == {f"{name}/dataset.yaml" for name, findings in EXPECTED.items() if findings}


def test_house_mix_is_told_the_smallest_change(report: dict[str, Any]) -> None:
    (finding,) = [item for item in report["findings"] if (item["rule"], item["path"][:9]) == ("DP101", "house-mix")]
    assert finding["message"] == "30.8% of the records are synthetic, at most 30% allowed"
    assert finding["remedy"] == "add 850 real records, or remove 364 synthetic records"


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - OURS))
def test_facts_have_a_source(name: str) -> None:
    comments = "\n".join(re.findall(r"^# (.*)$", (EXAMPLES / name / "dataset.yaml").read_text("utf-8"), re.MULTILINE))
    assert re.search(r"^Source.*: [\w-]+/[\w-]+, \S+", comments, re.MULTILINE)
    assert re.search(r"commit [0-9a-f]{40}\.", comments)


def test_our_own_hook_judges_all_examples_that_pass() -> None:
    """Warnings and advice pass; the hook must not go silent when an example starts to fail, or leave out a new one."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    (hook,) = [hook for hook in hooks if hook["id"] == "datapolicy"]
    passing = [
        name for name in sorted(EXPECTED) if {line.split()[-1] for line in EXPECTED[name]} <= {"warning", "advice"}
    ]
    assert hook["args"] == [f"examples/{name}" for name in passing]
    assert hook["always_run"] is True
    assert hook["pass_filenames"] is False
