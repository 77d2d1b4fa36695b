"""Every rare slice of a split holds at least so many real records.

## What it demands

For every slice that the split names in any component, or for those that `slices` lists, the real records of that slice
are at least `min`. A listed slice that no component names holds none. With `slice` in `when` only the slices that match
are asked. Without any slice the rule does not apply.

## Why

Rare cases are lost first, and long before an aggregate metric shows it. A generator can only multiply what it has seen:
each rare case needs real examples of its own.

## Bad

```yaml
manifest: 1
name: triage-notes
version: "1"
stakes: high
task: {name: triage, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: ward-notes, origin: human, records: 12000, slices: {sepsis: 20, stroke: 310}, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 4000
        slices: {sepsis: 900}
        generator: {name: acme-llm, family: acme}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  min-real-per-slice:
    limits:
      - {min: 30, when: {purpose: training}}
```

## Good

```yaml
manifest: 1
name: triage-notes
version: "1"
stakes: high
task: {name: triage, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: ward-notes, origin: human, records: 12000, slices: {sepsis: 30, stroke: 310}, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 4000
        slices: {sepsis: 900}
        generator: {name: acme-llm, family: acme}
```

## Parameters

- `min` (count of records, higher is tighter): the fewest real records of a slice that pass.
- `slices` (names; default every slice that the split names): the slices that must be there. Two lists are not compared:
  each clause holds for its own.

## Evidence

Direction: evidence (Shumailov et al., Nature 631, 2024: the tails vanish first; Dohmatob et al., ICML 2024: cut tails
change how models scale). Number: judgement; 30 to 100 a case is folklore.

## Crosswalk

- EU AI Act: Article 10(2)(h)
- EU AI Act: Article 10(3)
- EU AI Act: Article 10(4)
- NIST AI 600-1: MS-2.11-005
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Split
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Sum the real records of each slice asked for."""
    listed: tuple[str, ...] | None = clause.limits["slices"]
    real = dict.fromkeys(listed, 0) if listed is not None else {}
    for component in split.components:
        slices = component.tree.get("slices")
        if slices:
            counts = component.is_real
            for name, records in slices.items():
                if listed is None or name in real:
                    real[name] = real.get(name, 0) + (records if counts else 0)
    globs = clause.when.get("slice")
    if globs is not None:
        real = _matching(real, globs)
    if not real:
        return NOT_APPLICABLE
    minimum: int = clause.limits["min"]
    if min(real.values()) >= minimum:
        return ()
    return tuple([_failed(split, name, held, minimum) for name, held in real.items() if held < minimum])


def _matching(real: dict[str, int], globs: Iterable[str]) -> dict[str, int]:
    from fnmatch import fnmatchcase

    return {name: held for name, held in real.items() if any(fnmatchcase(name, glob) for glob in globs)}


def _failed(split: Split, name: str, held: int, minimum: int) -> Draft:
    message = f"slice {name} has {counted(held, 'real records')}, at least {minimum:,} required"
    remedy = f"add {counted(minimum - held, 'real records')} of slice {name}"
    return Draft(message, remedy, _place(split, name), held, minimum, thing=name)


def _place(split: Split, name: str) -> Pointer:
    """The real component with the most records of the slice, else any that names it, else the split."""
    naming = [component for component in split.components if name in component.slices]
    if not naming:
        return split.pointer
    first = min(naming, key=lambda component: (not component.is_real, -component.slices[name], component.name))
    return first.at("slices", name)


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:
    """What each component adds to each slice."""
    from pytest_datapolicy.model.terms import at_least, nature

    listed: tuple[str, ...] | None = clause.limits["slices"]
    named = [name for component in split.components for name in component.slices]
    names = dict.fromkeys(named if listed is None else listed, 0)
    globs = clause.when.get("slice")
    if globs is not None:
        names = _matching(names, globs)
    if not names:
        yield Term("slices", "none", "the split names none that the clause asks for", split.pointer)
    for name in names:
        held = 0
        for component in split.components:
            if name in component.slices:
                records, note = component.slices[name], nature(component, context)
                if component.is_synthetic:
                    records, note = 0, f"{note}; not counted: {counted(records, 'records')}"
                held += records
                yield Term(component.name, records, note, component.at("slices", name), thing=name)
        why = "" if name in named else "no component names the slice"
        yield Term("real records", held, why, role="observed", thing=name)
        yield at_least(clause.limits["min"], "min", thing=name)


RULE = Rule(
    id="DP104",
    name="min-real-per-slice",
    scope="split",
    summary="every slice named in the split (or listed) has >= min real records",
    check=check,
    explain=explain,
    parameters=(
        Parameter("min", "count", "higher", "fewest real records of a slice that pass", unit="records"),
        Parameter("slices", "names", "none", "the slices that must be there", required=False),
    ),
)
