"""An evaluation is large enough to tell a difference.

## What it demands

Every evaluation or validation split holds at least `min` records, all components together. A clause whose `when`
names another purpose judges that purpose instead; diagnostic splits are never judged.

## Why

A score on 50 records moves by more than ten points by chance alone. Below some size, the better model and the luckier
one cannot be told apart.

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
      - {name: notes, origin: human, records: 150, labels: {by: expert}}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  min-evaluation-records:
    limits:
      - {min: 385, when: {stakes: medium}}
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
      - {name: notes, origin: human, records: 385, labels: {by: expert}}
```

## Parameters

- `min` (records, higher is tighter): the fewest records that pass.

## Evidence

Computed: at a true rate of one half, the 95% confidence interval of a proportion is 5 points wide to each side with
385 records, 3 points with 1,068 and 2 points with 2,401. How narrow it must be is judgement.

## Crosswalk

- EU AI Act: Article 10(2)(e)
- EU AI Act: Article 10(3)
- NIST AI RMF: MEASURE 2.5
- NIST AI 600-1: MS-2.5-001
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.rule import EVALUATION, Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Split
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """The records of all components together reach the minimum."""
    minimum: int = clause.limits["min"]
    records = split.records
    if records >= minimum:
        return ()
    message = f"split {split.name} holds {counted(records, 'records')}, at least {minimum:,} required"
    at = split.components[0].at("records") if len(split.components) == 1 else split.pointer
    return (Draft(message, f"add {counted(minimum - records, 'records')}", at, records, minimum),)


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The records of each component."""
    from pytest_datapolicy.model.terms import at_least, records_of

    for component in split.components:
        yield records_of(component, component.name, f"origin {component.origin}")
    yield Term("records", split.records, role="observed")
    yield at_least(clause.limits["min"], "min")


RULE = Rule(
    id="DP207",
    name="min-evaluation-records",
    scope="split",
    summary="records >= min",
    check=check,
    explain=explain,
    parameters=(Parameter("min", "count", "higher", "fewest records that pass", unit="records"),),
    applies={"purpose": EVALUATION},
    never={"purpose": frozenset({"diagnostic"})},
)
