"""Owner and license are given.

## What it demands

`owner` names who answers for the data set, `license` the terms it may be used under. Placeholders (TODO, TBD, N/A, xxx,
none, unknown and the like, in any case) count as missing. Each of the two is a finding of its own.

## Why

A finding needs somebody to act on it, and data without terms cannot be passed on. A placeholder is how both are
forgotten.

## Bad

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
owner: TODO
license: CC-BY-4.0
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 12000, labels: {by: expert}}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  named-owner: {}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
owner: support-ml@example.org
license: CC-BY-4.0
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 12000, labels: {by: expert}}
```

## Parameters

None.

## Evidence

Convention: data set cards and catalogues ask for both.

## Crosswalk

- EU AI Act: Annex IV(2)(d)
- NIST AI 600-1: MS-2.5-005
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import Draft, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

MEANT = {
    "owner": "give the person or team that answers for the data set",
    "license": "give the license, for instance CC-BY-4.0 or Proprietary",
}
PLACEHOLDERS = frozenset(
    {
        *("todo", "to do", "fixme", "fix me", "tbd", "tba", "tbc", "to be defined", "to be determined"),
        *("to be decided", "to be announced", "n/a", "na", "n.a", "not applicable", "not available", "not specified"),
        *("none", "null", "nil", "nobody", "no one", "noone", "unknown", "unspecified", "undefined", "unnamed"),
        *("placeholder", "change me", "changeme", "replace me", "fill in", "fill me in", "missing", "pending", "dummy"),
        *("foo", "bar", "test", "example", "owner", "license", "licence", "name", "your name", "somebody", "someone"),
    }
)
AROUND = " \t<>[]{}()\"'`*_.,;:!?-/\\#$%&@+=|~"


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Ask both fields."""
    tree = manifest.tree
    if is_given(tree.get("owner")) and is_given(tree.get("license")):
        return ()
    return tuple([_missing(manifest, field) for field in MEANT if not is_given(tree.get(field))])


def is_given(value: str | None) -> bool:
    """Whether a text says something: it is no placeholder, and not one character over and over."""
    if not value:
        return False
    text = value.strip(AROUND).casefold()
    if len(text) < 2 or text in PLACEHOLDERS or text.count(text[0]) == len(text):
        return False
    return ":" not in text or text.partition(":")[0] not in PLACEHOLDERS


def _missing(manifest: Manifest, field: str) -> Draft:
    value = manifest.tree.get(field)
    if value is None:
        message = f"{field} is missing"
    else:
        shown = value if len(value) <= 40 else value[:39] + "…"
        message = f'{field} is "{shown}", a placeholder'
    return Draft(message, MEANT[field], manifest.at(field), thing=field)


def explain(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """What the two fields say."""
    for field in MEANT:
        value = manifest.tree.get(field)
        note = "" if is_given(value) else "not given" if value is None else "a placeholder"
        yield Term(field, "missing" if value is None else value, note, manifest.at(field))


RULE = Rule(
    id="DP707",
    name="named-owner",
    scope="dataset",
    summary="owner and license are given",
    check=check,
    explain=explain,
)
