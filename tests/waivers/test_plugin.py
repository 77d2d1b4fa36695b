"""Waivers and baselines in a pytest run, which says of a tree what the command line says."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.app.trees import write
from tests.waivers.bench import MANIFEST, POLICY, waiver, waivers

if TYPE_CHECKING:
    from pathlib import Path

RUN = ("--datapolicy", "--datapolicy-today", "2026-11-01", "-p", "no:cacheprovider")


@pytest.fixture
def tree(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project whose data set fails DP101 and DP102."""
    write(
        pytester.path,
        **{
            "pytest.ini": "[pytest]\n",
            "datapolicy.toml": 'policy = "policies/org.yaml"\n',
            "policies/org.yaml": POLICY + "  min-real-records: {limits: [{min: 100}]}\n",
            "policies/waivers.yaml": waivers(),
            "data/intents.dataset.yaml": MANIFEST,
        },
    )
    return pytester


def check(root: Path, *arguments: str) -> int:
    command = [sys.executable, "-m", "pytest_datapolicy", "check", "--today", "2026-11-01", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, check=False).returncode


def test_waived_is_xfail_and_what_is_not_needed_a_warning(tree: pytest.Pytester) -> None:
    entries = waivers(waiver("DP101", reason="cleared in December"), waiver("DP201"))
    (tree.path / "policies/waivers.yaml").write_text(entries, "utf-8")
    result = tree.runpytest_subprocess(*RUN, "-v", "-rx")
    result.stdout.fnmatch_lines(
        [
            "data/intents.dataset.yaml::DP101 XFAIL*",
            "data/intents.dataset.yaml::DP102 FAILED*",
            "policies/org.yaml::DP701 PASSED*",
            "policies/waivers.yaml::DP702 PASSED*",
            "policies/waivers.yaml::DP703 PASSED*",
            "policies/waivers.yaml::DP704 PASSED*",
            "*DatapolicyWarning: policies/waivers.yaml:4:5: DP704 the waiver of DP201 for intents@1 covers no finding",
            "XFAIL data/intents.dataset.yaml::DP101 - DP101 cleared in December "
            "(waived until 2026-12-15, owner ada@example.org, approved by board@example.org)",
        ]
    )
    outcomes = result.parseoutcomes()
    assert (outcomes["failed"], outcomes["xfailed"], outcomes["warnings"]) == (1, 1, 1)
    assert check(tree.path) == 1


def test_faults_of_waivers_fail_at_their_own_file(tree: pytest.Pytester) -> None:
    entries = waivers(waiver("DP101", "gone@1"), waiver("DP102", granted="2026-08-01", expires="2026-10-20"))
    (tree.path / "policies/waivers.yaml").write_text(entries, "utf-8")
    result = tree.runpytest_subprocess(*RUN, "policies/waivers.yaml")
    result.assert_outcomes(failed=2, passed=1)
    result.stdout.fnmatch_lines(
        [
            "*error[[]DP702 live-waiver]: the waiver of DP102 for intents@1 expired on 2026-10-20, and is still needed",
            "*--> policies/waivers.yaml:4:*",
            "*error[[]DP703 valid-waiver]: there is no manifest of gone@1",
            "*--> policies/waivers.yaml:3:*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_baseline_is_xfail_and_collected(tree: pytest.Pytester) -> None:
    assert check(tree.path, "--write-baseline", "ci.json") == 0
    entries = json.loads((tree.path / "ci.json").read_text("utf-8"))["entries"]
    stale = {**entries[0], "split": "gone"}
    (tree.path / "ci.json").write_text(json.dumps({"baseline": 1, "entries": [*entries, stale]}), "utf-8")
    result = tree.runpytest_subprocess(*RUN, "--datapolicy-baseline", "ci.json", "-v", "-rx", "-n", "2")
    result.stdout.fnmatch_lines_random(
        [
            "*PASSED ci.json::DP704*",
            "*XFAIL data/intents.dataset.yaml::DP101*",
            "*DatapolicyWarning: ci.json:1:*: DP704 the baseline entry of DP101 for intents, split gone covers *",
            "XFAIL data/intents.dataset.yaml::DP102 - DP102 in the baseline: 60 real records, at least 100 required",
        ]
    )
    assert "failed" not in result.parseoutcomes()
    assert check(tree.path, "--baseline", "ci.json") == 0


def test_a_baseline_that_is_not_there_is_a_usage_error(tree: pytest.Pytester) -> None:
    result = tree.runpytest_subprocess(*RUN, "--datapolicy-baseline", "gone.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*datapolicy: there is no baseline gone.json (write it: datapolicy check *"])


def test_a_test_may_rely_on_a_data_set_whose_findings_are_waived(tree: pytest.Pytester) -> None:
    tree.makepyfile(
        test_it="""
        import pytest

        @pytest.mark.dataset("intents@1", split="train", purpose="training")
        def test_it(dataset, datapolicy):
            assert dataset.split.name == "train"
            assert datapolicy.report.count("waived") == 2
            assert datapolicy.check("data").count("waived") == 2
        """
    )
    refused = tree.runpytest_subprocess(*RUN, "test_it.py")
    refused.assert_outcomes(errors=1)
    (tree.path / "policies/waivers.yaml").write_text(waivers(waiver("DP101"), waiver("DP102")), "utf-8")
    tree.runpytest_subprocess(*RUN, "test_it.py").assert_outcomes(passed=1)
