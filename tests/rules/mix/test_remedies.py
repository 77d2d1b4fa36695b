"""The remedies of DP101 to DP104 are exact: they suffice, and one record less does not."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.model.policy import Clause
from pytest_datapolicy.model.rule import Context, Draft
from pytest_datapolicy.rules.mix import known_origin, max_synthetic_ratio, min_real_per_slice, min_real_records

CONTEXT = Context("2026-11-01", "low", {})
counts = st.one_of(st.integers(0, 30), st.integers(0, 10**18 - 1))
limits = st.one_of(st.sampled_from(["0", "0.1", "0.3", "0.5", "0.999"]), st.decimals(0, 1, places=4).map(str)).map(
    Fraction
)
weights = st.sampled_from([1, 2, 10, Decimal("0.1"), Decimal("0.25"), Decimal("3.7")])


def component(name: str, origin: str, records: int, weight: int | Decimal = 1) -> dict[str, Any]:
    return {"name": name, "origin": origin, "records": records, "weight": weight, "slices": {"rare": records}}


def answer(rule: Any, components: list[dict[str, Any]], **parameters: Any) -> tuple[Draft, ...]:
    """What a rule says of one split with these components."""
    tree = {"name": "mix", "version": "1", "splits": {"train": {"purpose": "training", "components": components}}}
    clause = Clause(rule.RULE.id, "error", {}, parameters, None)
    return tuple(rule.check(Manifest(tree).splits[0], clause, CONTEXT))


def number(pattern: str, text: str) -> int | None:
    """The number that stands in a remedy where the pattern has its group."""
    found = re.search(pattern, text)
    return None if found is None else int(found[1].replace(",", ""))


def synthetic_removed(components: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """`number` synthetic records less, the heaviest first."""
    left = [dict(item) for item in components]
    for item in sorted(left, key=lambda item: -item["weight"]):
        if item["origin"] == "model":
            taken = min(number, item["records"])
            item["records"] -= taken
            number -= taken
    return left


@given(
    real=counts, made=st.lists(st.tuples(counts, weights), min_size=1, max_size=3), real_weight=weights, limit=limits
)
def test_share_of_synthetic_records(
    real: int, made: list[tuple[int, int | Decimal]], real_weight: int | Decimal, limit: Fraction
) -> None:
    parts = [component("notes", "human", real, real_weight)]
    parts += [component(f"made-{index}", "model", *item) for index, item in enumerate(made)]

    def passes(changed: list[dict[str, Any]]) -> bool:
        return answer(max_synthetic_ratio, changed, max=limit, measure="records") == ()

    drafts = answer(max_synthetic_ratio, parts, max=limit, measure="records")
    total = sum(item["records"] * Fraction(item["weight"]) for item in parts)
    share = 1 - real * Fraction(real_weight) / total if total else None
    assert (drafts == ()) == (share is not None and share <= limit)
    if share is None or share <= limit:
        return
    remedy = drafts[0].remedy
    assert (drafts[0].observed, drafts[0].limit) == (share, limit)
    add, remove = number(r"add ([\d,]+) real", remedy), number(r"remove ([\d,]+) synthetic", remedy)
    weight = re.search(r"of weight ([\d.]+)", remedy)
    each = Decimal(weight[1]) if weight else 1
    assert (add is None, remove is None) == (limit == 0, real == 0)
    if add is not None:
        assert passes([*parts, component("more", "human", add, each)])
        assert not passes([*parts, component("more", "human", add - 1, each)])
    if remove is not None:
        assert passes(synthetic_removed(parts, remove))
        assert not passes(synthetic_removed(parts, remove - 1))


@given(known=counts, unknown=counts, limit=limits)
def test_share_of_unknown_origin(known: int, unknown: int, limit: Fraction) -> None:
    def passes(known: int, unknown: int) -> bool:
        parts = [component("notes", "human", known), component("found", "unknown", unknown)]
        return answer(known_origin, parts, max=limit) == ()

    parts = [component("notes", "human", known), component("found", "unknown", unknown)]
    drafts = answer(known_origin, parts, max=limit)
    if not known + unknown:
        assert drafts[0].outcome == "indeterminate"
        return
    assert (drafts == ()) == (Fraction(unknown, known + unknown) <= limit)
    if not drafts:
        return
    state, add = number(r"origin of ([\d,]+) record", drafts[0].remedy), number(r"add ([\d,]+)", drafts[0].remedy)
    assert state is not None
    assert (add is None) == (limit == 0)
    assert passes(known + state, unknown - state)
    assert not passes(known + state - 1, unknown - state + 1)
    if add is not None:
        assert passes(known + add, unknown)
        assert not passes(known + add - 1, unknown)


@given(real=counts, minimum=counts)
def test_least_number_of_real_records(real: int, minimum: int) -> None:
    parts = [component("notes", "observed", real), component("made", "simulation", 10**6)]
    drafts = answer(min_real_records, parts, min=minimum) + answer(min_real_per_slice, parts, min=minimum, slices=None)
    assert [(draft.observed, draft.limit) for draft in drafts] == ([] if real >= minimum else [(real, minimum)] * 2)
    for draft in drafts:
        assert number(r"add ([\d,]+)", draft.remedy) == minimum - real
