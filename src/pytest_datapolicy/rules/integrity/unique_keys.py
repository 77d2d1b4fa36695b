"""No key stands twice in one mapping.

## What it demands

The keys of every mapping differ, compared as they read once quotes and escapes are resolved. The finding names both
lines.

## Why

Most readers keep the last of two equal keys and say nothing, some keep the first. Two people, or two tools, then read
two different manifests in one file.

## Bad

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 12000, "records": 120, labels: {by: expert}}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 12000, labels: {by: expert}}
```

## Parameters

None. Always on: no policy lowers it, no waiver covers it. No other rule judges a manifest that it refuses.

## Evidence

Convention: YAML 1.2 demands unique keys; RFC 8259 warns that the behaviour of readers differs.

## Crosswalk

None of its own: it keeps the evidence of the other rules sound.
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Draft


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Nothing: the reader makes these findings, and a manifest that has one is not judged further."""
    return ()


RULE = Rule(
    id="DP003",
    name="unique-keys",
    scope="dataset",
    summary="no key twice in one mapping",
    check=check,
    always_on=True,
    waivable=False,
)
