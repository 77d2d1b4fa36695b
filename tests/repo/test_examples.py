"""The examples: exactly these findings, facts with a source, and the hook that we run on ourselves."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.repo.examples import EXPECTED, FOLDER, ROOT, lines_of, names, report

FINDINGS: dict[str, list[str]] = yaml.safe_load(EXPECTED.read_text("utf-8"))
PASSING = [
    name for name in sorted(FINDINGS) if not any(line.endswith((" error", " error?")) for line in FINDINGS[name])
]
OURS = {"house-mix"}
"""Data sets that we defined: their parts' manifests name the sources."""


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return report()


def test_there_are_no_other_examples() -> None:
    assert names() == sorted(FINDINGS)


@pytest.mark.parametrize("name", sorted(FINDINGS))
def test_findings(name: str, found: dict[str, Any]) -> None:
    assert lines_of(found, name) == FINDINGS[name]


def test_findings_point_at_examples_only(found: dict[str, Any]) -> None:
    """A clause without a subject in the examples is no finding here: the pack is for others' data sets too."""
    paths = {finding["path"] for finding in found["findings"]}
    assert paths == {f"{name}/dataset.yaml" for name, lines in FINDINGS.items() if lines}


def test_some_pass_and_some_fail() -> None:
    assert PASSING == ["babi-qa", "dolly-15k", "gsm8k", "hh-rlhf", "snli", "squad"]


@pytest.mark.parametrize(
    ("name", "rule", "message", "remedy"),
    [
        (
            "house-mix",
            "DP101",
            "30.8% of the records are synthetic, at most 30% allowed",
            "add 850 real records, or remove 364 synthetic records",
        ),
        (
            "squad-es",
            "DP201",
            "content of component questions is of origin rewritten, only human or observed is allowed",
            "replace its 10,570 records with human or observed content, or move the component to a split of purpose "
            "diagnostic",
        ),
        (
            "truthful-qa",
            "DP204",
            "evaluation component questions is not held out: training component "
            "ultrafeedback@ce6662de#train/truthful-qa descends from it",
            "name the split or component that is really used, or evaluate on data of another descent",
        ),
    ],
)
def test_a_reader_is_told_what_is_wrong_and_what_would_do(
    name: str, rule: str, message: str, remedy: str, found: dict[str, Any]
) -> None:
    told = [
        (finding["message"], finding["remedy"])
        for finding in found["findings"]
        if (finding["path"], finding["rule"]) == (f"{name}/dataset.yaml", rule)
    ]
    assert told == [(message, remedy)]


@pytest.mark.parametrize("name", sorted(set(FINDINGS) - OURS))
def test_facts_have_a_source(name: str) -> None:
    comments = "\n".join(re.findall(r"^# (.*)$", (FOLDER / name / "dataset.yaml").read_text("utf-8"), re.MULTILINE))
    assert re.search(r"^Source.*: [\w-]+/[\w-]+, \S+", comments, re.MULTILINE)
    assert re.search(r"commit [0-9a-f]{40}\.", comments)


def test_our_own_hook_judges_all_examples_that_pass() -> None:
    """The hook must not leave out a new example that passes; one that starts to fail is told by the hook itself."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    (hook,) = [hook for hook in hooks if hook["id"] == "datapolicy"]
    assert hook["args"] == [f"examples/{name}" for name in PASSING]
    assert hook["always_run"] is True
    assert hook["pass_filenames"] is False
