"""Every limit of every pack, met exactly and missed by one."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_datapolicy import builtin
from pytest_datapolicy.model.vocabulary import JUDGMENTS, STAKES
from tests.packs.made import failing, manifest

LADDER: dict[str, dict[str, Any]] = {
    # By stakes: the greatest synthetic share of an objective and of a subjective task, the fewest real records, the
    # least sample of a review, the fewest evaluation records.
    "low": {"objective": 90, "subjective": 50, "real": 200, "sampled": 45, "tested": 0},
    "medium": {"objective": 80, "subjective": 30, "real": 500, "sampled": 59, "tested": 385},
    "high": {"objective": 50, "subjective": 10, "real": 1000, "sampled": 149, "tested": 1068},
    "critical": {"objective": 30, "subjective": 0, "real": 2000, "sampled": 459, "tested": 2401},
}
PACKS = sorted(builtin.PACKS)


def limits(pack: str, stakes: str) -> dict[str, Any]:
    """What a pack asks at these stakes."""
    asked = dict(LADDER["critical" if pack == "strict" else stakes])
    if pack == "anti-collapse":
        asked["objective"], asked["subjective"] = min(asked["objective"], 33), min(asked["subjective"], 33)
    if pack == "evaluation":
        asked["tested"] = max(asked["tested"], 200)
    return asked


@pytest.mark.parametrize("judgment", JUDGMENTS)
@pytest.mark.parametrize("stakes", STAKES)
@pytest.mark.parametrize("pack", PACKS)
def test_the_mix_is_met_at_its_limits(pack: str, stakes: str, judgment: str) -> None:
    """As much synthetic data and as little of all else as the pack lets a data set have; one record further fails."""
    asked = limits(pack, stakes)
    real, share = asked["real"], asked[judgment]
    synthetic = real * share // (100 - share)
    sampled = asked["sampled"]
    if stakes in ("high", "critical") or pack == "strict":
        sampled = max(sampled, 459 if pack == "strict" else 149 if stakes == "critical" else 59)
    exact = {"stakes": stakes, "judgment": judgment, "real": real, "synthetic": synthetic, "sampled": sampled}
    assert failing(manifest(**exact), pack) == []
    assert "DP101" in failing(manifest(**{**exact, "synthetic": synthetic + 1}), pack)
    assert "DP102" in failing(manifest(**{**exact, "real": real - 1}), pack)
    if synthetic > asked["sampled"]:
        assert "DP402" in failing(manifest(**{**exact, "sampled": asked["sampled"] // 2}), pack)


@pytest.mark.parametrize("stakes", STAKES)
@pytest.mark.parametrize("pack", PACKS)
def test_an_evaluation_is_met_at_its_limit(pack: str, stakes: str) -> None:
    least = limits(pack, stakes)["tested"]
    given: dict[str, Any] = {"stakes": stakes, "evaluated": 100}
    assert "DP207" not in failing(manifest(**given, tested=max(least, 459)), pack)
    if least:
        assert "DP207" in failing(manifest(**given, tested=least - 1), pack)


STRICTER = ("high-stakes", "strict")
COSTLY = ("high", "critical")
FURTHER: list[tuple[dict[str, Any], str, dict[str, tuple[str, ...]]]] = [
    # What is one short, the rule that says so, and at which stakes each pack asks it.
    (
        {"annotators": 1},
        "DP304",
        {
            "baseline": COSTLY,
            "preference": COSTLY,
            "evaluation": COSTLY,
            "anti-collapse": COSTLY,
            "high-stakes": COSTLY,
            "strict": STAKES,
        },
    ),
    ({"annotators": 2, "stakes": "high"}, "DP304", {"high-stakes": ("high",), "strict": ("high",)}),
    ({"alpha": "0.66", "stakes": "medium"}, "DP305", dict.fromkeys(PACKS, ("medium",))),
    (
        {"alpha": "0.79"},
        "DP305",
        dict.fromkeys(PACKS, COSTLY) | {"evaluation": STAKES, "strict": STAKES},
    ),
    ({"agree": "0.59"}, "DP305", {"preference": STAKES, "strict": STAKES}),
    ({"chosen_by": "model, model: {name: m, family: other}"}, "DP301", dict.fromkeys(PACKS, STAKES)),
    (
        {"judgment": "subjective", "synthetic": 0, "chosen_by": "unknown"},
        "DP301",
        dict.fromkeys(PACKS, STAKES),
    ),
    ({"rare": 58, "stakes": "high"}, "DP407", dict.fromkeys(PACKS, ("high",))),
    ({"rare": 148, "stakes": "critical"}, "DP407", dict.fromkeys(PACKS, ("critical",))),
    ({"rare": 458, "stakes": "low"}, "DP407", {"strict": ("low",)}),
    (
        {"evaluated": 58},
        "DP210",
        {"high-stakes": COSTLY, "evaluation": STAKES, "anti-collapse": STAKES, "strict": STAKES},
    ),
    ({"evaluated": 99}, "DP210", {"high-stakes": COSTLY, "strict": STAKES}),
]


@pytest.mark.parametrize(("short", "rule", "asked"), FURTHER)
@pytest.mark.parametrize("pack", PACKS)
def test_what_else_is_asked(pack: str, short: dict[str, Any], rule: str, asked: dict[str, tuple[str, ...]]) -> None:
    found = {
        stakes
        for stakes in ([short["stakes"]] if "stakes" in short else STAKES)
        if rule in failing(manifest(**{"stakes": stakes, **short}), pack)
    }
    assert found == set(asked.get(pack, ()))
    assert rule not in failing(manifest(judgment=short.get("judgment", "objective"), synthetic=0), pack)


@pytest.mark.parametrize("stakes", STAKES)
@pytest.mark.parametrize("pack", PACKS)
def test_bootstrap_lets_off_the_mix_until_its_end(pack: str, stakes: str) -> None:
    text = manifest(stakes=stakes, real=30, synthetic=970, sampled=459)
    text += "stage: bootstrap\nbootstrap_until: 2027-01-01\n"
    strict = pack == "strict" or (pack == "high-stakes" and stakes in COSTLY)
    assert failing(text, pack) == (["DP101", "DP102", "DP105"] if strict else [])
    late = text.replace("2027-01-01", "2027-02-01")
    assert "DP105" in failing(late, pack)


@pytest.mark.parametrize("pack", PACKS)
def test_objective_sets_that_programs_score_are_ordinary(pack: str) -> None:
    scored = manifest(judgment="objective", synthetic=0).replace("scored_by: human", "scored_by: program")
    assert ("DP209" in failing(scored, pack)) == (pack in ("evaluation", "strict"))
    subjective = manifest(judgment="subjective", synthetic=0).replace("scored_by: human", "scored_by: program")
    assert "DP209" in failing(subjective, pack)
