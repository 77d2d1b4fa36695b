"""No claim of a component contradicts another one.

## What it demands

- Content of a real origin (human, observed) has no `generator`.
- Labels of people (expert, crowd, user) have no labelling `model`.
- Content of a real origin does not descend from a synthetic component, through any number of steps.
- What a host file states and what its manifest adds do not differ, unless `corrects` gives the reason.

## Why

A contradiction is either an error or a way to pass: generated text filed as human moves every share and every count.
Whichever claim is wrong, no other rule can be trusted on this component.

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
      - name: tickets
        origin: human
        records: 12000
        generator: {name: acme-llm-7b, family: acme-llm}
        labels: {by: expert}
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
      - name: tickets
        origin: rewritten
        records: 12000
        generator: {name: acme-llm-7b, family: acme-llm}
        labels: {by: expert}
```

## Parameters

None. Always on: no policy lowers it, no waiver covers it.

## Evidence

Computed from the manifest itself. That descent counts more than the label follows from the meaning of the origins: a
model that cleaned, translated or paraphrased a text is part of how it reads.

## Crosswalk

- EU AI Act: Article 10(2)(b)
- EU AI Act: Annex IV(2)(d)
- NIST AI RMF: MAP 2.3
- NIST AI 600-1: MS-2.5-005
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import Draft, Rule, Term
from pytest_datapolicy.model.vocabulary import HUMAN_LABELLERS, REAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Look for contradictions within one component; the engine has marked laundered ones as tainted."""
    tree = component.tree
    labels = tree.get("labels")
    if not (
        ("generator" in tree and tree["origin"] in REAL)
        or (labels is not None and "model" in labels and labels.get("by") in HUMAN_LABELLERS)
        or component.tainted
    ):
        return ()
    return tuple(_contradictions(component))


def _contradictions(component: Component) -> Iterable[Draft]:
    origin, labels = component.origin, component.labels
    declared = (("", component.at("origin"), f"declared {origin}"),)
    generator = component.generator
    if generator is not None and origin in REAL:
        yield Draft(
            f"origin is {origin}, but a generator is named ({generator.name})",
            "set origin to model or rewritten, or remove generator",
            component.at("generator"),
            thing="generator",
            related=declared,
        )
    if labels is not None and labels.by in HUMAN_LABELLERS and labels.model is not None:
        yield Draft(
            f"labels are by {labels.by}, but a labelling model is named ({labels.model.name})",
            "set labels.by to model, or remove labels.model",
            labels.at("model"),
            thing="labels.model",
            related=(("", labels.at("by"), f"declared {labels.by}"),),
        )
    if component.tainted:
        parents = component.derived_from or ()
        parent = f"{parents[0]} is" if len(parents) == 1 else "derived_from names data that is"
        yield Draft(
            f"origin is {origin}, but {parent} synthetic or descends from synthetic data",
            "set origin to rewritten or model, or correct derived_from",
            component.at("derived_from"),
            thing="derived_from",
            related=declared,
        )


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The claims that must not contradict each other."""
    generator, labels = component.generator, component.labels
    yield Term("origin", component.origin, "", component.at("origin"))
    if generator is not None:
        yield Term("generator", generator.name or "", "fits no real origin", generator.pointer)
    yield Term("labels.by", component.labelled_by, "", component.at("labels", "by"))
    if labels is not None and labels.model is not None:
        yield Term("labels.model", labels.model.name or "", "fits no human labels", labels.model.pointer)
    for index, reference in enumerate(component.derived_from or ()):
        note = "fits no real origin where it is synthetic or descends from what is"
        yield Term("derived_from", reference, note, component.at("derived_from", index))


RULE = Rule(
    id="DP007",
    name="consistent-claims",
    scope="component",
    summary="no real origin with a generator, no human labels with a labelling model, host format and block agree",
    check=check,
    explain=explain,
    always_on=True,
    waivable=False,
)
