"""The packs that ship: valid, reasoned, stricter at higher stakes, and possible to meet."""

from __future__ import annotations

import itertools
import math
import os
import re
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy import packs, schemas
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.model.vocabulary import (
    JUDGMENTS,
    LABELLERS,
    LEVEL_RANK,
    ORIGINS,
    PURPOSES,
    STAGES,
    STAKES,
)
from pytest_datapolicy.policy.load import load_policy
from pytest_datapolicy.policy.tighter import at_least_as_tight, limit_text
from pytest_datapolicy.syntax.reader import read
from pytest_datapolicy.syntax.shape import Shape
from pytest_datapolicy.testing import examples, judge_text, load_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.model.policy import Clause, Policy
    from pytest_datapolicy.model.rule import Rule

CATALOGUE = Catalogue()
FOLDER = os.path.dirname(os.path.abspath(packs.__file__))
PACKS = sorted(CATALOGUE.packs)
CLASSES = ("evidence", "convention", "judgement", "computed")


def load(pack: str) -> Policy:
    return load_policy([f"builtin:{pack}"], root=os.curdir, catalogue=CATALOGUE)


def described(clause: Clause) -> str:
    limits = " ".join(f"{name}={limit_text(value)}" for name, value in clause.limits.items() if value is not None)
    return f"{clause.policy} {clause.rule} {clause.level} {limits} {dict(clause.when)}"


def test_every_pack_has_its_file() -> None:
    assert sorted(name for name in os.listdir(FOLDER) if name.endswith(".yaml")) == [f"{pack}.yaml" for pack in PACKS]


@pytest.mark.parametrize("pack", PACKS)
def test_is_valid_against_the_schema(pack: str) -> None:
    """Loading trusts the packs that ship, so that a start costs less; this is where they earn it."""
    with open(os.path.join(FOLDER, f"{pack}.yaml"), "rb") as file:
        document = read(file.read(), f"{pack}.yaml", as_json=False)
    assert Shape(schemas.text("policy")).problems(document) == []
    assert document.tree["name"] == pack


@pytest.mark.parametrize("pack", PACKS)
def test_loosens_nothing(pack: str) -> None:
    assert load(pack).findings == ()


@pytest.mark.parametrize("pack", PACKS)
def test_every_clause_gives_its_reason_with_a_class(pack: str) -> None:
    bare = [described(clause) for clause in load(pack).clauses if not clause.because.startswith(CLASSES)]
    assert bare == []


@pytest.mark.parametrize("pack", PACKS)
def test_evidence_names_its_source(pack: str) -> None:
    evidence = [clause for clause in load(pack).clauses if clause.because.startswith("evidence")]
    assert [described(clause) for clause in evidence if not re.search(r"arXiv \d{4}\.\d{5}", clause.because)] == []
    assert evidence


def applies(rule: Rule, clause: Clause, facts: dict[str, str]) -> bool:
    """Whether a component with these facts is judged by the clause. Names and domains play no part in packs."""
    if any(facts[key] in values for key, values in rule.never.items()):
        return False
    return all(facts[key] in values for key, values in {**rule.applies, **clause.when}.items())


def situations() -> Iterator[dict[str, str]]:
    keys = ("judgment", "stage", "purpose", "origin", "labels")
    for values in itertools.product(JUDGMENTS, STAGES, PURPOSES, ORIGINS, LABELLERS):
        yield dict(zip(keys, values, strict=True))


def covered(rule: Rule, clause: Clause, others: list[Clause]) -> bool:
    """Whether another clause asks at least as much."""
    return any(
        LEVEL_RANK[other.level] >= LEVEL_RANK[clause.level]
        and all(at_least_as_tight(p, other.limits[p.name], clause.limits[p.name]) for p in rule.parameters)
        for other in others
    )


@pytest.mark.parametrize("pack", PACKS)
def test_is_stricter_at_higher_stakes(pack: str) -> None:
    policy = load(pack)
    looser = set()
    for identity, group in itertools.groupby(policy.clauses, key=lambda clause: clause.rule):
        rule, clauses = CATALOGUE.rule(identity), list(group)
        used = {key for clause in clauses for key in clause.when} | rule.applies.keys() | rule.never.keys()
        assert used <= {"stakes", "judgment", "stage", "purpose", "origin", "labels"}
        distinct = {tuple(sorted((key, facts[key]) for key in used - {"stakes"})) for facts in situations()}
        for facts, (low, high) in itertools.product(distinct, itertools.pairwise(STAKES)):
            below = [clause for clause in clauses if applies(rule, clause, {**dict(facts), "stakes": low})]
            above = [clause for clause in clauses if applies(rule, clause, {**dict(facts), "stakes": high})]
            looser |= {f"{described(clause)} at {high}" for clause in below if not covered(rule, clause, above)}
    assert looser == set()


def test_high_stakes_holds_all_of_the_baseline() -> None:
    strict = {(clause.rule, clause.place): clause for clause in load("high-stakes").clauses}
    for clause in load("baseline").clauses:
        assert strict[clause.rule, clause.place] == clause


def test_the_baseline_raises_the_stakes_of_costly_domains() -> None:
    floors = {domain: [floor.stakes for floor in items] for domain, items in load("baseline").floors.items()}
    assert floors == {"medical": ["high"], "legal": ["high"], "safety": ["high"]}


def test_what_is_called_computed_is_what_comes_out() -> None:
    reviews, scores = set(), set()
    for clause in load("high-stakes").clauses:
        said = re.search(r"computed: (\d+) records without a defect", clause.because)
        if clause.rule == "DP402":
            assert said is not None
            alpha, rate = 1 - clause.limits["confidence"], clause.limits["max_error"]
            assert int(said[1]) == math.ceil(math.log(alpha) / math.log(1 - rate))
            reviews.add(int(said[1]))
        if clause.rule == "DP207":
            points = re.search(r"a 95% interval of (\d) points either way", clause.because)
            assert points is not None
            assert clause.limits["min"] == math.ceil(1.959964**2 * 0.25 / (int(points[1]) / 100) ** 2)
            scores.add(clause.limits["min"])
        if clause.rule == "DP210":
            assert "at most 2.95%" in clause.because
            assert round(1 - 0.05 ** (1 / clause.limits["min"]), 4) == 0.0295
    assert reviews == {45, 59, 149, 459, 99}
    assert scores == {385, 1068, 2401}


@pytest.mark.parametrize("judgment", JUDGMENTS)
@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    ("stakes", "max_objective", "max_subjective", "min_real", "sampled"),
    [
        ("low", 90, 50, 200, 45),
        ("medium", 80, 30, 500, 59),
        ("high", 50, 10, 1000, 149),
        ("critical", 30, 0, 2000, 459),
    ],
)
def test_can_be_met_at_its_limits(
    pack: str, stakes: str, judgment: str, max_objective: int, max_subjective: int, min_real: int, sampled: int
) -> None:
    """As much synthetic data and as little of all else as the pack lets a data set have; one record further fails."""
    share = max_objective if judgment == "objective" else max_subjective
    real = min_real
    synthetic = real * share // (100 - share)
    exact = {"stakes": stakes, "judgment": judgment, "real": real, "synthetic": synthetic, "sampled": sampled}
    policy = f"policy: 1\nname: case\nversion: '1'\nextends: [builtin:{pack}]\n"
    assert failing(manifest(**exact), policy) == []  # type: ignore[arg-type]
    assert "DP101" in failing(manifest(**{**exact, "synthetic": synthetic + 1}), policy)  # type: ignore[arg-type]
    assert "DP102" in failing(manifest(**{**exact, "real": min_real - 1}), policy)  # type: ignore[arg-type]
    if synthetic > sampled:
        short = {**exact, "sampled": sampled // 2}
        assert failing(manifest(**short), policy) == ["DP402"]  # type: ignore[arg-type]


def failing(text: str, policy: str) -> list[str]:
    """The rules that fail at level error or warning."""
    report = judge_text(text, policy)
    return sorted({finding.rule for finding in report.findings if finding.level != "advice"})


def reviewed(records: int) -> str:
    """A review of a random sample by two people who found no defect."""
    reviewers = "[{id: ann, kind: human}, {id: bob, kind: human}]"
    counts = f"sampled: {records}, accepted: {records}, corrected: 0, rejected: 0"
    return f"{{method: random, seed: 1, {counts}, reviewers: {reviewers}}}"


def manifest(*, stakes: str, judgment: str, real: int, synthetic: int, sampled: int) -> str:
    """A data set of one training split, with a rare case, and one evaluation split that was reviewed."""
    drawn = min(sampled, synthetic)
    made = f"""
      - name: paraphrases
        origin: rewritten
        records: {synthetic}
        derived_from: [notes@1#train/wards]
        generator: {{name: writer-7b, family: writer, version: "1", generation: 1}}
        labels: {{by: expert}}
        review: {reviewed(drawn)}
"""
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
  test:
    purpose: evaluation
    scored_by: human
    components:
      - name: other-wards
        origin: human
        records: 2401
        labels: {{by: expert}}
        slices: {{rare: 100}}
        review: {reviewed(459)}
        files: [{{path: test.parquet, records: 2401, sha256: "{digest}"}}]
"""


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("stakes", STAKES)
def test_bootstrap_lets_off_the_mix_until_its_end(pack: str, stakes: str) -> None:
    text = manifest(stakes=stakes, judgment="objective", real=30, synthetic=970, sampled=459)
    text += "stage: bootstrap\nbootstrap_until: 2027-01-01\n"
    policy = f"policy: 1\nname: case\nversion: '1'\nextends: [builtin:{pack}]\n"
    strict = pack == "high-stakes" and stakes in ("high", "critical")
    assert failing(text, policy) == (["DP101", "DP102", "DP105"] if strict else [])
    late = text.replace("2027-01-01", "2027-02-01")
    assert "DP105" in failing(late, policy)


def test_tighter_only_page_shows_what_it_says() -> None:
    page = examples(CATALOGUE.rule("DP701").docs)
    (bad,), (good,) = page["Bad"], page["Good"]
    assert [(finding.place.line, finding.message) for finding in load_text(bad, CATALOGUE).findings] == [
        (5, "floor medium of the domain medical is lower than high, which builtin:baseline sets"),
        (8, "level warning is lower than error, which baseline sets for known-origin"),
        (11, "max 3 is looser than 2, which baseline sets for the same data"),
    ]
    assert load_text(good, CATALOGUE).findings == ()
