"""Every data set that the policy expects is there.

## What it demands

For every name in `inventory` of a policy, the project holds a manifest of a data set with that name, in any version. A
name that only an unreadable manifest mentions cannot be decided, and fails as well. The finding is at the name in the
policy.

Needs no mention under `rules`; not put to projects whose policies have no `inventory`. No waiver covers it.

## Why

A manifest that is deleted, renamed or moved out of reach takes all its findings with it. Only a list that is kept
elsewhere can tell that it was there.

## Bad

```yaml
policy: 1
name: team
version: "1"
inventory: [support-intents, triage-notes]
```

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
```

```yaml
manifest: 1
name: triage-notes
version: "2026.11"
stakes: high
task: {name: triage, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: ward-notes, origin: human, records: 12000, labels: {by: expert}}
```

## Parameters

None. The names stand in `inventory` of the policy.

## Evidence

Judgement: what is not looked for is not missed.

## Crosswalk

None of its own: it keeps data sets in reach of the other rules.
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Expected, Project


def check(project: Project, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    expected = project.expected()
    return tuple(_draft(item) for item in expected if item.found != "present") if expected else NOT_APPLICABLE


def _draft(item: Expected) -> Draft:
    if item.found == "unreadable":
        message = f"the manifest of {item.name}, which the inventory names, may be one that cannot be read"
        return Draft(message, "repair that manifest", (), outcome="indeterminate", thing=item.name, place=item.place)
    message = f"the inventory names {item.name}, and no manifest of the project describes it"
    remedy = "restore its manifest, or take it off the inventory"
    return Draft(message, remedy, (), thing=item.name, place=item.place)


RULE = Rule(
    id="DP710",
    name="complete-inventory",
    scope="project",
    summary="every name in the policy's `inventory` is present",
    check=check,
    waivable=False,
    without_policy=True,
)
