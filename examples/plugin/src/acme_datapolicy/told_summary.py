"""A data set says in a sentence what it is.

## What it demands

`summary` is given and has at least `min_words` words.

## Why

Whoever finds a data set by its name should learn what it holds without opening the files.

## Bad

```yaml
manifest: 1
name: triage-notes
version: "1"
summary: Triage notes
stakes: medium
task: {name: triage, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: notes, origin: human, records: 6000, labels: {by: expert}}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  told-summary: {limits: [{min_words: 4}]}
```

## Good

```yaml
manifest: 1
name: triage-notes
version: "1"
summary: Triage notes from two wards, with codes.
stakes: medium
task: {name: triage, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: notes, origin: human, records: 6000, labels: {by: expert}}
```

## Parameters

- `min_words` (count, higher is tighter): the fewest words that pass.

## Evidence

Judgement.

## Crosswalk

- EU AI Act: Annex IV(2)(d)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_datapolicy.model.rule import Draft, Parameter, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Count the words of the summary."""
    needed: int = clause.limits["min_words"]
    summary = manifest.tree.get("summary")
    if summary is None:
        return (
            Draft("summary is missing", "say in a sentence what the data set is", manifest.at("summary"), 0, needed),
        )
    words = len(summary.split())
    if words >= needed:
        return ()
    message = f"the summary has {words} words, at least {needed} asked"
    return (Draft(message, f"add {needed - words} more", manifest.at("summary"), words, needed),)


RULE = Rule(
    id="ACME101",
    name="told-summary",
    scope="dataset",
    summary="summary has at least min_words words",
    check=check,
    parameters=(Parameter("min_words", "count", "higher", "fewest words that pass"),),
    since="1.0.0",
)
