"""What ``datapolicy policy lint`` says of two clauses beside each other, and where it says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
