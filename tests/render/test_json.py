"""The report for programs."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_datapolicy.model.fingerprint import fingerprint
from pytest_datapolicy.model.report import Report, RunError
from pytest_datapolicy.render.json import dumps, number, render
from pytest_datapolicy.schemas import load
from tests.render.reports import finding, note, place, report

VALIDATOR = jsonschema_rs.validator_for(load("report"))


def parsed(made: Report) -> Any:
    """The printed report, valid against the schema that ships."""
    value = json.loads(render(made), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    VALIDATOR.validate(value)
    return value


def test_the_whole_object() -> None:
    value = parsed(report(finding()))
    assert list(value) == ["schema", "tool", "today", "policy", "summary", "findings", "rules", "run"]
    assert value == {
        "schema": 1,
        "tool": {"name": "pytest-datapolicy", "version": "0.1.0"},
        "today": "2026-11-01",
        "policy": [
            {"name": "baseline", "version": "1", "path": "builtin:baseline", "sha256": "ab" * 32},
            {"name": "acme-org", "version": "7", "path": "policies/org.yaml", "sha256": "cd" * 32},
        ],
        "summary": {
            "manifests": 1,
            "subjects": 5,
            "fail": 1,
            "indeterminate": 0,
            "waived": 0,
            "baselined": 0,
            "warning": 0,
            "advice": 0,
        },
        "findings": [
            {
                "rule": "DP101",
                "name": "max-synthetic-ratio",
                "level": "error",
                "outcome": "fail",
                "dataset": "triage-notes@2026.11",
                "split": "train",
                "component": None,
                "message": "40% of the records are synthetic, at most 30% allowed",
                "remedy": "add 3,334 real records, or remove 1,429 synthetic records",
                "observed": 0.4,
                "limit": 0.3,
                "path": "data/dataset.yaml",
                "line": 12,
                "column": 18,
                "end_line": 12,
                "end_column": 22,
                "clause": {"path": "policies/org.yaml", "line": 9, "column": 9},
                "waiver": None,
                "fingerprint": "dcbed1a2c757bdacdc5a13f0639c9046",
            }
        ],
        "rules": [{"rule": "DP101", "level": "error", "subjects": 1}],
        "run": {"root": ".", "today_given": False, "policy_default": False, "left_out": [], "skipped": 0},
    }


def test_keys_of_a_finding_keep_their_order() -> None:
    assert list(parsed(report(finding(known=True)))["findings"][0]) == [
        "rule",
        "name",
        "level",
        "outcome",
        "dataset",
        "split",
        "component",
        "message",
        "remedy",
        "observed",
        "limit",
        "path",
        "line",
        "column",
        "end_line",
        "end_column",
        "clause",
        "waiver",
        "fingerprint",
        "known",
    ]


def test_findings_without_subject_clause_or_numbers() -> None:
    bare = finding(dataset=None, split=None, observed=None, limit="random", clause=None, known=True)
    value = parsed(report(bare))["findings"][0]
    assert (value["dataset"], value["observed"], value["limit"], value["clause"]) == (None, None, "random", None)
    assert value["known"] is True


def test_the_output_is_ascii_and_ends_with_a_line_end() -> None:
    shown = render(report(finding(message="größer als 名前 \x1b \u202e")))
    assert shown.isascii()
    assert shown.endswith("}\n")
    assert json.loads(shown)["findings"][0]["message"] == "größer als 名前 \x1b \u202e"


def test_bytes_of_file_names_that_are_not_utf_8_give_valid_json() -> None:
    value = parsed(report(finding(place=place("data/caf\udce9.dataset.yaml"), dataset="\ud800")))
    assert value["findings"][0]["path"] == r"data/caf\xe9.dataset.yaml"
    assert value["findings"][0]["dataset"] == r"\ud800"


@pytest.mark.parametrize(
    ("errors", "message"),
    [
        ([RunError("no manifest found", code=3)], "no manifest found"),
        ([RunError("none", code=3), RunError("bad policy", code=2)], "bad policy"),
        ([RunError("bad", code=2), RunError("crash", code=4)], "crash"),
    ],
)
def test_the_gravest_error_is_named(errors: list[RunError], message: str) -> None:
    value = parsed(report(errors=tuple(errors)))
    assert value["error"] == {"message": message, "path": None, "line": None, "column": None}
    assert list(value)[-2:] == ["error", "errors"]
    assert value["errors"][0]["message"] == message
    assert len(value["errors"]) == len(errors)


def test_every_error_is_told_with_its_remedy() -> None:
    errors = (
        RunError("none", code=3, remedy="add one"),
        RunError("unknown rule 'x'", place("policy.yaml", 4, 3)),
        RunError("unknown rule 'y'", place("policy.yaml", 9, 3), remedy="did you mean z?"),
    )
    assert parsed(report(errors=errors))["errors"] == [
        {"message": "unknown rule 'x'", "remedy": "", "path": "policy.yaml", "line": 4, "column": 3},
        {"message": "unknown rule 'y'", "remedy": "did you mean z?", "path": "policy.yaml", "line": 9, "column": 3},
        {"message": "none", "remedy": "add one", "path": None, "line": None, "column": None},
    ]


def test_an_error_has_its_place() -> None:
    value = parsed(report(errors=(RunError("unknown rule 'x'", place("policy.yaml", 4, 3)),)))
    assert value["error"] == {"message": "unknown rule 'x'", "path": "policy.yaml", "line": 4, "column": 3}


def test_a_rule_that_crashed_is_an_error_of_the_run() -> None:
    crash = finding(rule="DP000", name="internal-error", message="rule DP999 crashed", observed=None, limit=None)
    made = report(crash, errors=(RunError("none", code=3),))
    assert made.exit_code() == 4
    assert parsed(made)["error"] == {
        "message": "rule DP999 crashed",
        "path": "data/dataset.yaml",
        "line": 12,
        "column": 18,
    }


@pytest.mark.parametrize(
    ("value", "other", "shown"),
    [
        (3, 5, "3"),
        (10**17 + 1, 10**17, "100000000000000001"),
        (Fraction(3, 10), Fraction(2, 5), "0.3"),
        (Fraction(1, 3), Fraction(3, 10), "0.3333333333333333"),
        (Fraction(1), Fraction(3, 10), "1"),
        (Decimal("0.80"), None, "0.8"),
        (Fraction("0.30000000000000001"), Fraction(3, 10), "0.30000000000000001"),
        (Fraction(3, 10), Fraction("0.30000000000000001"), "0.3"),
        (Fraction(10**20 + 1, 3 * 10**20), Fraction(1, 3), "0.33333333333333333334"),
        (Fraction(3, 10), 1, "0.3"),
        (Fraction(1, 10**7), Fraction(1), "1e-07"),
    ],
)
def test_numbers(value: Any, other: Any, shown: str) -> None:
    assert dumps(number(value, other)) == f"{shown}\n"


shares = st.fractions(min_value=0, max_value=1, max_denominator=10**18)


@given(shares, st.integers(min_value=-3, max_value=3), st.integers(min_value=1, max_value=10**25))
def test_two_numbers_compare_as_they_are_printed(limit: Fraction, steps: int, scale: int) -> None:
    observed = limit + Fraction(steps, scale)
    printed = [Fraction(dumps(number(*pair)).strip()) for pair in ((observed, limit), (limit, observed))]
    assert (printed[0] > printed[1], printed[0] < printed[1]) == (observed > limit, observed < limit)


def test_the_same_report_gives_the_same_bytes() -> None:
    made = report(finding(), finding(place=place(line=20), related=(note("see"),)))
    assert render(made) == render(made)


def test_empty_lists_and_waivers_are_written() -> None:
    waiver = {
        "owner": "intents@example.org",
        "approved_by": "governance@example.org",
        "reason": "r",
        "granted": "2026-10-01",
        "expires": "2026-12-15",
        "days_left": 44,
        "allow": {"max": Decimal("0.45"), "min": 3, "allow": []},
        "path": "waivers.yaml",
        "line": 3,
    }
    written = parsed(report(finding(outcome="waived", waiver=waiver)))["findings"][0]["waiver"]
    assert written == {**waiver, "allow": {"max": 0.45, "min": 3, "allow": []}}
    bare = parsed(report(finding(outcome="waived", waiver={**waiver, "allow": None})))["findings"][0]["waiver"]
    assert bare == {**waiver, "allow": None}


def test_the_baseline_is_named() -> None:
    value = parsed(report(finding(outcome="baselined"), baseline="ci/baseline.json"))
    assert value["run"]["baseline"] == "ci/baseline.json"
    assert "baseline" not in parsed(report())["run"]


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(TypeError, match="a report holds a float"):
        dumps({"a": float("nan")})


def test_fingerprints_tell_subjects_apart_and_nothing_else() -> None:
    one = fingerprint("DP104", "triage@1", "train", None, "sepsis")
    assert (
        one
        == fingerprint("DP104", "triage@2", "train", None, "sepsis")
        == fingerprint("DP104", "triage", "train", "", "sepsis")
    )
    others = {
        fingerprint("DP105", "triage", "train", None, "sepsis"),
        fingerprint("DP104", "triag", "train", None, "sepsis"),
        fingerprint("DP104", "triage", "test", None, "sepsis"),
        fingerprint("DP104", "triage", "train", "notes", "sepsis"),
        fingerprint("DP104", "triage", "train", "sepsis", ""),
        fingerprint("DP104", "triage", "train", None, "stroke"),
        fingerprint("DP104", None, "train", None, "sepsis"),
        one,
    }
    assert len(others) == 8
    assert len(one) == 32
