"""What trains is evaluated somewhere.

## What it demands

A data set with a training split has a split of purpose evaluation that holds records, or names one of another data
set in `evaluated_by`, as `name@version#split`. A validation split does not count: it is used to choose a model, not
to report on it. A reference that cannot be resolved leaves the answer open; one that leads to a split of another
purpose does not pass.

## Why

Synthetic data in training can be judged only by what the model does on reality. Training data without an evaluation
makes every other line of a policy unverifiable.

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
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  has-evaluation: {level: error}
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
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
  test:
    purpose: evaluation
    components:
      - {name: later-tickets, origin: human, records: 600, labels: {by: expert}}
```

## Parameters

None.

## Evidence

Judgement: nothing seen supports skipping an evaluation, for a first version either. Shumailov et al. 2024 (Nature
631:755) show why early aggregate measures do not replace one: tails are lost while averages still look fine.

## Crosswalk

- EU AI Act: Article 10(3)
- NIST AI RMF: MAP 2.3
- NIST AI RMF: MEASURE 2.5
- NIST AI 600-1: MP-2.3-001
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Rule, Term, Undecidable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Lineage

REMEDY = "add a split of purpose evaluation, or name one of another data set in evaluated_by (name@version#split)"


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """A training split, and no evaluation of its own or of another data set."""
    trains = evaluated = False
    for split in manifest.splits:
        purpose = split.tree["purpose"]
        if purpose == "training":
            trains = True
        elif purpose == "evaluation" and split.records:
            evaluated = True
    if not trains:
        return NOT_APPLICABLE
    if evaluated:
        return ()
    references = manifest.evaluated_by
    if not references:
        return (_none(manifest),)
    assert context.lineage is not None
    drafts = []
    for index, reference in enumerate(references):
        draft = _judge(reference, manifest, index, context.lineage)
        if draft is None:
            return ()
        drafts.append(draft)
    return drafts


def _none(manifest: Manifest) -> Draft:
    empty = next((split for split in manifest.splits if split.purpose == "evaluation"), None)
    if empty is not None:
        message = f"the data set trains, and its evaluation split {empty.name} holds no records"
        return Draft(message, f"add records to {empty.name}", empty.pointer, 0, 1)
    training = next(split.name for split in manifest.splits if split.purpose == "training")
    message = f"the data set trains (split {training}) and has no evaluation split, at least 1 required"
    return Draft(message, REMEDY, ("splits",), 0, 1)


def _judge(reference: str, manifest: Manifest, index: int, lineage: Lineage) -> Draft | None:
    """None when the reference leads to an evaluation."""
    at = manifest.at("evaluated_by", index)
    components = lineage.resolve(reference)
    if isinstance(components, Undecidable):
        message = f"{components.reason}, so it cannot be told whether the data set has an evaluation"
        return Draft(message, REMEDY, at, outcome="indeterminate", thing=reference)
    if not components:
        message = f"{reference} is outside the project, so it cannot be told whether it is an evaluation"
        return Draft(message, REMEDY, at, outcome="indeterminate", thing=reference)
    for component in components:
        if component.split.purpose != "evaluation":
            message = (
                f"evaluated_by names {reference}, whose split {component.split.name} has purpose "
                f"{component.split.purpose}, only evaluation counts"
            )
            return Draft(message, REMEDY, at, component.split.purpose, "evaluation", thing=reference)
    if not any(component.records for component in components):
        message = f"evaluated_by names {reference}, which holds no records"
        return Draft(message, "name an evaluation split that holds records", at, 0, 1, thing=reference)
    return None


def explain(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The splits and their purposes, and the evaluations named elsewhere."""
    from pytest_datapolicy.model.amounts import counted

    for split in manifest.splits:
        yield Term(split.name, split.purpose, counted(split.records, "records"), split.at("purpose"))
    if not any(split.purpose == "training" for split in manifest.splits):
        yield Term("training splits", 0, "only a data set that trains is asked")
        return
    own = sum([split.purpose == "evaluation" and bool(split.records) for split in manifest.splits])
    asked = bool(own) or not manifest.evaluated_by
    yield Term("evaluation splits", own, "that hold records", role="observed" if asked else "")
    if asked:
        yield Term("at least", 1, "here, or in another data set that evaluated_by names", role="limit")
        return
    for index, reference in enumerate(manifest.evaluated_by):
        yield from _named_evaluation(reference, manifest.at("evaluated_by", index), context)


def _named_evaluation(reference: str, at: Pointer, context: Context) -> Iterable[Term]:
    found = context.lineage.resolve(reference) if context.lineage is not None else ()
    if isinstance(found, Undecidable):
        yield Term("evaluated_by", "unknown", found.reason, at, thing=reference)
        return
    if not found:
        yield Term("evaluated_by", "external", "outside the project", at, thing=reference)
        return
    purposes = [component.split.purpose for component in found]
    other = next((purpose for purpose in purposes if purpose != "evaluation"), None)
    records = sum([component.records for component in found])
    role = "observed" if other is not None else ""
    yield Term("purpose", other or "evaluation", "of the split that it names", at, role=role, thing=reference)
    yield Term("records", records, "of that split", at, role="" if role else "observed", thing=reference)
    yield Term("needed", "evaluation", "purpose", role="limit" if role else "", thing=reference)
    yield Term("at least", 1, "records", role="" if role else "limit", thing=reference)


RULE = Rule(
    id="DP208",
    name="has-evaluation",
    scope="dataset",
    summary="a data set that trains has an evaluation split, or names one of another data set",
    check=check,
    explain=explain,
    lineage=True,
)
