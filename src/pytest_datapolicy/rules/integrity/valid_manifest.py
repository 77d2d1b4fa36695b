"""The manifest satisfies the schema of its version.

## What it demands

Every required field is given, every field is known, and every value has its type and is one of the values allowed.
Component names are unique within their split. Null is no value: leave the field out. Several faults are reported at
once, each at its place, with the nearest known name for a misspelt one.

## Why

A misspelt field is a fact that was not stated. Were it passed over, the guard that it was meant to give would be
missing and nobody would know.

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
      - {name: tickets, orgin: human, records: 12000, labels: {by: expert}}
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

Convention: a closed schema, as `datapolicy schema` prints it.

## Crosswalk

- EU AI Act: Annex IV(2)(d)
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
    id="DP002",
    name="valid-manifest",
    scope="dataset",
    summary="satisfies the schema",
    check=check,
    always_on=True,
    waivable=False,
)
