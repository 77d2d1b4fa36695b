"""The synthetic share of a split stays at or below a limit.

## What it demands

In every split that the clause selects, synthetic amount / total amount <= `max`. A component's amount is its count
(`measure`: records, tokens or bytes) times its `weight`, exact. Synthetic is model, simulation, rewritten and unknown;
a real origin that descends from a synthetic component counts as synthetic too. A share exactly at the limit passes.
Review changes nothing: reviewed synthetic data stays synthetic. A component that lacks the measure, and a split that
holds nothing, cannot be decided, and that fails.

## Why

Synthetic data multiplies what is already there and thins out what is rare. Past some share a model learns its
generator rather than the world, and aggregate metrics show it late.

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
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 4000
        generator: {name: acme-llm, family: acme}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  max-synthetic-ratio:
    limits:
      - {max: 0.30, when: {stakes: high, purpose: training}}
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
      - {name: tickets, origin: human, records: 7000, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 3000
        generator: {name: acme-llm, family: acme}
```

## Parameters

- `max` (share, lower is tighter): the greatest synthetic share that passes.
- `measure` (records, tokens or bytes; default records): what is counted. Token shares matter where synthetic records
  are longer than real ones.

## Evidence

Judgement, with evidence for the direction: Ashok and May 2025 (arXiv 2410.13098) replace up to 90% of training data at
little cost and find the last 10% decisive; Kang et al. 2025 (arXiv 2510.01631) find about 30% best for rephrased
pre-training text; Dohmatob et al. 2025 (Strong Model Collapse, ICLR) show that no positive share is safe without bound.
Medical results contradict each other (Pink & Sykes 2026, PMLR 318: a share of 0.20 is best; Khosravi et al.,
arXiv 2311.09402: gains up to a share of 0.91). No source gives a cap by stakes: such a ladder is judgement.

## Crosswalk

- EU AI Act: Article 10(2)(e)
- EU AI Act: Article 10(3)
- NIST AI 600-1: MS-2.11-005
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pytest_datapolicy.model.amounts import ceil_div, counted, named, percent
from pytest_datapolicy.model.rule import Draft, Parameter, Rule, Term
from pytest_datapolicy.model.vocabulary import MEASURES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component, Split
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

Amounts = list[tuple["Component", int, Fraction]]
"""Each component with its count and its weight."""


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Compare in whole numbers, or in fractions where a weight is a decimal; say what is wrong only on failure."""
    maximum: Fraction = clause.limits["max"]
    measure: str = clause.limits["measure"]
    synthetic: int | Fraction = 0
    total: int | Fraction = 0
    for component in split.components:
        amount: int | Fraction | None = component.tree.get(measure)
        if amount is None:
            return _undecided(split, measure)
        weight = component.tree.get("weight", 1)
        if weight != 1:
            amount *= weight if type(weight) is int else Fraction(weight)
        total += amount
        if component.is_synthetic:
            synthetic += amount
    if total and synthetic * maximum.denominator <= maximum.numerator * total:
        return ()
    if not total:
        message = f"split {split.name} holds no {measure}, so its synthetic share cannot be told"
        return (Draft(message, f"add real {measure}, or remove the split", split.pointer, outcome="indeterminate"),)
    return (_failed(split, measure, Fraction(synthetic) / Fraction(total), maximum),)


def _undecided(split: Split, measure: str) -> Iterable[Draft]:
    component = min((item for item in split.components if measure not in item.tree), key=lambda item: item.name)
    message = f"component {component.name} gives no {measure}, so the synthetic share of its split cannot be told"
    return (Draft(message, f"give {measure}", component.at(measure), outcome="indeterminate"),)


def _failed(split: Split, measure: str, share: Fraction, maximum: Fraction) -> Draft:
    amounts = [(item, item.amount(measure) or 0, Fraction(item.weight)) for item in split.components]
    synthetic = [item for item in amounts if item[0].is_synthetic]
    real = sum((count * weight for item, count, weight in amounts if item.is_real), Fraction(0))
    equal = len({weight for _, _, weight in amounts}) == 1
    message = (
        f"{percent(share, maximum)} of the {measure}{'' if equal else ', weighted,'} are synthetic, "
        f"at most {percent(maximum)} allowed"
    )
    largest = min(synthetic, key=lambda item: (-item[1] * item[2], item[0].name))[0]
    return Draft(message, _remedy(synthetic, real, maximum, measure, equal), largest.at(measure), share, maximum)


def _remedy(synthetic: Amounts, real: Fraction, maximum: Fraction, measure: str, equal: bool) -> str:
    """The fewest real records to add, and the fewest synthetic ones to remove."""
    amount = sum((count * weight for _, count, weight in synthetic), Fraction(0))
    weight = synthetic[0][2] if equal else Fraction(1)
    options = []
    if maximum:
        add = ceil_div((amount / maximum - amount - real) / weight)
        text = "" if equal and weight == 1 else f" of weight {Decimal(synthetic[0][0].weight if equal else 1):f}"
        options.append(f"add {counted(add, 'real ' + measure)}{text}")
    if real:
        options.append(_removal(synthetic, amount - real * maximum / (1 - maximum), measure))
    return ", or ".join(options) or f"replace the synthetic {measure} with real ones"


def _removal(synthetic: Amounts, excess: Fraction, measure: str) -> str:
    """The heaviest go first: no other choice removes fewer. Names settle ties, so that order never matters."""
    removed: list[tuple[str, int]] = []
    for component, count, weight in sorted(synthetic, key=lambda item: (-item[2], -item[1], item[0].name)):
        if excess > 0 and count:
            removed.append((component.name, min(count, ceil_div(excess / weight))))
            excess -= removed[-1][1] * weight
    number = counted(sum(count for _, count in removed), "synthetic " + measure)
    if len({weight for _, _, weight in synthetic}) == 1:
        return f"remove {number}"
    return f"remove {number} ({named([f'{count:,} of {name}' for name, count in removed])})"


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:
    """Each component's amount and side, then the share."""
    from pytest_datapolicy.model.terms import at_most, nature, ratio

    measure: str = clause.limits["measure"]
    sums = {True: Fraction(0), False: Fraction(0)}
    known = True
    for component in split.components:
        count, why = component.amount(measure), nature(component, context)
        if count is None:
            known = False
            yield Term(component.name, "unknown", f"{why}: gives no {measure}", component.at(measure))
            continue
        amount = count * Fraction(component.weight)
        sums[component.is_synthetic] += amount
        weight = f"{Decimal(component.weight):f}{'' if 'weight' in component.tree else ' (none given)'}"
        yield Term(component.name, amount, f"{why}: {count:,} {measure} x weight {weight}", component.at(measure))
    if known:
        yield Term(f"synthetic {measure}", sums[True])
        yield Term(f"all {measure}", sums[True] + sums[False])
        if any(sums.values()):
            yield ratio(sums[True], sums[True] + sums[False], f"synthetic / all {measure}")
    yield at_most(clause.limits["max"], "max", share=True)


RULE = Rule(
    id="DP101",
    name="max-synthetic-ratio",
    scope="split",
    summary="(weighted) synthetic share of the split <= max",
    check=check,
    explain=explain,
    parameters=(
        Parameter("max", "share", "lower", "greatest synthetic share that passes"),
        Parameter("measure", "choice", "none", "what is counted", default="records", choices=MEASURES),
    ),
)
