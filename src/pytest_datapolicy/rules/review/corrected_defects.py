"""The defects that a review found were acted on.

## What it demands

When `corrected` + `rejected` is more than 0, `review.resolution` is `fixed` or `removed`. A review that found defects
and does not say what was done with them, or that does not say whether it found any, is indeterminate; so is a
component without a review. Synthetic components are judged, unless `when` names origins.

## Why

A review that only counts improves nothing. Validating *and* correcting is what makes generated data worth its place.

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
        review: {method: random, sampled: 400, accepted: 388, corrected: 9, rejected: 3, resolution: none}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  corrected-defects: {level: error}
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
        review: {method: random, sampled: 400, accepted: 388, corrected: 9, rejected: 3, resolution: fixed}
```

## Parameters

None.

## Evidence

Evidence for the direction: Liu et al. 2022 (WANLI, arXiv 2201.05955) have people revise and label generated text and
gain 11% on HANS and 9% on ANLI over a set four times as large. Computed: acting on the defects of a sample lowers the
bound of the whole component only by those few records (2.54% to 2.51% with 3 defects in 300 of 10,000), so it does
not replace review-error-bound (DP402).

## Crosswalk

- EU AI Act: Article 10(2)(c)
- EU AI Act: Article 10(3)
- NIST AI 600-1: MP-2.3-002
- NIST AI 600-1: MG-2.2-003
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.reviews import unreviewed, unsaid
from pytest_datapolicy.model.rule import SYNTHETIC_ORIGINS, Draft, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

WHAT = "whether its defects were acted on"
ACTED = ("fixed", "removed")


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Where defects were found, something was done with them."""
    review = component.review
    if review is None:
        return unreviewed(component, WHAT)
    resolution = review.resolution
    if resolution in ACTED:
        return ()
    defects = (review.corrected or 0) + (review.rejected or 0)
    if not defects:
        missing = [field for field in ("corrected", "rejected") if field not in review.tree]
        return unsaid(component, missing, WHAT) if missing else ()
    if resolution is None:
        return unsaid(component, ["resolution"], WHAT)
    message = (
        f"the review found {counted(defects, 'defects')} and resolution is {resolution}, fixed or removed required"
    )
    remedy = f"correct or remove {counted(defects, 'records')} and give resolution: fixed or removed"
    return (Draft(message, remedy, review.at("resolution"), resolution, ", ".join(ACTED)),)


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The defects found, and what was done with them."""
    review = component.review
    if review is None:
        yield Term("review", "unknown", "not given", component.at("review"))
        return
    for field in ("corrected", "rejected"):
        count = review.tree.get(field)
        yield Term(field, "unknown" if count is None else count, f"review.{field}", review.at(field))
    defects = (review.corrected or 0) + (review.rejected or 0)
    yield Term("defects", defects, "corrected + rejected")
    resolution = review.resolution
    failed = bool(defects) and resolution is not None and resolution not in ACTED
    note = "" if defects else "no defect is known, so that nothing need be done"
    role = "observed" if failed or resolution in ACTED else ""
    yield Term("resolution", resolution or "unknown", note, review.at("resolution"), role=role)
    yield Term("allowed", ", ".join(ACTED), "where there are defects", role="limit" if role else "")


RULE = Rule(
    id="DP408",
    name="corrected-defects",
    scope="component",
    summary="the defects found were acted on: `resolution: fixed` or `removed` in the review block when d > 0",
    check=check,
    explain=explain,
    applies={"origin": SYNTHETIC_ORIGINS},
)
