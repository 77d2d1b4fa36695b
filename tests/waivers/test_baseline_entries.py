"""Entries of a baseline: their order, which of several suffices, and what is said of those that absorb nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from pytest_datapolicy.engine.baseline import absorb, record, stale_findings
from pytest_datapolicy.model.fingerprint import fingerprint
from pytest_datapolicy.model.places import START, Place
from pytest_datapolicy.model.report import Finding
from pytest_datapolicy.model.waivers import Baseline, Recorded
from tests.render.reports import finding, place

BASELINE = Baseline("ci/baseline.json")


def entry(observed: Any, limit: Any, **changes: Any) -> Recorded:
    made = Recorded("DP101", "triage-notes", "train", None, "", observed, limit)
    return made._replace(**changes)


def found(observed: Any, limit: Any, **changes: Any) -> Finding:
    return finding(observed=observed, limit=limit, **changes)


def test_entries_are_in_the_order_of_data_set_rule_subject_and_value() -> None:
    ordered = [
        entry("model", "human", dataset="a-set", rule="DP201"),
        entry(10, 9, dataset="b-set", rule="DP101", split="a"),
        entry(7, 9, dataset="b-set", rule="DP101", split="b", component="c"),
        entry(7, 9, dataset="b-set", rule="DP101", split="b", component="d"),
        entry(None, None, dataset="b-set", rule="DP101", split="c"),
        entry("model", "a", dataset="b-set", rule="DP101", split="c"),
        entry("model", "b", dataset="b-set", rule="DP101", split="c"),
        entry("other", "a", dataset="b-set", rule="DP101", split="c"),
        entry(Fraction(1, 2), 9, dataset="b-set", rule="DP101", split="c"),
        entry(2, 9, dataset="b-set", rule="DP101", split="c"),
        entry(10, 9, dataset="b-set", rule="DP101", split="c"),
        entry(1, 9, dataset="b-set", rule="DP102", split="a"),
    ]
    findings = [
        finding(
            rule=item.rule,
            dataset=f"{item.dataset}@1",
            split=item.split,
            component=item.component,
            observed=item.observed,
            limit=item.limit,
        )
        for item in ordered
    ]
    for shuffled in (findings[::-1], findings[5:] + findings[:5], findings[1::2] + findings[::2]):
        assert record(shuffled, ()) == ordered
    assert absorb([], ordered[::-1], ()) == ([], ordered)


def test_what_was_adopted_before_is_written_again() -> None:
    assert record([found(2, 1, outcome="baselined")], ()) == [entry(2, 1)]


def test_a_data_set_without_a_version_keeps_its_name() -> None:
    assert record([found(2, 1, dataset="triage-notes")], ()) == [entry(2, 1)]


@pytest.mark.parametrize(
    ("shares", "recorded", "outcomes"),
    [
        # The worst takes the entry that just suffices, in whatever order they stand.
        ((5, 9), (9, 5), ["baselined", "baselined"]),
        ((9, 5), (5, 9), ["baselined", "baselined"]),
        ((5, 6), (9, 6), ["baselined", "baselined"]),
        ((6, 5), (6, 9), ["baselined", "baselined"]),
        ((9, 5), (9, 7), ["baselined", "baselined"]),
        ((5, 6), (9, 5), ["baselined", "baselined"]),
        ((5, 6), (5, 5), ["baselined", "fail"]),
    ],
)
def test_most_are_absorbed(shares: tuple[int, ...], recorded: tuple[int, ...], outcomes: list[str]) -> None:
    for sign, limit in ((1, 3), (-1, -3)):
        findings = [found(sign * share, limit) for share in shares]
        entries = [entry(sign * value, limit) for value in recorded]
        assert [item.outcome for item in absorb(findings, entries, ())[0]] == outcomes


def test_the_entry_that_just_suffices_goes_first_and_a_better_one_stays() -> None:
    entries = [entry(9, 3), entry(5, 3), entry(7, 3)]
    assert absorb([found(6, 3)], entries, ())[1] == [entry(5, 3), entry(9, 3)]
    below = [entry(1, 10), entry(5, 10), entry(3, 10)]
    assert absorb([found(4, 10)], below, ())[1] == [entry(1, 10), entry(5, 10)]


def test_a_value_without_a_limit_is_absorbed_by_the_same_value_alone() -> None:
    findings = [found(5, None), found(6, None)]
    assert [item.outcome for item in absorb(findings, [entry(5, None), entry(7, None)], ())[0]] == ["baselined", "fail"]


def test_a_value_at_its_limit_is_neither_worse_nor_better_than_another() -> None:
    assert [item.outcome for item in absorb([found(6, 6)], [entry(5, 5)], ())[0]] == ["fail"]


def stale(items: list[Recorded], findings: list[Finding]) -> list[Finding]:
    return stale_findings(items, BASELINE, findings, "warning", lambda item: item.dataset != "unread")


def test_an_entry_that_absorbs_nothing_is_told_whole() -> None:
    where = place("ci/baseline.json", 3, 5)
    thing = "DP104 triage-notes, split train, component made, sepsis"
    (told,) = stale([entry(3, 30, rule="DP104", component="made", thing="sepsis", place=where)], [])
    assert told == Finding(
        rule="DP704",
        name="needed-waiver",
        level="warning",
        outcome="fail",
        dataset=None,
        split=None,
        component=None,
        message="the baseline entry of DP104 for triage-notes, split train, component made, sepsis covers no finding",
        remedy="remove it, for instance with --prune-baseline",
        observed=None,
        limit=None,
        place=where,
        clause=None,
        thing=thing,
        fingerprint=fingerprint("DP704", None, None, None, thing),
    )


def test_an_entry_without_a_place_is_told_at_the_head_of_its_file() -> None:
    (told,) = stale([entry(3, 30)], [])
    assert told.place == Place("ci/baseline.json", START)


def test_what_became_worse_is_told_with_both_values() -> None:
    (told,) = stale([entry(Fraction(2, 5), Fraction(3, 10))], [found(Fraction(1, 2), Fraction(3, 10))])
    assert (told.message, told.remedy) == (
        "the baseline entry of DP101 for triage-notes, split train covers no finding: found 0.5, recorded 0.4",
        "go back to what was recorded, or meet the demand and remove the entry",
    )


@pytest.mark.parametrize(
    "other",
    [
        found(Fraction(1, 2), Fraction(3, 10), outcome="waived"),
        found(Fraction(1, 2), Fraction(3, 10), outcome="indeterminate"),
        found(Fraction(1, 2), Fraction(3, 10), split="test"),
        found(Fraction(2, 5), Fraction(3, 10)),
    ],
)
def test_only_a_failure_of_the_same_subject_is_worse(other: Finding) -> None:
    (told,) = stale([entry(Fraction(2, 5), Fraction(3, 10))], [other])
    assert told.message == "the baseline entry of DP101 for triage-notes, split train covers no finding"


def test_the_first_of_several_failures_is_named() -> None:
    (told,) = stale([entry(4, 3)], [found(5, 3), found(6, 3)])
    assert told.message.endswith(": found 5, recorded 4")


def test_nothing_is_said_of_what_this_run_cannot_tell() -> None:
    assert stale([entry(3, 30, dataset="unread")], []) == []
