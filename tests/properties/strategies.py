"""Manifests and policies for property tests: valid, small, and often exactly at a limit."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.engine.run import judge as run
from pytest_datapolicy.testing import load_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_datapolicy.engine.judged import Judged
    from pytest_datapolicy.model.format import Reading
    from pytest_datapolicy.model.policy import Policy

CATALOGUE = Catalogue()
ORIGINS = ("human", "observed", "model", "simulation", "rewritten", "unknown")
LABELLERS = ("expert", "crowd", "user", "model", "program", "simulation", "none", "unknown")
RANK = {"pass": 0, "warning": 1, "indeterminate": 2, "fail": 2}

_reviews = st.builds(
    lambda sampled, corrected, people: {
        "method": "random",
        "sampled": sampled,
        "accepted": sampled - min(sampled, corrected),
        "corrected": min(sampled, corrected),
        "rejected": 0,
        "reviewers": [{"id": f"r-{number}", "kind": "human"} for number in range(people)],
    },
    st.integers(0, 300),
    st.integers(0, 12),
    st.integers(1, 3),
)


@st.composite
def components(draw: st.DrawFn, name: str, origins: tuple[str, ...] = ORIGINS) -> dict[str, Any]:
    """One component; synthetic ones may have a review."""
    origin = draw(st.sampled_from(origins))
    records = draw(st.integers(0, 2000))
    component: dict[str, Any] = {"name": name, "origin": origin, "records": records}
    if origin in ("model", "rewritten"):
        component["generator"] = {"name": "gen", "family": draw(st.sampled_from(("acme", "other")))}
    if draw(st.booleans()):
        component["labels"] = {"by": draw(st.sampled_from(LABELLERS))}
    if draw(st.integers(0, 3)) == 0:
        component["weight"] = draw(st.sampled_from((1, 2, Decimal("0.5"), Decimal("3.25"))))
    if origin not in ("human", "observed") and draw(st.booleans()):
        review = draw(_reviews)
        if review["sampled"] <= records:
            component["review"] = review
    return component


@st.composite
def manifests(draw: st.DrawFn, name: str = "made") -> dict[str, Any]:
    """One manifest with a training split and sometimes an evaluation split."""
    count = draw(st.integers(1, 4))
    splits: dict[str, Any] = {
        "train": {"purpose": "training", "components": [draw(components(f"c{number}")) for number in range(count)]}
    }
    if draw(st.booleans()):
        splits["test"] = {"purpose": "evaluation", "components": [draw(components("e0"))]}
    return {
        "manifest": 1,
        "name": name,
        "version": "1",
        "stakes": draw(st.sampled_from(("low", "medium", "high", "critical"))),
        "task": {"judgment": draw(st.sampled_from(("objective", "subjective")))},
        "novelty": "established",
        "domains": draw(st.sampled_from(([], ["medical"], ["retail"]))),
        "splits": splits,
    }


@st.composite
def at_the_limit(draw: st.DrawFn) -> tuple[dict[str, Any], Decimal, int]:
    """Synthetic records at a limit, one below or one over: the manifest, the limit and the offset."""
    hundredths = draw(st.integers(1, 99))
    scale = draw(st.integers(1, 10**15))
    offset = draw(st.sampled_from((-1, 0, 1)))
    synthetic, total = hundredths * scale, 100 * scale
    parts = [
        {"name": "real", "origin": "human", "records": total - synthetic - offset},
        {"name": "made", "origin": "simulation", "records": synthetic + offset},
    ]
    manifest = draw(manifests())
    manifest["splits"] = {"train": {"purpose": "training", "components": draw(st.permutations(parts))}}
    return manifest, Decimal(hundredths) / 100, offset


class _Exact(json.JSONEncoder):
    """Decimals as they are spelled."""

    def default(self, value: object) -> object:
        if isinstance(value, Decimal):
            return f"\0{value:f}\0"
        return super().default(value)


def as_json(manifest: Mapping[str, Any]) -> str:
    """The JSON text of a manifest, decimals unquoted."""
    return json.dumps(manifest, cls=_Exact).replace('"\\u0000', "").replace('\\u0000"', "")


@lru_cache
def _policy(text: str) -> Policy:
    return load_text(text, CATALOGUE)


def judge(manifest: Mapping[str, Any] | Mapping[str, Mapping[str, Any]], policy: str) -> Judged:
    """Judge one manifest, or several by path."""
    several = {"dataset.json": manifest} if "manifest" in manifest else manifest
    texts = {path: as_json(one).encode() for path, one in several.items()}
    return judge_texts(texts, _policy(policy))


def judge_texts(texts: Mapping[str, bytes], policy: Policy) -> Judged:
    """Judge manifests given as bytes by path."""

    def read(path: str) -> Reading:
        return CATALOGUE.format_of(path).read(texts[path], path)

    return run(texts, read, policy, CATALOGUE, today="2026-11-01")


def verdicts(report: Judged) -> dict[str, int]:
    """The worst outcome of each rule, as a rank; rules without findings are absent and rank 0."""
    ranks: dict[str, int] = {}
    for finding in report.findings:
        rank = RANK["warning"] if finding.level != "error" else RANK[finding.outcome]
        ranks[finding.rule] = max(ranks.get(finding.rule, 0), rank)
    return ranks


def told(report: Judged) -> list[tuple[object, ...]]:
    """What a report says of its subjects, without places."""
    return sorted(
        (f.rule, f.level, f.outcome, f.dataset, f.split, f.component, f.thing, f.message, f.remedy)
        for f in report.findings
    )
