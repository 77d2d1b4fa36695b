"""Enough records of every synthetic component are reviewed.

## What it demands

`review.sampled` >= min(records, max(`min_records`, `min_fraction` x records rounded up)). A component smaller than the
floor is reviewed whole. A clause gives one of the two parameters or both; one that is left out counts 0. A component
without a review, or whose review does not say `sampled`, is indeterminate. Synthetic components are judged, unless
`when` names origins.

## Why

A review of a handful of records finds only defects that are everywhere. The floor is the plain, early demand; what a
sample proves is the subject of review-error-bound (DP402).

## Bad

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: paraphrases
        origin: rewritten
        records: 4000
        generator: {name: acme-llm-7b, family: acme-llm}
        review: {method: random, sampled: 50, accepted: 50, corrected: 0, rejected: 0}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  review-sample-floor:
    limits:
      - {min_records: 59}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: paraphrases
        origin: rewritten
        records: 4000
        generator: {name: acme-llm-7b, family: acme-llm}
        review: {method: random, sampled: 59, accepted: 59, corrected: 0, rejected: 0}
```

## Parameters

- `min_records` (records, higher is tighter): the fewest reviewed records that pass.
- `min_fraction` (share, higher is tighter): the least reviewed share of the component that passes. A fraction alone
  proves little: 1% of 1,000 records without a defect leaves up to 25.9% defective at 95% confidence, 1% of 100,000
  leaves 0.30%.

## Evidence

Computed: a sample without a defect shows at most 5% defective with 45 records at 90% confidence and with 59 at 95%, at
most 2% with 149, at most 1% with 299 (459 at 99%). No source ties a percentage to quality. Feng et al. 2024 (arXiv
2406.07515) and Yi et al. 2025 (arXiv 2510.16657) find that verifying synthetic data keeps it from collapsing.

## Crosswalk

- EU AI Act: Article 10(2)(c)
- EU AI Act: Article 10(3)
- NIST AI 600-1: MP-2.3-002
- NIST AI 600-1: MG-2.2-003
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import ceil_div, counted, percent
from pytest_datapolicy.model.reviews import unreviewed, unsaid
from pytest_datapolicy.model.rule import SYNTHETIC_ORIGINS, Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

WHAT = "how much of it was reviewed"


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """The sample reaches the floor, or is the whole component."""
    review = component.review
    if review is None:
        return unreviewed(component, WHAT)
    sampled = review.sampled
    if sampled is None:
        return unsaid(component, ["sampled"], WHAT)
    records = component.records
    floor = max(clause.limits["min_records"] or 0, ceil_div((clause.limits["min_fraction"] or 0) * records))
    needed = min(records, floor)
    if sampled >= needed:
        return ()
    message = f"{sampled:,} of {counted(records, 'records')} were reviewed, at least {needed:,} required"
    remedy = f"review {counted(needed - sampled, 'more records')}"
    return (Draft(message, remedy, review.at("sampled"), sampled, needed),)


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The floor, step by step, and the sample."""
    records, review = component.records, component.review
    fewest, fraction = clause.limits["min_records"], clause.limits["min_fraction"]
    yield Term("records", records, "of the component", component.at("records"))
    if fewest is not None:
        yield Term("min_records", fewest)
    if fraction is not None:
        note = f"min_fraction {percent(fraction)} x {records:,}, rounded up"
        yield Term("min_fraction", ceil_div(fraction * records), note)
    needed = min(records, max(fewest or 0, ceil_div((fraction or 0) * records)))
    if review is None or review.sampled is None:
        yield Term("sampled", "unknown", "review.sampled is not given", component.at("review", "sampled"))
    else:
        yield Term("sampled", review.sampled, "reviewed records", review.at("sampled"), role="observed")
    yield Term("at least", needed, "the greater of these, but no more than all records", role="limit")


RULE = Rule(
    id="DP401",
    name="review-sample-floor",
    scope="component",
    summary="sampled >= min(records, max(min_records, ceil(min_fraction x records)))",
    check=check,
    explain=explain,
    parameters=(
        Parameter("min_records", "count", "higher", "fewest reviewed records", unit="records", required=False),
        Parameter("min_fraction", "share", "higher", "least reviewed share of the component", required=False),
    ),
    applies={"origin": SYNTHETIC_ORIGINS},
)
