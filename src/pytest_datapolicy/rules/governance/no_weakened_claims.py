"""A change does not take back what the base revision declares of a data set.

## What it demands

With `--base REV`, every data set of REV is compared with what the working tree says of it, by name: its latest version
there against its latest version here, each later version that is new, and each version that REV has too against itself.
None of these gets weaker:

- `stakes` lowered, or a domain dropped: a domain carries a floor, so that dropping it may lower the stakes;
- `judgment` from subjective to objective, `novelty` from novel to established;
- `stage` back towards bootstrap, or `bootstrap_until` put off;
- `models` left out altogether;
- the purpose of a split from evaluation, validation or preference to training or diagnostic;
- a split, or the whole data set, gone;
- fewer real records in the data set, or in a split for evaluation, validation or preference;
- of a component: a lower declared generation (synthetic content that is called real among it), and a data set that
  `derived_from` or `generator.trained_on` named and names no more. A generator with another name may name other data,
  not none.

The latest version is the one that no other names as `previous`; of several, the highest, where numbers in a version
compare as numbers. What only becomes stricter passes, and so does a data set that REV does not have. A data set of REV
that is gone is a finding at its place in REV.

Runs with `--base` only; then also where no policy names it, as an error. A policy that names it decides the level and,
with `when`, the data sets; what REV declares counts for `when` too. It cannot be disabled.

A change that weakens a claim with good reason is for people to decide: whoever may override the gate merges it, and
from then on REV holds the new claim. Where the version stays the same, a waiver that REV holds already covers it.

## Why

Whoever may edit a manifest could otherwise pass any policy by declaring less: low stakes, an old domain, another
purpose. A policy from the base revision does not help against that.

## Bad

```yaml
# base
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

```yaml
manifest: 1
name: triage-notes
version: "2"
stakes: low
task: {name: triage, judgment: objective}
novelty: established
domains: [medical]
splits:
  train:
    purpose: training
    components:
      - {name: ward-notes, origin: human, records: 9000, labels: {by: expert}}
```

## Good

```yaml
# base
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

```yaml
manifest: 1
name: triage-notes
version: "2"
stakes: critical
task: {name: triage, judgment: objective}
novelty: established
domains: [medical]
splits:
  train:
    purpose: training
    components:
      - {name: ward-notes, origin: human, records: 13000, labels: {by: expert}}
```

## Parameters

None.

## Evidence

Judgement: a gate that its subject can lower is none.

## Crosswalk

None of its own: it keeps the facts in force that the other rules read.
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted, named
from pytest_datapolicy.model.rule import Draft, Rule
from pytest_datapolicy.model.vocabulary import REAL, STAKES_RANK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_datapolicy.model.manifest import Component, Manifest, Split
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Earlier

GUARDED = ("evaluation", "validation", "preference")
UNGUARDED = ("training", "diagnostic")
STAGES = ("bootstrap", "development", "production")
FURTHEST = "9999-12-31"


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Compare with what the base revision declares; a data set that is gone comes as the base revision has it."""
    earlier = context.earlier
    assert earlier is not None
    if earlier.lost:
        return (_lost(manifest, earlier),)
    return (*_of_dataset(manifest, earlier), *_of_splits(manifest, earlier))


def _lost(manifest: Manifest, earlier: Earlier) -> Draft:
    if earlier.lost == "unreadable":
        message = f"{manifest.name} of {earlier.revision} may stand in a manifest that cannot be read"
        return Draft(message, "repair that manifest", ("name",), outcome="indeterminate", thing="data set")
    message = f"no manifest describes {manifest.name} any more, and {earlier.revision} has one"
    remedy = f"restore it; if it is new in {earlier.revision}, merge that first"
    return Draft(message, remedy, ("name",), thing="data set")


def _of_dataset(manifest: Manifest, earlier: Earlier) -> Iterator[Draft]:
    before = earlier.manifest
    if STAKES_RANK[manifest.stakes] < STAKES_RANK[before.stakes]:
        yield _changed(earlier, "stakes", manifest.stakes, before.stakes, manifest.at("stakes"))
    for domain in sorted(set(before.domains) - set(manifest.domains)):
        message = f"domain {domain} is dropped, and with it the floor of its stakes; {_has(earlier)} it"
        related = earlier.note(("domains",), f"domain {domain}")
        yield Draft(message, f"add domain {domain}", manifest.at("domains"), thing=f"domain {domain}", related=related)
    if (manifest.judgment, before.judgment) == ("objective", "subjective"):
        yield _changed(earlier, "judgment", "objective", "subjective", manifest.at("task", "judgment"))
    if (manifest.novelty, before.novelty) == ("established", "novel"):
        yield _changed(earlier, "novelty", "established", "novel", manifest.at("novelty"))
    if STAGES.index(manifest.stage) < STAGES.index(before.stage):
        yield _changed(earlier, "stage", manifest.stage, before.stage, manifest.at("stage"))
    elif manifest.stage == "bootstrap" and (manifest.bootstrap_until or FURTHEST) > (
        before.bootstrap_until or FURTHEST
    ):
        until, limit = manifest.bootstrap_until or FURTHEST, before.bootstrap_until or FURTHEST
        yield _changed(earlier, "bootstrap_until", until, limit, manifest.at("bootstrap_until"))
    if before.models and not manifest.models:
        message = f"models are left out, and {_has(earlier)} {named([item.name or 'one' for item in before.models])}"
        related = earlier.note(("models",), "the models")
        yield Draft(message, "name the models again", manifest.at("models"), thing="models", related=related)


def _of_splits(manifest: Manifest, earlier: Earlier) -> Iterator[Draft]:
    explained = 0
    for before in earlier.manifest.splits:
        split = manifest.split(before.name)
        if split is None:
            explained += _real(before)
            message = f"split {before.name} ({before.purpose}) is gone; {_has(earlier)} it"
            related = earlier.note(before.at(), f"split {before.name}")
            yield Draft(
                message, "restore the split", manifest.at("splits"), thing=f"split {before.name}", related=related
            )
            continue
        if before.purpose in GUARDED and split.purpose in UNGUARDED:
            draft = _changed(earlier, "purpose", split.purpose, before.purpose, split.at("purpose"), before)
            yield draft._replace(split=split.name)
        if before.purpose in GUARDED and _real(split) < _real(before):
            explained += _real(before) - _real(split)
            at = _shrunk([split], [before]) or split.at()
            yield _fewer(earlier, _real(split), _real(before), at, f"split {split.name}")._replace(split=split.name)
        yield from _of_components(split, before, earlier)
    now, then = _real(*manifest.splits), _real(*earlier.manifest.splits)
    if now < then - explained:
        at = _shrunk(manifest.splits, earlier.manifest.splits) or manifest.at("splits")
        yield _fewer(earlier, now, then, at, "the data set")


def _of_components(split: Split, before: Split, earlier: Earlier) -> Iterator[Draft]:
    for old in before.components:
        component = split.component(old.name)
        if component is None:
            continue
        for draft in (*_of_generation(component, old, earlier), *_of_descent(component, old, earlier)):
            yield draft._replace(split=split.name, component=component.name)


def _of_generation(component: Component, old: Component, earlier: Earlier) -> Iterator[Draft]:
    now, then = _generation(component), _generation(old)
    if now >= then:
        return
    if now == 0:
        message = f"origin is {component.origin}, so real; {_has(earlier)} {old.origin}, which is synthetic"
        remedy, at, field = f"set origin to {old.origin}", component.at("origin"), old.at("origin")
    else:
        message = f"generation is {now}, at least {then} required; {_has(earlier)} {then}"
        remedy, at = f"set generation to {then}", component.at("generator", "generation")
        field = old.at("generator", "generation")
    yield Draft(message, remedy, at, now, then, thing="generation", related=earlier.note(field, f"generation {then}"))


def _of_descent(component: Component, old: Component, earlier: Earlier) -> Iterator[Draft]:
    generator, before = component.generator, old.generator
    fields: list[tuple[str, Sequence[str], Sequence[str], Pointer]] = [
        ("derived_from", component.derived_from or (), old.derived_from or (), ("derived_from",))
    ]
    if before is not None and component.origin not in REAL:  # real content has no generator: that is told already
        now = (generator.trained_on if generator is not None else None) or ()
        if now and generator is not None and generator.name != before.name:
            now = before.trained_on or ()  # another generator learned from other data
        fields.append(("trained_on", now, before.trained_on or (), ("generator", "trained_on")))
    for field, named_now, named_before, path in fields:
        names = {reference.partition("@")[0] for reference in named_now}
        dropped = [reference for reference in named_before if reference.partition("@")[0] not in names]
        if dropped:
            message = f"{field} names {named(dropped)} no more; {_has(earlier)} {'them' if len(dropped) > 1 else 'it'}"
            related = earlier.note(old.at(*path), f"what {field} named")
            remedy = f"name {named(dropped)} in {field}"
            yield Draft(message, remedy, component.at(*path), thing=field, related=related)


def _changed(earlier: Earlier, field: str, now: str, then: str, at: Pointer, within: Split | None = None) -> Draft:
    pointers: dict[str, Pointer] = {"judgment": ("task", "judgment")}
    before = within.at(field) if within is not None else pointers.get(field, (field,))
    message = f"{field} {'are' if field == 'stakes' else 'is'} {now}; {_has(earlier)} {then}"
    return Draft(message, f"set {field} to {then}", at, now, then, thing=field, related=earlier.note(before, then))


def _fewer(earlier: Earlier, now: int, then: int, at: Pointer, where: str) -> Draft:
    message = f"{counted(now, 'real records')} in {where}, at least {then:,} required, as {earlier.revision} has"
    remedy = f"keep or add {counted(then - now, 'more real records')}"
    return Draft(message, remedy, at, now, then, thing="real records", related=earlier.note(("splits",), f"{then:,}"))


def _shrunk(splits: Iterable[Split], before: Iterable[Split]) -> Pointer | None:
    """The records of the component that lost most real records, as far as components of one name can be compared."""
    old = {(split.name, item.name): _real_of(item) for split in before for item in split.components}
    losses = [
        (_real_of(item) - old.get((split.name, item.name), 0), item.at("records"))
        for split in splits
        for item in split.components
    ]
    loss, pointer = min(losses, key=lambda pair: pair[0])
    return pointer if loss < 0 else None


def _has(earlier: Earlier) -> str:
    return f"{earlier.revision} has"


def _real(*splits: Split) -> int:
    return sum([_real_of(component) for split in splits for component in split.components])


def _real_of(component: Component) -> int:
    """Real records as declared: both sides are declarations."""
    return component.records if component.origin in REAL else 0


def _generation(component: Component) -> int:
    """The generation as declared; synthetic content that says none is of the first."""
    if component.origin in REAL:
        return 0
    generator = component.generator
    return max(1, (generator.generation if generator is not None else None) or 1)


RULE = Rule(
    id="DP706",
    name="no-weakened-claims",
    scope="dataset",
    summary="against the base revision: stakes, judgment, novelty, purpose, real records and generation depth did not "
    "get weaker",
    check=check,
    without_policy=True,
    needs="base",
)
