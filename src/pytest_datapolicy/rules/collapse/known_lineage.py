"""Model-made data says what it goes back to.

## What it demands

Every component of origin model, rewritten or unknown names `derived_from` or `generator.trained_on`. Simulation is not
judged, for a simulator was trained on nothing; real content is not judged either.

## Why

Generation depth, independence of evaluations and the real core are all read from lineage. A generated component that
names nothing counts as one generation from real data, and nobody knows whether it is.

## Bad

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 2000
        generator: {name: acme-llm-7b, family: acme-llm}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  known-lineage: {level: error}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 2000
        derived_from: [support-intents@1#train/tickets]
        generator: {name: acme-llm-7b, family: acme-llm}
```

## Parameters

None.

## Evidence

Judgement: no limit on depth (DP501) means anything where lineage may be left out. Veselovsky et al. (arXiv 2305.15041)
find that grounding generation in real examples is what makes its output most like real data.

## Crosswalk

- EU AI Act: Article 10(2)(b)
- EU AI Act: Article 10(2)(f)
- EU AI Act: Annex IV(2)(d)
- NIST AI 600-1: MS-2.5-005
- NIST AI 600-1: MG-2.2-002
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import NOT_APPLICABLE, SYNTHETIC_ORIGINS, Draft, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Content or generator names at least one ancestor."""
    generator = component.generator
    if component.derived_from or (generator is not None and generator.trained_on):
        return ()
    if component.is_real or component.origin == "simulation":
        return NOT_APPLICABLE
    message = (
        f"component {component.name} is of origin {component.origin} "
        "and names neither derived_from nor generator.trained_on"
    )
    remedy = (
        "name in derived_from what its content was made from, or in generator.trained_on what its generator learned"
    )
    return (Draft(message, remedy, component.at("origin")),)


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """What the component names."""
    from pytest_datapolicy.model.terms import nature

    generator = component.generator
    yield Term("origin", component.origin, nature(component, context), component.at("origin"))
    trained_on = (generator.trained_on if generator is not None else None) or ()
    yield Term("derived_from", len(component.derived_from or ()), "references", component.at("derived_from"))
    yield Term("trained_on", len(trained_on), "references of its generator", component.at("generator", "trained_on"))
    yield Term("needed", 1, "at least, in one of the two")


RULE = Rule(
    id="DP504",
    name="known-lineage",
    scope="component",
    summary="every model-made component names derived_from or trained_on",
    check=check,
    explain=explain,
    applies={"origin": SYNTHETIC_ORIGINS - {"simulation"}},
    never={"origin": frozenset({"human", "observed", "simulation"})},
)
