"""The manifest can be read: it decodes, parses and stays within the input limits.

## What it demands

A manifest is a regular file inside the project root, UTF-8 (one leading byte order mark allowed), one document, and
within the limits: 1 MiB, depth 64, 100,000 nodes with alias expansion counted in, 10,000 keys a mapping, integers of 18
digits. There are no tags, directives, merge keys or control and bidirectional characters, and keys are strings.

## Why

What cannot be read cannot be judged, and a manifest that is skipped passes every rule. The limits make sure that a
reader comes to an end; the characters and constructs left out are those that show a person something else than the
reader sees.

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
      - {name: tickets, origin: human, records: 12000, labels: {by: expert}
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

Convention: YAML 1.2 core schema without what readers disagree on. Duplicate meanings, expansion bombs and deep nesting
make common readers accept, hang or crash.

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
    id="DP001",
    name="readable",
    scope="dataset",
    summary="decodes, parses, within the input limits, is a regular file",
    check=check,
    always_on=True,
    waivable=False,
)
