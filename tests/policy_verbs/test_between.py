"""What ``datapolicy policy lint`` says of two clauses beside each other, and where it says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.app.policy_diff import diff
from pytest_datapolicy.app.policy_lint import lint
from tests.app.trees import write

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'policy: 1\nname: house\nversion: "1"\nrules:\n'


def said(folder: Path, rules: str) -> list[str]:
    write(folder, **{"datapolicy.toml": "", "policy.yaml": HEAD + rules})
    return [
        f"{item.kind} {item.place.line} {item.message} | {item.remedy} | "
        + ", ".join(f"{note.place.line} {note.text}" for note in item.related)
        for item in lint(["policy.yaml"]).remarks
    ]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project to stand in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_labellers_that_two_rules_have_in_common_suffice(folder: Path) -> None:
    rules = "  human-labelled-evaluation: {limits: [{allow: [expert, crowd]}]}\n"
    assert said(folder, rules + "  human-preference: {limits: [{allow: [expert, user]}]}\n") == []


def test_labellers_of_splits_that_no_two_rules_judge(folder: Path) -> None:
    rules = "  human-labelled-evaluation: {limits: [{allow: [expert], when: {purpose: evaluation}}]}\n"
    assert said(folder, rules + "  human-preference: {limits: [{allow: [user]}]}\n") == []


def test_a_ladder_is_held_against_every_lower_step(folder: Path) -> None:
    rules = """\
  max-synthetic-ratio:
    limits:
      - {max: 0.1, when: {stakes: critical}}
      - {max: 0.2, when: {stakes: [low, medium]}}
      - {max: 0.5, when: {stakes: [high]}}
"""
    assert said(folder, rules) == [
        "ladder 9 max 0.5 at stakes high is looser than 0.2 at stakes low and medium | tighten it | 8 asks more"
    ]


def test_a_name_that_a_glob_does_not_match_says_something_new(folder: Path) -> None:
    rules = "  min-real-records: {limits: [{min: 5, when: {split: 'tr*'}}, {min: 5, when: {split: SPLIT}}]}\n"
    for name in ("other", "'t*'", "'tr?'"):
        assert said(folder, rules.replace("SPLIT", name)) == []
    covered = "this clause says nothing new: house asks as much of all that it matches"
    for name in ("train", "'tr*'", "[train, trial]"):
        assert said(folder, rules.replace("SPLIT", name)) == [f"redundant-clause 5 {covered} | remove it | 5 covers it"]


def test_of_several_floors_of_a_domain_the_highest_is_compared(folder: Path) -> None:
    head = HEAD.replace("rules:\n", "")
    write(
        folder,
        **{
            "datapolicy.toml": "",
            "org.yaml": head.replace("house", "org")
            + "domains: {medical: {stakes: medium}}\nrules: {named-owner: {}}\n",
            "old.yaml": head + "extends: [./org.yaml]\ndomains: {medical: {stakes: high}}\n",
            "new.yaml": head + "extends: [./org.yaml]\n",
        },
    )
    message = "floor of domain medical: high becomes medium"
    assert [(item.kind, item.message) for item in diff("old.yaml", "new.yaml", []).changes] == [("looser", message)]
    back = "floor of domain medical: medium becomes high"
    assert [(item.kind, item.message) for item in diff("new.yaml", "old.yaml", []).changes] == [("tighter", back)]


def test_stakes_that_are_left_out_at_the_top_are_told_once(folder: Path) -> None:
    rules = """\
  max-synthetic-ratio:
    limits:
      - {max: 0.1, when: {stakes: [medium, high], purpose: training}}
"""
    top = "stakes medium and high are asked more by max-synthetic-ratio than stakes critical"
    remedy = "write stakes: medium, which is that and all above"
    assert said(folder, rules) == [f"ladder 7 {top} | {remedy} | "]
    looser = rules + "      - {max: 0.3, when: {stakes: critical, purpose: training}}\n"
    assert said(folder, looser) == [
        "ladder 8 max 0.3 at stakes critical is looser than 0.1 at stakes medium and high | tighten it | 7 asks more"
    ]
    elsewhere = rules + "      - {max: 0.3, when: {stakes: critical, purpose: validation}}\n"
    assert said(folder, elsewhere) == [f"ladder 7 {top} | {remedy} | "]
