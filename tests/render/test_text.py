"""The report for people."""

from __future__ import annotations

import re

import pytest

from pytest_datapolicy.model.places import Place, Span
from pytest_datapolicy.model.report import RuleCount, RunError
from pytest_datapolicy.render import text
from tests.render.reports import finding, note, place, report

SUMMARY = """\
1 manifest, 5 subjects, 1 rule: {verdict}
policy: builtin:baseline 1, sha256 abababababab
policy: acme-org 7 (policies/org.yaml), sha256 cdcdcdcdcdcd
root: /home/ada/triage; datapolicy 0.1.0, 2026-11-01 UTC
"""


def test_a_finding_shows_the_manifest_the_clause_and_the_remedy() -> None:
    assert text.render(report(finding())) == (
        """\
error[DP101 max-synthetic-ratio]: 40% of the records are synthetic, at most 30% allowed
  --> data/dataset.yaml:12:18
   |
12 |         records: 4000
   |                  ^^^^
  --> policies/org.yaml:9:9 (the clause that asks it)
   |
 9 |       - {max: 0.30, when: {stakes: high}}
   |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = because: clinical board, 2026-04
   = help: add 3,334 real records, or remove 1,429 synthetic records
   = subject: triage-notes@2026.11, split train

"""
        + SUMMARY.format(verdict="1 fail")
    )


def test_a_report_without_findings_says_under_what_it_passed() -> None:
    assert text.render(report()) == SUMMARY.format(verdict="nothing failed")


def test_every_exception_of_the_run_is_told() -> None:
    shown = text.render(
        report(
            today_given=True,
            policy_default=True,
            deselected=("DP102", "DP103"),
            skipped=1234,
            rules=(RuleCount("DP101", "max-synthetic-ratio", "error", 0), RuleCount("DP105", "bootstrap", "error", 0)),
        )
    )
    assert shown.splitlines()[3:] == [
        "note: neither settings nor --policy name a policy, so the pack baseline is used",
        "note: left out with --select or --ignore: DP102, DP103",
        "note: no subject for DP101, DP105",
        "note: 1,234 files and folders passed over: ignored, hidden or excluded",
        "root: /home/ada/triage; datapolicy 0.1.0, 2026-11-01 (set by hand)",
    ]
    assert shown.startswith("1 manifest, 5 subjects, 0 rules: nothing failed\n")


def test_the_verdict_counts_each_finding_once() -> None:
    findings = [
        finding(),
        finding(outcome="indeterminate"),
        finding(level="warning"),
        finding(level="warning", outcome="indeterminate"),
        finding(level="advice"),
        finding(outcome="waived", waiver={"reason": "until the ward reopens", "owner": "ada", "expires": "2026-12-01"}),
        finding(outcome="baselined"),
    ]
    shown = text.render(report(*findings))
    assert (
        "\n1 manifest, 5 subjects, 1 rule: 1 fail, 1 indeterminate, 2 warnings, 1 advice, 1 waived, 1 baselined\n"
        in shown
    )
    assert [line.partition("[")[0] for line in shown.splitlines() if "[DP101" in line] == [
        "error",
        "error",
        "warning",
        "warning",
        "advice",
        "waived",
        "baselined",
    ]
    assert "   = waiver: until 2026-12-01, owner ada: until the ward reopens\n" in shown
    assert shown.count("error[DP101 max-synthetic-ratio, indeterminate]: ") == 1


def test_related_places_stand_between_the_finding_and_its_clause() -> None:
    shown = text.describe(finding(rule="DP003", clause=None, because="", related=(note("given here first", line=3),)))
    assert shown[:9] == [
        "error[DP003 max-synthetic-ratio]: 40% of the records are synthetic, at most 30% allowed",
        "  --> data/dataset.yaml:12:18",
        "   |",
        "12 |         records: 4000",
        "   |                  ^^^^",
        "  --> data/dataset.yaml:3:18 (given here first)",
        "   |",
        " 3 |         records: 4000",
        "   |                  ^^^^",
    ]


def test_a_known_finding_says_so() -> None:
    assert text.describe(finding(known=True))[-1] == "   = note: the base revision has this finding too"


def test_a_file_that_could_not_be_read_has_a_place_and_no_excerpt() -> None:
    unread = finding(
        rule="DP001",
        name="readable",
        dataset=None,
        split=None,
        clause=None,
        because="",
        message="a link that leads out of the project root",
        remedy="put the file itself there",
        place=Place("a.dataset.yaml", Span(1, 1, 1, 1)),
    )
    assert text.describe(unread) == [
        "error[DP001 readable]: a link that leads out of the project root",
        " --> a.dataset.yaml:1:1",
        "  = help: put the file itself there",
    ]


def test_a_crash_about_no_file_has_no_place() -> None:
    crash = finding(rule="DP000", name="internal-error", message="rule DP999 crashed", dataset=None, clause=None)
    bare = crash._replace(place=Place("", Span(1, 1, 1, 1)), because="", remedy="report it")
    assert text.describe(bare) == ["error[DP000 internal-error]: rule DP999 crashed", "  = help: report it"]


def test_many_findings_of_one_rule_are_cut_and_counted() -> None:
    findings = [finding(place=place(line=line)) for line in range(1, 1061)]
    shown = text.render(report(*findings, finding(rule="DP102", name="min-real-records")))
    assert shown.count("error[DP101") == text.PER_RULE
    assert shown.count("error[DP102") == 1
    assert "\n1,010 more of DP101 are not printed; --format json lists all\n" in shown
    assert ": 1,061 fail\n" in shown


def test_errors_of_the_run_come_with_place_and_remedy() -> None:
    error = RunError(
        "unknown rule 'max-syntetic-ratio'",
        place("policy.yaml", 4, 3, 18, "  max-syntetic-ratio:"),
        remedy="did you mean max-synthetic-ratio?",
    )
    empty = RunError("no manifest found", remedy="add one", code=3)
    assert text.errors(report(errors=(error, empty))) == (
        """\
error: unknown rule 'max-syntetic-ratio'
 --> policy.yaml:4:3
  |
4 |   max-syntetic-ratio:
  |   ^^^^^^^^^^^^^^^^^^
  = help: did you mean max-synthetic-ratio?
error: no manifest found
  = help: add one
"""
    )


def test_nothing_judged_is_never_called_a_pass() -> None:
    shown = text.render(report(manifests=0, subjects=0, errors=(RunError("no manifest found", code=3),)))
    assert "0 manifests, 5 subjects" not in shown
    assert shown.startswith("0 manifests, 0 subjects, 1 rule: nothing was judged\n")
    assert shown.endswith("error: no manifest found\n")


def test_colours_only_when_asked_for() -> None:
    plain = text.render(report(finding()))
    colored = text.render(report(finding()), color=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain
    assert colored.startswith("\x1b[1;31merror[DP101 max-synthetic-ratio]\x1b[0m: \x1b[1m40%")


HOSTILE = (
    "a\n::error file=x::b\x1b[2J\x07\u202ec\u2066\ufeff\ud800\udcff##[add-mask]x##vso[task.complete]\x9b\U000e0041"
)


@pytest.mark.parametrize("color", [False, True])
def test_hostile_text_is_shown_and_never_sent(color: bool) -> None:
    hostile = place(HOSTILE, source=f"  records: {HOSTILE}")
    shown = text.render(
        report(
            finding(
                message=HOSTILE,
                remedy=HOSTILE,
                because=HOSTILE,
                dataset=HOSTILE,
                split=HOSTILE,
                component=HOSTILE,
                place=hostile,
                clause=hostile,
                related=(note(HOSTILE, path=HOSTILE, source=HOSTILE),),
                waiver={"reason": HOSTILE},
            ),
            root=HOSTILE,
            deselected=(HOSTILE,),
            errors=(RunError(HOSTILE, hostile, remedy=HOSTILE),),
        ),
        color=color,
    )
    bare = re.sub(r"\x1b\[[0-9;]*m", "", shown) if color else shown
    assert all(line.isprintable() for line in bare.split("\n"))
    assert not [line for line in bare.split("\n") if line.lstrip().startswith("::")]
    assert "##[" not in bare
    assert "##vso[" not in bare
    assert r"]: a\n::error file=x::b\x1b[2J\x07\u202ec\u2066\ufeff\ud800\xff#\x23[add-mask]x#\x23vso[task" in bare


def test_very_long_messages_and_names_are_cut() -> None:
    shown = text.describe(finding(message="x" * 5000, dataset="y" * 5000, place=place("z" * 5000)))
    assert max(map(len, shown)) < 1100
    assert shown[0].endswith("xxx...")
