"""A policy that extends another adds demands to it and removes none.

## What it demands

Where a policy extends others, directly or through them, nothing in it tries to loosen what they say:

- no `level` of a rule below the parent's, `disabled` among them;
- no `waivable: true` where the parent says false;
- no looser limit than the parent's for the same `when`, compared as sets of values; a looser limit for fewer data sets
  is only redundant;
- no lower floor of a domain, no longer `max_days` of waivers, no further `approvers`;
- no `replace: true`, but for a rule of a pack that this policy itself names in `extends`, or for one that its policy
  calls `replaceable: true`.

What tries to loosen has no effect: the parent's demand holds as if the line were not there, and the finding points at
the line and at the parent's. The rule is always on; no policy and no waiver covers it.

## Why

Whoever can change a policy next to the data could otherwise pass any data. Since clauses only add up, a reader of the
parent knows what holds in every repository below it.

## Bad

```yaml
policy: 1
name: team
version: "1"
extends: [builtin:baseline]
domains: {medical: {stakes: medium}}
rules:
  known-origin:
    level: warning
  max-generation:
    limits:
      - {max: 3}
```

## Good

```yaml
policy: 1
name: team
version: "1"
extends: [builtin:baseline]
domains: {medical: {stakes: critical}}
rules:
  known-origin:
    waivable: false
    limits:
      - {max: 0, when: {purpose: evaluation}}
  max-generation:
    replace: true
    limits:
      - {max: 3, because: "research group, 2026-04"}
```

## Parameters

None.

## Evidence

Judgement. The same reading is used where organisations set rules for repositories: of several that apply, the most
restrictive holds.

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
    """Nothing: the findings are made where policies are merged."""
    return ()


RULE = Rule(
    id="DP701",
    name="tighter-only",
    scope="policy",
    summary="no clause tries to loosen a parent's",
    check=check,
    always_on=True,
    waivable=False,
)
