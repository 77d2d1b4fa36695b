"""Manifests as files and rules as items, through a real pytest run."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree

import pytest

from .conftest import BAD, GOOD

BAD_ITEM = "data/bad.dataset.yaml::DP201"


def test_off_by_default(project: pytest.Pytester) -> None:
    project.makepyfile(test_one="def test_one(): pass")
    project.runpytest_subprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize("how", ["option", "ini"])
def test_items_are_rules_of_manifests(project: pytest.Pytester, how: str) -> None:
    if how == "ini":
        project.makeini("[pytest]\ndatapolicy = true\n")
    result = project.runpytest_subprocess("-v", *(["--datapolicy"] if how == "option" else []))
    result.stdout.fnmatch_lines(
        [
            "datapolicy: policy house 3, 2 manifests, root *",
            f"{BAD_ITEM} FAILED*",
            "data/good.dataset.yaml::DP101 PASSED*",
        ]
    )
    assert result.parseoutcomes()["failed"] == 1
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_failure_shows_the_manifest_line_the_clause_and_the_remedy(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--datapolicy", BAD_ITEM)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*data/bad.dataset.yaml:16:17*",
            "*origin: model*",
            "*org.yaml:6:*",
            "*anchored in reality*",
            "*help:*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_node_id_keyword_and_last_failed(project: pytest.Pytester) -> None:
    project.runpytest_subprocess("--datapolicy", "-k", "DP101").assert_outcomes(
        passed=2, deselected=len(_items(project)) - 2
    )
    project.runpytest_subprocess("--datapolicy", "data/good.dataset.yaml::DP101").assert_outcomes(passed=1)
    project.runpytest_subprocess("--datapolicy")
    project.runpytest_subprocess("--datapolicy", "--lf").assert_outcomes(failed=1)


def _items(project: pytest.Pytester) -> list[str]:
    lines = project.runpytest_subprocess("--datapolicy", "--collect-only", "-q").outlines
    return [line for line in lines if "::" in line]


def test_same_outcomes_on_two_workers(project: pytest.Pytester) -> None:
    serial = project.runpytest_subprocess("--datapolicy", "-p", "no:cacheprovider").parseoutcomes()
    parallel = project.runpytest_subprocess("--datapolicy", "-p", "no:cacheprovider", "-n", "2").parseoutcomes()
    assert (parallel["failed"], parallel["passed"]) == (serial["failed"], serial["passed"])


def test_junit_names_the_items(project: pytest.Pytester) -> None:
    project.runpytest_subprocess("--datapolicy", "--junitxml=out.xml")
    cases = ElementTree.parse(project.path / "out.xml").getroot().iter("testcase")
    failed = {(case.get("classname"), case.get("name")) for case in cases if case.find("failure") is not None}
    assert failed == {("data.bad.dataset.yaml", "DP201")}


def test_one_item_a_manifest(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\ndatapolicy = true\ndatapolicy_items = manifest\n")
    result = project.runpytest_subprocess("-v")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["data/bad.dataset.yaml::datapolicy FAILED*", "org.yaml::DP701 PASSED*"])


def test_wrong_setting_is_a_usage_error(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\ndatapolicy = true\ndatapolicy_items = manifests\n")
    result = project.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*datapolicy_items is 'manifests'; write rule or manifest*"])


def test_policy_that_is_not_valid_is_a_usage_error_with_its_place(project: pytest.Pytester) -> None:
    project.path.joinpath("org.yaml").write_text(
        'policy: 1\nname: house\nversion: "3"\nrules:\n  human-only: {}\n', "utf-8"
    )
    result = project.runpytest_subprocess("--datapolicy")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*org.yaml:5:3: *human-only*"])
    result.stderr.no_fnmatch_line("*Traceback*")


def test_no_manifest_is_a_usage_error(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_one="def test_one(): pass")
    result = pytester.runpytest_subprocess("--datapolicy")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no manifest found*"])


def test_unreadable_manifest_fails_at_its_line(project: pytest.Pytester) -> None:
    (project.path / "data" / "twice.dataset.yaml").write_text("manifest: 1\nname: a\nname: b\n", "utf-8")
    result = project.runpytest_subprocess("--datapolicy", "data/twice.dataset.yaml")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*DP003*", "*data/twice.dataset.yaml:3:1*"])


def test_policy_option_and_today(project: pytest.Pytester) -> None:
    strict = POLICY_WITH_DATE
    project.path.joinpath("dated.yaml").write_text(strict, "utf-8")
    before = ["--datapolicy", "--datapolicy-policy", "dated.yaml", "--datapolicy-today"]
    result = project.runpytest_subprocess(*before, "2027-02-28")
    result.stdout.fnmatch_lines(["*DatapolicyWarning: data/bad.dataset.yaml:16:17*DP201*"])
    assert "failed" not in result.parseoutcomes()
    assert project.runpytest_subprocess(*before, "2027-03-01").parseoutcomes()["failed"] == 1


POLICY_WITH_DATE = """\
policy: 1
name: dated
version: "1"
rules:
  human-only-evaluation: {limits: [{effective: 2027-03-01}]}
"""


def test_control_characters_never_reach_the_terminal(project: pytest.Pytester) -> None:
    # Windows has no names with controls below the space.
    name = "a\x9b2Jb.dataset.yaml" if sys.platform == "win32" else "a\x1b[2J\n\x9bb.dataset.yaml"
    (project.path / "data" / name).write_text(BAD.format(name="hostile"), "utf-8")
    result = project.runpytest_subprocess("--datapolicy", "-v", "-p", "no:cacheprovider")
    text = result.stdout.str() + result.stderr.str()
    assert "\x1b[2J" not in text
    assert "\x9b" not in text
    assert result.parseoutcomes()["failed"] == 2


def test_other_yaml_files_are_left_alone(project: pytest.Pytester) -> None:
    (project.path / "data" / "other.yaml").write_text("a: 1\n", "utf-8")
    assert not any("other.yaml" in line for line in _items(project))


def test_many_findings_of_one_rule_are_one_item(project: pytest.Pytester) -> None:
    text = GOOD.format(name="three") + "".join(
        f"      - {{name: m{n}, origin: simulation, records: 5, labels: {{by: expert}}}}\n" for n in range(3)
    )
    (project.path / "data" / "three.dataset.yaml").write_text(text, "utf-8")
    result = project.runpytest_subprocess("--datapolicy", "data/three.dataset.yaml::DP201")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*three.dataset.yaml:16:*", "*three.dataset.yaml:17:*", "*three.dataset.yaml:18:*"])
