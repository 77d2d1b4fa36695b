"""``datapolicy policy show``: every value with the lines that it comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.cli import main
from tests.app.trees import write

if TYPE_CHECKING:
    from pathlib import Path

ORG = """\
policy: 1
name: org
version: "7"
domains: {medical: {stakes: high}}
inventory: [notes]
externals: [{ref: crawl@1, origin: observed}]
waivers: {files: [waivers.yaml], max_days: 90, approvers: [ada, bob]}
rules:
  max-synthetic-ratio:
    limits:
      - {max: 0.30, when: {stakes: high, purpose: training}, because: "board, 2026-04", effective: 2027-03-01}
  named-owner: {level: warning}
"""
TEAM = """\
policy: 1
name: team
version: "1"
extends: [./org.yaml]
waivers: {approvers: [ada], max_days: 120}
rules:
  named-owner: {level: error, waivable: false}
"""
SHOWN = """\
policy org 7 (org.yaml)
policy team 1 (team.yaml)

DP101 max-synthetic-ratio
  max 0.3                                                 org.yaml:11
    measure records
    when stakes: high, critical                           org.yaml:11
    when purpose: training                                org.yaml:11
    level error
    waivable yes
    because board, 2026-04                                org.yaml:11
    effective 2027-03-01                                  org.yaml:11

DP707 named-owner
  holds                                                   org.yaml:12
    level error                                           team.yaml:7
    waivable no                                           team.yaml:7
  holds                                                   team.yaml:7
    level error                                           team.yaml:7
    waivable no                                           team.yaml:7

floors
  medical: at least high                                  org.yaml:4

externals
  crawl@1: observed, generation 0                         org.yaml:6

inventory
  notes                                                   org.yaml:5

waivers
  file waivers.yaml                                       org.yaml:7
  at most 90 days                                         org.yaml:7
  approver ada                                            team.yaml:5

1 attempt to loosen, without effect: see `datapolicy policy lint`
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose settings name the policy of a team."""
    write(tmp_path, **{"datapolicy.toml": 'policy = "team.yaml"\n', "org.yaml": ORG, "team.yaml": TEAM})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_value_names_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "show"]) == 0
    assert capsys.readouterr().out == SHOWN


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["policy", "show", "--format", "json", *arguments]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = shown(capsys)
    assert [(source["name"], source["path"]) for source in found["policy"]] == [
        ("org", "org.yaml"),
        ("team", "team.yaml"),
    ]
    first, second, _ = found["clauses"]
    assert first["limits"]["max"] == {"value": 0.3, "places": [{"path": "org.yaml", "line": 11, "column": 10}]}
    assert first["limits"]["measure"] == {"value": "records", "places": []}
    assert first["when"]["stakes"]["value"] == ["high", "critical"]
    assert second["level"] == {"value": "error", "places": [{"path": "team.yaml", "line": 7, "column": 17}]}
    assert second["waivable"]["value"] is False
    assert found["waivers"]["max_days"] == {"value": 90, "path": "org.yaml", "line": 7, "column": 34}
    assert [item["path"] for item in found["loosening"]] == ["team.yaml"]
    assert found["default"] is False


def test_own_rules_show_their_parts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = "{summary: s, scope: dataset, require: 'dataset.owner != \"\"', message: m, level: warning}"
    own = f"custom:\n  ACME001: {rule}\n"
    write(folder, **{"own.yaml": 'policy: 1\nname: own\nversion: "1"\n' + own})
    (clause,) = shown(capsys, "--policy", "own.yaml")["clauses"]
    assert clause["require"] == {
        "value": 'dataset.owner != ""',
        "places": [{"path": "own.yaml", "line": 5, "column": 41}],
    }
    assert clause["level"]["value"] == "warning"


def test_without_settings_the_pack_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, **{"datapolicy.toml": ""})
    assert main(["policy", "show"]) == 0
    out = capsys.readouterr().out
    assert "note: neither settings nor --policy name a policy, so the pack baseline is used\n" in out
    assert "\n  max 0.1                                                 builtin:baseline:" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["shw"], "error: unknown command 'policy shw'\n  = help: did you mean show?\n"),
        (["show", "--policy", "tema.yaml"], "help: did you mean team.yaml?\n"),
        (["show", "team.yaml"], "error: unknown argument 'team.yaml'\n"),
        ([], "usage: datapolicy policy [-h] COMMAND"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "--help"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[3:7]] == ["show", "lint", "test", "diff"]
