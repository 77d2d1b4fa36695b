"""The table of packs, and the page that shows it and the ways around a default that evidence speaks against."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pytest_datapolicy import builtin
from pytest_datapolicy.cli import main
from pytest_datapolicy.testing import judge_text, load_text
from tests.packs.made import CATALOGUE, failing, manifest

PAGE = (Path(__file__).parents[2] / "docs" / "packs.md").read_text("utf-8")
POLICIES = re.findall(r"^```yaml\n(policy: 1\nname: (\S+)\n.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
WAYS = {name: text for text, name in POLICIES}

Captured = pytest.CaptureFixture[str]


def rows(capsys: Captured) -> dict[str, Any]:
    assert main(["rules", "--packs", "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_one_row_for_each_selection(capsys: Captured) -> None:
    assert main(["rules", "--packs"]) == 0
    lines = capsys.readouterr().out.splitlines()
    squeezed = [re.sub("  +", " | ", line) for line in lines]
    assert squeezed[0] == "rule | name | pack | level | low | medium | high | critical | when | sets"
    assert (
        "DP101 | max-synthetic-ratio | baseline | error | 0.9 | 0.8 | 0.5 | 0.3 | "
        "purpose training; judgment objective; stage development or production | max"
    ) in squeezed
    assert (
        "DP402 | review-error-bound | evaluation | error | 0.05/0.95 | 0.05/0.95 | 0.03/0.95 | 0.01/0.99 | "
        "purpose evaluation; origin human or observed | max_error/confidence"
    ) in squeezed
    assert "DP301 | human-preference | preference | error, no waiver | yes | yes | yes | yes" in squeezed
    assert "DP504 | known-lineage | high-stakes | error | - | - | yes | yes | " in " ".join(squeezed)
    assert "high-stakes also asks what baseline asks" in lines
    assert any(line.startswith("in no pack: DP401, ") for line in lines)


def test_json_gives_the_reasons(capsys: Captured) -> None:
    found = rows(capsys)
    assert {item["name"]: item["holds"] for item in found["packs"]}["strict"] == list(builtin.PACKS[:-1])
    (row,) = [row for row in found["rows"] if (row["rule"], row["pack"]) == ("DP103", "baseline")]
    assert (row["level"], row["waivable"], row["when"]) == ("error", True, {})
    assert {stakes: item["limits"] for stakes, (item,) in row["stakes"].items()} == {
        "low": {"max": 0.1},
        "medium": {"max": 0.05},
        "high": {"max": 0.01},
        "critical": {"max": 0},
    }
    assert row["stakes"]["high"][0]["because"] == "judgement; what nobody knows counts as synthetic"


def test_the_table_is_what_counts(capsys: Captured) -> None:
    """A limit of the table is the one that binds."""
    (row,) = [
        row
        for row in rows(capsys)["rows"]
        if (row["rule"], row["pack"]) == ("DP101", "baseline") and row["when"]["judgment"] == ["objective"]
    ]
    for stakes, (item,) in row["stakes"].items():
        share = item["limits"]["max"]
        most = int(2000 * share / (1 - share) + 0.5)
        assert "DP101" not in failing(manifest(stakes=stakes, synthetic=most), "baseline")
        assert "DP101" in failing(manifest(stakes=stakes, synthetic=most + 1), "baseline")


def test_the_page_shows_every_way_around() -> None:
    assert set(WAYS) == {"ai-feedback", "synthetic-intents", "narrow-tasks"}
    for text in WAYS.values():
        assert load_text(text, CATALOGUE).findings == ()


def judged(text: str, policy: str) -> dict[str, str]:
    """By rule, the level of what fails."""
    report = judge_text(text, policy, catalogue=CATALOGUE)
    return {finding.rule: finding.level for finding in report.findings if finding.outcome in ("fail", "indeterminate")}


def test_ai_feedback_is_advice_beside_a_human_anchor() -> None:
    model = "model, model: {name: judge-1, family: other}"
    text = manifest(judgment="subjective", synthetic=0, chosen_by=model).replace("records: 800\n", "records: 8000\n")
    assert judged(text, "policy: 1\nname: p\nversion: '1'\nextends: [builtin:preference]\n")["DP301"] == "error"
    found = judged(text, WAYS["ai-feedback"])
    assert (found["DP301"], found["DP302"]) == ("advice", "error")
    labels = "{by: crowd, agreement: {metric: percent, value: 0.7, records: 200}}"
    anchor = f"      - {{name: anchor, origin: human, records: 888, labels: {labels}}}\n"
    short = text.replace("  test:\n", f"{anchor}  test:\n")
    assert judged(short, WAYS["ai-feedback"])["DP302"] == "error"
    enough = short.replace("records: 888,", "records: 889,")
    assert judged(enough, WAYS["ai-feedback"]) == {"DP301": "advice"}
    alone = enough.replace("scored_by: human", "scored_by: program")
    assert judged(alone, WAYS["ai-feedback"]) == {"DP301": "advice", "DP209": "error"}


@pytest.mark.parametrize(
    ("stakes", "judgment", "lets"),
    [("low", "objective", True), ("medium", "objective", False), ("low", "subjective", False)],
)
def test_synthetic_benchmarks_gate_simple_tasks_only(stakes: str, judgment: str, lets: bool) -> None:
    text = manifest(stakes=stakes, judgment=judgment, synthetic=0)
    made = "origin: simulation\n        derived_from: [notes@1#pairs]"
    text = text.replace("name: other-wards\n        origin: human", f"name: other-wards\n        {made}")
    assert ("DP201" not in judged(text, WAYS["synthetic-intents"])) is lets


@pytest.mark.parametrize(("stakes", "share", "passes"), [("low", 90, True), ("high", 50, True), ("high", 60, False)])
def test_narrow_tasks_have_their_own_cap(stakes: str, share: int, passes: bool) -> None:
    text = manifest(stakes=stakes, real=1000, synthetic=1000 * share // (100 - share))
    assert ("DP101" not in judged(text, WAYS["narrow-tasks"])) is passes
    assert "DP101" in judged(text, "policy: 1\nname: p\nversion: '1'\nextends: [builtin:anti-collapse]\n")
