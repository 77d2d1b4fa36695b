"""In a new domain, reality comes first.

## What it demands

In data sets of a novel domain, the training splits hold at least `min_real` real records before they hold any
synthetic one. Without synthetic training records the demand is met, however few the real ones are. Data sets of an
established domain are not judged.

## Why

A model cannot make up a pattern that it never saw. Until there are real examples to ground it and to compare it with,
what it makes for a new domain is a guess about its old ones.

## Bad

```yaml
manifest: 1
name: drone-noise
version: "1"
stakes: medium
task: {name: detection, judgment: objective}
novelty: novel
splits:
  train:
    purpose: training
    components:
      - {name: field-recordings, origin: observed, records: 120, labels: {by: expert}}
      - {name: simulated, origin: simulation, records: 3000, labels: {by: simulation}}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  real-first:
    limits:
      - {min_real: 200}
```

## Good

```yaml
manifest: 1
name: drone-noise
version: "1"
stakes: medium
task: {name: detection, judgment: objective}
novelty: novel
splits:
  train:
    purpose: training
    components:
      - {name: field-recordings, origin: observed, records: 200, labels: {by: expert}}
      - {name: simulated, origin: simulation, records: 3000, labels: {by: simulation}}
```

## Parameters

- `min_real` (records, higher is tighter): the fewest real training records beside which synthetic ones pass.

## Evidence

Evidence for the direction: Veselovsky et al. 2023 (arXiv 2305.15041) find that grounding on real examples works best
among the ways to make synthetic data faithful. No source gives a minimum; any number is judgement.

## Crosswalk

- EU AI Act: Article 10(2)(d)
- EU AI Act: Article 10(4)
- NIST AI 600-1: MS-1.3-002
- NIST AI 600-1: MP-2.3-002
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Parameter, Rule, Term
from pytest_datapolicy.model.vocabulary import REAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Real training records reach the minimum, or there are no synthetic ones."""
    if manifest.tree["novelty"] != "novel":
        return NOT_APPLICABLE
    minimum: int = clause.limits["min_real"]
    real = synthetic = 0
    for split in manifest.splits:
        if split.tree["purpose"] == "training":
            for component in split.components:
                tree = component.tree
                if tree["origin"] in REAL and not component.tainted:
                    real += tree["records"]
                else:
                    synthetic += tree["records"]
    if not synthetic or real >= minimum:
        return ()
    return (_draft(manifest, real, synthetic, minimum),)


def _draft(manifest: Manifest, real: int, synthetic: int, minimum: int) -> Draft:
    training = [item for item in manifest.components if item.split.purpose == "training" and item.is_synthetic]
    largest = max(training, key=lambda component: component.records)
    message = (
        f"the domain is novel and training holds {counted(synthetic, 'synthetic records')} beside "
        f"{counted(real, 'real records')}, at least {minimum:,} real required first"
    )
    remedy = (
        f"add {counted(minimum - real, 'real training records')}, "
        f"or remove the {counted(synthetic, 'synthetic training records')}"
    )
    return Draft(message, remedy, largest.at("records"), real, minimum)


def explain(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Term]:
    """Real and synthetic records of the training splits."""
    from pytest_datapolicy.model.terms import at_least, nature

    if manifest.novelty != "novel":
        yield Term("novelty", manifest.novelty, "only novel domains are asked", manifest.at("novelty"))
        return
    sums = {True: 0, False: 0}
    for component in manifest.components:
        if component.split.purpose == "training":
            sums[component.is_synthetic] += component.records
            label = f"{component.split.name}/{component.name}"
            yield Term(label, component.records, nature(component, context), component.at("records"))
    met = "" if sums[True] else "none, so that any number of real records will do"
    yield Term("synthetic records", sums[True], met)
    yield Term("real records", sums[False], role="observed")
    yield at_least(clause.limits["min_real"], "min_real")


RULE = Rule(
    id="DP303",
    name="real-first",
    scope="dataset",
    summary="novel domains: >= min_real real training records before any synthetic one",
    check=check,
    explain=explain,
    parameters=(
        Parameter("min_real", "count", "higher", "fewest real training records beside synthetic ones", unit="records"),
    ),
)
