"""Evaluation labels come from people.

## What it demands

Every component of an evaluation or validation split is labelled by someone in `allow`. Missing labels read as
`unknown`, which is not human; `none` says that there is nothing to measure against and does not pass either. A clause
whose `when` names another purpose judges that purpose instead; diagnostic splits are never judged.

## Why

The labels of an evaluation are the ground truth that every score is measured against. Labels that a model made
measure agreement with that model, errors included.

## Bad

```yaml
manifest: 1
name: ward-notes
version: "1"
stakes: medium
task: {name: coding, judgment: objective}
novelty: established
splits:
  test:
    purpose: evaluation
    components:
      - name: notes
        origin: human
        records: 800
        labels: {by: model, model: {name: coder-2, family: coder}}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  human-labelled-evaluation: {level: error}
```

## Good

```yaml
manifest: 1
name: ward-notes
version: "1"
stakes: medium
task: {name: coding, judgment: objective}
novelty: established
splits:
  test:
    purpose: evaluation
    components:
      - {name: notes, origin: human, records: 800, labels: {by: expert}}
```

## Parameters

- `allow` (set of labellers, fewer is tighter; default expert, crowd, user): labellers that pass.

## Evidence

Judgement, with evidence for the direction: Xu et al. 2025 (arXiv 2509.26600) find self-bias from test data and from
the evaluator, additive. Northcutt et al. 2021 (arXiv 2103.14749) find 3.3% label errors on average in ten test sets
made by people, and that few points more of them change the ranking of models: human labels still need review.

## Crosswalk

- EU AI Act: Article 10(2)(c)
- EU AI Act: Article 10(3)
- NIST AI RMF: MEASURE 2.5
- NIST AI 600-1: MP-2.3-001
- GMLP: Reference Datasets Based Upon Best Available Methods (2021, principle 5)
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.phrases import either
from pytest_datapolicy.model.rule import EVALUATION, Draft, Parameter, Rule, Term
from pytest_datapolicy.model.vocabulary import LABELLERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """The labeller is allowed."""
    allow: tuple[str, ...] = clause.limits["allow"]
    labeller = component.labelled_by
    if labeller in allow:
        return ()
    allowed = either(allow)
    if labeller == "unknown":
        found = f"component {component.name} does not say who labelled it (labels.by), which counts as not human"
    elif labeller == "none":
        found = f"component {component.name} has no labels"
    else:
        found = f"component {component.name} is labelled by {labeller}"
    remedy = "remove the component, which holds no records"
    if component.records:
        remedy = f"have its {counted(component.records, 'records')} labelled by {allowed}"
        if labeller == "unknown":
            remedy = f"give labels.by, or {remedy}"
    at = component.at("labels", "by")
    return (Draft(f"{found}, only {allowed} is allowed", remedy, at, labeller, ", ".join(allow)),)


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """Who labelled, and who may."""
    note = "" if "by" in component.tree.get("labels", ()) else "labels.by is missing, which counts as not human"
    yield Term("labels.by", component.labelled_by, note, component.at("labels", "by"), role="observed")
    yield Term("allowed", ", ".join(clause.limits["allow"]), "allow", role="limit")


RULE = Rule(
    id="DP202",
    name="human-labelled-evaluation",
    scope="component",
    summary="labeller in allow",
    check=check,
    explain=explain,
    parameters=(
        Parameter(
            "allow", "choices", "fewer", "labellers that pass", default=("expert", "crowd", "user"), choices=LABELLERS
        ),
    ),
    applies={"purpose": EVALUATION},
    never={"purpose": frozenset({"diagnostic"})},
)
