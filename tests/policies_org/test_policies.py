"""The worked organisation in ``policies/``: valid, no clause idle, every clause decided, no data set among them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_datapolicy.app.discovery import find_manifests
from pytest_datapolicy.app.settings import Settings, load_settings
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.cli import main
from pytest_datapolicy.policy.load import load_policy

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "policies"
POLICIES = ["org.yaml", "repository.yaml", "team-clinical.yaml", "team-speech.yaml"]


def test_every_clause_is_decided_and_every_mutant_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "test", str(FOLDER), "--mutate", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["files"] == [f"tests/{name}" for name in POLICIES]
    summary = found["summary"]
    assert (summary["failed"], summary["undecided"], summary["survived"]) == (0, 0, 0)
    assert summary["cases"] >= 50
    assert summary["clauses"] >= 12
    assert summary["mutants"] >= 75


def test_no_clause_is_idle(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(FOLDER)
    assert main(["policy", "lint", *POLICIES]) == 0
    assert capsys.readouterr().out == "5 policy files, 0 manifests: nothing found\n"


def test_there_are_no_other_policies() -> None:
    others = {"waivers.yaml"}
    assert sorted(path.name for path in FOLDER.glob("*.yaml")) == sorted([*POLICIES, *others])


def test_a_repository_extends_its_team_and_that_the_organisation() -> None:
    policy = load_policy([str(FOLDER / "repository.yaml")], root=str(FOLDER), catalogue=Catalogue())
    assert [source.path for source in policy.sources] == [
        "builtin:baseline",
        "org.yaml",
        "team-clinical.yaml",
        "repository.yaml",
    ]
    assert policy.findings == ()
    assert policy.waivers.max_days is not None
    assert policy.waivers.max_days[0] == 30
    assert [name for name, _ in policy.inventory] == ["triage-notes"]
    assert load_settings(str(FOLDER)).policy == (str(FOLDER / "repository.yaml"),)


def test_nothing_here_is_a_data_set() -> None:
    found = find_manifests(Settings(str(ROOT)), Catalogue().formats, [])
    assert [path for path in found.paths if path.startswith("policies/")] == []
