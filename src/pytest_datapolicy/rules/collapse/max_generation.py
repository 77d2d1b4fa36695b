"""Synthetic data stays close to real data: its generation depth has a limit.

## What it demands

The generation depth of a component is at most `max`. Real content has depth 0. Synthetic content has 1 + the greatest
of: the depths of what it is derived from (`derived_from`), the depths of what its generator was trained on
(`generator.trained_on`), and `generator.generation` - 1; each that is not given counts 0. The depth is followed
through all manifests of the project. A real origin that descends from synthetic content counts as synthetic. A
component with a parent that cannot be resolved is indeterminate, and so is everything that descends from it.

## Why

A model trained on another model's output learns its errors as facts, and the next model learns both. The tails go
first, while averages look fine for generations.

## Bad

```yaml
manifest: 1
name: support-intents
version: "3"
stakes: high
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 2000
        derived_from: [support-intents@3#train/tickets]
        generator: {name: acme-llm-7b, family: acme-llm}
      - name: variations
        origin: rewritten
        records: 2000
        derived_from: [support-intents@3#train/paraphrases]
        generator: {name: acme-llm-7b, family: acme-llm}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  max-generation:
    limits:
      - {max: 1, when: {stakes: high}}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "3"
stakes: high
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
        derived_from: [support-intents@3#train/tickets]
        generator: {name: acme-llm-7b, family: acme-llm}
```

## Parameters

- `max` (generations, lower is tighter): the greatest depth that passes. 0 admits real content only.

## Evidence

Evidence for the direction: Shumailov et al. 2024 (Nature 631:755-759) and Alemohammad et al. 2024 (arXiv 2307.01850)
find that quality or diversity falls within a few generations; Guo et al. (arXiv 2311.09807) find it in vocabulary and
syntax at each step. Schaeffer et al. 2025 (arXiv 2503.03150) hold that catastrophic collapse rests on unrealistic
set-ups and that the loss of tails remains. No source gives a number: the limit is judgement.

## Crosswalk

- EU AI Act: Article 10(2)(f)
- EU AI Act: Article 15(4)
- NIST AI 600-1: MS-2.11-005
- NIST AI 600-1: MG-2.2-002
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.rule import Draft, Parameter, Rule, Term, Undecidable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Lineage

MOST_ANCESTORS = 3
"""So many ancestors are named in a message; the depth itself says how many more there are."""
MOST_GENERATIONS = 20
"""So many are listed in an explanation."""


class Source(NamedTuple):
    """What a component owes its depth to."""

    at: Pointer
    name: str
    component: Component | None = None


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:
    """The depth, as lineage tells it, is within the limit."""
    lineage, maximum = context.lineage, clause.limits["max"]
    assert lineage is not None
    depth = lineage.depth(component)
    if isinstance(depth, Undecidable):
        message = f"{depth.reason}, so the generation depth of component {component.name} cannot be told"
        remedy = "make that reference and all before it resolvable" if depth.reference else "take the cycle apart"
        return (Draft(message, remedy, _reference(component, depth.reference), outcome="indeterminate"),)
    if depth <= maximum:
        return ()
    source = _source(component, lineage, depth - 1)
    message = f"generation depth {depth:,}, at most {maximum:,} allowed"
    related = []
    if source.name:
        message += f": it builds on {' on '.join(_path(source, lineage, depth - 1))}"
    if source.component is not None:
        parent = source.component
        related.append((parent.manifest.reference, parent.pointer, f"generation depth {depth - 1:,}"))
    return (Draft(message, _remedy(component, maximum), source.at, depth, maximum, related=tuple(related)),)


def _remedy(component: Component, maximum: int) -> str:
    if not component.records:
        return "remove the component, which holds no records"
    real = f"replace its {counted(component.records, 'records')} with real ones"
    if maximum < 1:
        return real
    return f"build it on content of generation depth {maximum - 1:,} at most, or {real}"


def _path(source: Source, lineage: Lineage, depth: int) -> Iterator[str]:
    """The deepest line of ancestors, nearest first."""
    for _ in range(MOST_ANCESTORS):
        yield source.name
        depth -= 1
        if source.component is None or depth < 1:
            return
        source = _source(source.component, lineage, depth)
        if not source.name:
            return
    yield "content of earlier generations"


def _source(component: Component, lineage: Lineage, depth: int) -> Source:
    """What in the component is of this depth: content, then what its generator was trained on or is said to be."""
    outside = None
    if depth:
        for at, reference in _references(component):
            found = lineage.resolve(reference)
            if found == () and outside is None:
                outside = Source(at, reference)
            for parent in () if isinstance(found, Undecidable) else found:
                if lineage.depth(parent) == depth:
                    return Source(at, parent.reference, parent)
    generator = component.generator
    if generator is not None and generator.generation is not None and generator.generation - 1 == depth > 0:
        return Source(generator.at("generation"), f"a generator of generation {generator.generation:,}")
    return outside or Source(component.at("origin"), "")


def _references(component: Component) -> Iterator[tuple[Pointer, str]]:
    for index, reference in enumerate(component.derived_from or ()):
        yield component.at("derived_from", index), reference
    generator = component.generator
    for index, reference in enumerate((generator.trained_on if generator is not None else None) or ()):
        yield component.at("generator", "trained_on", index), reference


def _reference(component: Component, reference: str) -> Pointer:
    """Where the component names this reference; its first reference when only an ancestor does."""
    places = list(_references(component))
    for at, name in places:
        if name == reference:
            return at
    return places[0][0] if places else component.pointer


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:
    """What the depth is made of, and the deepest line of generations."""
    from pytest_datapolicy.model.terms import at_most, nature

    lineage = context.lineage
    assert lineage is not None
    depth = lineage.depth(component)
    yield Term("origin", component.origin, nature(component, context), component.at("origin"))
    if isinstance(depth, Undecidable):
        yield from _parents(component, lineage)
        yield Term("depth", "unknown", depth.reason, _reference(component, depth.reference))
    elif not depth:
        yield Term("depth", 0, "real content is of depth 0", role="observed")
    else:
        yield from _parents(component, lineage)
        yield Term("depth", depth, "1 + the greatest of these", role="observed")
        yield from _line(component, lineage, depth)
    yield at_most(clause.limits["max"], "max")


def _parents(component: Component, lineage: Lineage) -> Iterator[Term]:
    """The depth of everything that the component names."""
    none = True
    for at, reference in _references(component):
        found, none = lineage.resolve(reference), False
        field = "derived_from" if "derived_from" in at else "trained_on"
        if isinstance(found, Undecidable):
            yield Term(field, "unknown", f"{reference}: {found.reason}", at)
        elif not found:
            yield Term(field, "external", f"{reference}, as externals of the policy say", at)
        else:
            depths = [depth for depth in map(lineage.depth, found) if not isinstance(depth, Undecidable)]
            yield Term(field, max(depths, default=0), reference, at)
    generator = component.generator
    if generator is not None and generator.generation is not None:
        none = False
        note = f"generator.generation {generator.generation:,} - 1"
        yield Term("generator", max(generator.generation - 1, 0), note, generator.at("generation"))
    if none:
        yield Term("ancestors", 0, "none is named, which counts 0", component.at("origin"))


def _line(component: Component, lineage: Lineage, depth: int) -> Iterator[Term]:
    """One component for each generation, nearest first."""
    for shown in range(depth - 1, 0, -1):
        source = _source(component, lineage, shown)
        if not source.name:
            return
        if depth - shown > MOST_GENERATIONS:
            yield Term("and so on", shown, f"{counted(shown, 'generations')} more")
            return
        parent = source.component
        if parent is None:
            yield Term("builds on", shown, source.name, source.at, of=component.manifest.reference)
            return
        note = f"{parent.reference} (origin {parent.origin})"
        yield Term("builds on", shown, note, source.at, of=component.manifest.reference)
        component = parent


RULE = Rule(
    id="DP501",
    name="max-generation",
    scope="component",
    summary="synthetic generation depth <= max",
    check=check,
    explain=explain,
    parameters=(Parameter("max", "count", "lower", "greatest depth that passes", unit="generations"),),
    lineage=True,
)
