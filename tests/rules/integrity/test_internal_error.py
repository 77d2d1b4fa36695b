"""DP000: a rule that crashes is a finding, and the others still run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.model.rule import Rule
from pytest_datapolicy.testing import judge_text

if TYPE_CHECKING:
    from pytest_datapolicy.model.report import Report

MANIFEST = """\
manifest: 1
name: mix
version: "1"
stakes: low
task: {judgment: objective}
novelty: established
stage: bootstrap
bootstrap_until: 2020-01-31
splits:
  train:
    purpose: training
    components:
      - {name: notes, origin: human, records: 12}
"""


def judge_with(check: Any, scope: str = "dataset") -> Report:
    """What comes of a rule of a plugin beside the built-in ones."""
    rule = Rule("ACME001", "owned-by-acme", scope, "owner ends in @acme.example", check)
    catalogue = Catalogue()
    catalogue._add("acme", SimpleNamespace(datapolicy_rules=lambda: [rule]))
    return judge_text(MANIFEST, {"owned-by-acme": {}}, catalogue=catalogue)


def raising(error: BaseException) -> Any:
    def check(*_: Any) -> Any:
        raise error

    return check


@pytest.mark.parametrize("scope", ["dataset", "split", "component"])
def test_a_rule_that_raises_is_named_and_the_others_still_run(scope: str) -> None:
    report = judge_with(raising(ValueError("no such unit\nand more")), scope)

    crash, other = report.findings
    assert (crash.rule, crash.level, crash.outcome, crash.dataset) == ("DP000", "error", "fail", "mix@1")
    assert crash.message == "rule ACME001 owned-by-acme crashed: ValueError: no such unit"
    assert (crash.place.path, crash.place.line, crash.place.column) == ("dataset.yaml", 1, 1)
    assert (other.rule, other.message) == ("DP105", "bootstrap ended on 2020-01-31, 2,466 days ago")
    assert report.exit_code() == 4


@pytest.mark.parametrize("error", [SystemExit(0), GeneratorExit(), RecursionError("too deep")])
def test_a_rule_that_leaves_the_process_is_caught(error: BaseException) -> None:
    report = judge_with(raising(error))

    assert report.findings[0].rule == "DP000"
    assert report.findings[0].message.startswith(f"rule ACME001 owned-by-acme crashed: {type(error).__name__}")
    assert report.exit_code() == 4


def test_an_interrupt_from_the_keyboard_still_stops_the_run() -> None:
    with pytest.raises(KeyboardInterrupt):
        judge_with(raising(KeyboardInterrupt()))


@pytest.mark.parametrize("answer", [None, True, "no", [None], [("fail",)]])
def test_a_rule_that_answers_with_no_drafts_has_crashed(answer: object) -> None:
    report = judge_with(lambda *_: answer)

    assert [finding.rule for finding in report.findings] == ["DP000", "DP105"]
    assert report.exit_code() == 4


def test_a_rule_that_raises_midway_has_crashed() -> None:
    def check(*_: Any) -> Any:
        yield from ()
        raise KeyError("unit")

    assert [finding.rule for finding in judge_with(check).findings] == ["DP000", "DP105"]


def test_a_rule_that_ends_well_leaves_no_finding() -> None:
    assert [finding.rule for finding in judge_with(lambda *_: ()).findings] == ["DP105"]
