"""One matcher: which findings an entry covers, and what is told of the entry."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_datapolicy.model.report import RunError
from tests.waivers.bench import MANIFEST, POLICY, judged, policy_of, told, waiver, waivers
from tests.waivers.whole import CASES, PATH, entries_of, whole


@pytest.mark.parametrize("case", [pytest.param(case, id=case["case"]) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    manifests = case["manifests"] if "manifests" in case else case["manifest"]
    report = judged(manifests, case["policy"], entries_of(case))
    assert told(report, without=case.get("without", ())) == case["findings"]


def test_every_finding_says_what_is_kept_of_it() -> None:
    assert whole() == PATH.read_text("utf-8"), "python -m tests.waivers.whole writes what is"


STRICT = """\
policy: 1
name: strict
version: "1"
rules:
  max-synthetic-ratio: {waivable: false, limits: [{max: 0.5}]}
"""


def mixed(records: int) -> list[str]:
    """One policy sets 0.3 and lets it be waived, another 0.5 and does not; `records` of 100 are synthetic."""
    policy = policy_of({"policy.yaml": POLICY, "strict.yaml": STRICT}, ("policy.yaml", "strict.yaml"))
    manifest = MANIFEST.replace("records: 60", f"records: {100 - records}").replace(
        "records: 40", f"records: {records}"
    )
    return told(judged(manifest, policy, waivers(waiver())))


def test_a_clause_that_cannot_be_waived_holds_beside_one_that_can() -> None:
    assert mixed(40) == ["DP101 waived intents@1 train"]
    assert mixed(50) == ["DP101 waived intents@1 train"]


def test_a_finding_of_a_clause_that_cannot_be_waived_makes_the_waiver_invalid() -> None:
    assert mixed(51) == ["DP101 fail intents@1 train", "DP703 error waivers.yaml:3"]


def test_the_fault_names_the_clause_that_cannot_be_waived() -> None:
    policy = policy_of({"policy.yaml": POLICY, "strict.yaml": STRICT}, ("policy.yaml", "strict.yaml"))
    manifest = MANIFEST.replace("records: 60", "records: 1")
    (finding,) = [item for item in judged(manifest, policy, waivers(waiver())).findings if item.rule == "DP703"]
    assert finding.message == "strict does not let max-synthetic-ratio be waived"
    assert finding.clause is not None
    assert (finding.clause.path, finding.clause.line) == ("strict.yaml", 5)


TAINTED = """\
manifest: 1
name: intents
version: "1"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: made, origin: simulation, records: 40}
      - name: copied
        origin: human
        records: 60
        labels: {by: expert, annotators: 1}
        derived_from: ["intents@1#train/made"]
"""


def test_what_a_first_look_found_and_a_second_took_back_is_no_need_for_a_waiver() -> None:
    policy = POLICY.replace(
        "max-synthetic-ratio: {limits: [{max: 0.3, when: {purpose: training}}]}",
        "min-annotators: {limits: [{min: 2, when: {origin: human}}]}",
    )
    expected = ["DP007 fail intents@1 train/copied derived_from", "DP704 warning waivers.yaml:3"]
    assert told(judged(TAINTED, policy, waivers(waiver("DP304")))) == expected
    plain = TAINTED.replace('        derived_from: ["intents@1#train/made"]\n', "")
    assert told(judged(plain, policy, waivers(waiver("DP304")))) == ["DP304 waived intents@1 train/copied"]


def test_nothing_is_told_of_waivers_whose_rule_or_data_set_was_left_out() -> None:
    report = judged(entries=waivers(waiver("DP101"), waiver("DP102")), skip=frozenset({"DP101"}))
    assert told(report) == ["DP704 warning waivers.yaml:4"]
    late = judged(entries=waivers(waiver()), today="2026-12-16", skip=frozenset({"DP101"}))
    assert told(late) == []
    elsewhere = {"dataset.yaml": MANIFEST, "b.dataset.yaml": MANIFEST.replace("intents", "other")}
    report = judged(elsewhere, entries=waivers(waiver("DP102")), reported=lambda path: path == "b.dataset.yaml")
    assert told(report) == ["DP101 fail other@1 train"]


def test_a_rule_that_is_left_out_tells_nothing() -> None:
    assert told(judged(entries=waivers(waiver("DP102")), skip=frozenset({"DP704"}))) == ["DP101 fail intents@1 train"]


def test_several_files_count_together_in_any_order() -> None:
    policy = POLICY.replace("[waivers.yaml]", "[b.yaml, a.yaml]")
    short = waivers(waiver(reason="short", granted="2026-09-20"))
    files = {"a.yaml": short, "b.yaml": waivers(waiver(expires="2026-12-30", reason="long"))}
    (finding,) = judged(MANIFEST, policy, files).findings
    assert finding.waiver is not None
    assert (finding.waiver["reason"], finding.waiver["path"]) == ("long", "b.yaml")
    (finding,) = judged(MANIFEST, policy, {"a.yaml": files["b.yaml"], "b.yaml": files["a.yaml"]}).findings
    assert finding.waiver is not None
    assert (finding.waiver["reason"], finding.waiver["path"]) == ("long", "a.yaml")


@pytest.mark.parametrize(
    ("second", "line"),
    [
        ({}, 4),
        ({"split": "train"}, None),
        ({"granted": "2026-10-05", "expires": "2026-12-01"}, 4),
        ({"granted": "2026-10-05", "expires": "2026-12-30"}, None),
        ({"granted": "2026-09-20", "expires": "2026-12-16"}, 3),
        ({"allow": "{max: 0.5}"}, 4),
    ],
)
def test_a_waiver_that_another_makes_needless_is_told(second: dict[str, str], line: int | None) -> None:
    report = judged(MANIFEST, POLICY, waivers(waiver(), waiver(**second)))
    found = [item for item in report.findings if item.rule != "DP101"]
    assert [(item.rule, item.level, item.place.line) for item in found] == (
        [("DP704", "warning", line)] if line else []
    )
    assert [item.outcome for item in report.findings if item.rule == "DP101"] == ["waived"]
    for item in found:
        assert item.message == (
            f"the waiver of DP101 for intents@1 allows nothing that the waiver at waivers.yaml:{7 - (line or 0)} "
            "does not allow for as long"
        )
        assert item.remedy == "remove it"


def test_a_bounded_waiver_does_not_make_a_full_one_needless() -> None:
    entries = waivers(waiver(expires="2026-12-20", allow="{max: 0.5}"), waiver(), waiver("max-synthetic-ratio"))
    assert told(judged(MANIFEST, POLICY, entries)) == ["DP101 waived intents@1 train", "DP704 warning waivers.yaml:5"]


def test_the_terms_of_all_policies_hold() -> None:
    other = 'policy: 1\nname: other\nversion: "1"\nwaivers: {max_days: 30, approvers: [law@example.org]}\nrules: {}\n'
    policy = policy_of({"policy.yaml": POLICY, "other.yaml": other}, ("policy.yaml", "other.yaml"))
    report = judged(MANIFEST, policy, waivers(waiver()))
    assert [(f.message, f.remedy) for f in report.findings if f.rule == "DP703"] == [
        (
            "no approver is named by every policy that names some, so nobody can approve a waiver",
            "name approvers on whom all policies agree",
        ),
        ("the waiver lasts 75 days, at most 30 allowed", "let it expire on 2026-10-31 or before"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        ("waivers: 1\n", (1, 1), "required field entries is missing in this waiver file", "add entries: [...]"),
        ("waivers: 2\nentries: []\n", (1, 10), "waivers is 2; this release reads version 1 of a waiver file", None),
        ("waivers: 1\nentries: {}\n", (2, 1), "entries is an empty mapping; it must be a list", None),
        ("waivers: 1\nentires: []\n", (2, 1), "unknown field entires in this waiver file", "did you mean entries?"),
        ("policy: 1\n", (1, 1), "this is no waiver file: required field waivers is missing", "start with waivers: 1"),
        ("waivers: 1\nentries: [\n", (2, 10), None, None),
        ("waivers: 1\nentries: [{expires: 2026-02-30}]\n", (2, 21), "2026-02-30 is not a day of the calendar", None),
        ("waivers: 1\nwaivers: 1\nentries: []\n", (2, 1), None, None),
    ],
)
def test_a_file_that_is_no_waiver_file_makes_the_run_invalid(
    text: str, place: tuple[int, int], message: str | None, remedy: str | None
) -> None:
    with pytest.raises(RunError) as caught:
        judged(entries={"waivers.yaml": text})
    error = caught.value
    assert error.code == 2
    assert error.place is not None
    assert (error.place.path, error.place.line, error.place.column) == ("waivers.yaml", *place)
    assert message in (None, error.message)
    assert remedy in (None, error.remedy)


def test_an_empty_file_is_told_where_the_policy_names_it() -> None:
    with pytest.raises(RunError) as caught:
        judged(entries={"waivers.yaml": ""})
    assert caught.value.place is not None
    assert (caught.value.place.path, caught.value.place.line, caught.value.place.column) == ("policy.yaml", 4, 19)
    assert caught.value.message.startswith("waivers.yaml: ")


def test_many_faulty_entries_hide_no_fault() -> None:
    """Only so many faults of a file are put into words; what comes after them covers nothing all the same."""
    faulty = ["  - {rule: DP101}\n"] * 60
    report = judged(entries=waivers(*faulty, "  - {rule: DP101, dataset: intents@1, reason: r}\n", waiver("DP101")))
    assert [finding.outcome for finding in report.findings if finding.rule == "DP101"] == ["waived"]
    lines = {finding.place.line for finding in report.findings if finding.rule == "DP703"}
    assert lines == set(range(3, 64))


OWN = """\
policy: 1
name: house
version: "1"
waivers: {files: [waivers.yaml]}
custom:
  ACME001:
    summary: every data set is for one task
    scope: dataset
    require: has(dataset.task.name) && dataset.task.name == "triage"
    message: the task is not triage
"""


def test_own_rules_of_a_policy_can_be_waived() -> None:
    assert told(judged(MANIFEST, OWN)) == ["ACME001 fail intents@1"]
    assert told(judged(MANIFEST, OWN, waivers(waiver("ACME001")))) == ["ACME001 waived intents@1"]
    assert told(judged(MANIFEST, OWN, waivers(waiver("ACME002"), waiver("DP101")))) == [
        "ACME001 fail intents@1",
        "DP703 error waivers.yaml:3",
        "DP704 warning waivers.yaml:4",
    ]
    assert told(judged(MANIFEST, OWN, waivers(waiver("ACME001")), skip=frozenset({"ACME001"}))) == []
