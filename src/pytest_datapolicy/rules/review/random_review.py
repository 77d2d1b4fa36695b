"""The reviewed sample is drawn by chance, not by hand.

## What it demands

`review.method` is one of `allow`. A component without a review, or whose review does not say its method, is
indeterminate. Synthetic components are judged, unless `when` names origins.

## Why

Whoever picks what to review picks what is easy, recent or already known to be good. Only a draw in which every record
has its chance says anything about the records that were not drawn.

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
        review: {method: convenience, sampled: 500, accepted: 500, corrected: 0, rejected: 0}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  random-review: {level: error}
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
        review: {method: random, seed: 20261030, sampled: 59, accepted: 59, corrected: 0, rejected: 0}
```

## Parameters

- `allow` (a set of random, stratified and census; default all three; fewer is tighter): the methods that pass.

## Evidence

Computed: the bound of review-error-bound (DP402) rests on a random draw, and no bound holds for a sample of
convenience.

## Crosswalk

- EU AI Act: Article 10(2)(c)
- EU AI Act: Article 10(3)
- NIST AI 600-1: MP-2.3-002
- NIST AI 600-1: MG-2.2-003
"""

from __future__ import annotations

from pytest_datapolicy.model.phrases import either
from pytest_datapolicy.model.reviews import unreviewed, unsaid
from pytest_datapolicy.model.rule import SYNTHETIC_ORIGINS, Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

METHODS = ("random", "stratified", "census")
WHAT = "how its sample was drawn"


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """The method is one that the clause allows."""
    review = component.review
    if review is None:
        return unreviewed(component, WHAT)
    method = review.method
    if method is None:
        return unsaid(component, ["method"], WHAT)
    allow: tuple[str, ...] = clause.limits["allow"]
    if method in allow:
        return ()
    message = f"the reviewed sample was drawn by {method}, only {either(allow)} allowed"
    return (
        Draft(message, f"review a new sample drawn by {either(allow)}", review.at("method"), method, ", ".join(allow)),
    )


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """How the sample was drawn, and how it may be."""
    method, at = component.review.method if component.review else None, component.at("review", "method")
    if method is None:
        yield Term("method", "unknown", "review.method is not given", at)
    else:
        yield Term("method", method, "", at, role="observed")
    yield Term("allowed", ", ".join(clause.limits["allow"]), "allow", role="limit")


RULE = Rule(
    id="DP406",
    name="random-review",
    scope="component",
    summary="method in allow",
    check=check,
    explain=explain,
    parameters=(Parameter("allow", "choices", "fewer", "methods that pass", default=METHODS, choices=METHODS),),
    applies={"origin": SYNTHETIC_ORIGINS},
)
