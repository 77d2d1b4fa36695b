"""GitLab code quality reports."""

from __future__ import annotations

import jsonschema_rs
import pytest

from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.render import gitlab
from tests.render import readers
from tests.render.reports import finding, place, report


def test_an_entry() -> None:
    assert readers.gitlab(gitlab.render(report(finding()))) == [
        {
            "description": "40% of the records are synthetic, at most 30% allowed (triage-notes@2026.11, split train). "
            "Remedy: add 3,334 real records, or remove 1,429 synthetic records",
            "check_name": "DP101",
            "fingerprint": "dcbed1a2c757bdacdc5a13f0639c9046",
            "severity": "critical",
            "location": {"path": "data/dataset.yaml", "lines": {"begin": 12, "end": 12}},
        }
    ]


def test_the_schema_refuses_other_severities_and_paths() -> None:
    text = gitlab.render(report(finding()))
    for wrong in (text.replace("critical", "fatal"), text.replace('"data/', '"./data/'), text.replace("path", "file")):
        with pytest.raises(jsonschema_rs.ValidationError):
            readers.gitlab(wrong)


@pytest.mark.parametrize(
    ("outcome", "level", "severity"),
    [
        ("fail", "error", "critical"),
        ("indeterminate", "error", "critical"),
        ("fail", "warning", "minor"),
        ("fail", "advice", "info"),
        ("waived", "error", "info"),
        ("baselined", "error", "info"),
    ],
)
def test_severities(outcome: str, level: str, severity: str) -> None:
    (entry,) = readers.gitlab(gitlab.render(report(finding(outcome=outcome, level=level))))
    assert entry["severity"] == severity


def test_versions_of_one_data_set_are_two_entries() -> None:
    findings = [finding(dataset=f"triage-notes@{version}") for version in (1, 2, 3)]
    first, second, third = [entry["fingerprint"] for entry in readers.gitlab(gitlab.render(report(*findings)))]
    assert first == findings[0].fingerprint
    assert len({first, second, third}) == 3
    assert readers.gitlab(gitlab.render(report(*findings[:2])))[1]["fingerprint"] == second


def test_a_finding_without_fingerprint_gets_one() -> None:
    bare = finding(fingerprint="", dataset=None, split=None)
    (entry,) = readers.gitlab(gitlab.render(report(bare)))
    (moved,) = readers.gitlab(gitlab.render(report(bare._replace(place=place(line=99)))))
    assert entry["fingerprint"] == moved["fingerprint"]
    assert entry["description"].startswith("40% of the records are synthetic, at most 30% allowed. Remedy: ")


def test_a_waiver_is_told_in_place_of_the_remedy() -> None:
    waived = finding(outcome="waived", waiver={"reason": "until the ward reopens", "expires": "2026-12-01"})
    (entry,) = readers.gitlab(gitlab.render(report(waived)))
    assert entry["description"].endswith("split train); waived until 2026-12-01: until the ward reopens")


@pytest.mark.parametrize(("code", "name"), [(2, "invalid run"), (3, "no manifest"), (4, "internal error")])
def test_a_run_that_is_not_valid_blocks(code: int, name: str) -> None:
    placed = RunError("it is wrong", place("policy.yaml", 4), remedy="make it right", code=code)
    (entry, bare) = readers.gitlab(gitlab.render(report(errors=(placed, RunError("so is that", code=code)))))
    assert (entry["check_name"], entry["severity"], entry["location"]["path"]) == (name, "blocker", "policy.yaml")
    assert entry["description"] == "it is wrong. Remedy: make it right"
    assert bare["location"] == {"path": ".", "lines": {"begin": 1, "end": 1}}


def test_paths_start_at_the_top_of_the_repository() -> None:
    (entry,) = readers.gitlab(gitlab.render(report(finding()), prefix="projects/triage"))
    assert entry["location"]["path"] == "projects/triage/data/dataset.yaml"


def test_nothing_found_is_an_empty_list() -> None:
    assert gitlab.render(report()) == "[]\n"
