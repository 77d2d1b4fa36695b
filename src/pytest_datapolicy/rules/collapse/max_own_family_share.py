"""A model is not trained on its own family's output beyond a limit.

## What it demands

In every split, the records made by a generator of a family in `models` are at most `max` of all records. Families are
compared without regard to case. What cannot be told does not pass: a component of unknown origin without a generator,
a generator without a family, a model without a family, a split without records. A split of real content and
simulation passes whatever `models` says. Where it matters and the data set names no `models`, the answer is
indeterminate if the data set has a training or preference split; otherwise nobody trains on it and the split is not
judged.

## Why

What a model wrote last month comes back as what it learns this month. Production logs, distilled answers and rewritten
tickets close that loop without anybody deciding to.

## Bad

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
models: [{name: acme-answers-2, family: acme-llm}]
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 4000, labels: {by: expert}}
      - name: logged-answers
        origin: model
        records: 6000
        generator: {name: acme-llm-7b, family: Acme-LLM}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  max-own-family-share:
    limits:
      - {max: 0.5}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
models: [{name: acme-answers-2, family: acme-llm}]
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
      - name: logged-answers
        origin: model
        records: 6000
        generator: {name: acme-llm-7b, family: Acme-LLM}
```

## Parameters

- `max` (share, lower is tighter): the greatest share of a split's records that the graded families may have made.

## Evidence

Judgement for the number. Evidence for the direction: Alemohammad et al. 2024 (arXiv 2307.01850) find that models that
feed on their own output lose precision or diversity unless enough fresh real data comes in; Bertrand et al. 2024
(arXiv 2310.00429) find the loop stable only with a good first model and enough real data.

## Crosswalk

- EU AI Act: Article 10(2)(f)
- EU AI Act: Article 15(4)
- NIST AI 600-1: MS-2.11-005
- NIST AI 600-1: MG-2.2-002
"""

from __future__ import annotations

from fractions import Fraction

from pytest_datapolicy.model.amounts import ceil_div, counted, percent
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component, Split
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

WHAT = "the share of the models' own family cannot be told"


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """The records of graded families, against all records of the split."""
    total = split.records
    if not total:
        return _unclear(f"split {split.name} holds no records", "add records or remove the split", split.pointer)
    made = [component for component in split.components if component.records and _has_maker(component)]
    if not made:
        return ()
    if split.manifest.models is None:
        return _without_models(split)
    return _judge(split, made, total, clause.limits["max"])


def _has_maker(component: Component) -> bool:
    """Whether a model made the component, or may have made it."""
    return "generator" in component.tree or (component.is_synthetic and component.origin != "simulation")


def _without_models(split: Split) -> Iterable[Draft]:
    for other in split.manifest.splits:
        if other.purpose in ("training", "preference"):
            reason = f"the data set has a {other.purpose} split ({other.name}) and does not say which models it trains"
            return _unclear(f"{reason} (models)", "name models, each with its family", split.manifest.at("models"))
    return NOT_APPLICABLE


def _judge(split: Split, made: list[Component], total: int, maximum: Fraction) -> Iterable[Draft]:
    models = split.manifest.models or ()
    graded = {model.family.casefold() for model in models if model.family is not None}
    own, gap = [], None
    for component in made:
        generator = component.generator
        if generator is not None and generator.family is not None:
            if generator.family.casefold() in graded:
                own.append(component)
        elif gap is None:
            gap = component
    count = sum([component.records for component in own])
    share = Fraction(count, total)
    if share > maximum:
        families = sorted({component.tree["generator"]["family"].casefold() for component in own})
        message = (
            f"{percent(share, maximum)} of the records come from a family that the data set trains or grades "
            f"({', '.join(families)}), at most {percent(maximum)} allowed"
        )
        largest = max(own, key=lambda component: component.records)
        return (Draft(message, _remedy(count, total, maximum), largest.at("generator", "family"), share, maximum),)
    if gap is not None:
        return _gap(gap)
    for model in models:
        if model.family is None:
            return _unclear(f"model {model.name} has no family", "give its family", model.at("family"))
    return ()


def _gap(component: Component) -> Iterable[Draft]:
    generator = component.generator
    if generator is None:
        reason = f"component {component.name} is of origin {component.origin} and names no generator"
        return _unclear(reason, "give generator with its family", component.at("generator"))
    reason = f"the generator of component {component.name} has no family"
    return _unclear(reason, "give its family", generator.at("family"))


def _unclear(reason: str, remedy: str, at: Pointer) -> Iterable[Draft]:
    return (Draft(f"{reason}, so {WHAT}", remedy, at, outcome="indeterminate"),)


def _remedy(count: int, total: int, maximum: Fraction) -> str:
    """The fewest records of other origin to add, and of the family to remove."""
    options = []
    if maximum:
        add = ceil_div(count / maximum - total)
        options.append(f"add {counted(add, 'records')} that no such family made")
    if count < total:
        remove = ceil_div((count - maximum * total) / (1 - maximum))
        options.append(f"remove {counted(remove, 'records')} of the family")
    return ", or ".join(options) or f"replace {counted(count, 'records')} with ones that no such family made"


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """Which components come from a family that the data set trains or grades."""
    from pytest_datapolicy.model.terms import at_most, ratio, records_of

    models = split.manifest.models
    if models is None:
        yield Term("models", "unknown", "the data set names none", split.manifest.at("models"))
    graded = {}
    for model in models or ():
        graded[(model.family or "").casefold()] = model.name
        note = f"family {model.family}" if model.family else "its family is not given"
        yield Term("model", model.name or "", note, model.pointer)
    count = 0
    for component in split.components:
        family = component.generator.family if component.generator is not None else None
        own = family is not None and family.casefold() in graded
        count += component.records if own else 0
        if family is not None:
            note = f"made by family {family}{', as is ' + str(graded[family.casefold()]) if own else ''}"
        elif _has_maker(component):
            note = f"origin {component.origin}, by a family that is not named"
        else:
            note = f"origin {component.origin}: no model made it"
        yield records_of(component, component.name, note, counts=own)
    yield Term("own family", count)
    yield Term("all records", split.records)
    if split.records:
        yield ratio(count, split.records, "own family / all records")
    yield at_most(clause.limits["max"], "max", share=True)


RULE = Rule(
    id="DP505",
    name="max-own-family-share",
    scope="split",
    summary="share of records whose generator family is in `models` <= max",
    check=check,
    explain=explain,
    parameters=(Parameter("max", "share", "lower", "greatest share of records from the graded families"),),
)
