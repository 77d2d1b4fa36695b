"""SARIF 2.1.0, against the schema that the standard publishes."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from pytest_datapolicy.cli.catalogue import load_catalogue
from pytest_datapolicy.model.places import Place, Span
from pytest_datapolicy.model.report import BaseName, Report, RuleCount, RunError
from pytest_datapolicy.render import sarif
from tests.render import readers
from tests.render.reports import finding, note, place, report

CATALOGUE = load_catalogue()


def run(made: Report, **options: Any) -> Any:
    return readers.sarif(sarif.render(made, **options))


def test_a_result() -> None:
    (result,) = run(report(finding(component="ward-notes")))["results"]
    assert result == {
        "ruleId": "DP101",
        "ruleIndex": 0,
        "kind": "fail",
        "level": "error",
        "message": {
            "text": "40% of the records are synthetic, at most 30% allowed. "
            "Remedy: add 3,334 real records, or remove 1,429 synthetic records"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "data/dataset.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 12, "startColumn": 18, "endLine": 12, "endColumn": 22},
                },
                "logicalLocations": [
                    {
                        "name": "ward-notes",
                        "fullyQualifiedName": "triage-notes@2026.11, split train, component ward-notes",
                    }
                ],
            }
        ],
        "relatedLocations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "policies/org.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 9, "startColumn": 9, "endLine": 9, "endColumn": 45},
                },
                "message": {"text": "the clause that asks it"},
            }
        ],
        "partialFingerprints": {"datapolicySubject/v1": "dcbed1a2c757bdacdc5a13f0639c9046"},
        "suppressions": [],
        "properties": {
            "outcome": "fail",
            "level": "error",
            "dataset": "triage-notes@2026.11",
            "split": "train",
            "component": "ward-notes",
            "because": "clinical board, 2026-04",
            "clause": "policies/org.yaml:9:9",
            "observed": 0.4,
            "limit": 0.3,
        },
    }


def test_the_schema_refuses_what_the_standard_does_not_know() -> None:
    text = sarif.render(report(finding()))
    for wrong in (text.replace('"kind": "fail"', '"kind": "indeterminate"'), text.replace('"uri"', '"url"')):
        with pytest.raises(jsonschema_rs.ValidationError):
            readers.sarif(wrong)


@pytest.mark.parametrize(
    ("outcome", "level", "kind", "told"),
    [
        ("fail", "error", "fail", "error"),
        ("fail", "warning", "fail", "warning"),
        ("fail", "advice", "fail", "note"),
        ("waived", "error", "fail", "error"),
        ("baselined", "warning", "fail", "warning"),
        ("indeterminate", "error", "open", "none"),
        ("indeterminate", "warning", "open", "none"),
    ],
)
def test_outcomes_and_levels(outcome: str, level: str, kind: str, told: str) -> None:
    (result,) = run(report(finding(outcome=outcome, level=level)))["results"]
    assert (result["kind"], result["level"]) == (kind, told)
    assert (result["properties"]["outcome"], result["properties"]["level"]) == (outcome, level)


def test_every_rule_of_the_run_is_listed_with_its_page() -> None:
    counts = tuple(RuleCount(rule.id, rule.name, "warning" if rule.id == "DP103" else "error", 0) for rule in CATALOGUE)
    made = run(report(finding(), rules=counts), rule=CATALOGUE.rule)
    rules = made["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in CATALOGUE]
    for told in rules:
        rule = CATALOGUE.rule(told["id"])
        assert told["name"] == rule.name
        assert told["help"]["markdown"].startswith(rule.docs.strip().split("\n")[0])
        assert "## Why" in told["help"]["markdown"]
        assert "\n#" not in told["help"]["text"]
        assert "`" not in told["help"]["text"]
        assert 100 < len(told["help"]["text"]) < len(told["help"]["markdown"])
        assert not [text for text in readers.texts(told) if "://" in text]
        assert told["defaultConfiguration"] == {
            "enabled": True,
            "level": "warning" if rule.id == "DP103" else "error",
        }
    assert rules[made["results"][0]["ruleIndex"]]["shortDescription"]["text"] == CATALOGUE.rule("DP101").summary


def test_rules_without_a_page_are_listed_too() -> None:
    own = finding(rule="ACME001", name="ACME001")
    made = run(report(own, rules=(RuleCount("ACME002", "ACME002", "disabled", 0),)), rule=lambda _: None)
    assert made["tool"]["driver"]["rules"] == [
        {
            "id": "ACME001",
            "name": "ACME001",
            "defaultConfiguration": {"enabled": True, "level": "error"},
            "properties": {"subjects": 0},
        },
        {
            "id": "ACME002",
            "name": "ACME002",
            "defaultConfiguration": {"enabled": False, "level": "none"},
            "properties": {"subjects": 0},
        },
    ]


def test_a_waiver_is_a_suppression_and_so_is_a_baseline() -> None:
    waiver: dict[str, object] = {
        "owner": "ada",
        "approved_by": "grace",
        "reason": "until the ward reopens",
        "granted": "2026-10-01",
        "expires": "2026-12-01",
        "days_left": 30,
        "allow": None,
        "path": "waivers.yaml",
        "line": 3,
    }
    results = run(report(finding(outcome="waived", waiver=waiver), finding(outcome="baselined")))["results"]
    assert [result["suppressions"] for result in results] == [
        [
            {
                "kind": "external",
                "status": "accepted",
                "justification": "until the ward reopens",
                "location": {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "waivers.yaml", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": 3},
                    }
                },
                "properties": {
                    "owner": "ada",
                    "approved_by": "grace",
                    "granted": "2026-10-01",
                    "expires": "2026-12-01",
                },
            }
        ],
        [{"kind": "external", "status": "accepted", "justification": "in the baseline"}],
    ]


def test_with_a_base_every_result_is_new_or_unchanged() -> None:
    findings = (finding(known=True), finding(split="test"))
    based = run(report(*findings, base=BaseName("origin/main", "ab" * 20)))
    assert [result["baselineState"] for result in based["results"]] == ["unchanged", "new"]
    assert based["properties"]["base"] == {"revision": "origin/main", "commit": "ab" * 20}
    assert ["baselineState" in result for result in run(report(finding()))["results"]] == [False]


@pytest.mark.parametrize(
    ("path", "prefix", "uri"),
    [
        ("data/dataset.yaml", "", "data/dataset.yaml"),
        ("data/dataset.yaml", "projects/triage", "projects/triage/data/dataset.yaml"),
        ("größe/a b%c#d?e:f.yaml", "", "gr%C3%B6%C3%9Fe/a%20b%25c%23d%3Fe%3Af.yaml"),
        ("caf\udce9.yaml", "", "caf%E9.yaml"),
        ("javascript:alert(1)", "", "javascript%3Aalert%281%29"),
        ("../policies/org.yaml", "projects", "policies/org.yaml"),
        ("../policies/org.yaml", "", "org.yaml"),
        ("/home/ada/org.yaml", "", "org.yaml"),
        ("builtin:baseline", "", "builtin%3Abaseline"),
    ],
)
def test_addresses_are_relative_and_encoded(path: str, prefix: str, uri: str) -> None:
    (result,) = run(report(finding(place=place(path))), prefix=prefix)["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_the_machine_is_not_told() -> None:
    text = sarif.render(report(finding(), root="/home/ada/triage"))
    assert "/home" not in text
    assert '"originalUriBaseIds": {\n        "%SRCROOT%": {\n          "description"' in text


def test_related_places_are_those_of_the_repository_each_once() -> None:
    noted = finding(related=(note("given here first", line=3), note("given here first", line=3)))
    (result,) = run(report(noted._replace(clause=place("builtin:baseline"))))["results"]
    assert [location["message"]["text"] for location in result["relatedLocations"]] == ["given here first"]
    assert result["properties"]["clause"] == "builtin:baseline:12:18"


@pytest.mark.parametrize(
    ("code", "notifications", "descriptor"),
    [
        (2, "toolConfigurationNotifications", "invalid-run"),
        (3, "toolExecutionNotifications", "no-manifest"),
        (4, "toolExecutionNotifications", "internal-error"),
    ],
)
def test_a_run_that_is_not_valid(code: int, notifications: str, descriptor: str) -> None:
    error = RunError("it is wrong", place("policy.yaml", 4, 3), remedy="make it right", code=code)
    made = run(report(manifests=0, subjects=0, errors=(error,)))
    (invocation,) = made["invocations"]
    assert made["results"] == []
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, code)
    (told,) = invocation[notifications]
    assert (told["level"], told["descriptor"]) == ("error", {"id": descriptor})
    assert told["message"]["text"] == "it is wrong. Remedy: make it right"
    assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "policy.yaml"
    assert descriptor in [item["id"] for item in made["tool"]["driver"]["notifications"]]


def test_every_error_of_a_policy_is_told() -> None:
    error = RunError("first", place("policy.yaml"), others=(RunError("second", place("policy.yaml", 9)),))
    (invocation,) = run(report(errors=(error, RunError("graver", code=4))))["invocations"]
    assert [item["message"]["text"] for item in invocation["toolConfigurationNotifications"]] == ["first", "second"]
    assert [item["message"]["text"] for item in invocation["toolExecutionNotifications"]] == ["graver"]


def test_a_crash_about_no_file_is_a_notification_alone() -> None:
    crash = finding(rule="DP000", name="internal-error", message="rule DP999 crashed")
    nowhere = crash._replace(place=Place("", Span(1, 1, 1, 1)))
    made = run(report(nowhere, crash))
    (invocation,) = made["invocations"]
    assert (len(made["results"]), invocation["exitCode"], invocation["executionSuccessful"]) == (1, 4, False)
    assert len(invocation["toolExecutionNotifications"]) == 2


@pytest.mark.parametrize(("code", "successful"), [(None, True), (0, True), (1, True), (4, False)])
def test_the_exit_code_is_told(code: int | None, successful: bool) -> None:
    (invocation,) = run(report(finding()), code=code)["invocations"]
    assert invocation["exitCode"] == (1 if code is None else code)
    assert invocation["executionSuccessful"] is successful


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("share of {0} is 4", "share of {{0}} is 4"),
        ("see [here](1)", r"see \[here\](1)"),
        (r"see [a\](1)", r"see \[a\\\](1)"),
        ("fields [a] and [b]", "fields [a] and [b]"),
    ],
)
def test_messages_hold_no_placeholder_and_no_link(message: str, text: str) -> None:
    (result,) = run(report(finding(message=message, remedy="")))["results"]
    assert result["message"]["text"] == text


def test_columns_count_characters() -> None:
    made = run(report(finding(place=Place("a.yaml", Span(1, 3, 2, 1), "😀😀records"))))
    assert made["columnKind"] == "unicodeCodePoints"
    region = made["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 3, "endLine": 2, "endColumn": 1}
