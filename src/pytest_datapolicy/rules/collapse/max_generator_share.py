"""No single family of generators makes most of the synthetic data.

## What it demands

In every split, the synthetic records of each generator family are at most `max` of all its synthetic records.
Families are compared without regard to case. Synthetic records whose generator or family is not named could be of any
family, and count towards each. A split without synthetic components is not judged; one whose synthetic components
hold no records is indeterminate.

## Why

Every generator has its habits. Where one of them writes everything, its habits become the data, and what it never
says is missing everywhere at once.

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
        records: 3000
        generator: {name: acme-llm-7b, family: acme-llm}
      - name: dialogues
        origin: model
        records: 1000
        generator: {name: other-70b, family: other}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  max-generator-share:
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
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 2000
        generator: {name: acme-llm-7b, family: acme-llm}
      - name: dialogues
        origin: model
        records: 2000
        generator: {name: other-70b, family: other}
```

## Parameters

- `max` (share, lower is tighter): the greatest share of the synthetic records of a split that one family may make.

## Evidence

Judgement for the number. Evidence for the direction: Guo et al. (arXiv 2311.09807) and Briesch et al. (arXiv
2311.16822) find that the diversity of generated text falls with its share; Wang, Morgenstern and Dickerson 2025
(arXiv 2402.01908) find that models flatten groups of people, each in its own way.

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
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

UNNAMED = ""
"""Stands for the family of records that name none."""


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Each family's records together with those of no named family, against all synthetic ones."""
    maximum: Fraction = clause.limits["max"]
    families: dict[str, list[Component]] = {}
    for component in split.components:
        if component.is_synthetic:
            families.setdefault(_family(component).casefold(), []).append(component)
    if not families:
        return NOT_APPLICABLE
    counts = {family: sum([component.records for component in made]) for family, made in families.items()}
    total = sum(counts.values())
    if not total:
        message = (
            f"the synthetic components of split {split.name} hold no records, so the share of a family cannot be told"
        )
        at = next(iter(families.values()))[0].at("records")
        return (Draft(message, "add records or remove the components", at, outcome="indeterminate"),)
    unnamed = counts.pop(UNNAMED, 0)
    return [
        _draft(families[family], count, unnamed, total, maximum)
        for family, count in (counts or {UNNAMED: 0}).items()
        if (count + unnamed) * maximum.denominator > maximum.numerator * total
    ]


def _family(component: Component) -> str:
    generator = component.generator
    return (generator.family if generator is not None else None) or UNNAMED


def _draft(made: list[Component], count: int, unnamed: int, total: int, maximum: Fraction) -> Draft:
    """`made` are the components of one family with `count` records, or those that name no family."""
    family = _family(made[0])
    share = Fraction(count + unnamed, total)
    largest = max(made, key=lambda component: component.records)
    who = f"family {family} makes" if family else "one family, not named, may make"
    if family and unnamed:
        who = f"family {family}, with {counted(unnamed, 'records')} of no named family, may make"
    message = f"{who} {percent(share, maximum)} of the synthetic records, at most {percent(maximum)} allowed"
    at = largest.at("generator", "family") if family else largest.at("generator")
    remedy = _remedy(count, unnamed, total, maximum)
    return Draft(message, remedy, at, share, maximum, thing=family.casefold())


def _remedy(count: int, unnamed: int, total: int, maximum: Fraction) -> str:
    """The fewest synthetic records of the family to remove, and of others to add."""
    options = []
    if unnamed and count <= maximum * total:
        options.append(f"name the family of the {counted(unnamed, 'records')} that name none, if it is another")
    if maximum:
        add = ceil_div((count + unnamed) / maximum - total)
        options.append(f"add {counted(add, 'synthetic records')} of other named families")
        if count + unnamed < total:
            remove = ceil_div((count + unnamed - maximum * total) / (1 - maximum))
            options.append(f"remove {counted(remove, 'records')} of them")
    return ", or ".join(options) or "replace them with real records"


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:
    """The records of each family, with those that could be of any."""
    from pytest_datapolicy.model.terms import at_most, nature

    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for component in split.components:
        if component.is_synthetic:
            family = _family(component)
            names.setdefault(family.casefold(), family)
            counts[family.casefold()] = counts.get(family.casefold(), 0) + component.records
            whose = f"family {family}" if family else "no family named, so it counts towards every one"
            yield Term(component.name, component.records, whose, component.at("generator", "family"))
        else:
            yield Term(component.name, 0, f"{nature(component, context)}: not counted", component.at("origin"))
    total = sum(counts.values())
    yield Term("synthetic records", total)
    unnamed = counts.pop(UNNAMED, 0)
    for key, count in (counts or {UNNAMED: 0}).items() if total else ():
        own = f"{count:,} of family {names[key]}" if key else "of one family that is not named"
        note = f"{own} + {unnamed:,} of no named family" if key and unnamed else own
        yield Term("together", count + unnamed, note, thing=key)
        share = Fraction(count + unnamed, total)
        yield Term("share", share, "together / synthetic records", role="observed", thing=key, share=True)
        yield at_most(clause.limits["max"], "max", share=True, thing=key)


RULE = Rule(
    id="DP503",
    name="max-generator-share",
    scope="split",
    summary="no generator family makes more than max of the synthetic records",
    check=check,
    explain=explain,
    parameters=(Parameter("max", "share", "lower", "greatest share of the synthetic records that one family makes"),),
)
