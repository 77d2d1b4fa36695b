"""Every reference names a manifest, split and component of the project.

## What it demands

`derived_from`, `generator.trained_on`, `previous` and `evaluated_by` name `name@version`, optionally with `#split` or
`#split/component`. Each must stand among the manifests of the project (all discovery roots, not only the files named on
the command line) or among the `externals` of the policy. A manifest that
cannot be read has a finding of its own; a reference to it is no finding here, and indeterminate for the lineage rules.

Always on. It can be waived, since a parent may live in another repository; what descends from it stays indeterminate
for the lineage rules. To place such a parent, list it under `externals` in the policy.

## Why

Lineage decides depth, independence and laundering. A parent that nobody can look at decides nothing.

## Bad

```yaml
manifest: 1
name: support-intents
version: "2"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: paraphrases
        origin: rewritten
        records: 4000
        derived_from: [support-intents@1#train/tickets]
        generator: {name: acme-llm, family: acme}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "2"
stakes: medium
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
        derived_from: [support-intents@2#train/tickets]
        generator: {name: acme-llm, family: acme}
```

## Parameters

None.

## Evidence

Convention: provenance that can be followed is asked for by every data documentation standard (W3C PROV-O, Croissant).

## Crosswalk

- EU AI Act: Article 10(2)(b)
- NIST AI 600-1: MG-2.2-002
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import Draft, Rule, Term, Undecidable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    lineage = context.lineage
    if lineage is None:
        return ()
    drafts = []
    for reference, pointer, split, component in _references(manifest):
        found = lineage.resolve(reference)
        if isinstance(found, Undecidable) and found.missing:
            drafts.append(
                Draft(
                    f"{reference} cannot be resolved: {found.reason}",
                    f"add the manifest of {reference}, correct the reference, or list it under externals in the policy",
                    pointer,
                    thing=reference,
                    split=split,
                    component=component,
                )
            )
    return drafts


def _references(manifest: Manifest) -> Iterator[tuple[str, Pointer, str | None, str | None]]:
    if manifest.previous is not None:
        yield manifest.previous, ("previous",), None, None
    for index, reference in enumerate(manifest.evaluated_by):
        yield reference, ("evaluated_by", index), None, None
    for component in manifest.components:
        tree = component.tree
        if "derived_from" in tree:
            for index, reference in enumerate(component.derived_from or ()):
                yield reference, component.at("derived_from", index), component.split.name, component.name
        generator = component.generator if "generator" in tree else None
        if generator is not None and generator.trained_on is not None:
            for index, reference in enumerate(generator.trained_on):
                yield reference, generator.at("trained_on", index), component.split.name, component.name


def explain(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """What each reference names."""
    from pytest_datapolicy.model.amounts import counted

    number = 0
    for reference, pointer, _, _ in _references(manifest):
        number += 1
        found = context.lineage.resolve(reference) if context.lineage is not None else ()
        if isinstance(found, Undecidable):
            yield Term("reference", "unresolved", f"{reference}: {found.reason}", pointer)
        elif not found:
            yield Term("reference", "external", f"{reference}, as externals of the policy say", pointer)
        else:
            yield Term("reference", "resolved", f"{reference}: {counted(len(found), 'components')}", pointer)
    yield Term("references", number)


RULE = Rule(
    id="DP005",
    name="resolved-references",
    scope="dataset",
    summary="every reference names a manifest, split, component of the project",
    check=check,
    explain=explain,
    always_on=True,
    lineage=True,
)
