"""Synthetic data is reviewed by people, and by enough of them.

## What it demands

At least `min` different reviewers, all of kind `human`, and none with the name or family of the model that made or
labelled the component. Ids and names are compared without regard to case; an id that is given twice counts once. A
component without a review, or whose review names no reviewers, is indeterminate. Synthetic components are judged,
unless `when` names origins.

## Why

A model that reviews what a model wrote shares its blind spots and likes its own style. One person is better; two see
what one has stopped seeing.

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
      - name: paraphrases
        origin: rewritten
        records: 4000
        generator: {name: acme-llm-7b, family: acme-llm}
        review:
          method: random
          sampled: 149
          accepted: 149
          corrected: 0
          rejected: 0
          reviewers: [{id: r-17, kind: human}, {id: acme-llm-7b, kind: model}]
```

```yaml
policy: 1
name: example
version: "1"
rules:
  human-reviewers:
    limits:
      - {min: 1}
      - {min: 2, when: {stakes: high}}
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
      - name: paraphrases
        origin: rewritten
        records: 4000
        generator: {name: acme-llm-7b, family: acme-llm}
        review:
          method: random
          sampled: 149
          accepted: 149
          corrected: 0
          rejected: 0
          reviewers: [{id: r-17, kind: human}, {id: r-22, kind: human}]
```

## Parameters

- `min` (reviewers, higher is tighter): the fewest different people that pass.

## Evidence

Judgement for the number. Evidence for the direction: Panickssery et al. 2024 (arXiv 2404.13076) find that models prefer
what they recognise as their own; Li et al. (Preference Leakage, arXiv 2502.01534) find the same between models of one
family; Liu et al. 2022 (WANLI, arXiv 2201.05955) build on revision by people.

## Crosswalk

- EU AI Act: Article 10(2)(c)
- EU AI Act: Article 10(3)
- NIST AI 600-1: MP-2.3-002
- NIST AI 600-1: MG-2.2-003
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.reviews import unreviewed, unsaid
from pytest_datapolicy.model.rule import SYNTHETIC_ORIGINS, Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.blocks import Reviewer
    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

WHAT = "who reviewed it"


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Every reviewer is a person, and there are enough of them."""
    review = component.review
    if review is None:
        return unreviewed(component, WHAT)
    reviewers = review.reviewers
    if not reviewers:
        return unsaid(component, ["reviewers"], WHAT)
    minimum: int = clause.limits["min"]
    models = _models(component)
    people: set[str] = set()
    others: dict[str, Reviewer] = {}
    for reviewer in reviewers:
        identity = reviewer.id.casefold()
        if reviewer.kind == "human" and identity not in models:
            people.add(identity)
        else:
            others.setdefault(identity, reviewer)
    people -= others.keys()
    drafts = []
    for identity, reviewer in others.items():
        what = "a model" if reviewer.kind == "human" else f"a {reviewer.kind}"
        whose = f", {models[identity]}" if identity in models else ""
        message = f"reviewer {reviewer.id} is {what}{whose}; every reviewer must be human"
        remedy = f"have a person review in place of {reviewer.id}"
        drafts.append(Draft(message, remedy, reviewer.at("id"), thing=reviewer.id))
    if len(people) < minimum:
        message = f"{counted(len(people), 'different human reviewers')}, at least {minimum:,} required"
        more = minimum - len(people)
        remedy = f"have {more:,} more {'person' if more == 1 else 'people'} review"
        drafts.append(Draft(message, remedy, review.at("reviewers"), len(people), minimum))
    return drafts


def _models(component: Component) -> dict[str, str]:
    """Case-folded names and families of the models behind the component, and what each one did."""
    labels = component.labels
    found: dict[str, str] = {}
    for model, deed in ((component.generator, "the generator"), (labels.model if labels else None, "the labeller")):
        if model is not None:
            for name in filter(None, (model.name, model.family)):
                found.setdefault(name.casefold(), f"{deed} of the component")
    return found


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """Who counts as a person, and who does not."""
    from pytest_datapolicy.model.terms import at_least

    reviewers = component.review.reviewers if component.review is not None else None
    if not reviewers:
        yield Term("reviewers", "unknown", "review.reviewers is not given", component.at("review", "reviewers"))
        return
    models = _models(component)
    others = {item.id.casefold() for item in reviewers if item.kind != "human" or item.id.casefold() in models}
    people: set[str] = set()
    for reviewer in reviewers:
        identity = reviewer.id.casefold()
        note = f"kind {reviewer.kind}"
        if identity in models:
            note += f", {models[identity]}"
        elif identity in people:
            note += ", counted already"
        elif identity in others and reviewer.kind == "human":
            note += ", and named as no person elsewhere"
        counts = identity not in others and identity not in people
        people |= {identity} if counts else set()
        yield Term(reviewer.id, int(counts), note, reviewer.at("id"))
    yield Term("different people", len(people), role="observed")
    yield at_least(clause.limits["min"], "min")


RULE = Rule(
    id="DP403",
    name="human-reviewers",
    scope="component",
    summary=">= min reviewers, all human, none a generator",
    check=check,
    explain=explain,
    parameters=(Parameter("min", "count", "higher", "fewest different people that pass", unit="reviewers"),),
    applies={"origin": SYNTHETIC_ORIGINS},
)
