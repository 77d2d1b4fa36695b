"""The review is of this version, and recent.

## What it demands

`review.of` is this data set at this version, and `review.date` lies at most `max_age_days` before the day of the
check. A review without a date, or with a date that is still to come, fails; one that does not say `of` is
indeterminate, and so is a component without a review. Synthetic components are judged, unless `when` names origins.

## Why

A review vouches for the records that were there when it was made. Carried over to the next version it vouches for
records that nobody saw; left standing for years it vouches for what people used to consider right.

## Bad

```yaml
manifest: 1
name: support-intents
version: "2"
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
        review: {method: random, sampled: 59, date: 2025-06-01, of: support-intents@1}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  current-review:
    limits:
      - {max_age_days: 365}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "2"
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
        review: {method: random, sampled: 59, date: 2026-10-30, of: support-intents@2}
```

## Parameters

- `max_age_days` (days, lower is tighter): the greatest age of a review that passes, counted from its date to today in
  UTC days.

## Evidence

Judgement. That a statement about a sample holds only for the population that it was drawn from is how the bound of
review-error-bound (DP402) is computed.

## Crosswalk

- EU AI Act: Article 10(2)(c)
- EU AI Act: Article 10(3)
- NIST AI 600-1: MP-2.3-002
- NIST AI 600-1: MG-2.2-003
"""

from __future__ import annotations

from functools import lru_cache

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.reviews import unreviewed, unsaid
from pytest_datapolicy.model.rule import SYNTHETIC_ORIGINS, Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

WHAT = "whether its review is current"


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:
    """The review names this version and is young enough."""
    review = component.review
    if review is None:
        return unreviewed(component, WHAT)
    date, of, this = review.date, review.of, component.manifest.reference
    if date is None:
        message = f"the review of component {component.name} gives no date"
        return (Draft(message, "give review.date, the day on which the review was finished", review.at("date")),)
    age, limit = _days(date, context.today), clause.limits["max_age_days"]
    if age < 0:
        message = f"the review is dated {date}, {counted(-age, 'days')} after today ({context.today})"
        return (
            Draft(message, "give the day on which the review was finished", review.at("date"), date, context.today),
        )
    if of is not None and of != this:
        message = f"the review is of {of}, not of this version ({this})"
        return (Draft(message, f"review {this} and give its date", review.at("of"), of, this),)
    if age > limit:
        message = f"the review is {counted(age, 'days')} old, at most {limit:,} allowed"
        return (Draft(message, f"review {this} again", review.at("date"), age, limit),)
    return unsaid(component, ["of"], "whether this version was reviewed") if of is None else ()


@lru_cache(maxsize=1024)
def _days(date: str, today: str) -> int:
    """Days from `date` to `today`, both YYYY-MM-DD."""
    from datetime import date as day

    return (day.fromisoformat(today) - day.fromisoformat(date)).days


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:
    """The version reviewed, and the age of the review."""
    review, this = component.review, component.manifest.reference
    if review is None or review.date is None:
        yield Term("date", "unknown", "review.date is not given", component.at("review", "date"))
        return
    age, future = _days(review.date, context.today), review.date > context.today
    other = not future and review.of is not None and review.of != this
    role = "" if future or other else "observed"
    shown = review.of or "unknown"
    yield Term("reviewed", shown, "review.of", review.at("of"), role="observed" if other else "")
    yield Term("this version", this, role="limit" if other else "")
    yield Term("date", review.date, "", review.at("date"), role="observed" if future else "")
    yield Term("today", context.today, role="limit" if future else "")
    yield Term("age in days", age, "today - date", role=role)
    yield Term("at most", clause.limits["max_age_days"], "max_age_days", role="limit" if role else "")


RULE = Rule(
    id="DP405",
    name="current-review",
    scope="component",
    summary="the review is of this version, and not older than max_age_days",
    check=check,
    explain=explain,
    parameters=(Parameter("max_age_days", "days", "lower", "greatest age of a review that passes", unit="days"),),
    applies={"origin": SYNTHETIC_ORIGINS},
)
