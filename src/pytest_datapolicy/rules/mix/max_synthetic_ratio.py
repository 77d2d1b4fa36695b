"""The synthetic share of a split stays at or below a limit.

## What it demands

In every split that the clause selects, synthetic amount / total amount <= `max`. A component's amount is its count
(`measure`: records, tokens or bytes) times its `weight`, exact. Synthetic is model, simulation, rewritten and unknown;
a real origin that descends from a synthetic component counts as synthetic too. A share exactly at the limit passes.

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
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pytest_datapolicy.model.amounts import ceil_div, counted, percent
from pytest_datapolicy.model.rule import Draft, Parameter, Rule
from pytest_datapolicy.model.vocabulary import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Split
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:
    maximum: Fraction = clause.limits["max"]
    measure: str = clause.limits["measure"]
    synthetic: int | Fraction = 0
    total: int | Fraction = 0
    for component in split.components:
        amount: int | Fraction | None = component.amount(measure)
        if amount is None:
            message = f"component {component.name} gives no {measure}, so the synthetic share of its split cannot be told"
            return (Draft(message, f"give {measure}", component.at(measure), outcome="indeterminate"),)
        if "weight" in component.tree:
            amount *= Fraction(component.weight)
        total += amount
        if component.is_synthetic:
            synthetic += amount
    if synthetic * maximum.denominator <= maximum.numerator * total and total:
        return ()
    if not total:
        message = f"split {split.name} holds no {measure}, so its synthetic share cannot be told"
        return (Draft(message, f"add {measure} or remove the split", split.pointer, outcome="indeterminate"),)
    share = Fraction(synthetic) / Fraction(total)
    message = f"{percent(share, maximum)} of the {measure} are synthetic, at most {percent(maximum)} allowed"
    return (Draft(message, _remedy(synthetic, total, maximum, split, measure), _largest(split), share, maximum),)


def _largest(split: Split) -> tuple[str | int, ...]:
    """The synthetic component with the most records: where a reader starts."""
    synthetic = [component for component in split.components if component.is_synthetic]
    return max(synthetic, key=lambda component: component.records * Fraction(component.weight)).at("records")


def _remedy(
    synthetic: int | Fraction, total: int | Fraction, maximum: Fraction, split: Split, measure: str
) -> str:
    """The fewest real records to add (at weight 1), and the fewest synthetic ones to remove."""
    real = total - synthetic
    weights = {Fraction(component.weight) for component in split.components if component.is_synthetic}
    options = []
    if maximum > 0:
        add = ceil_div(Fraction(synthetic) / maximum - total)
        options.append(f"add {counted(add, 'real ' + measure)}" + (" of weight 1" if weights != {1} else ""))
    if maximum < 1:
        keep = real * maximum / (1 - maximum)
        # Removing whole records of the lightest component is the longest way; name one number only when all weigh alike.
        if len(weights) == 1:
            remove = ceil_div(Fraction(synthetic - keep) / weights.pop())
            options.append(f"remove {counted(remove, 'synthetic ' + measure)}")
        else:
            options.append(f"remove synthetic {measure} of total weight {float(synthetic - keep):g}")
    return ", or ".join(options)


RULE = Rule(
    id="DP101",
    name="max-synthetic-ratio",
    scope="split",
    summary="(weighted) synthetic share of the split <= max",
    check=check,
    parameters=(
        Parameter("max", "share", "lower", "greatest synthetic share that passes"),
        Parameter("measure", "choice", "none", "what is counted", default="records", choices=MEASURES),
    ),
)
