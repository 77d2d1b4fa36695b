"""Annotators agree well enough for their labels to mean something.

## What it demands

A human-labelled component gives the agreement of its annotators (`labels.agreement`), its value is at least the limit
that the clause sets for that metric, and it was measured on at least `min_records` records where the clause asks for
that. Indeterminate: no agreement given, a metric that the clause sets no limit for, or no number of records where one
is asked for. A clause whose `when` names `labels` judges those labellers instead.

## Why

Labels that a second annotator would not repeat are noise with a name. Which agreement is enough depends on the
metric: a raw percentage says nothing about chance, and a chance-corrected one is low where one answer is common.

## Bad

```yaml
manifest: 1
name: ward-notes
version: "1"
stakes: high
task: {name: coding, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: notes
        origin: human
        records: 4000
        labels:
          by: expert
          annotators: 2
          agreement: {metric: krippendorff_alpha, value: 0.71, records: 400}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  min-agreement:
    limits:
      - {krippendorff_alpha: 0.8, cohen_kappa: 0.8, min_records: 200, when: {stakes: high}}
```

## Good

```yaml
manifest: 1
name: ward-notes
version: "1"
stakes: high
task: {name: coding, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: notes
        origin: human
        records: 4000
        labels:
          by: expert
          annotators: 2
          agreement: {metric: krippendorff_alpha, value: 0.8, records: 400}
```

## Parameters

- `krippendorff_alpha`, `cohen_kappa`, `fleiss_kappa` (chance-corrected agreement, at most 1, higher is tighter): the
  least value of that metric. Optional.
- `percent` (raw agreement from 0 to 1, higher is tighter): the least share of records on which annotators agree.
  Optional.
- `min_records` (records labelled twice or more, higher is tighter): the fewest that the value was measured on.
  Optional.

## Evidence

Convention: Krippendorff 2004 calls alpha of at least 0.800 customary and 0.667 the lowest conceivable limit, and asks
for far more when lives depend on it. Computed: with two annotators and a balanced choice, an alpha of 0.80 that was
measured on 50 records spreads from 0.60 to 0.96, on 200 from 0.71 to 0.88. Human preference is noisier: labellers of
InstructGPT agree in 73% of cases (arXiv 2203.02155), about 0.45 after correction, so a limit of 0.667 would refuse
such data.

## Crosswalk

- EU AI Act: Article 10(2)(c)
- EU AI Act: Annex IV(2)(d)
- NIST AI 600-1: MS-2.8-002
- GMLP: Reference Datasets Based Upon Best Available Methods (2021, principle 5)
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.phrases import either
from pytest_datapolicy.model.rule import Draft, Parameter, Rule, Term
from pytest_datapolicy.model.vocabulary import HUMAN_LABELLERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.blocks import Agreement
    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

METRICS = ("krippendorff_alpha", "cohen_kappa", "fleiss_kappa", "percent")


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Value and number of records of the agreement against the limits for its metric."""
    labels = component.tree.get("labels")
    given = None if labels is None else labels.get("agreement")
    if given is not None:
        limits = clause.limits
        limit: Fraction | None = limits.get(given["metric"])
        fewest: int | None = limits["min_records"]
        if (
            limit is not None
            and (fewest is None or given.get("records", -1) >= fewest)
            and _reaches(given["value"], limit)
        ):
            return ()
    return _explain(component, clause)


def _reaches(value: int | Decimal, limit: Fraction) -> bool:
    numerator, denominator = value.as_integer_ratio()
    return numerator * limit.denominator >= limit.numerator * denominator


def _explain(component: Component, clause: Clause) -> Iterable[Draft]:
    agreement = component.labels.agreement if component.labels is not None else None
    if agreement is None:
        message = f"component {component.name} gives no agreement of its annotators (labels.agreement)"
        remedy = "measure agreement on records that were labelled twice or more, and give it"
        return _unclear(message, remedy, component.at("labels", "agreement"))
    limit: Fraction | None = clause.limits.get(agreement.metric)
    fewest: int | None = clause.limits["min_records"]
    if limit is None:
        return _without_limit(component, agreement, clause)
    if not _reaches(agreement.value, limit):
        return (_too_low(component, agreement, limit, fewest),)
    assert fewest is not None
    return _too_few(component, agreement, fewest)


def _too_low(component: Component, agreement: Agreement, limit: Fraction, fewest: int | None) -> Draft:
    value = agreement.value
    message = f"{agreement.metric} of component {component.name} is {value}, at least {_decimal(limit)} required"
    remedy = f"raise it by {_decimal(limit - Fraction(value))}: clarify the instructions and label again"
    if fewest is not None and (agreement.records or 0) < fewest:
        measured = "" if agreement.records is None else f", {agreement.records:,} given"
        remedy += f", and measure on at least {counted(fewest, 'records')}{measured}"
    return Draft(message, remedy, agreement.at("value"), Fraction(value), limit)


def _without_limit(component: Component, agreement: Agreement, clause: Clause) -> Iterable[Draft]:
    known = [name for name in METRICS if clause.limits.get(name) is not None]
    message = (
        f"agreement of component {component.name} is given as {agreement.metric}, for which the policy sets no limit"
    )
    remedy = f"give {either(known)}" if known else "set a limit for it in the policy"
    return _unclear(message, remedy, agreement.at("metric"))


def _too_few(component: Component, agreement: Agreement, fewest: int) -> Iterable[Draft]:
    if agreement.records is None:
        message = (
            f"component {component.name} does not say on how many records its agreement was measured "
            "(labels.agreement.records)"
        )
        return _unclear(message, f"give labels.agreement.records, at least {fewest:,}", agreement.at("records"))
    message = (
        f"{agreement.metric} of component {component.name} was measured on {counted(agreement.records, 'records')}, "
        f"at least {fewest:,} required"
    )
    remedy = f"measure on {fewest - agreement.records:,} more"
    return (Draft(message, remedy, agreement.at("records"), agreement.records, fewest),)


def _unclear(message: str, remedy: str, at: Pointer) -> Iterable[Draft]:
    return (Draft(message, remedy, at, outcome="indeterminate"),)


def _decimal(value: Fraction) -> str:
    """Exact: limits and values are decimals of at most 18 digits."""
    return f"{Decimal(value.numerator) / value.denominator:f}"


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The metric given against its limit, and the records that it was measured on."""
    agreement = component.labels.agreement if component.labels is not None else None
    if agreement is None:
        yield Term("agreement", "unknown", "labels.agreement is not given", component.at("labels", "agreement"))
        return
    limit, fewest = clause.limits.get(agreement.metric), clause.limits["min_records"]
    records = agreement.records
    short = fewest is not None and (records is None or records < fewest)
    counts = short and limit is not None and _reaches(agreement.value, limit)
    role = "" if counts or limit is None else "observed"
    yield Term(agreement.metric, Fraction(agreement.value), "", agreement.at("value"), role=role)
    if limit is None:
        yield Term("limit", "none", f"the clause sets none for {agreement.metric}")
        return
    yield Term("at least", limit, agreement.metric, role="limit" if role else "")
    if fewest is not None:
        role = "observed" if counts and records is not None else ""
        shown = "unknown" if records is None else records
        yield Term("measured on", shown, "records labelled twice or more", agreement.at("records"), role=role)
        yield Term("at least", fewest, "min_records", role="limit" if counts else "")


RULE = Rule(
    id="DP305",
    name="min-agreement",
    scope="component",
    summary="agreement value >= min for that metric",
    check=check,
    explain=explain,
    parameters=(
        *[Parameter(name, "share", "higher", f"least {name} that passes", required=False) for name in METRICS],
        Parameter("min_records", "count", "higher", "fewest records measured on", unit="records", required=False),
    ),
    applies={"labels": HUMAN_LABELLERS},
)
