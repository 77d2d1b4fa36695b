"""DP708 and DP710 are about the whole project, whatever paths are asked for and whatever can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_datapolicy import check
from pytest_datapolicy.testing import judge_text
from tests.app.trees import manifest, write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from pytest_datapolicy.model.report import Report

POLICY = """\
policy: 1
name: house
version: "1"
domains: {medical: {stakes: high}}
inventory: [one, two, three]
rules:
  max-synthetic-ratio:
    limits:
      - {max: 1, when: {dataset: two}}
      - {max: 1, when: {dataset: four}}
      - {max: 1, when: {domains: retail}}
"""


def told(report: Report) -> list[tuple[str, int, str]]:
    return [(finding.rule, finding.place.line, finding.thing) for finding in report.findings]


EXPECTED = [
    ("DP708", 4, "floor domain medical"),
    ("DP710", 5, "three"),
    ("DP708", 10, "house DP101 dataset=four"),
]


def project(root: Path) -> None:
    retail = manifest("two").replace("novelty", "domains: [retail]\nnovelty")
    files = {"one.dataset.yaml": manifest("one"), "two/dataset.yaml": retail, "policy.yaml": POLICY}
    write(root, **files, **{"datapolicy.toml": 'policy = "policy.yaml"\n'})


def test_paths_choose_nothing_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert told(check()) == EXPECTED
    assert told(check(["one.dataset.yaml"])) == EXPECTED
    assert told(check(["two"])) == EXPECTED


def test_they_can_be_left_out_and_the_report_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    monkeypatch.chdir(tmp_path)
    report = check(ignore=["DP708", "complete-inventory"])
    assert told(report) == []
    assert report.deselected == ("DP708", "DP710")


def test_a_warning_fails_under_strict_and_a_vanished_name_always(tmp_path: Path) -> None:
    project(tmp_path)
    report = check([str(tmp_path)])
    assert (report.exit_code(), report.count("fail", "error"), report.count("fail", "warning")) == (1, 1, 2)


def test_nobody_knows_what_an_unreadable_manifest_would_match() -> None:
    broken = manifest("four") + "more: 1\n"
    report = judge_text({"one.dataset.yaml": manifest("one"), "four.dataset.yaml": broken}, POLICY)
    assert [item for item in told(report) if item[0] == "DP708"] == []
    assert [(item[0], item[2]) for item in told(report) if item[0] == "DP710"] == [("DP710", "two"), ("DP710", "three")]


def test_a_policy_outside_is_written_for_others_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path / "project")
    write(tmp_path, **{"org.yaml": POLICY})
    monkeypatch.chdir(tmp_path / "project")
    assert told(check(policy="../org.yaml")) == [("DP710", 5, "three")]
