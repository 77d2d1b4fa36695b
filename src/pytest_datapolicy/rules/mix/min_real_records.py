"""A split holds at least so many real records.

## What it demands

In every split that the clause selects, real records >= `min`. Real is human and observed content; a real origin that
descends from a synthetic component does not count. Weights do not count either: drawing a record twice makes no second
one.

## Why

What a data set knows of the world is in its real records. A share alone does not protect them: 30% of little is little,
and the worth of synthetic data depends on how many real examples it stands on.

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
      - {name: tickets, origin: human, records: 900, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 300
        generator: {name: acme-llm, family: acme}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  min-real-records:
    limits:
      - {min: 1000, when: {stakes: high, purpose: training}}
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
      - {name: tickets, origin: human, records: 1000, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 300
        generator: {name: acme-llm, family: acme}
```

## Parameters

- `min` (count of records, higher is tighter): the fewest real records that pass.

## Evidence

Narrow evidence for 125 to 200 records: Ashok and May 2025 (arXiv 2410.13098) find that as few as 125 human points help,
and that 200 more of them are worth an order of magnitude more synthetic ones. Higher numbers for higher stakes are
judgement.

## Crosswalk

- EU AI Act: Article 10(2)(e)
- EU AI Act: Article 10(3)
- NIST AI 600-1: MS-2.11-005
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.rule import Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Split
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Count the real records of the split."""
    minimum: int = clause.limits["min"]
    real = split.real_records
    if real >= minimum:
        return ()
    message = f"{counted(real, 'real records')}, at least {minimum:,} required"
    return (Draft(message, f"add {counted(minimum - real, 'real records')}", split.pointer, real, minimum),)


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:
    """What each component adds."""
    from pytest_datapolicy.model.terms import at_least, nature, records_of

    for component in split.components:
        yield records_of(component, component.name, nature(component, context), counts=component.is_real)
    yield Term("real records", split.real_records, "weights do not count", role="observed")
    yield at_least(clause.limits["min"], "min")


RULE = Rule(
    id="DP102",
    name="min-real-records",
    scope="split",
    summary="real records >= min",
    check=check,
    explain=explain,
    parameters=(Parameter("min", "count", "higher", "fewest real records that pass", unit="records"),),
)
