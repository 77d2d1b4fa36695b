"""No two manifests of the project describe the same version of the same data set.

## What it demands

`name@version` stands in one manifest only. The finding is at the second manifest in order of path and names the first;
a check that asks for the first alone tells it there.

Always on.

## Why

References resolve by name and version. With two manifests of one name, whoever is found first decides, and the stricter
one may be the one that is not read.

## Bad

One manifest alone cannot break this demand; two that say the following do.

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
name: support-intents
version: "1"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 9000, labels: {by: expert}}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "2"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
```

## Parameters

None.

## Evidence

Computed: a reference must have one meaning.

## Crosswalk

- EU AI Act: Annex IV(2)(d)
- NIST AI 600-1: MS-2.9-002
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import Draft, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Project


def check(project: Project, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    for clash in project.clashes():
        note = "first described here" if clash.first_path < clash.path else "described again here"
        yield Draft(
            f"{clash.reference} is described by {clash.first_path} already",
            "give this manifest another version or name, or remove one of the two",
            ("name",),
            thing=max(clash.path, clash.first_path),
            path=clash.path,
            related=((clash.first_path, ("name",), note),),
        )


RULE = Rule(
    id="DP008",
    name="unique-dataset",
    scope="project",
    summary="no two manifests with the same name@version",
    check=check,
    always_on=True,
    waivable=False,
)
