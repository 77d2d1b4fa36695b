"""A data set that meets the packs at their limits, made to measure."""

from __future__ import annotations

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.testing import judge_text

CATALOGUE = Catalogue()


def failing(text: str, pack: str) -> list[str]:
    """The rules that fail at level error or warning."""
    policy = f"policy: 1\nname: case\nversion: '1'\nextends: [builtin:{pack}]\n"
    report = judge_text(text, policy, catalogue=CATALOGUE)
    return sorted({finding.rule for finding in report.findings if finding.level != "advice"})


def reviewed(records: int, more: str = "") -> str:
    """A review of a random sample by two people who found no defect."""
    reviewers = "[{id: ann, kind: human}, {id: bob, kind: human}]"
    counts = f"sampled: {records}, accepted: {records}, corrected: 0, rejected: 0"
    return f"{{method: random, seed: 1, {counts}, date: 2026-10-01, of: notes@1, reviewers: {reviewers}{more}}}"


def manifest(
    *,
    stakes: str = "critical",
    judgment: str = "objective",
    real: int = 2000,
    synthetic: int = 800,
    sampled: int = 459,
    rare: int = 459,
    tested: int = 2401,
    evaluated: int = 100,
    annotators: int = 3,
    alpha: str = "0.8",
    agree: str = "0.6",
    labels: str = "expert",
    chosen_by: str = "crowd",
) -> str:
    """A data set of a training split with a rare case, pairs that people chose between, and a reviewed evaluation.

    `rare` are the reviewed records of the rare case among the synthetic ones, `evaluated` its evaluation records.
    """
    drawn = min(sampled, synthetic)
    slices = min(rare, drawn)
    made = f"""
      - name: paraphrases
        origin: rewritten
        records: {synthetic}
        slices: {{rare: {min(synthetic, 500)}}}
        derived_from: [notes@1#train/wards]
        generator: {{name: writer-7b, family: writer, version: "1", generation: 1}}
        labels: {{by: {labels}}}
        review: {reviewed(drawn, f", slices: {{rare: {slices}}}")}
"""
    agreement = f"annotators: {annotators}, agreement: {{metric: krippendorff_alpha, value: {alpha}, records: 200}}"
    digest = "0" * 64
    return f"""
manifest: 1
name: notes
version: "1"
stakes: {stakes}
task: {{name: triage, judgment: {judgment}}}
novelty: established
models: [{{name: own-1, family: own}}]
owner: team@example.org
license: CC-BY-4.0
splits:
  train:
    purpose: training
    components:
      - name: wards
        origin: human
        records: {real}
        labels: {{by: expert}}
        slices: {{rare: 30}}{made if synthetic else ""}
  pairs:
    purpose: preference
    components:
      - name: answers
        origin: model
        records: 800
        derived_from: [notes@1#train/wards]
        generator: {{name: writer-7b, family: writer, version: "1", generation: 1}}
        labels: {{by: {chosen_by}, annotators: 3, agreement: {{metric: percent, value: {agree}, records: 200}}}}
  test:
    purpose: evaluation
    scored_by: human
    components:
      - name: other-wards
        origin: human
        records: {tested}
        labels: {{by: expert, {agreement}}}
        slices: {{rare: {evaluated}}}
        review: {reviewed(459)}
        files: [{{path: test.parquet, records: {tested}, sha256: "{digest}"}}]
"""
