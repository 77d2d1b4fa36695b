"""What the tighter of two packs passes, the looser one passes: for every pair of which one extends the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_datapolicy.model.vocabulary import JUDGMENTS, LABELLERS, LEVEL_RANK, STAKES
from pytest_datapolicy.policy.load import load_policy
from tests.packs.made import CATALOGUE, manifest
from tests.packs.test_packs import EXTENDS, PACKS
from tests.properties.strategies import as_json, judge_texts, manifests

if TYPE_CHECKING:
    from pytest_datapolicy.engine.judged import Judged

POLICIES = {pack: load_policy([f"builtin:{pack}"], root=".", catalogue=CATALOGUE) for pack in PACKS}
COUNTS = (0, 1, 29, 30, 45, 58, 59, 99, 100, 148, 149, 199, 200, 384, 385, 458, 459, 500, 999, 1000, 1068, 2000, 2401)
LIVE = ("fail", "indeterminate")

near_the_limits = st.builds(
    manifest,
    stakes=st.sampled_from(STAKES),
    judgment=st.sampled_from(JUDGMENTS),
    real=st.sampled_from(COUNTS).map(lambda count: max(count, 30)),
    synthetic=st.sampled_from(COUNTS) | st.integers(0, 2500),
    sampled=st.sampled_from(COUNTS),
    rare=st.sampled_from(COUNTS),
    tested=st.sampled_from(COUNTS).map(lambda count: max(count, 459)),
    evaluated=st.integers(0, 200),
    annotators=st.integers(1, 3),
    alpha=st.sampled_from(("0.5", "0.666", "0.667", "0.79", "0.8")),
    agree=st.sampled_from(("0.59", "0.6", "0.72")),
    labels=st.sampled_from([by for by in LABELLERS if by != "model"]),
    chosen_by=st.sampled_from([by for by in LABELLERS if by != "model"]),
).map(lambda text: ("dataset.yaml", text.encode()))
stages = st.sampled_from(("", "stage: development\n", "stage: bootstrap\nbootstrap_until: 2026-12-01\n"))
any_at_all = manifests().map(lambda tree: ("dataset.json", as_json(tree).encode()))
given_manifests = (
    st.tuples(near_the_limits, stages).map(lambda drawn: (drawn[0][0], drawn[0][1] + drawn[1].encode())) | any_at_all
)


def live(judged: Judged) -> dict[tuple[Any, ...], int]:
    """What fails or cannot be told, with its level."""
    return {
        (item.rule, item.split, item.component, item.thing): LEVEL_RANK[item.level]
        for item in judged.findings
        if item.outcome in LIVE
    }


@pytest.mark.parametrize(("looser", "tighter"), EXTENDS)
@settings(max_examples=40, deadline=None)
@given(given_manifests)
def test_what_the_tighter_passes_the_looser_passes(looser: str, tighter: str, made: tuple[str, bytes]) -> None:
    path, text = made
    below = live(judge_texts({path: text}, POLICIES[looser]))
    above = live(judge_texts({path: text}, POLICIES[tighter]))
    assert {key for key, level in below.items() if above.get(key, -1) < level} == set()


def test_each_step_of_the_ladder_asks_more() -> None:
    """At its limits a data set passes the looser pack of a pair and fails the tighter one."""
    text = manifest(stakes="low", real=200, synthetic=400, sampled=45, rare=20, tested=459, annotators=1, alpha="0.5")
    passing = {pack for pack in PACKS if not _errors(text, pack)}
    assert passing == {"baseline", "high-stakes", "preference"}
    costly = manifest(stakes="high", real=1000, synthetic=600, sampled=149, rare=59, annotators=1)
    assert {pack for pack in PACKS if not _errors(costly, pack)} == {"baseline", "preference", "evaluation"}
    assert not _errors(manifest(), "strict")


def _errors(text: str, pack: str) -> list[str]:
    judged = judge_texts({"dataset.yaml": text.encode()}, POLICIES[pack])
    return [item.rule for item in judged.findings if item.level == "error" and item.outcome in LIVE]
