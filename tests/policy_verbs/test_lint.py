"""``datapolicy policy lint``: what it says of policies, one case a policy; the project's own; what is not valid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pytest_datapolicy.app.policy_lint import lint
from pytest_datapolicy.cli import main
from tests.app.trees import manifest, write

if TYPE_CHECKING:
    from pytest_datapolicy.model.places import Place

CASES = yaml.safe_load(Path(__file__).with_name("lint.yaml").read_text("utf-8"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project to stand in."""
    write(tmp_path, **{"datapolicy.toml": "", "waivers.yaml": "waivers: 1\nentries: []\n"})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def spot(place: Place) -> str:
    """Line and column; packs change, so that theirs are only named."""
    return "pack" if place.path.startswith("builtin:") else f"{place.line}:{place.column}"


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: dict[str, Any], folder: Path) -> None:
    write(folder, **{"policy.yaml": case["policy"]})
    said = []
    for remark in lint(["policy.yaml"]).remarks:
        name = remark.kind if remark.kind == remark.rule else f"{remark.kind}[{remark.rule}]"
        related = ", ".join(f"{spot(note.place)} {note.text}" for note in remark.related)
        place = f"{remark.place.line}:{remark.place.column}"
        said.append(f"{name} {place} {remark.message} | {remark.remedy} | {related}")
    assert said == case["expect"]


def test_the_policies_of_the_settings_are_held_against_the_project(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = 'policy: 1\nname: house\nversion: "1"\nrules:\n  named-owner:\n    level: advice\n    limits:\n'
    write(
        folder,
        **{
            "datapolicy.toml": 'policy = "policy.yaml"\n',
            "policy.yaml": policy + "      - {when: {split: tests}}\n",
            "other.yaml": policy + "      - {when: {split: others}}\n",
        },
    )
    assert main(["policy", "lint"]) == 0
    assert capsys.readouterr().out == "1 policy file, 0 manifests: nothing found\n"
    write(folder, **{"dataset.yaml": manifest()})
    for arguments in (["policy", "lint"], ["policy", "lint", "policy.yaml"]):
        assert main(arguments) == 1
        assert capsys.readouterr().out == (
            "DP708: this clause of named-owner matches no data set of the project\n"
            " --> policy.yaml:8:9\n"
            "  |\n"
            "8 |       - {when: {split: tests}}\n"
            "  |         ^\n"
            "  = help: correct its when, or remove the clause\n"
            "\n"
            "1 policy file, 1 manifest: 1 finding\n"
        )
    assert main(["policy", "lint", "other.yaml"]) == 0
    assert capsys.readouterr().out == "1 policy file: nothing found\n"


def test_every_fault_of_every_file_is_told_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = 'policy: 1\nname: house\nversion: "1"\n'
    write(
        folder,
        **{
            "org.yaml": head + "rules: {max-synthetic-ratio: {limits: [{maxx: 0.3}]}, named-owner: {levle: error}}\n",
            "team.yaml": head + "extends: [./org.yaml]\n",
            "good.yaml": head + "rules: {named-owner: {}}\n",
        },
    )
    assert main(["policy", "lint", "good.yaml", "org.yaml", "team.yaml", "none.yaml", "--format", "json"]) == 2
    found = json.loads(capsys.readouterr().out)
    places = [(item["path"], item["line"], item["column"], item["remedy"]) for item in found["errors"]]
    assert places == [("org.yaml", 4, 69, "did you mean level?"), ("none.yaml", 1, 1, "did you mean org.yaml?")]
    assert main(["policy", "lint", "org.yaml"]) == 2
    assert "error: " in capsys.readouterr().err


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, **{"policy.yaml": CASES[1]["policy"]})
    assert main(["policy", "lint", "policy.yaml", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [source["path"] for source in found["policy"]] == ["policy.yaml"]
    assert found["manifests"] == 0
    (remark,) = found["findings"]
    assert (remark["kind"], remark["rule"], remark["line"], remark["column"]) == ("dead-clause", "DP201", 7, 10)
    assert remark["related"] == []


def test_packs_say_nothing_idle(capsys: pytest.CaptureFixture[str]) -> None:
    packs = ["baseline", "high-stakes", "preference", "evaluation", "anti-collapse", "strict"]
    assert main(["policy", "lint", *(f"builtin:{name}" for name in packs)]) == 0
    assert capsys.readouterr().out == "6 policy files, 0 manifests: nothing found\n"
