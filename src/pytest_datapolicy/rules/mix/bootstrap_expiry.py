"""A bootstrap ends soon, and has not ended.

## What it demands

A data set in stage bootstrap ends it at most `max_days` after today, and `bootstrap_until`, its last good day, is not
past. The second half holds without any policy. Data sets in other stages are not asked.

## Why

A first version may have to be made before there is anything real to collect. That is a permission for a time: one that
is prolonged without a word, or forgotten, becomes the way things are.

## Bad

```yaml
manifest: 1
name: support-intents
version: "0"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
stage: bootstrap
bootstrap_until: 2020-01-31
splits:
  train:
    purpose: training
    components:
      - name: invented
        origin: model
        records: 2000
        generator: {name: acme-llm, family: acme}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "0"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
stage: development
splits:
  train:
    purpose: training
    components:
      - name: invented
        origin: model
        records: 2000
        generator: {name: acme-llm, family: acme}
```

## Parameters

- `max_days` (days, lower is tighter): the most days from today to the last day of the bootstrap. Without a policy that
  names it, only the end itself is asked.

## Evidence

Judgement. Self-training from a few examples works; no source says for how long it may go without real ones.

## Crosswalk

- EU AI Act: Article 10(2)(h)
- NIST AI RMF: MAP 2.3
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:
    """Compare days as text; count them only where a limit is given."""
    if manifest.tree.get("stage") != "bootstrap":
        return NOT_APPLICABLE
    until = manifest.bootstrap_until
    if until is None:
        message = "stage is bootstrap, but bootstrap_until is missing, so its end cannot be told"
        return (Draft(message, "give bootstrap_until", manifest.at("bootstrap_until"), outcome="indeterminate"),)
    limit: int | None = clause.limits["max_days"]
    if until >= context.today and limit is None:
        return ()
    return _compare(manifest, until, context.today, limit)


def _compare(manifest: Manifest, until: str, today: str, limit: int | None) -> Iterable[Draft]:
    from datetime import date, timedelta

    start = date.fromisoformat(today)
    days = (date.fromisoformat(until) - start).days
    place = manifest.at("bootstrap_until")
    if days < 0:
        message = f"bootstrap ended on {until}, {counted(-days, 'days')} ago"
        return (Draft(message, "set stage to development or production", place, today, until),)
    if limit is None or days <= limit:
        return ()
    message = f"bootstrap ends in {counted(days, 'days')}, at most {limit:,} allowed"
    latest = (start + timedelta(limit)).isoformat()
    return (Draft(message, f"set bootstrap_until to {latest} or earlier", place, days, limit),)


def explain(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Term]:
    """Days between today and the end."""
    from datetime import date

    stage, until = manifest.stage, manifest.bootstrap_until
    yield Term("stage", stage, "" if stage == "bootstrap" else "only bootstrap is asked", manifest.at("stage"))
    if stage != "bootstrap":
        return
    if until is None:
        yield Term("bootstrap_until", "unknown", "not given", manifest.at("bootstrap_until"))
        return
    days = (date.fromisoformat(until) - date.fromisoformat(context.today)).days
    ended, limit = days < 0, clause.limits["max_days"]
    yield Term("today", context.today, role="observed" if ended else "")
    yield Term(
        "bootstrap_until", until, "the last good day", manifest.at("bootstrap_until"), role="limit" if ended else ""
    )
    if not ended:
        yield Term("days left", days, "bootstrap_until - today", role="observed")
        if limit is not None:
            yield Term("at most", limit, "max_days", role="limit")


RULE = Rule(
    id="DP105",
    name="bootstrap-expiry",
    scope="dataset",
    summary="stage bootstrap ends in at most max_days, and has not ended",
    check=check,
    explain=explain,
    parameters=(
        Parameter("max_days", "days", "lower", "most days from today to the end of the bootstrap", unit="days"),
    ),
    without_policy=True,
)
