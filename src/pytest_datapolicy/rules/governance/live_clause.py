"""Every clause of the project's own policies can match something.

## What it demands

In the policy files of the project:

- each clause matches at least one data set, split or component of the project, whether or not it passes;
- each domain that a `when` or a floor under `domains` names is a domain of some data set.

Clauses of packs and of installed packages are left alone: they are written for many projects, and no project has a
subject for all of them. So are rules about the project or its policies, rules that this run leaves out, and projects
with a manifest that cannot be read, since nobody knows what that would match.

Needs no mention in a policy. It warns; a policy may raise it to error. `--strict` fails on it.

## Why

A clause that matches nothing looks like a demand and is none. The reason is often a word: `domains: [medcial]`, a split
that was renamed, a glob one character too long.

## Bad

```yaml
policy: 1
name: team
version: "1"
domains: {medcial: {stakes: high}}
rules:
  max-synthetic-ratio:
    limits:
      - {max: 0.3, when: {split: "training-*"}}
```

```yaml
manifest: 1
name: triage-notes
version: "2026.11"
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

## Good

```yaml
policy: 1
name: team
version: "1"
domains: {medical: {stakes: high}}
rules:
  max-synthetic-ratio:
    limits:
      - {max: 0.3, when: {split: "train*"}}
```

## Parameters

None.

## Evidence

Judgement. Linters of policies that skip what matches nothing report success for a typing error.

## Crosswalk

None of its own: it keeps the demands of the other rules in force.
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Draft


def check(subject: object, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Nothing: the findings are made when all subjects have been met."""
    return ()


RULE = Rule(
    id="DP708",
    name="live-clause",
    scope="policy",
    summary="every clause could match some subject of the project",
    check=check,
    waivable=False,
    level="warning",
    without_policy=True,
)
