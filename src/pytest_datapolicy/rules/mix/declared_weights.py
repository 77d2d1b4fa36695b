"""Every component of a split says its weight, when any does.

## What it demands

In a split in which one component gives `weight`, all of them do. Splits without any weight are not asked: all weigh 1.

## Why

A missing weight reads as 1. Beside declared ones that is more likely forgotten than meant, and the weighted synthetic
share changes with it: a real component drawn twice as often as it is thought to be hides as many synthetic records.

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
      - {name: tickets, origin: human, records: 6000, weight: 3, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 4000
        generator: {name: acme-llm, family: acme}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  declared-weights: {}
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
      - {name: tickets, origin: human, records: 6000, weight: 3, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 4000
        weight: 1
        generator: {name: acme-llm, family: acme}
```

## Parameters

None.

## Evidence

Judgement. Records, tokens and sampling weights give different shares of the same data, and published optima are shares
by weight (He, Xu and Cheng, arXiv 2502.18049; Kang et al. 2025, arXiv 2510.01631).

## Crosswalk

- EU AI Act: Article 10(2)(e)
- NIST AI 600-1: MS-2.11-005
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import named
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Split
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Count the components that give a weight."""
    components = split.components
    given = 0
    for component in components:
        given += "weight" in component.tree
    if not given:
        return NOT_APPLICABLE
    if given == len(components):
        return ()
    silent = sorted([item for item in components if "weight" not in item.tree], key=lambda item: item.name)
    names = named([component.name for component in silent])
    message = (
        f"{given:,} of {len(components):,} components {'gives' if given == 1 else 'give'} a weight, "
        f"{names} {'does' if len(silent) == 1 else 'do'} not"
    )
    remedy = f"give weight for {names}; 1 is what counts now"
    return (Draft(message, remedy, silent[0].pointer, given, len(components)),)


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """Which components give a weight."""
    from fractions import Fraction

    given = [component.tree.get("weight") for component in split.components]
    for component, weight in zip(split.components, given, strict=True):
        shown = "none" if weight is None else Fraction(weight)
        yield Term(component.name, shown, "" if shown != "none" else "counts as 1", component.at("weight"))
    told = len([weight for weight in given if weight is not None])
    if not told:
        yield Term("weights given", 0, "none does, so all weigh 1 and nothing is asked")
        return
    yield Term("weights given", told, role="observed")
    yield Term("at least", len(given), "as many as there are components", role="limit")


RULE = Rule(
    id="DP106",
    name="declared-weights",
    scope="split",
    summary="every component says its weight, when any does",
    check=check,
    explain=explain,
)
