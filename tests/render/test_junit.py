"""JUnit XML."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from pytest_datapolicy.model.report import BaseName, Report, RuleCount, RunError
from pytest_datapolicy.render import junit
from tests.render import readers
from tests.render.reports import finding, place, report


def cases(made: Report, **options: Any) -> list[tuple[str, str, str]]:
    """Name, kind and text of every test case."""
    suite = readers.junit(junit.render(made, **options))
    found = []
    for case in suite.findall("testcase"):
        (outcome,) = case
        found.append((case.get("name"), outcome.tag, outcome.get("message") or outcome.text))
    return found


def test_a_finding_is_a_failure_with_its_places() -> None:
    assert junit.render(report(finding(thing="sepsis"))) == (
        """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="datapolicy" tests="1" failures="1" errors="0" time="0">
<testsuite name="datapolicy" tests="1" failures="1" errors="0" skipped="0" time="0">
<properties>
<property name="version" value="0.1.0"/>
<property name="day" value="2026-11-01 UTC"/>
<property name="policy" value="builtin:baseline 1, sha256 abababababab"/>
<property name="policy" value="acme-org 7 (policies/org.yaml), sha256 cdcdcdcdcdcd"/>
</properties>
<testcase classname="data/dataset.yaml" name="DP101 max-synthetic-ratio: triage-notes@2026.11, split train (sepsis)" \
file="data/dataset.yaml" line="12" time="0"><failure type="fail" \
message="40% of the records are synthetic, at most 30% allowed">\
help: add 3,334 real records, or remove 1,429 synthetic records
place: data/dataset.yaml:12:18
clause: policies/org.yaml:9:9
because: clinical board, 2026-04</failure></testcase>
</testsuite>
</testsuites>
"""
    )


def test_the_schema_refuses_what_readers_do_not_know() -> None:
    text = junit.render(report(finding()))
    for wrong in (text.replace("failure", "warning"), text.replace("classname", "class"), text.replace('"12"', '"x"')):
        with pytest.raises((etree.DocumentInvalid, AssertionError)):
            readers.junit(wrong)


@pytest.mark.parametrize(
    ("changes", "strict", "kind"),
    [
        ({}, False, "failure"),
        ({"outcome": "indeterminate"}, False, "failure"),
        ({"level": "warning"}, False, "system-out"),
        ({"level": "warning"}, True, "failure"),
        ({"level": "warning", "outcome": "indeterminate"}, True, "failure"),
        ({"level": "warning", "rule": "DP702"}, True, "system-out"),
        ({"level": "advice"}, True, "system-out"),
        ({"outcome": "waived"}, True, "skipped"),
        ({"outcome": "baselined"}, True, "skipped"),
        ({"rule": "DP000", "name": "internal-error"}, False, "error"),
    ],
)
def test_outcomes(changes: dict[str, Any], strict: bool, kind: str) -> None:
    ((_, found, _), *_) = cases(report(finding(**changes)), strict=strict)
    assert found == kind


def test_what_the_base_has_too_does_not_fail_when_only_new_findings_do() -> None:
    made = report(finding(known=True), finding(), base=BaseName("main", "ab" * 20))
    assert [kind for _, kind, _ in cases(made)] == ["failure", "failure"]
    assert [kind for _, kind, _ in cases(made._replace(only_new=True))] == ["system-out", "failure"]


def test_what_is_skipped_says_who_allowed_it() -> None:
    waiver: dict[str, object] = {
        "owner": "ada",
        "approved_by": "grace",
        "reason": "until the ward reopens",
        "expires": "2026-12-01",
        "days_left": 1,
    }
    ((_, kind, text), *_) = cases(report(finding(outcome="waived", waiver=waiver)))
    assert (kind, text) == (
        "skipped",
        "waived until 2026-12-01 (1 day left), owner ada, approved by grace: until the ward reopens",
    )


def test_rules_that_found_nothing_pass_and_those_without_subject_are_skipped() -> None:
    rules = (
        RuleCount("DP101", "max-synthetic-ratio", "error", 4),
        RuleCount("DP102", "min-real-records", "error", 4),
        RuleCount("DP105", "bootstrap-expiry", "error", 0),
        RuleCount("ACME001", "ACME001", "error", 1),
    )
    assert cases(report(finding(), rules=rules, deselected=("DP103",)))[1:] == [
        ("DP102 min-real-records", "system-out", "passed: 4 subjects"),
        ("DP105 bootstrap-expiry", "skipped", "no subject that it could be put to"),
        ("ACME001", "system-out", "passed: 1 subject"),
        ("DP103", "skipped", "left out with --select or --ignore"),
    ]


@pytest.mark.parametrize(("code", "name"), [(2, "invalid run"), (3, "no manifest"), (4, "internal error")])
def test_a_run_that_is_not_valid_is_an_error(code: int, name: str) -> None:
    error = RunError("it is wrong", place("policy.yaml", 4), remedy="make it right", code=code)
    made = report(errors=(error,), manifests=0, rules=())
    assert cases(made) == [(name, "error", "it is wrong")]
    (case,) = readers.junit(junit.render(made)).findall("testcase")
    assert (case.get("file"), case.get("line")) == ("policy.yaml", "4")
    assert case[0].text == "help: make it right\nplace: policy.yaml:4:18"


def test_it_is_ascii_whatever_it_tells() -> None:
    text = junit.render(report(finding(message="größer als 名前 😀")))
    assert text.isascii()
    assert cases(report(finding(message="größer als 名前 😀")))[0][2] == "größer als 名前 😀"
