"""What is a matter of judgment is judged by people.

## What it demands

In data sets whose task is subjective, the human-labelled share of every split, records labelled by expert, crowd or
user / all records, is at least `min_share`. Records without labels and records of an unknown labeller are not
human-labelled. A share exactly at the limit passes. Data sets with an objective task are not judged, and neither are
diagnostic splits unless a clause's `when` names that purpose.

## Why

Tone, humour, offence and "a good answer" have no ground truth but what people say. A model's labels flatten the
people that it speaks for.

## Bad

```yaml
manifest: 1
name: comments
version: "1"
stakes: medium
task: {name: offensiveness, judgment: subjective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: rated-by-people, origin: human, records: 2000, labels: {by: crowd}}
      - {name: rated-by-a-model, origin: human, records: 8000, labels: {by: model, model: {name: m, family: acme}}}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  human-judgment:
    limits:
      - {min_share: 0.5}
```

## Good

```yaml
manifest: 1
name: comments
version: "1"
stakes: medium
task: {name: offensiveness, judgment: subjective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: rated-by-people, origin: human, records: 5000, labels: {by: crowd}}
      - {name: rated-by-a-model, origin: human, records: 5000, labels: {by: model, model: {name: m, family: acme}}}
```

## Parameters

- `min_share` (share of records, higher is tighter): the least human-labelled share that passes.

## Evidence

Evidence for the direction, judgement for any number: Li et al. 2023 (arXiv 2310.07849) find that subjectivity, of the
task and of the instance, lowers the performance of models trained on synthetic data; Wang, Morgenstern and Dickerson
2025 (arXiv 2402.01908) find that language models misportray and flatten identity groups.

## Crosswalk

- EU AI Act: Article 10(2)(d)
- EU AI Act: Article 10(4)
- NIST AI 600-1: MS-1.3-002
- NIST AI 600-1: MP-2.3-002
"""

from __future__ import annotations

from fractions import Fraction

from pytest_datapolicy.model.amounts import ceil_div, counted, percent
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Parameter, Rule, Term
from pytest_datapolicy.model.vocabulary import HUMAN_LABELLERS, PURPOSES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Split
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Human-labelled records against all records of the split."""
    if split.manifest.tree["task"]["judgment"] != "subjective":
        return NOT_APPLICABLE
    minimum: Fraction = clause.limits["min_share"]
    human = total = 0
    for component in split.components:
        tree = component.tree
        records = tree["records"]
        total += records
        labels = tree.get("labels")
        if labels is not None and labels.get("by") in HUMAN_LABELLERS:
            human += records
    if human * minimum.denominator >= minimum.numerator * total and total:
        return ()
    if not total:
        message = f"split {split.name} holds no records, so its human-labelled share cannot be told"
        return (Draft(message, "add records or remove the split", split.pointer, outcome="indeterminate"),)
    share = Fraction(human, total)
    message = f"{percent(share, minimum)} of the records are labelled by people, at least {percent(minimum)} required"
    return (Draft(message, _remedy(human, total, minimum), _largest(split), share, minimum),)


def _largest(split: Split) -> Pointer:
    """The labels of the largest component that people did not label: where a reader starts."""
    others = [component for component in split.components if component.labelled_by not in HUMAN_LABELLERS]
    return max(others, key=lambda component: component.records).at("labels", "by")


def _remedy(human: int, total: int, minimum: Fraction) -> str:
    """The fewest records to label again, or human-labelled ones to add."""
    relabel = ceil_div(minimum * total - human)
    remedy = f"have {counted(relabel, 'records')} labelled by people"
    if minimum < 1:
        add = ceil_div((minimum * total - human) / (1 - minimum))
        remedy += f", or add {counted(add, 'human-labelled records')}"
    return remedy


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The human-labelled records, and all."""
    from pytest_datapolicy.model.terms import at_least, labeller, ratio, records_of

    judgment = split.manifest.judgment
    if judgment != "subjective":
        yield Term("judgment", judgment, "only subjective tasks are asked", ("task", "judgment"))
        return
    human = 0
    for component in split.components:
        counts = component.labelled_by in HUMAN_LABELLERS
        human += component.records if counts else 0
        yield records_of(component, component.name, labeller(component), counts=counts)
    yield Term("labelled by people", human)
    yield Term("all records", split.records)
    if split.records:
        yield ratio(human, split.records, "labelled by people / all records")
    yield at_least(clause.limits["min_share"], "min_share", share=True)


RULE = Rule(
    id="DP302",
    name="human-judgment",
    scope="split",
    summary="subjective tasks: share of human-labelled records >= min_share",
    check=check,
    explain=explain,
    parameters=(Parameter("min_share", "share", "higher", "least human-labelled share that passes"),),
    applies={"purpose": frozenset(PURPOSES) - {"diagnostic"}},
)
