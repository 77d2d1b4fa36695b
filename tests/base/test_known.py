"""Which findings are new, and what ``--only-new`` lets through."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

from pytest_datapolicy.cli import main
from pytest_datapolicy.engine.known import mark
from pytest_datapolicy.model.places import START, Place
from pytest_datapolicy.model.report import Finding
from pytest_datapolicy.schemas import load
from tests.app.trees import git, write

from .conftest import ORG, SETTINGS, commit, manifest
from .judging import against, told

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

NOTES = "data/notes.dataset.yaml"
OTHER = "data/other.dataset.yaml"
WAIVERS = """\
waivers: 1
entries:
  - rule: DP101
    dataset: notes@1
    reason: the ward closes in autumn
    owner: ada@example.org
    approved_by: board@example.org
    granted: 2026-10-01
    expires: 2026-12-31
    {allow}
"""
WAIVING = ORG + "waivers: {files: [waivers.yaml]}\n"


def finding(rule: str = "DP101", **more: Any) -> Finding:
    """A finding with 5 observed where at most 3 are allowed."""
    made = Finding(
        rule=rule,
        name="a-rule",
        level="error",
        outcome="fail",
        dataset="notes@1",
        split="train",
        component=None,
        message="a message",
        remedy="a remedy",
        observed=5,
        limit=3,
        place=Place("a.dataset.yaml", START),
        clause=None,
        fingerprint="f",
    )
    return made._replace(**more)


def marks(now: list[Finding], before: list[Finding], *, same: bool = True) -> list[bool]:
    return [item.known for item in mark(now, before, lambda _: same, "main")]


@pytest.mark.parametrize(
    ("before", "known"),
    [
        ({}, True),
        ({"observed": 6}, True),
        ({"observed": 4}, False),
        ({"dataset": "notes@0", "place": Place("b.dataset.yaml", START), "message": "other"}, True),
        ({"fingerprint": "g"}, False),
        ({"level": "warning"}, False),
        ({"outcome": "waived"}, False),
        ({"outcome": "baselined"}, False),
        ({"outcome": "indeterminate", "observed": None}, False),
    ],
)
def test_known_is_what_the_base_has_no_better(before: dict[str, Any], known: bool) -> None:
    assert marks([finding()], [finding(**before)]) == [known]


def test_one_finding_there_makes_one_known_here_that_of_the_same_version_first() -> None:
    newer = finding(dataset="notes@2")
    assert marks([newer, finding()], [finding()]) == [False, True]
    assert marks([newer, finding()], [finding(), finding()]) == [True, True]
    assert marks([newer], [finding()]) == [True]


def test_texts_are_equal_or_new() -> None:
    now = finding(observed="model", limit="human")
    assert marks([now], [finding(observed="model", limit="human")]) == [True]
    assert marks([now], [finding(observed="unknown", limit="human")]) == [False]


@pytest.mark.parametrize("rule", ["DP001", "DP002", "DP003", "DP004"])
def test_an_unreadable_file_is_known_while_nobody_touches_it(rule: str) -> None:
    assert marks([finding(rule)], [finding(rule)], same=True) == [True]
    assert marks([finding(rule)], [finding(rule)], same=False) == [False]


@pytest.mark.parametrize("rule", ["DP703", "DP704", "DP708"])
def test_what_is_told_anew_of_the_files_of_the_base_is_advice(rule: str) -> None:
    (told_anew,) = mark([finding(rule)], [], lambda _: True, "main")
    assert (told_anew.level, told_anew.because) == ("advice", "what is read from main is not for this change to repair")
    (known,) = mark([finding(rule)], [finding(rule)], lambda _: True, "main")
    assert (known.level, known.known, known.because) == ("error", True, "")


def check(project: Path, *options: str) -> int:
    return main(["check", "--base", "HEAD", "--today", "2026-11-01", *options, str(project)])


def test_only_new_findings_fail(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(project, **{NOTES: manifest(made=900)})
    assert check(project) == 1
    assert check(project, "--only-new") == 0
    out = capsys.readouterr().out
    assert "note: known: 1 finding that HEAD (" in out
    assert "note: only findings that are not known fail" in out
    assert "= note: the base revision has this finding too" in out
    write(project, **{OTHER: manifest("other", made=900)})
    assert told(against(only_new=True)) == [
        "DP101 notes@1 data/notes.dataset.yaml:12 fail known",
        "DP101 other@1 data/other.dataset.yaml:12 fail new",
    ]
    assert check(project, "--only-new") == 1


def test_a_worse_value_is_new_and_a_better_one_is_not(project: Path) -> None:
    commit(project, **{NOTES: manifest(made=900)})
    write(project, **{NOTES: manifest(made=901)})
    assert told(against()) == ["DP101 notes@1 data/notes.dataset.yaml:12 fail new"]
    write(project, **{NOTES: manifest(made=899)})
    assert told(against()) == ["DP101 notes@1 data/notes.dataset.yaml:12 fail known"]


def test_a_finding_stays_known_in_another_file_and_version(project: Path) -> None:
    commit(project, **{NOTES: manifest(made=900)})
    git(project, "mv", "data/notes.dataset.yaml", "data/moved.dataset.yaml")
    write(project, **{"data/moved.dataset.yaml": "# moved\n" + manifest(made=900).replace('"1"', '"2"')})
    assert told(against()) == ["DP101 notes@2 data/moved.dataset.yaml:13 fail known"]


def test_weakened_claims_are_always_new(project: Path) -> None:
    weak = manifest().replace("high", "low")
    commit(project, **{NOTES: weak})
    assert told(against()) == []
    assert told(against("HEAD~1", only_new=True)) == ["DP706 notes@1 data/notes.dataset.yaml:4 fail new"]


def test_warnings_under_strict(project: Path) -> None:
    policy = ORG + '  known-origin: {limits: [{max: 0, when: {split: "x*"}}]}\n'
    commit(project, **{"policies/org.yaml": policy})
    assert told(against()) == ["DP708 - policies/org.yaml:9 fail warning known"]
    assert check(project, "--strict") == 1
    assert check(project, "--strict", "--only-new") == 0


def test_an_unreadable_manifest_of_the_base(project: Path) -> None:
    broken = manifest("broken") + "more: 1\n"
    commit(project, **{"data/broken.dataset.yaml": broken})
    assert told(against()) == ["DP002 - data/broken.dataset.yaml:13 fail known"]
    assert check(project, "--only-new") == 0
    write(project, **{"data/broken.dataset.yaml": broken.replace("high", "low")})
    assert told(against()) == ["DP002 - data/broken.dataset.yaml:13 fail new"]


@pytest.mark.parametrize("made", [900, 1200])
def test_a_bounded_waiver_of_the_base_holds_as_far_as_it_goes(project: Path, made: int) -> None:
    waivers = WAIVERS.format(allow="allow: {max: 0.5}")
    commit(
        project,
        **{
            "policies/org.yaml": WAIVING,
            "policies/waivers.yaml": waivers,
            NOTES: manifest(made=900),
        },
    )
    write(project, **{NOTES: manifest(made=made), "policies/waivers.yaml": WAIVERS.format(allow="")})
    outcome = "waived known" if made == 900 else "fail new"
    found = [f"DP101 notes@1 data/notes.dataset.yaml:12 {outcome}"]
    if made == 1200:
        found.append("DP704 - policies/waivers.yaml:3 fail advice new")
    assert told(against(only_new=True)) == found
    assert check(project, "--only-new", "--strict") == (made == 1200)


def test_a_waiver_that_the_change_writes_covers_nothing_yet(project: Path) -> None:
    commit(project, **{"policies/org.yaml": WAIVING, "policies/waivers.yaml": "waivers: 1\nentries: []\n"})
    files = {NOTES: manifest(made=900), "policies/waivers.yaml": WAIVERS.format(allow="")}
    write(project, **files)
    assert told(against()) == ["DP101 notes@1 data/notes.dataset.yaml:12 fail new"]
    assert told(against(None)) == ["DP101 notes@1 data/notes.dataset.yaml:12 waived new"]


def test_a_new_version_does_not_fail_for_the_waiver_that_it_leaves_behind(project: Path) -> None:
    files = {"policies/org.yaml": WAIVING, "policies/waivers.yaml": WAIVERS.format(allow="")}
    commit(project, **files, **{NOTES: manifest(made=900)})
    write(project, **{NOTES: manifest(made=400).replace('"1"', '"2"')})
    assert told(against()) == ["DP703 - policies/waivers.yaml:3 fail advice new"]
    assert check(project, "--strict") == 0
    assert told(against(None)) == ["DP703 - policies/waivers.yaml:3 fail new"]


def test_a_baseline_is_that_of_the_base(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(project, **{NOTES: manifest(made=900)})
    assert main(["check", "--write-baseline", "baseline.yaml"]) == 0
    commit(project)
    baselined = ["DP101 notes@1 data/notes.dataset.yaml:12 baselined known"]
    assert told(against(baseline="baseline.yaml")) == baselined
    write(
        project,
        **{NOTES: manifest(made=901), OTHER: manifest("other", made=900)},
    )
    assert main(["check", "--write-baseline", "baseline.yaml"]) == 0
    found = told(against(baseline="baseline.yaml"))
    assert found == [
        "DP704 - baseline.yaml:3 fail advice new",
        "DP101 notes@1 data/notes.dataset.yaml:12 fail new",
        "DP101 other@1 data/other.dataset.yaml:12 fail new",
    ]
    (project / "baseline.yaml").unlink()
    assert told(against(baseline="baseline.yaml")) == found
    missing = told(against(baseline="nowhere.yaml"))
    assert missing == ["exit 2: there is no baseline nowhere.yaml"]
    capsys.readouterr()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--only-new",), "error: --only-new needs --base\n  = help: name a revision: --base origin/main"),
        (
            ("--base", "HEAD", "--write-baseline", "b.yaml"),
            "error: with --base the baseline is that of the revision\n  = help: write it without --base",
        ),
        (("--base", "HEAD", "--baseline", "b.yaml", "--prune-baseline"), "error: with --base the baseline is that of"),
        (("--base=-x",), "error: --base '-x' is no revision"),
        (("--base",), "error: argument --base: expected one argument"),
    ],
)
def test_wrong_usage(project: Path, options: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *options]) == 2
    assert capsys.readouterr().err.startswith(message)


def test_the_report_says_what_it_was_compared_with(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(project, "--format", "json", "--only-new") == 0
    report = json.loads(capsys.readouterr().out)
    assert jsonschema_rs.validator_for(load("report")).is_valid(report)
    run = report["run"]
    commit_id = git(project, "rev-parse", "HEAD").strip()
    assert run["base"] == {"revision": "HEAD", "commit": commit_id, "only_new": True}
    assert check(project) == 0
    out = capsys.readouterr().out
    assert f"note: policy, waivers, baseline and settings are those of HEAD ({commit_id[:12]})\n" in out


def test_settings_with_exclusions_hold_for_the_base_as_well(project: Path) -> None:
    files = {
        "datapolicy.toml": SETTINGS + 'exclude = ["data/other*"]\n',
        OTHER: manifest("other", made=900),
    }
    commit(project, **files)
    (project / "data" / "other.dataset.yaml").unlink()
    assert told(against()) == []
