"""Enough people look at every record.

## What it demands

A human-labelled component says how many annotators labelled each record (`labels.annotators`), and it is at least
`min`. A component that does not say is indeterminate. A clause whose `when` names `labels` judges those labellers
instead.

## Why

One annotator's slip is the label. With three independent ones a slip has to happen twice.

## Bad

```yaml
manifest: 1
name: ward-notes
version: "1"
stakes: high
task: {name: coding, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: notes, origin: human, records: 4000, labels: {by: expert, annotators: 1}}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  min-annotators:
    limits:
      - {min: 3, when: {stakes: high}}
```

## Good

```yaml
manifest: 1
name: ward-notes
version: "1"
stakes: high
task: {name: coding, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: notes, origin: human, records: 4000, labels: {by: expert, annotators: 3}}
```

## Parameters

- `min` (annotators a record, higher is tighter): the fewest annotators that pass.

## Evidence

Computed: of independent annotators who are right in 80% of cases, the majority of one, three, five and seven is right
in 80.0, 89.6, 94.2 and 96.7%. Snow et al. 2008 find that several non-experts agree highly with experts on five tasks.
The number for given stakes is judgement.

## Crosswalk

- EU AI Act: Article 10(2)(c)
- EU AI Act: Annex IV(2)(d)
- NIST AI 600-1: MS-2.8-002
- GMLP: Reference Datasets Based Upon Best Available Methods (2021, principle 5)
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.rule import Draft, Parameter, Rule, Term
from pytest_datapolicy.model.vocabulary import HUMAN_LABELLERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Annotators a record reach the minimum."""
    minimum: int = clause.limits["min"]
    labels = component.tree.get("labels")
    annotators: int | None = None if labels is None else labels.get("annotators")
    if annotators is not None and annotators >= minimum:
        return ()
    at = component.at("labels", "annotators")
    if annotators is None:
        message = (
            f"component {component.name} does not say how many annotators labelled each record (labels.annotators), "
            f"at least {minimum:,} required"
        )
        return (Draft(message, "give labels.annotators", at, outcome="indeterminate"),)
    message = (
        f"component {component.name} has {counted(annotators, 'annotators')} a record, at least {minimum:,} required"
    )
    remedy = f"have {_each(component.records)} labelled by {counted(minimum - annotators, 'more annotators')}"
    return (Draft(message, remedy, at, annotators, minimum),)


def _each(records: int) -> str:
    if records < 2:
        return "its 1 record" if records else "its records"
    return f"each of its {records:,} records"


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The number given."""
    from pytest_datapolicy.model.terms import at_least

    annotators, at = component.labels.annotators if component.labels else None, component.at("labels", "annotators")
    if annotators is None:
        yield Term("annotators", "unknown", "labels.annotators is not given", at)
    else:
        yield Term("annotators", annotators, "a record (labels.annotators)", at, role="observed")
    yield at_least(clause.limits["min"], "min")


RULE = Rule(
    id="DP304",
    name="min-annotators",
    scope="component",
    summary="annotators >= min",
    check=check,
    explain=explain,
    parameters=(Parameter("min", "count", "higher", "fewest annotators a record", unit="annotators"),),
    applies={"labels": HUMAN_LABELLERS},
)
