"""No data set descends from itself.

## What it demands

Following `derived_from`, `generator.trained_on` and `previous` from any component never leads back to that component.
The lineage graph is one of components: naming an earlier component of the same data set is fine.

Always on.

## Why

A data set that descends from itself has no first generation: its depth, its real share and its independence cannot be
told, and a loop of generations is what collapse is made of.

## Bad

```yaml
manifest: 1
name: dialogues
version: "1"
stakes: low
task: {name: chat, judgment: subjective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: self-play
        origin: model
        records: 4000
        derived_from: [dialogues@1#train/self-play]
        generator: {name: acme-llm, family: acme}
```

## Good

```yaml
manifest: 1
name: dialogues
version: "1"
stakes: low
task: {name: chat, judgment: subjective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: seeds, origin: human, records: 500, labels: {by: none}}
      - name: self-play
        origin: model
        records: 4000
        derived_from: [dialogues@1#train/seeds]
        generator: {name: acme-llm, family: acme}
```

## Parameters

None.

## Evidence

Computed: the demands on lineage are defined on an acyclic graph.

## Crosswalk

- EU AI Act: Article 10(2)(f)
- NIST AI 600-1: MG-2.2-002
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import Draft, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Project

SHOWN = 5
"""So many members of a cycle are named in the message; the others are counted."""


def check(project: Project, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    for cycle in project.cycles():
        reference, path, pointer, component = cycle[0]
        names = [f"{item[0]}#{item[3]}" for item in cycle]
        shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
        message = f"{names[0]} descends from itself" + (f", by way of {shown}" if len(names) > 1 else "")
        split, _, name = component.partition("/")
        yield Draft(
            message,
            "remove the reference that closes the cycle",
            pointer,
            thing=names[0],
            path=path,
            split=split,
            component=name,
            related=tuple((item[0], item[2], "part of the cycle") for item in cycle[1:SHOWN] if item[0] != reference),
        )


RULE = Rule(
    id="DP006",
    name="acyclic-lineage",
    scope="project",
    summary="no data set descends from itself",
    check=check,
    always_on=True,
    waivable=False,
)
