"""A waiver that has ended covers nothing, and its end is announced.

## What it demands

No waiver whose last good day is past is still needed: the finding that it covered either is gone, or is covered by
another waiver. `expires` is the last good day; days are UTC days. The expired waiver covers nothing, so the finding
itself fails again, at its place in the manifest.

While a waiver covers a finding and fewer than 14 days are left, the rule warns. `--strict` does not turn that warning
into a failure: a waiver holds until its last day.

The rule is always on; no policy and no waiver covers it. It is judged only for waivers whose data set was judged in the
same run. An expired waiver that is not needed any more is a matter for DP704.

## Why

A permission without an end is a change of policy that nobody decided. The announcement gives its owner two weeks to
meet the demand or to agree on a new waiver, instead of a build that breaks overnight.

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
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
      - {name: templates, origin: simulation, records: 4000, labels: {by: program}}
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
    granted: 2026-09-01
    expires: 2026-10-31
```

## Good

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

## Parameters

None.

## Evidence

Judgement, the 14 days included: one planning round of most teams.

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
    """Nothing: the findings are made where waivers are matched."""
    return ()


RULE = Rule(
    id="DP702",
    name="live-waiver",
    scope="policy",
    summary="no expired waiver still needed",
    check=check,
    always_on=True,
    waivable=False,
)
