"""The remedies of the review rules are exact: they suffice, and one record less does not."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.model.policy import Clause
from pytest_datapolicy.model.rule import Context, Draft
from pytest_datapolicy.rules.review import review_error_bound, review_sample_floor

CONTEXT = Context("2026-11-01", "low", {})
shares = st.sampled_from(["0", "0.001", "0.01", "0.05", "0.29", "0.5", "0.999", "1"]).map(Fraction)
confidences = st.sampled_from(["0", "0.5", "0.9", "0.95", "0.99", "0.999", "1"]).map(Fraction)
populations = st.one_of(st.integers(1, 200), st.integers(1, 10**6))


def answer(rule: Any, records: int, review: dict[str, Any], **parameters: Any) -> tuple[Draft, ...]:
    """What a rule says of one reviewed component."""
    component = {"name": "made", "origin": "model", "records": records, "review": review}
    tree = {"name": "r", "version": "1", "splits": {"train": {"purpose": "training", "components": [component]}}}
    clause = Clause(rule.RULE.id, "error", {}, parameters, None)
    return tuple(rule.check(Manifest(tree).components[0], clause, CONTEXT))


def review_of(sampled: int, defects: int, looks: int = 1) -> dict[str, Any]:
    return {"method": "random", "sampled": sampled, "corrected": defects, "rejected": 0, "looks": looks}


def number(pattern: str, text: str) -> int | None:
    """The number that stands in a remedy where the pattern has its group."""
    found = re.search(pattern, text)
    return None if found is None else int(found[1].replace(",", ""))


@given(st.data(), populations, shares, confidences, st.integers(1, 4))
def test_further_and_fresh_samples(
    data: st.DataObject, records: int, max_error: Fraction, confidence: Fraction, looks: int
) -> None:
    sampled = data.draw(st.integers(0, min(records, 3000)))
    defects = data.draw(st.integers(0, min(sampled, 40)))

    def passes(sampled: int, defects: int, looks: int) -> bool:
        review = review_of(sampled, defects, looks)
        return answer(review_error_bound, records, review, max_error=max_error, confidence=confidence) == ()

    review = review_of(sampled, defects, looks)
    drafts = answer(review_error_bound, records, review, max_error=max_error, confidence=confidence)
    if not drafts:
        assert defects <= max_error * records
        return
    (draft,) = drafts
    assert draft.outcome == "fail"
    assert draft.limit == max_error
    assert isinstance(draft.observed, Fraction)
    assert draft.observed > max_error
    more = number(r"review ([\d,]+) more record", draft.remedy)
    others = number(r"review the other ([\d,]+) record", draft.remedy)
    if more is not None:
        assert f"looks: {looks + 1}," in draft.remedy
        assert passes(sampled + more, defects, looks + 1)
        assert not passes(sampled + more - 1, defects, looks + 1)
    elif others is not None:
        assert sampled + others == records
        assert passes(records, defects, looks)
        assert not passes(records - 1, defects, looks + 1)
    else:
        assert not passes(records, defects, looks)
        assert draft.remedy.endswith("so no further review can help")
    fresh = number(r"new random sample of ([\d,]+) record", draft.remedy)
    size = records if fresh is None else fresh
    assert (f"review all {records:,} record" in draft.remedy) == (fresh is None)
    assert passes(size, 0, 1)
    assert size == 0 or not passes(size - 1, 0, 1)


@given(populations, populations, st.one_of(st.none(), populations), st.one_of(st.none(), shares))
def test_the_floor(records: int, sampled: int, min_records: int | None, min_fraction: Fraction | None) -> None:
    def drafts(sampled: int) -> tuple[Draft, ...]:
        review = {"sampled": sampled}
        return answer(review_sample_floor, records, review, min_records=min_records, min_fraction=min_fraction)

    floor = max(min_records or 0, -(-records * (min_fraction or 0) // 1))
    assert (drafts(sampled) == ()) == (sampled >= floor or sampled >= records)
    for draft in drafts(sampled):
        more = number(r"review ([\d,]+) more record", draft.remedy)
        assert more is not None
        assert (draft.observed, draft.limit) == (sampled, sampled + more)
        assert drafts(sampled + more) == ()
        assert drafts(sampled + more - 1) != ()
