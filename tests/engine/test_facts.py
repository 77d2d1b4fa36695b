"""Two data sets that differ in one fact are judged apart, whichever comes first."""

from __future__ import annotations

import pytest

from pytest_datapolicy.testing import judge_text

FACTS = {
    "stakes": "low",
    "domains": "[]",
    "judgment": "objective",
    "novelty": "established",
    "stage": "development",
    "name": "plain",
    "split": "train",
    "purpose": "training",
    "origin": "human",
    "labels": "{by: expert}",
    "slices": "{day: 9}",
}
MANIFEST = """\
manifest: 1
name: {name}
version: "{version}"
stakes: {stakes}
domains: {domains}
task: {{name: t, judgment: {judgment}}}
novelty: {novelty}
stage: {stage}
owner: ada@example.org
splits:
  {split}:
    purpose: {purpose}
    components:
      - {{name: c, origin: {origin}, records: 9, labels: {labels}, slices: {slices}}}
"""
POLICY = """\
policy: 1
name: house
version: "1"
domains: {{medical: {{stakes: high}}}}
rules:
  min-real-records: {{limits: [{{min: 10, when: {when}}}]}}
"""


def manifest(version: int, **changes: str) -> str:
    return MANIFEST.format(version=version, **{**FACTS, **changes})


@pytest.mark.parametrize(
    ("changes", "when"),
    [
        ({"stakes": "medium"}, "{stakes: medium}"),
        ({"domains": "[medical]"}, "{stakes: high}"),
        ({"domains": "[legal, medical]"}, "{domains: medical}"),
        ({"judgment": "subjective"}, "{judgment: subjective}"),
        ({"novelty": "novel"}, "{novelty: novel}"),
        ({"stage": "production"}, "{stage: production}"),
        ({"name": "strange"}, "{dataset: 's*'}"),
        ({"split": "more"}, "{split: 'm*'}"),
        ({"purpose": "validation"}, "{purpose: validation}"),
        ({"origin": "observed"}, "{origin: observed}"),
        ({"labels": "{by: crowd}"}, "{labels: crowd}"),
        ({"slices": "{night: 9}"}, "{slice: 'n*'}"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_fact(changes: dict[str, str], when: str) -> None:
    for meant, other in (("a.dataset.yaml", "b.dataset.yaml"), ("b.dataset.yaml", "a.dataset.yaml")):
        texts = {meant: manifest(1, **changes), other: manifest(2)}
        report = judge_text(texts, POLICY.format(when=when))
        assert [item.place.path for item in report.findings if item.rule == "DP102"] == [meant]
        assert [item.subjects for item in report.rules if item.rule == "DP102"] == [1]


@pytest.mark.parametrize(("stakes", "found"), [("low", 1), ("medium", 0)])
def test_a_domain_without_a_floor_raises_nothing(stakes: str, found: int) -> None:
    report = judge_text(manifest(1, domains="[legal]"), POLICY.format(when=f"{{stakes: [{stakes}]}}"))
    assert len([item for item in report.findings if item.rule == "DP102"]) == found
