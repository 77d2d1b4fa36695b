"""A waiver names what it covers, who asked for it, who allowed it, and until when; otherwise it covers nothing.

## What it demands

Every entry of every waiver file that a policy names

- names a rule that exists and can be waived: not one that is always on (DP005 excepted), not one about the project, a
  policy or a waiver, and not one that a policy holds with `waivable: false`;
- names a subject that is there: a `dataset` as name@version and, if given, a `split` and a `component` of it; whole,
  without wildcards;
- gives `reason`, `owner`, `approved_by`, `granted` and `expires`, and no field that does not exist;
- is not approved by its owner, and is approved by one of the `approvers` of the policy, compared whole. Where several
  policies list approvers, by one whom all of them list;
- ends on or after the day it is granted, and at most `max_days` of the policy later; the shortest of several counts;
- with `allow`, names parameters of the rule, each with a limit looser than that of the clause which the finding misses.

An entry with a fault covers nothing. The finding points at the entry's line. A waiver file that cannot be read, or that
is no waiver file as a whole, ends the run with exit 2.

The rule is always on; no policy and no waiver covers it.

## Why

A waiver is worth what stands behind it. One that nobody else approved, that has no end, or that covers more than anyone
looked at is a hole in the gate; one for a data set that is gone will be taken for its successor.

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
    split: training
    reason: the tickets of September are still being cleared
    owner: intents@example.org
    approved_by: intents@example.org
    granted: 2026-10-01
    expires: 2027-10-01
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
    allow: {max: 0.45}
```

## Parameters

None. `waivers` of a policy sets `files`, `max_days` and `approvers`.

## Evidence

Judgement. Separation of duties (NIST SP 800-53, AC-5) asks that nobody allows what they ask for. Whether the person
named approved it indeed is for the protection of the file to say: code owners, or waivers read from the base revision.

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
    """Nothing: the findings are made where waivers are read and matched."""
    return ()


RULE = Rule(
    id="DP703",
    name="valid-waiver",
    scope="policy",
    summary="rule and subject exist, reason, owner, approver not the owner and on the list, length <= max_days",
    check=check,
    always_on=True,
    waivable=False,
)
