"""The declared stakes are not below the floor of a domain.

## What it demands

Where the policy sets a floor for one of the data set's domains, the declared `stakes` are at least that floor. Data
sets in no such domain are not asked. Every other rule uses the higher of the two in any case.

## Why

Stakes choose the limits. Low stakes on a medical data set change nothing in the decisions, thanks to the floor, but
they tell the next reader something that is not so.

## Bad

```yaml
manifest: 1
name: triage-notes
version: "1"
stakes: low
task: {name: triage, judgment: objective}
novelty: established
domains: [medical]
splits:
  train:
    purpose: training
    components:
      - {name: ward-notes, origin: human, records: 12000, labels: {by: expert}}
```

```yaml
policy: 1
name: example
version: "1"
domains: {medical: {stakes: high}}
rules:
  honest-stakes: {}
```

## Good

```yaml
manifest: 1
name: triage-notes
version: "1"
stakes: high
task: {name: triage, judgment: objective}
novelty: established
domains: [medical]
splits:
  train:
    purpose: training
    components:
      - {name: ward-notes, origin: human, records: 12000, labels: {by: expert}}
```

## Parameters

None. The floors stand in `domains` of the policy.

## Evidence

Judgement: that medical, legal and safety questions are costly to answer wrongly. Annex III of the EU AI Act names areas
of high risk.

## Crosswalk

- EU AI Act: Annex III
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Rule, Term
from pytest_datapolicy.model.vocabulary import STAKES_RANK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.policy import Clause, DomainFloor
    from pytest_datapolicy.model.rule import Context


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Find the highest floor of the data set's domains."""
    floors = context.floors
    highest: DomainFloor | None = None
    for domain in sorted(manifest.tree.get("domains", ())):
        for floor in floors.get(domain, ()):
            if highest is None or STAKES_RANK[floor.stakes] > STAKES_RANK[highest.stakes]:
                highest = floor
    if highest is None:
        return NOT_APPLICABLE
    declared = manifest.stakes
    if STAKES_RANK[declared] >= STAKES_RANK[highest.stakes]:
        return ()
    place = highest.place
    message = (
        f"stakes are {declared}, but domain {highest.domain} asks for {highest.stakes} or more "
        f"({place.path}:{place.line}:{place.column})"
    )
    return (Draft(message, f"set stakes to {highest.stakes}", manifest.at("stakes"), declared, highest.stakes),)


def explain(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The declared stakes, and the floor of every domain."""
    highest = ""
    for domain in manifest.domains:
        for floor in context.floors.get(domain, ()):
            place = f"{floor.place.path}:{floor.place.line}:{floor.place.column}"
            yield Term(f"domain {domain}", floor.stakes, f"floor, written at {place}", manifest.at("domains"))
            highest = max(highest, floor.stakes, key=lambda stakes: STAKES_RANK.get(stakes, -1))
    if not highest:
        yield Term("floor", "none", "no domain of the data set has one", manifest.at("domains"))
        return
    yield Term("stakes", manifest.stakes, "as declared", manifest.at("stakes"), role="observed")
    yield Term("at least", highest, "the highest floor", role="limit")


RULE = Rule(
    id="DP705",
    name="honest-stakes",
    scope="dataset",
    summary="declared stakes not below the floor of a domain",
    check=check,
    explain=explain,
)
