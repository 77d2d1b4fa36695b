"""Evaluation content comes from people or from the world.

## What it demands

Every component of an evaluation or validation split has an origin in `allow`. A component whose declared real origin
descends from synthetic content counts as synthetic and does not pass, whatever it declares. Review never changes an
origin. A clause whose `when` names another purpose judges that purpose instead; diagnostic splits are never judged.

## Why

A model is measured against reality or not at all. Items that a model wrote favour the models that write like it, and
the score says how well a system agrees with a generator.

## Bad

```yaml
manifest: 1
name: ward-questions
version: "1"
stakes: medium
task: {name: answering, judgment: objective}
novelty: established
splits:
  test:
    purpose: evaluation
    components:
      - {name: asked-by-nurses, origin: human, records: 500, labels: {by: expert}}
      - name: asked-by-a-model
        origin: model
        records: 300
        generator: {name: acme-llm-7b, family: acme-llm}
        labels: {by: expert}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  human-only-evaluation: {level: error}
```

## Good

```yaml
manifest: 1
name: ward-questions
version: "1"
stakes: medium
task: {name: answering, judgment: objective}
novelty: established
splits:
  test:
    purpose: evaluation
    components:
      - {name: asked-by-nurses, origin: human, records: 500, labels: {by: expert}}
  stress:
    purpose: diagnostic
    components:
      - name: asked-by-a-model
        origin: model
        records: 300
        generator: {name: acme-llm-7b, family: acme-llm}
        labels: {by: expert}
```

## Parameters

- `allow` (set of origins, fewer is tighter; default human, observed): origins that pass.

## Evidence

Judgement, with evidence for the direction: Xu et al. 2025 (arXiv 2509.26600) find that self-made test data is biased
towards its maker, enough to make each model rank itself first; Yuan et al. 2025 (Silencer, arXiv 2505.20738) confirm
it on seven models. Maheshwari et al. 2024 (arXiv 2409.11968) dissent for simple tasks: synthetic benchmarks of
intents track real ones, those of named entities do not. Such suites may stay, as diagnostic splits that gate nothing.

## Crosswalk

- EU AI Act: Article 10(3)
- NIST AI RMF: MAP 2.3
- NIST AI RMF: MEASURE 2.5
- NIST AI 600-1: MP-2.3-001
- GMLP: Reference Datasets Based Upon Best Available Methods (2021, principle 5)
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.phrases import either
from pytest_datapolicy.model.rule import EVALUATION, Draft, Parameter, Rule, Term
from pytest_datapolicy.model.vocabulary import ORIGINS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """The content's origin is allowed, and so is what it descends from."""
    allow: tuple[str, ...] = clause.limits["allow"]
    origin = component.tree["origin"]
    if origin in allow and not component.tainted:
        return ()
    allowed = either(allow)
    if component.tainted:
        found = f"content of component {component.name} is declared {origin} and descends from synthetic content"
        at = component.at("derived_from") if "derived_from" in component.tree else component.at("origin")
    else:
        found = f"content of component {component.name} is of origin {origin}"
        at = component.at("origin")
    return (Draft(f"{found}, only {allowed} is allowed", _remedy(component, allowed), at, origin, ", ".join(allow)),)


def _remedy(component: Component, allowed: str) -> str:
    if not component.records:
        return "remove the component, which holds no records"
    remedy = f"replace its {counted(component.records, 'records')} with {allowed} content"
    if component.split.purpose in EVALUATION:
        remedy += ", or move the component to a split of purpose diagnostic"
    return f"name its origin, or {remedy}" if component.origin == "unknown" else remedy


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:
    """The origin, and which are allowed."""
    from pytest_datapolicy.model.terms import nature

    yield Term("origin", component.origin, nature(component, context), component.at("origin"), role="observed")
    yield Term("allowed", ", ".join(clause.limits["allow"]), "allow", role="limit")


RULE = Rule(
    id="DP201",
    name="human-only-evaluation",
    scope="component",
    summary="content origin in allow",
    check=check,
    explain=explain,
    parameters=(
        Parameter("allow", "choices", "fewer", "origins that pass", default=("human", "observed"), choices=ORIGINS),
    ),
    applies={"purpose": EVALUATION},
    never={"purpose": frozenset({"diagnostic"})},
)
