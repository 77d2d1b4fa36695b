"""The remedies of the rules against collapse are exact: they suffice, and one record less does not."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.model.policy import Clause
from pytest_datapolicy.model.rule import Context, Draft
from pytest_datapolicy.rules.collapse import max_generator_share, max_own_family_share

CONTEXT = Context("2026-11-01", "low", {})
counts = st.one_of(st.integers(0, 30), st.integers(0, 10**18 - 1))
limits = st.sampled_from(["0", "0.1", "0.3", "0.5", "0.999", "1"]).map(Fraction)


def made(name: str, records: int, family: str | None) -> dict[str, Any]:
    generator = {"name": "g"} if family is None else {"name": "g", "family": family}
    return {"name": name, "origin": "model", "records": records, "generator": generator}


def answer(rule: Any, components: list[dict[str, Any]], maximum: Fraction) -> tuple[Draft, ...]:
    """What a rule says of one split with these components."""
    splits = {"train": {"purpose": "training", "components": components}}
    models = [{"name": "m", "family": "own"}]
    tree = {"name": "mix", "version": "1", "models": models, "splits": splits}
    return tuple(
        rule.check(Manifest(tree).splits[0], Clause(rule.RULE.id, "error", {}, {"max": maximum}, None), CONTEXT)
    )


def number(pattern: str, text: str) -> int | None:
    """The number that stands in a remedy where the pattern has its group."""
    found = re.search(pattern, text)
    return None if found is None else int(found[1].replace(",", ""))


@given(counts, counts, counts, limits)
def test_share_of_one_family(one: int, other: int, unnamed: int, limit: Fraction) -> None:
    total = one + other + unnamed
    assume(total)

    def draft(one: int, other: int, unnamed: int) -> Draft | None:
        parts = [made("a", one, "one"), made("b", other, "other"), made("c", unnamed, None)]
        return next((item for item in answer(max_generator_share, parts, limit) if item.thing == "one"), None)

    found = draft(one, other, unnamed)
    share = Fraction(one + unnamed, total)
    assert (found is None) == (share <= limit)
    if found is None:
        return
    assert (found.observed, found.limit) == (share, limit)
    add, remove = number(r"add ([\d,]+) synth", found.remedy), number(r"remove ([\d,]+) rec", found.remedy)
    named = number(r"name the family of the ([\d,]+) rec", found.remedy)
    assert (add is None, remove is None) == (limit == 0, limit == 0 or other == 0)
    if add is not None:
        assert draft(one, other + add, unnamed) is None
        assert draft(one, other + add - 1, unnamed) is not None
    if remove is not None:
        taken = min(remove, one)
        assert draft(one - taken, other, unnamed - (remove - taken)) is None
        taken = min(remove - 1, one)
        assert draft(one - taken, other, unnamed - (remove - 1 - taken)) is not None
    assert (named is not None) == (unnamed > 0 and draft(one, other + unnamed, 0) is None)


@given(counts, counts, limits)
def test_share_of_the_models_own_family(own: int, other: int, limit: Fraction) -> None:
    total = own + other
    assume(total)

    def passes(own: int, other: int) -> bool:
        parts = [made("a", own, "OWN"), {"name": "b", "origin": "human", "records": other}]
        return answer(max_own_family_share, parts, limit) == ()

    drafts = answer(max_own_family_share, [made("a", own, "own"), made("b", other, "other")], limit)
    assert (drafts == ()) == passes(own, other) == (Fraction(own, total) <= limit)
    if not drafts:
        return
    remedy = drafts[0].remedy
    add, remove = number(r"add ([\d,]+) rec", remedy), number(r"remove ([\d,]+) rec", remedy)
    assert (add is None, remove is None) == (limit == 0, other == 0)
    if add is not None:
        assert passes(own, other + add)
        assert not passes(own, other + add - 1)
    if remove is not None:
        assert passes(own - remove, other)
        assert not passes(own - remove + 1, other)
    if add is remove is None:
        assert remedy == f"replace {own:,} record{'s' if own > 1 else ''} with ones that no such family made"
