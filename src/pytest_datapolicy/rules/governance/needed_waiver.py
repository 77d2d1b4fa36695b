"""A waiver or an entry of a baseline that covers nothing is taken out.

## What it demands

Every waiver from the day it is granted, and every entry of the baseline in use, covers a finding of this run. What
covers nothing is told: a waiver whose finding is gone, a waiver with `allow` whose finding has gone beyond it, an entry
of a baseline whose finding is gone, is better than any finding left, or has become worse than recorded.

Only what this run can tell counts: nothing is said where the data set was not asked for or cannot be read, or where
`--select` or `--ignore` left the rule out. A waiver that is not granted yet is left alone. Of two waivers for one
finding the one that lasts longer covers it, and the other is not told while it is live; but one that another waiver of
the same subject makes needless on every day that it lives, a copy for example, is.

The rule runs without being named in a policy, as a warning; a policy may raise its level.

## Why

What is not needed any more waits for a new finding to cover. Taking it out keeps the list of exceptions as short as the
truth, and every later finding a new one.

## Bad

```yaml
policy: 1
name: example
version: "1"
waivers: {files: [waivers.yaml], max_days: 90, approvers: [governance@example.org]}
rules:
  max-synthetic-ratio:
    limits:
      - {max: 0.30, when: {purpose: training}}
```

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: high
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 7000, labels: {by: expert}}
      - {name: templates, origin: simulation, records: 3000, labels: {by: program}}
```

```yaml
waivers: 1
entries:
  - rule: max-synthetic-ratio
    dataset: support-intents@1
    split: train
    reason: the tickets of September are still being cleared
    owner: intents@example.org
    approved_by: governance@example.org
    granted: 2026-10-01
    expires: 2026-12-15
```

## Good

```yaml
waivers: 1
entries: []
```

## Parameters

None.

## Evidence

Convention: linters that report suppressions without effect (ruff's unused-noqa, mypy's unused-ignore) keep their number
honest.

## Crosswalk

None of its own: it keeps the demands of the other rules in force.
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Draft


def check(subject: object, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Nothing: the findings are made where waivers and baselines are matched."""
    return ()


RULE = Rule(
    id="DP704",
    name="needed-waiver",
    scope="policy",
    summary="every waiver and baseline entry still covers a finding",
    check=check,
    waivable=False,
    level="warning",
    without_policy=True,
)
