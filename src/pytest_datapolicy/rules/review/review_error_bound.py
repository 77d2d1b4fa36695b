"""The review shows that few enough records of a synthetic component are defective.

## What it demands

The exact upper bound of the defect rate is at most `max_error` at `confidence`. N is the component's records, or
`review.population` when that is given and larger (a sample of a part says nothing of the rest); n is `sampled`; d is
`corrected` + `rejected`; alpha is (1 - `confidence`) /
`looks`. The bound is D_U / N, where D_U is the greatest number of defective records D with P(X <= d) > alpha for X
hypergeometric (N, D, n): no larger number of defects would have let the sample look this good. All of it is decided in
whole numbers; a bound exactly at the limit passes. A review of every record passes when d <= `max_error` x N.

The method is `random`, `stratified` (in proportion, so that every record has the same chance) or `census`. A
`convenience` sample proves nothing about the rest and fails; so does a `census` of fewer records than there are. A
missing count or method, or a component without records, is indeterminate. Synthetic components are judged, unless
`when` names origins.

## Why

"Reviewed" says nothing without a number. Five defects in a sample of 100 do not mean 5%: as many as 10% may be
defective. The bound says how bad the component can still be, whatever the luck of the draw. Correcting the defects
found barely lowers it, since most defects sit in the records that nobody saw.

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
        review: {method: random, sampled: 400, accepted: 371, corrected: 20, rejected: 9}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  review-error-bound:
    limits:
      - {max_error: 0.05, confidence: 0.95}
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
        review: {method: random, sampled: 400, accepted: 388, corrected: 9, rejected: 3}
```

## Parameters

- `max_error` (share, lower is tighter): the greatest defect rate that the review may leave possible.
- `confidence` (share, higher is tighter): how sure the bound must be. It is divided over `looks`, because a sample that
  is topped up until it passes would otherwise pass by luck.

## Evidence

The method is computed: exact for sampling without replacement, and conservative where the sample is small. The pairs of
limit and confidence are convention (95%, 99%) and judgement. That review pays is evidence: Feng et al. 2024 (arXiv
2406.07515) and Yi et al. 2025 (arXiv 2510.16657) find that verified synthetic data does not collapse, and that the gain
is as good as the verifier; Liu et al. 2022 (WANLI, arXiv 2201.05955) gain 11% on HANS with generated text that people
revised and labelled. Northcutt et al. 2021 (arXiv 2103.14749) find at least 3.3% label errors on average in ten
well-known test sets.

## Crosswalk

- EU AI Act: Article 10(2)(c)
- EU AI Act: Article 10(3)
- NIST AI 600-1: MP-2.3-002
- NIST AI 600-1: MG-2.2-003
"""

from __future__ import annotations

from fractions import Fraction

from pytest_datapolicy.model.amounts import counted, percent
from pytest_datapolicy.model.reviews import unreviewed, unsaid
from pytest_datapolicy.model.rule import SYNTHETIC_ORIGINS, Draft, Parameter, Rule, Term
from pytest_datapolicy.model.sampling import min_sample, risk, shows, tolerable, upper_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.blocks import Review
    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

WHAT = "its defect rate"
NEEDED = ("method", "sampled", "corrected", "rejected")


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """The sample shows at most the tolerable number of defective records."""
    review = component.review
    if review is None:
        return unreviewed(component, WHAT)
    tree = review.tree
    population: int = max(tree.get("population", 0), component.records)
    if tree.get("method") == "convenience":
        return _convenience(review, population, clause)
    missing = [field for field in NEEDED if field not in tree]
    if missing:
        return unsaid(component, missing, WHAT)
    if not population:
        return _empty(component)
    sampled: int = tree["sampled"]
    if tree["method"] == "census" and sampled < population:
        message = f"method is census, but {sampled:,} of {counted(population, 'records')} were reviewed"
        remedy = f"review {counted(population - sampled, 'more records')}, or give the method by which they were drawn"
        return (Draft(message, remedy, review.at("sampled"), sampled, population),)
    if sampled > population:
        message = f"{sampled:,} of {counted(population, 'records')} were reviewed, so {WHAT} cannot be told"
        return (Draft(message, "correct review.sampled", review.at("sampled"), outcome="indeterminate"),)
    allowed = tolerable(population, clause.limits["max_error"])
    alpha = risk(clause.limits["confidence"], review.looks)
    if shows(population, sampled, tree["corrected"] + tree["rejected"], allowed, alpha):
        return ()
    return _short(review, population, allowed, alpha, clause)


def _convenience(review: Review, population: int, clause: Clause) -> Iterable[Draft]:
    message = "a convenience sample says nothing about the records outside it; random, stratified or census required"
    if review.sampled == population:
        remedy = "give method census, as every record was reviewed"
    else:
        remedy = f"review {_new_sample(population, clause)}" if population else "give the method of a random sample"
    return (Draft(message, remedy, review.at("method"), "convenience", "random, stratified, census"),)


def _empty(component: Component) -> Iterable[Draft]:
    message = f"component {component.name} holds no records, so {WHAT} cannot be told"
    return (Draft(message, "add records or remove the component", component.at("records"), outcome="indeterminate"),)


def _short(review: Review, population: int, allowed: int, alpha: Fraction, clause: Clause) -> Iterable[Draft]:
    """The finding of a review that leaves too many defects possible."""
    sampled, defects = review.tree["sampled"], review.tree["corrected"] + review.tree["rejected"]
    limit: Fraction = clause.limits["max_error"]
    bound = Fraction(upper_count(population, sampled, defects, alpha), population)
    found = f"{counted(defects, 'defects')} in {sampled:,} of {counted(population, 'records')}"
    if sampled == population:
        message = f"{found}: {percent(bound, limit)} are defective, at most {percent(limit)} allowed"
    else:
        confidence = f"{percent(clause.limits['confidence'])} confidence"
        if review.looks > 1:
            confidence += f" over {review.looks:,} looks"
        message = (
            f"{found}: up to {percent(bound, limit)} may be defective at {confidence}, at most {percent(limit)} allowed"
        )
    remedy = _remedy(review, population, defects, allowed, clause)
    return (Draft(message, remedy, review.at("sampled"), bound, limit),)


def _remedy(review: Review, population: int, defects: int, allowed: int, clause: Clause) -> str:
    """The fewest further records that would do if all are sound; topping up is one more look."""
    sampled, looks = review.tree["sampled"], review.looks + 1
    anew = f"regenerate the component and review {_new_sample(population, clause)}"
    limits = clause.limits
    size = min_sample(population, limits["max_error"], limits["confidence"], defects, looks=looks, already=sampled + 1)
    if size is None:
        count = counted(allowed, "defects") if allowed else "no defect"
        return f"{anew}: {population:,} records may hold {count}, so no further review can help"
    if size == population:
        return f"review the other {counted(size - sampled, 'records')} without a further defect, or {anew}"
    return (
        f"review {counted(size - sampled, 'more records')} without a further defect and give looks: {looks}, or {anew}"
    )


def _new_sample(population: int, clause: Clause) -> str:
    """The least fresh sample that would do if all of it is sound."""
    size = min_sample(population, clause.limits["max_error"], clause.limits["confidence"])
    if size == population:
        return f"all {counted(population, 'records')}"
    return f"a new random sample of {counted(size or 0, 'records')} without a defect"


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """N, n, d and alpha; the greatest number of defects that the sample does not rule out; and its share."""
    from pytest_datapolicy.model.terms import chance_text

    review, limits = component.review, clause.limits
    missing = list(NEEDED) if review is None else [field for field in NEEDED if field not in review.tree]
    if review is None or missing:
        for field in missing:
            yield Term(field, "unknown", f"review.{field} is not given", component.at("review", field))
        return
    yield Term("method", review.tree["method"], "", review.at("method"), role=_role(review, "convenience"))
    if review.method == "convenience":
        yield Term("allowed", "random, stratified, census", "drawn by chance, or all of them", role="limit")
        return
    population, sampled = max(review.population or 0, component.records), review.tree["sampled"]
    larger = population > component.records
    partial = review.method == "census" and sampled < population
    whence = "review.population" if larger else "records of the component"
    at = review.at("population") if larger else component.at("records")
    yield Term("N", population, whence, at, role="limit" if partial else "")
    yield Term("n", sampled, "sampled", review.at("sampled"), role="observed" if partial else "")
    if not population or partial or sampled > population:
        return
    defects = review.tree["corrected"] + review.tree["rejected"]
    how = f"corrected {review.tree['corrected']:,} + rejected {review.tree['rejected']:,}"
    yield Term("d", defects, how, review.at("corrected"))
    alpha = risk(limits["confidence"], review.looks)
    looks = f"{counted(review.looks, 'looks')}{'' if 'looks' in review.tree else ' (not given)'}"
    yield Term("alpha", alpha, f"(1 - confidence {percent(limits['confidence'])}) / {looks}")
    upper = upper_count(population, sampled, defects, alpha)
    if sampled == population:
        yield Term("D_U", upper, "every record was reviewed, so it is d")
    else:
        law = f"X hypergeometric (N = {population:,}, D, n = {sampled:,})"
        yield Term("D_U", upper, f"the greatest D with P(X <= {defects:,}) > alpha, {law}")
        for defective in (upper, upper + 1):
            chance = chance_text(population, defective, sampled, defects, alpha)
            if chance:
                yield Term(f"P(X <= {defects:,})", chance, f"for D = {defective:,}")
    yield Term("bound", Fraction(upper, population), "D_U / N", role="observed", share=True)
    yield Term("at most", limits["max_error"], "max_error", role="limit", share=True)
    allowed = tolerable(population, limits["max_error"])
    yield Term("allowed D_U", allowed, f"max_error x N = {percent(limits['max_error'])} x {population:,}, rounded down")


def _role(review: Review, method: str) -> str:
    return "observed" if review.method == method else ""


RULE = Rule(
    id="DP402",
    name="review-error-bound",
    scope="component",
    summary="exact hypergeometric upper bound of the defect rate <= max_error, of a sample drawn by chance or a census",
    check=check,
    explain=explain,
    parameters=(
        Parameter("max_error", "share", "lower", "greatest defect rate that the review may leave possible"),
        Parameter("confidence", "share", "higher", "how sure the bound must be"),
    ),
    applies={"origin": SYNTHETIC_ORIGINS},
)
