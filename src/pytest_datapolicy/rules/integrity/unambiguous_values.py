r"""Every value reads the same in YAML 1.1 and YAML 1.2.

## What it demands

No plain scalar that the two versions read differently: `no`, `on`, `y`, `012`, `0o7`, `1_000`, `1:30`, `~`,
dates outside date fields; no NaN and no infinity. Numbers are written `-?(0|[1-9][0-9]*)(\.[0-9]+)?`, in JSON too. The
finding says what to write instead: usually quotes, or the plain number.

## Why

`12_000` is twelve thousand to one reader and a text to another. A limit compared with NaN holds for ever. Neither is
guessed.

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
      - {name: tickets, origin: human, records: 12_000, labels: {by: expert}}
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

Convention: the YAML 1.1 and 1.2 specifications themselves.

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
    id="DP004",
    name="unambiguous-values",
    scope="dataset",
    summary="no scalar that YAML 1.1 and 1.2 read differently; no NaN or infinity",
    check=check,
    always_on=True,
    waivable=False,
)
