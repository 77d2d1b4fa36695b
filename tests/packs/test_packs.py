"""The packs that ship: valid, reasoned, stricter at higher stakes, and possible to meet."""

from __future__ import annotations

import itertools
import math
import os
import re
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy import builtin, packs
from pytest_datapolicy.app import DEFAULT_POLICY, default_policy
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
from pytest_datapolicy.policy.tighter import limit_text
from pytest_datapolicy.syntax.reader import read
from pytest_datapolicy.syntax.shape import Shape
from pytest_datapolicy.testing import examples, load_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.model.policy import Clause, Policy
    from pytest_datapolicy.model.rule import Rule

CATALOGUE = Catalogue()
FOLDER = os.path.dirname(os.path.abspath(packs.__file__))
PACKS = sorted(builtin.PACKS)
CLASSES = ("evidence", "convention", "judgement", "computed")


def load(pack: str) -> Policy:
    return load_policy([f"builtin:{pack}"], root=os.curdir, catalogue=CATALOGUE)


def extended(pack: str) -> list[str]:
    """The packs that a pack names in ``extends``."""
    with open(os.path.join(FOLDER, f"{pack}.yaml"), "rb") as file:
        tree = read(file.read(), f"{pack}.yaml", as_json=False).tree
    return [name.removeprefix("builtin:") for name in tree.get("extends", ())]


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
    assert Shape("policy").problems(document) == []
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
        and all(p.at_least_as_tight(other.limits[p.name], clause.limits[p.name]) for p in rule.parameters)
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


EXTENDS = [(parent, pack) for pack in PACKS for parent in extended(pack)]


def test_the_ladder_is_a_ladder() -> None:
    assert EXTENDS == [
        ("baseline", "anti-collapse"),
        ("baseline", "evaluation"),
        ("baseline", "high-stakes"),
        ("baseline", "preference"),
        ("high-stakes", "strict"),
        ("preference", "strict"),
        ("evaluation", "strict"),
        ("anti-collapse", "strict"),
    ]


@pytest.mark.parametrize(("looser", "tighter"), EXTENDS)
def test_a_pack_holds_all_that_it_extends(looser: str, tighter: str) -> None:
    held = {(clause.rule, clause.place): clause for clause in load(tighter).clauses}
    for clause in load(looser).clauses:
        assert held[clause.rule, clause.place] == clause


def test_the_baseline_raises_the_stakes_of_costly_domains() -> None:
    floors = {domain: [floor.stakes for floor in items] for domain, items in load("baseline").floors.items()}
    assert floors == {"medical": ["high"], "legal": ["high"], "safety": ["high"]}


def test_what_is_called_computed_is_what_comes_out() -> None:
    told = {"DP402": set(), "DP207": set(), "DP210": set(), "DP407": set()}  # type: dict[str, set[int]]
    for clause in (clause for pack in PACKS for clause in load(pack).clauses):
        if clause.rule == "DP402":
            said = re.search(r"computed: (\d+) records without a defect", clause.because)
            assert said is not None
            alpha, rate = 1 - clause.limits["confidence"], clause.limits["max_error"]
            assert int(said[1]) == math.ceil(math.log(alpha) / math.log(1 - rate))
            told["DP402"].add(int(said[1]))
        if clause.rule == "DP207":
            points = re.search(r"a 95% interval of (\d) points either way", clause.because)
            assert points is not None
            needed = 1.959964**2 * 0.25 / (int(points[1]) / 100) ** 2
            assert needed <= clause.limits["min"] <= needed + 5
            told["DP207"].add(clause.limits["min"])
        if clause.rule == "DP210":
            share = re.search(r"without an error, at most (\S+)%", clause.because)
            assert share is not None
            assert f"{100 * (1 - 0.05 ** (1 / clause.limits['min'])):.2f}" == share[1]
            told["DP210"].add(clause.limits["min"])
        if clause.rule == "DP407":
            shown = re.search(r"(\d+) records without a defect show at most (\d)% defective at (\d\d)%", clause.because)
            assert shown is not None
            assert int(shown[1]) == clause.limits["min"]
            assert 100 * (1 - (1 - int(shown[3]) / 100) ** (1 / int(shown[1]))) <= int(shown[2])
            told["DP407"].add(clause.limits["min"])
    assert told == {
        "DP402": {45, 59, 99, 149, 459},
        "DP207": {200, 385, 1068, 2401},
        "DP210": {59, 100},
        "DP407": {59, 149, 459},
    }


def test_tighter_only_page_shows_what_it_says() -> None:
    page = examples(CATALOGUE.rule("DP701").docs)
    (bad,), (good,) = page["Bad"], page["Good"]
    assert [(finding.place.line, finding.message) for finding in load_text(bad, CATALOGUE).findings] == [
        (5, "floor medium of the domain medical is lower than high, which builtin:baseline sets"),
        (8, "level warning is lower than error, which baseline sets for known-origin"),
        (11, "max 3 is looser than 2, which baseline sets for the same data"),
    ]
    assert load_text(good, CATALOGUE).findings == ()


def test_the_default_policy_is_the_pack_baseline_as_it_is_read() -> None:
    assert default_policy() == load_policy(DEFAULT_POLICY, root=".", catalogue=CATALOGUE)
