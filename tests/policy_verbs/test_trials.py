"""``datapolicy policy test``: cases, coverage and mutants; the default manifest; test files with faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_datapolicy.app.fragments import OUTSIDE, as_json, manifest
from pytest_datapolicy.cli import main
from pytest_datapolicy.model.vocabulary import STAKES
from pytest_datapolicy.testing import judge_text
from tests.app.trees import write

CASES = yaml.safe_load(Path(__file__).with_name("trials.yaml").read_text("utf-8"))
POLICY = CASES[0]["policy"]
HEAD = "tests: 1\ncases:\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a policy, to stand in."""
    write(tmp_path, **{"datapolicy.toml": 'policy = "policy.yaml"\n', "policy.yaml": POLICY})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(out: str) -> list[str]:
    """The lines that are no excerpt of a file."""
    return [line for line in out.splitlines() if line and "|" not in line]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, **{"policy.yaml": case["policy"], "tests/policy.yaml": case["tests"]})
    code = main(["policy", "test", "--mutate"])
    assert told(capsys.readouterr().out) == case["expect"]
    assert code == case["code"]


@pytest.mark.parametrize("stakes", STAKES)
@pytest.mark.parametrize("pack", ["strict", "baseline"])
def test_the_default_manifest_meets_every_pack(stakes: str, pack: str) -> None:
    outside = f"externals: [{{ref: {OUTSIDE}, origin: human}}]"
    policy = f'policy: 1\nname: all\nversion: "1"\nextends: [builtin:{pack}]\n{outside}\n'
    report = judge_text({"case.dataset.json": as_json(manifest({"stakes": stakes}))}, policy)
    assert report.findings == ()


def test_fragments_are_merged_and_null_takes_away() -> None:
    made = manifest({"owner": None, "task": {"judgment": "subjective"}}, {"splits": {"test": None, "train": {"x": 1}}})
    assert "owner" not in made
    assert made["task"] == {"name": "task", "judgment": "subjective"}
    assert list(made["splits"]) == ["train"]
    assert (made["splits"]["train"]["x"], len(made["splits"]["train"]["components"])) == (1, 2)
    parts = [{"name": "synthetic", "review": {"sampled": 5}}, {"name": "new", "origin": "human"}]
    made = manifest({"name": "notes", "version": "2", "splits": {"train": {"components": parts}}})
    first, second = made["splits"]["train"]["components"]
    assert (first["origin"], first["review"]["sampled"], first["review"]["of"]) == ("rewritten", 5, "notes@2")
    assert second == {"name": "new", "origin": "human"}


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("cases: []\n", "1:1", "tests is the version of the format, and must be 1"),
        ("tests: 1\ncases: []\n", "2:1", "a test file without cases tests nothing"),
        ("tests: 1\ncase: []\n", "2:1", "there is no field case here"),
        (HEAD + "  - {case: a}\n", "3:5", "a case needs what is expected of it"),
        (HEAD + "  - {expect: []}\n", "3:5", "a case needs a line that says what it shows"),
        (HEAD + "  - {case: a, expects: []}\n", "3:15", "there is no field expects here"),
        (HEAD + "  - {case: a, expect: [{rul: DP101}]}\n", "3:25", "there is no field rul here"),
        (HEAD + "  - {case: a, expect: [{split: a}]}\n", "3:24", "an expected finding needs its rule"),
        (HEAD + "  - {case: a, expect: [{rule: DP101, level: eror}]}\n", "3:45", "level is none of disabled, advice"),
        (
            HEAD + "  - {case: a, expect: [{rule: DP999}]}\n",
            "3:12",
            "this case expects a finding of DP999, which is no",
        ),
        (HEAD + "  - {case: a, expect: DP101}\n", "3:23", "expect must be a list of mappings"),
        (HEAD + "  - {case: a, manifest: [], expect: []}\n", "3:15", "manifest must be a mapping"),
        (HEAD + "  - {case: a, manifest: {}, manifests: {}, expect: []}\n", "3:15", "a case has manifest or manifests"),
        (HEAD + "  - {case: a, case: b, expect: []}\n", "3:15", "case"),
        ("policy: ../none.yaml\n" + HEAD + "  - {case: a, expect: []}\n", None, "there is no file none.yaml"),
        ("- case: a\n", "1:1", "the file holds a list, not a mapping of fields"),
    ],
)
def test_a_test_file_with_a_fault(
    text: str, place: str | None, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, **{"tests/policy.yaml": text})
    assert main(["policy", "test"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert said in err
    assert place is None or f"--> tests/policy.yaml:{place}\n" in err


def test_what_is_named_is_tested(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A policy with the files about it, a test file, a folder with all policies below it."""
    case = HEAD + "  - {case: a, expect: []}\n"
    write(
        folder,
        **{
            "tests/policy.yaml": case,
            "tests/more.yaml": "policy: ../policy.yaml\n" + case,
            "tests/pack.yaml": "policy: builtin:baseline\n" + case,
            "team/policy.yaml": POLICY,
            "team/tests/policy.yaml": case,
            "waivers.yaml": "waivers: 1\nentries: []\n",
        },
    )
    found = {}
    for name in ("policy.yaml", "tests/more.yaml", "team", "."):
        assert main(["policy", "test", "--format", "json", name]) == 1
        summary = json.loads(capsys.readouterr().out)
        found[name] = (summary["files"], [item["path"] for item in summary["undecided"]])
    assert found == {
        "policy.yaml": (["tests/more.yaml", "tests/policy.yaml"], ["policy.yaml"]),
        "tests/more.yaml": (["tests/more.yaml"], ["policy.yaml"]),
        "team": (["team/tests/policy.yaml"], ["team/policy.yaml"]),
        ".": (
            ["team/tests/policy.yaml", "tests/more.yaml", "tests/pack.yaml", "tests/policy.yaml"],
            ["policy.yaml", "team/policy.yaml"],
        ),
    }
    assert main(["policy", "test", "waivers.yaml"]) == 2
    assert "waivers.yaml is no policy and no test file" in capsys.readouterr().err


def test_a_policy_without_tests_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "test"]) == 2
    assert capsys.readouterr().err == (
        "error: no test file for policy.yaml\n  = help: write one: tests/<policy>.yaml beside the policy\n"
    )
