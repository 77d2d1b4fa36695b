"""DP005 beside a manifest that cannot be read: the fault is told once, where it is."""

from __future__ import annotations

from pytest_datapolicy.testing import judge_text

PARENT = """\
manifest: 1
name: base
version: "1"
stakes: low
task: {judgment: objective}
novelty: established
splits: {train: {purpose: training, components: [{name: raw, origin: human, records: 9}]}}
"""
CHILD = """\
manifest: 1
name: child
version: "1"
stakes: low
task: {judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: x, origin: rewritten, records: 9, derived_from: [base@1], generator: {name: g, family: f}}
"""
RULES = {"max-generation": {"limits": [{"max": 3}]}}


def test_a_reference_to_an_unreadable_manifest_is_undecided_and_no_fault_of_its_own() -> None:
    report = judge_text({"a.dataset.yaml": PARENT + "name: base\n", "b.dataset.yaml": CHILD}, RULES)
    told = [(finding.rule, finding.outcome, finding.place.path) for finding in report.findings]
    assert told == [("DP003", "fail", "a.dataset.yaml"), ("DP501", "indeterminate", "b.dataset.yaml")]


def test_a_readable_one_resolves() -> None:
    assert judge_text({"a.dataset.yaml": PARENT, "b.dataset.yaml": CHILD}, RULES).findings == ()
