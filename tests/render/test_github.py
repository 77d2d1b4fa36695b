"""Annotations of GitHub Actions."""

from __future__ import annotations

from pytest_datapolicy.model.places import Place, Span
from pytest_datapolicy.model.report import BaseName, RunError
from pytest_datapolicy.render import github
from tests.render import readers
from tests.render.reports import finding, place, report

SUMMARY = """\
1 manifest, 5 subjects, 1 rule: {verdict}
policy: builtin:baseline 1, sha256 abababababab
policy: acme-org 7 (policies/org.yaml), sha256 cdcdcdcdcdcd
root: /home/ada/triage; datapolicy 0.1.0, 2026-11-01 UTC
"""


def test_an_annotation_and_the_summary() -> None:
    assert github.render(report(finding())) == (
        "::error file=data/dataset.yaml,line=12,endLine=12,col=18,endColumn=22,title=DP101 max-synthetic-ratio::"
        "40%25 of the records are synthetic, at most 30%25 allowed"
        "%0Ahelp: add 3,334 real records, or remove 1,429 synthetic records"
        "%0Asubject: triage-notes@2026.11, split train\n" + SUMMARY.format(verdict="1 fail")
    )


def test_nothing_to_tell_is_the_summary_alone() -> None:
    assert github.render(report()) == SUMMARY.format(verdict="nothing failed")


def test_ten_of_each_level_the_gravest_first_and_the_rest_counted() -> None:
    levels = ["advice", "warning", "error"] * 14
    findings = [finding(level=level, place=place(line=line)) for line, level in enumerate(levels, start=1)]
    commands, lines = readers.github(github.render(report(*findings)))
    assert [command.name for command in commands] == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert [command.properties["line"] for command in commands[:10]] == [str(line) for line in range(3, 33, 3)]
    assert lines[0] == "12 more findings without annotation: a step shows 10 of each level"


def test_errors_of_the_run_come_before_findings() -> None:
    error = RunError("unknown rule 'x'", place("policy.yaml", 4, 3), remedy="did you mean y?")
    commands, _ = readers.github(github.render(report(*[finding()] * 12, errors=(error,))))
    assert len(commands) == 10
    assert commands[0].properties["title"] == "invalid run"
    assert commands[0].text == "unknown rule 'x'\nhelp: did you mean y?"


def test_new_findings_come_before_known_ones() -> None:
    made = report(finding(known=True), finding(outcome="indeterminate"), base=BaseName("main", "ab" * 20))
    titles = [command.properties["title"] for command in readers.github(github.render(made))[0]]
    assert titles == ["DP101 max-synthetic-ratio, indeterminate", "DP101 max-synthetic-ratio, known"]
    names = [command.name for command in readers.github(github.render(made._replace(only_new=True)))[0]]
    assert names == ["error", "notice"]


def test_what_does_not_count_has_no_annotation() -> None:
    made = report(finding(outcome="waived"), finding(outcome="baselined"))
    commands, lines = readers.github(github.render(made))
    assert commands == []
    assert lines[0].endswith(": 1 waived, 1 baselined")


def test_columns_are_told_within_one_line() -> None:
    wide = Place("a.yaml", Span(3, 5, 4, 2))
    (command,) = readers.github(github.render(report(finding(place=wide))))[0]
    assert command.properties == {
        "file": "a.yaml",
        "line": "3",
        "endLine": "4",
        "title": "DP101 max-synthetic-ratio",
    }


def test_files_are_named_from_the_top_of_the_repository() -> None:
    (command,) = readers.github(github.render(report(finding()), prefix="projects/triage"))[0]
    assert command.properties["file"] == "projects/triage/data/dataset.yaml"


def test_what_is_no_file_of_the_repository_is_annotated_without_one() -> None:
    for path in ("", "builtin:baseline", "package:acme/org.yaml", "/etc/org.yaml", "../org.yaml"):
        (command,) = readers.github(github.render(report(finding(place=place(path)))))[0]
        assert list(command.properties) == ["title"]


def test_separators_are_escaped() -> None:
    text = github.render(report(finding(place=place("a,b:c%.yaml"), message="50% :: of a\nb")))
    assert text.startswith("::error file=a%2Cb%3Ac%25.yaml,line=12,")
    assert r"::50%25 :: of a\nb%0Ahelp:" in text
