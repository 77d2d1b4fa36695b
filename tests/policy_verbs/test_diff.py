"""``datapolicy policy diff``: how changes are classed, the data sets that they reach, revisions of git."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pytest_datapolicy.app.policy_diff import diff
from pytest_datapolicy.cli import main
from tests.app.trees import POLICY, git, manifest, repository, write
from tests.packs.test_packs import EXTENDS

if TYPE_CHECKING:
    from pytest_datapolicy.model.places import Place

CASES = yaml.safe_load(Path(__file__).with_name("diff.yaml").read_text("utf-8"))
HEAD = 'policy: 1\nname: house\nversion: "1"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project to stand in."""
    write(tmp_path, **{"datapolicy.toml": ""})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def line(place: Place | None) -> str:
    """The line; packs change, so that theirs are only named."""
    if place is None:
        return "-"
    return "pack" if place.path.startswith("builtin:") else str(place.line)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: dict[str, Any], folder: Path) -> None:
    write(folder, **{"old.yaml": f"{HEAD}{case['old']}\n", "new.yaml": f"{HEAD}{case['new']}\n"})
    found = diff("old.yaml", "new.yaml", []).changes
    assert [f"{item.kind}[{item.rule}] {line(item.old)} -> {line(item.new)} {item.message}" for item in found] == case[
        "expect"
    ]


@pytest.mark.parametrize(("looser", "tighter"), EXTENDS)
def test_a_pack_that_extends_another_is_never_looser(looser: str, tighter: str) -> None:
    kinds = {change.kind for change in diff(f"builtin:{looser}", f"builtin:{tighter}", []).changes}
    assert kinds - {"neutral"} == {"tighter"}
    assert diff(f"builtin:{tighter}", f"builtin:{looser}", []).looser


def test_the_same_policy_does_not_differ(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "diff", "builtin:strict", "builtin:strict", "--today", "2026-11-01"]) == 0
    assert capsys.readouterr().out == "no difference; 0 of 0 manifests judged otherwise on 2026-11-01\n"


def test_data_sets_that_are_judged_otherwise(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        folder,
        **{
            "old.yaml": POLICY,
            "new.yaml": POLICY.replace("0.30", "1").replace('"1"', '"2"')
            + "  min-real-records: {limits: [{min: 1}]}\n",
            "a/dataset.yaml": manifest("a", "simulation"),
            "b/dataset.yaml": manifest("b"),
        },
    )
    arguments = ["policy", "diff", "old.yaml", "new.yaml", "--today", "2026-11-01"]
    assert main(arguments) == 1
    assert (
        capsys.readouterr().out
        == """\
looser[DP101]: max-synthetic-ratio max: 0.3 becomes 1
  - old.yaml:7:10
  + new.yaml:7:10
tighter[DP102]: min-real-records min 1 is asked
  + new.yaml:8:32
neutral: policy house: version 1 becomes 2

a@1 (a/dataset.yaml): error
  - error[DP101] split train: 100% of the records are synthetic, at most 30% allowed
  + error[DP102] split train: 0 real records, at least 1 required

1 looser, 1 tighter, 1 neutral; 1 of 2 manifests judged otherwise on 2026-11-01
"""
    )
    assert main([*arguments[:4], "b", *arguments[4:], "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["summary"] == {"looser": 1, "tighter": 1, "neutral": 1, "manifests": 1, "affected": 0}
    assert found["changes"][0]["new"] == {"path": "new.yaml", "line": 7, "column": 10}
    assert main([*arguments, "--format", "json"]) == 1
    (affected,) = json.loads(capsys.readouterr().out)["datasets"]
    assert (affected["dataset"], affected["old"], affected["new"]) == ("a@1", "error", "error")
    assert ([item["rule"] for item in affected["gone"]], [item["rule"] for item in affected["come"]]) == (
        ["DP101"],
        ["DP102"],
    )


def test_a_revision_of_git(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """OLD and what it extends are those of the revision; NEW is the file on the disk."""
    write(folder, **{"rules/team.yaml": HEAD + "extends: [./org.yaml]\n", "rules/org.yaml": POLICY})
    repository(folder)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    write(folder, **{"rules/org.yaml": POLICY.replace("0.30", "0.25")})
    shown = (
        "tighter[DP101]: max-synthetic-ratio max: 0.3 becomes 0.25\n"
        "  - HEAD:rules/org.yaml:7:10\n"
        "  + rules/org.yaml:7:10\n"
    )
    assert main(["policy", "diff", "HEAD:rules/team.yaml", "rules/team.yaml"]) == 0
    assert capsys.readouterr().out.startswith(shown)
    monkeypatch.chdir(folder / "rules")
    assert main(["policy", "diff", "HEAD:./team.yaml", "team.yaml"]) == 0
    assert capsys.readouterr().out.startswith(shown)
    assert main(["policy", "diff", "team.yaml", "HEAD:rules/team.yaml"]) == 1
    assert "looser[DP101]: max-synthetic-ratio max: 0.25 becomes 0.3\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["old.yaml"], 2, "the following arguments are required: NEW"),
        (["old.yaml", "nwe.yaml"], 2, "there is no file nwe.yaml"),
        (["old.yaml", "main:old.yaml"], 2, "needs a git work tree"),
        (["old.yaml", "old.yaml", "none"], 2, "none"),
        (["old.yaml", "old.yaml", "empty"], 3, "empty"),
        (["old.yaml", "old.yaml", "--today", "1.1.27"], 2, "'1.1.27' is not a day"),
    ],
)
def test_wrong_usage(
    arguments: list[str], code: int, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, **{"old.yaml": POLICY})
    (folder / "empty").mkdir()
    assert main(["policy", "diff", *arguments]) == code
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert said in err
