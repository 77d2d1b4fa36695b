"""The share of records whose origin is unknown stays at or below a limit.

## What it demands

In every split that the clause selects, records of origin `unknown` / all records <= `max`. A share exactly at the limit
passes. A split without records cannot be decided, and that fails.

## Why

Unknown counts as synthetic in every rule, so that not knowing is never an advantage. It is still worse than knowing: a
generator without a name has no family, no depth and no licence, and text taken from the open web is partly a model's.

## Bad

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
      - {name: tickets, origin: human, records: 9000, labels: {by: expert}}
      - {name: forum, origin: unknown, records: 1000}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  known-origin:
    limits:
      - {max: 0.01, when: {stakes: high}}
```

## Good

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
      - {name: tickets, origin: human, records: 9900, labels: {by: expert}}
      - {name: forum, origin: unknown, records: 100}
```

## Parameters

- `max` (share of records, lower is tighter): the greatest share of unknown origin that passes.

## Evidence

Judgement. That output comes back as input is the concern of Article 10(2)(f) of the EU AI Act; no source gives a share.

## Crosswalk

- EU AI Act: Article 10(2)(b)
- EU AI Act: Article 10(2)(f)
- NIST AI RMF: MAP 2.3
- NIST AI 600-1: MS-2.5-005
- NIST AI 600-1: MG-2.2-002
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import ceil_div, counted, percent
from pytest_datapolicy.model.rule import Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from pytest_datapolicy.model.manifest import Split
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Compare in whole numbers."""
    maximum: Fraction = clause.limits["max"]
    unknown = total = 0
    for component in split.components:
        tree = component.tree
        total += tree["records"]
        if tree["origin"] == "unknown":
            unknown += tree["records"]
    if total and (not unknown or unknown * maximum.denominator <= maximum.numerator * total):
        return ()
    if not total:
        message = f"split {split.name} holds no records, so its share of unknown origin cannot be told"
        return (Draft(message, "add records, or remove the split", split.pointer, outcome="indeterminate"),)
    return (_failed(split, unknown, total, maximum),)


def _failed(split: Split, unknown: int, total: int, maximum: Fraction) -> Draft:
    from fractions import Fraction

    share = Fraction(unknown, total)
    message = f"{percent(share, maximum)} of the records have unknown origin, at most {percent(maximum)} allowed"
    remedy = f"state the origin of {counted(ceil_div(unknown - maximum * total), 'records')}"
    if maximum:
        remedy += f", or add {counted(ceil_div(unknown / maximum - total), 'records')} of known origin"
    largest = min(
        (component for component in split.components if component.origin == "unknown"),
        key=lambda component: (-component.records, component.name),
    )
    return Draft(message, remedy, largest.at("origin"), share, maximum)


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The records of unknown origin, and all."""
    from pytest_datapolicy.model.terms import at_most, ratio

    unknown = 0
    for component in split.components:
        counts = component.origin == "unknown"
        unknown += component.records if counts else 0
        note = "of unknown origin" if counts else f"known: origin {component.origin}"
        yield Term(component.name, component.records, note, component.at("origin"))
    yield Term("unknown origin", unknown)
    yield Term("all records", split.records)
    if split.records:
        yield ratio(unknown, split.records, "unknown origin / all records")
    yield at_most(clause.limits["max"], "max", share=True)


RULE = Rule(
    id="DP103",
    name="known-origin",
    scope="split",
    summary="share of unknown origin <= max",
    check=check,
    explain=explain,
    parameters=(Parameter("max", "share", "lower", "greatest share of unknown origin that passes"),),
)
