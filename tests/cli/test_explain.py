"""``datapolicy explain RULE PATH``: the same decisions as ``check``, worked out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.cli import main
from tests.app.trees import manifest, write

if TYPE_CHECKING:
    from pathlib import Path

Captured = pytest.CaptureFixture[str]

BAD = """\
DP101 max-synthetic-ratio: (weighted) synthetic share of the split <= max

bad@1, split train: fail
  --> bad/dataset.yaml:8:3

  bound by policy.yaml:7:10: max 0.3, measure records
  because: the house rule
  11 | tickets            1,000  synthetic (origin simulation): 1,000 records x weight 1 (none given)
     | synthetic records  1,000
     | all records        1,000
     | share               100%  synthetic / all records
     | at most              30%  max
  fail: 100% of the records are synthetic, at most 30% allowed
  help: add 2,334 real records

policy: house 1 (policy.yaml)
day: 2026-11-01 (set by hand)
"""


def told(capsys: Captured, *arguments: str) -> str:
    assert main(["explain", *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def as_json(capsys: Captured, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told(capsys, *arguments, "--format", "json"))
    return found


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("rule", ["DP101", "max-synthetic-ratio"])
def test_a_failing_split(capsys: Captured, rule: str) -> None:
    """What fails is explained, and explaining does not fail."""
    assert told(capsys, rule, "bad/dataset.yaml", "--today", "2026-11-01") == BAD


@pytest.mark.usefixtures("project")
def test_a_folder_and_the_project(capsys: Captured) -> None:
    out = told(capsys, "DP101", ".")
    assert [line for line in out.splitlines() if line.startswith(("bad@", "good@"))] == [
        "bad@1, split train: fail",
        "good@1, split train: pass",
    ]
    assert "  pass: share 0%, at most 30%\n" in out
    assert out.endswith(" UTC\n")


@pytest.mark.usefixtures("project")
def test_json_says_what_check_says(capsys: Captured) -> None:
    explained = as_json(capsys, "DP101", ".", "--today", "2026-11-01")
    main(["check", "--format", "json", "--today", "2026-11-01"])
    checked = json.loads(capsys.readouterr().out)
    assert explained["policy"] == checked["policy"]
    assert explained["today"] == "2026-11-01"
    assert explained["root"] == "."
    assert explained["rule"]["id"] == "DP101"
    bad, good = explained["decisions"]
    assert bad["findings"] == checked["findings"]
    assert (bad["outcome"], bad["level"], bad["split"], bad["line"]) == ("fail", "error", "train", 8)
    (clause,) = bad["clauses"]
    assert clause["bound"] is True
    assert (clause["path"], clause["line"], clause["column"]) == ("policy.yaml", 7, 10)
    assert (clause["policy"], clause["because"]) == ("house", "the house rule")
    assert clause["limits"] == {"max": 0.3, "measure": "records"}
    assert clause["compared"] == [{"thing": None, "observed": 1, "limit": 0.3, "outcome": "fail"}]
    assert clause["told"][0]["remedy"] == "add 2,334 real records"
    assert [line["value"] for line in clause["calculation"]] == [1000, 1000, 1000, 1, 0.3]
    assert clause["calculation"][0] == {
        "label": "tickets",
        "value": 1000,
        "share": False,
        "note": "synthetic (origin simulation): 1,000 records x weight 1 (none given)",
        "role": None,
        "thing": None,
        "path": "bad/dataset.yaml",
        "line": 11,
        "column": 54,
    }
    assert (good["outcome"], good["findings"]) == ("pass", [])
    assert good["clauses"][0]["compared"] == [{"thing": None, "observed": 0, "limit": 0.3, "outcome": "pass"}]
    assert good["looser"] == good["not_matching"] == []


def test_the_looser_and_those_that_do_not_match(project: Path, capsys: Captured) -> None:
    (project / "policy.yaml").write_text(
        "policy: 1\nname: house\nversion: '1'\ndomains: {law: {stakes: high}}\nrules:\n  max-synthetic-ratio:\n"
        "    limits:\n      - {max: 0.3}\n      - {max: 0.5}\n      - {max: 0.1, when: {stakes: high}}\n"
    )
    (decision,) = as_json(capsys, "DP101", "good")["decisions"]
    assert [(item["line"], item["limits"]["max"], item["than"]["line"]) for item in decision["looser"]] == [(9, 0.5, 8)]
    assert [(item["line"], item["reason"]) for item in decision["not_matching"]] == [
        (10, "stakes is low, not high or higher")
    ]
    assert decision["facts"] == {"stakes": ["low"]}
    good = project / "good/dataset.yaml"
    good.write_text(good.read_text() + "domains: [law]\n")
    (decision,) = as_json(capsys, "DP101", "good")["decisions"]
    assert decision["stakes"] == {
        "declared": "low",
        "raised_by": [{"domain": "law", "stakes": "high", "path": "policy.yaml", "line": 4, "column": 25}],
    }
    assert decision["clauses"][0]["line"] == 10


def test_one_split_or_component(project: Path, capsys: Captured) -> None:
    text = (
        manifest("two")
        + "  spare:\n    purpose: training\n    components: [{name: logs, origin: observed, records: 9}]\n"
    )
    write(project, **{"two/dataset.yaml": text})
    arguments = ["DP101", "two", "--policy", "builtin:baseline"]
    assert [item["split"] for item in as_json(capsys, *arguments)["decisions"]] == ["train", "spare"]
    assert [item["split"] for item in as_json(capsys, *arguments, "--split", "spare")["decisions"]] == ["spare"]
    components = ["DP402", "two", "--policy", "builtin:baseline"]
    (found,) = as_json(capsys, *components, "--component", "logs")["decisions"]
    assert (found["split"], found["component"], found["outcome"]) == ("spare", "logs", "not-applicable")
    assert (
        as_json(capsys, *components, "--split", "train", "--component", "tickets")["decisions"][0]["split"] == "train"
    )


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("arguments", "code", "message", "remedy"),
    [
        (["DP101", "nowhere"], 2, "there is no file or folder 'nowhere'", "name one that exists"),
        (["DP101", "good", "--split", "trian"], 2, "no split 'trian' is judged", "did you mean train?"),
        (["DP101", "good", "--split", "xyz"], 2, "no split 'xyz' is judged", "the splits are train"),
        (["DP101", "good", "--component", "x"], 2, "no component 'x' is judged", "the rule does not judge components"),
        (["DP101", "good", "--today", "soon"], 2, "'soon' is not a day", "write it as YYYY-MM-DD"),
        (
            ["DP101", "--today", "2026-11-01"],
            2,
            "--today needs a PATH",
            "name a manifest: datapolicy explain DP101 PATH",
        ),
        (
            ["DP701", "good"],
            2,
            "DP701 judges policies and waivers, not data sets",
            "see `datapolicy explain DP701` without a path",
        ),
    ],
)
def test_what_cannot_be_explained(capsys: Captured, arguments: list[str], code: int, message: str, remedy: str) -> None:
    assert main(["explain", *arguments]) == code
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"error: {message}\n  = help: {remedy}\n")


def test_no_manifest_is_exit_3(project: Path, capsys: Captured) -> None:
    (project / "empty").mkdir()
    assert main(["explain", "DP101", "empty"]) == 3
    assert capsys.readouterr().out == ""


def test_a_manifest_that_cannot_be_judged(project: Path, capsys: Captured) -> None:
    (project / "good/dataset.yaml").write_text("manifest: 1\nname: good\n")
    out = told(capsys, "DP101", "good")
    assert out.startswith(
        "DP101 max-synthetic-ratio: (weighted) synthetic share of the split <= max\n\ngood/dataset.yaml:1:"
    )
    assert "is missing" in out
    found = as_json(capsys, "DP101", "good")
    assert found["decisions"] == []
    assert {item["rule"] for item in found["others"]} == {"DP002"}
    assert {item["rule"] for item in as_json(capsys, "DP002", "good")["others"]} == {"DP002"}


def test_a_rule_that_no_policy_names(project: Path, capsys: Captured) -> None:
    out = told(capsys, "DP102", "good")
    assert "good@1, split train: not-applicable\n" in out
    assert "  the policy has no clause of this rule, so that nothing is asked\n" in out
    assert (project / "policy.yaml").exists()


def test_a_waived_finding_stays_in_sight(project: Path, capsys: Captured) -> None:
    policy = project / "policy.yaml"
    policy.write_text(policy.read_text() + "waivers: {files: [waivers.yaml]}\n")
    (project / "waivers.yaml").write_text(
        "waivers: 1\nentries:\n  - {rule: DP101, dataset: bad@1, reason: a pilot, owner: ann, approved_by: bob,\n"
        "     granted: 2026-10-01, expires: 2026-12-01}\n"
    )
    out = told(capsys, "DP101", "bad", "--today", "2026-11-01")
    assert "bad@1, split train: waived\n" in out
    assert "  waived: 100% of the records are synthetic, at most 30% allowed\n" in out
    assert "  waiver: reason a pilot, owner ann, expires 2026-12-01\n" in out


@pytest.mark.usefixtures("project")
def test_the_page_as_json(capsys: Captured) -> None:
    found = as_json(capsys, "DP101")
    assert (found["id"], found["scope"]) == ("DP101", "split")
    assert found["page"].startswith("The synthetic share of a split stays at or below a limit.\n")


def test_nothing_can_be_smuggled_into_the_text(project: Path, capsys: Captured) -> None:
    """Names of people and files are shown, not obeyed."""
    good = project / "good/dataset.yaml"
    good.write_text(good.read_text() + 'owner: "##vso[task] \\u2028 x"\n')
    out = told(capsys, "DP707", "good", "--policy", "builtin:baseline")
    assert "##vso[" not in out
    assert "\u2028" not in out


def test_an_own_rule_of_the_policy(project: Path, capsys: Captured) -> None:
    policy = project / "policy.yaml"
    policy.write_text(
        policy.read_text() + "custom:\n  ACME001:\n    summary: content is recorded\n    scope: component\n"
        "    when: component.records > 0\n    require: component.origin == 'observed'\n    message: not recorded\n"
    )
    out = told(capsys, "ACME001", "good")
    assert out.startswith("ACME001: content is recorded\n\ngood@1, split train, component tickets: fail\n")
    assert "   | when      true  component.records > 0\n   | require  false  component.origin == 'observed'\n" in out
    assert "  fail: not recorded\n" in out
    policy.write_text(policy.read_text().replace("component.records > 0", "component.records > 1000"))
    out = told(capsys, "ACME001", "good")
    assert "   | when  false  component.records > 1000\n  not-applicable: " in out
    assert "require" not in out
    policy.write_text(policy.read_text().replace("component.records > 1000", "component.tokens > 1"))
    out = told(capsys, "ACME001", "good")
    assert "good@1, split train, component tickets: indeterminate\n" in out
    assert "   | when  unknown  component.tokens > 1: " in out
    assert main(["explain", "ACME002", "good"]) == 2
    assert capsys.readouterr().err == "error: unknown rule 'ACME002'\n  = help: did you mean ACME001?\n"
    assert main(["explain", "ACME001"]) == 2
    remedy = "see `datapolicy rules`; own rules of a policy need a PATH"
    assert capsys.readouterr().err == f"error: unknown rule 'ACME001'\n  = help: {remedy}\n"


def test_two_manifests_of_one_data_set(project: Path, capsys: Captured) -> None:
    """Each is explained with its own findings."""
    write(project, **{"bad/again.dataset.yaml": manifest("bad")})
    found = as_json(capsys, "DP101", "bad")["decisions"]
    assert [(item["path"], item["outcome"], len(item["findings"])) for item in found] == [
        ("bad/again.dataset.yaml", "pass", 0),
        ("bad/dataset.yaml", "fail", 1),
    ]
    clash = as_json(capsys, "DP008", "bad")["decisions"]
    assert sorted((item["path"], item["outcome"]) for item in clash) == [
        ("bad/again.dataset.yaml", "pass"),
        ("bad/dataset.yaml", "fail"),
    ]


def test_a_fact_of_a_host_file_is_shown_where_it_stands(project: Path, capsys: Captured) -> None:
    text = manifest("chats") + "describes: {path: README.md, format: huggingface}\nowner: ada@example.org\n"
    write(project, **{"chats/README.md": "---\nlicense: mit\n---\n# Chats\n", "chats/dataset.yaml": text})
    out = told(capsys, "DP707", "chats", "--policy", "builtin:baseline")
    assert "  13 | owner    ada@example.org\n" in out
    assert "     | license              mit  (chats/README.md:2:10)\n" in out
