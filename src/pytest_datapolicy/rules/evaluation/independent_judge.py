"""A model that scores is independent, and people score too.

## What it demands

Where a model scores an evaluation split (`scored_by: model`), the family of its `judge` is neither in `models` nor
the family of any generator of the data set, in this split or another. And whoever scores this one, people score at
least one evaluation split of the data set (`scored_by: human`): a model or a program is never the only gate. Families
are compared without regard to case.

What cannot be told does not pass: a missing `scored_by` when the data set names `models`, a judge, a graded model or
a generator without a family, content of unknown origin without a generator, a judge of a data set that trains and
names no `models`. A split without `scored_by` in a data set without `models` is not judged.

## Why

A judge prefers what it would have written itself. Do not hand a model the parts by which it grades itself, and do not
let the only opinion be a machine's.

## Bad

```yaml
manifest: 1
name: helpdesk
version: "1"
stakes: medium
task: {name: answering, judgment: subjective}
novelty: established
models: [{name: acme-answers-2, family: acme-llm}]
splits:
  test:
    purpose: evaluation
    scored_by: model
    judge: {name: acme-judge, family: acme-llm}
    components:
      - {name: customers-questions, origin: human, records: 300, labels: {by: expert}}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  independent-judge: {level: error}
```

## Good

```yaml
manifest: 1
name: helpdesk
version: "1"
stakes: medium
task: {name: answering, judgment: subjective}
novelty: established
models: [{name: acme-answers-2, family: acme-llm}]
splits:
  test:
    purpose: evaluation
    scored_by: model
    judge: {name: other-judge, family: other}
    components:
      - {name: customers-questions, origin: human, records: 300, labels: {by: expert}}
  read-by-people:
    purpose: evaluation
    scored_by: human
    components:
      - {name: sample, origin: human, records: 100, labels: {by: expert}}
```

## Parameters

None.

## Evidence

Evidence for the family demand: Li et al. (Preference Leakage, arXiv 2502.01534) measure bias for the same model,
inheritance and the same family; Panickssery et al. 2024 (arXiv 2404.13076) tie self-preference to self-recognition.
Zheng et al. 2023 (arXiv 2306.05685) find that strong judges agree with people in more than 80% of cases, which is why
an independent judge may score. That people score some split is judgement.

## Crosswalk

- EU AI Act: Article 14
- NIST AI 600-1: MS-1.3-003
- NIST AI 600-1: MS-2.5-001
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Rule, Term
from pytest_datapolicy.model.vocabulary import REAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.blocks import Model
    from pytest_datapolicy.model.manifest import Component, Manifest, Split
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """The judge's family is nobody's whom it could favour, and people score too."""
    tree = split.tree
    scorer = tree.get("scored_by")
    if scorer == "human" and tree["purpose"] == "evaluation":
        return ()
    manifest = split.manifest
    if scorer is None:
        if not manifest.tree.get("models") and "judge" not in tree:
            return NOT_APPLICABLE
        message = (
            f"split {split.name} does not say who scores it (scored_by), "
            "so the independence of its judge cannot be told"
        )
        remedy = "give scored_by (human, program or model), with a judge for model"
        return (Draft(message, remedy, split.at("scored_by"), outcome="indeterminate"),)
    drafts = _judged(split) if scorer == "model" else []
    if not _people_score(manifest):
        message = "people score no evaluation split of the data set (scored_by: human), at least 1 required"
        drafts.append(Draft(message, "have people score an evaluation split", split.at("scored_by"), 0, 1))
    return drafts


def _people_score(manifest: Manifest) -> bool:
    return any(split.purpose == "evaluation" and split.scored_by == "human" for split in manifest.splits)


def _judged(split: Split) -> list[Draft]:
    judge = split.judge
    if judge is None or judge.family is None:
        what = "names no judge" if judge is None else f"has a judge, {judge.name}, without a family"
        return [
            _unclear(split, f"split {split.name} {what}", "give judge with its family", split.at("judge", "family"))
        ]
    family = judge.family.casefold()
    graded, made = _of_family(split.manifest, family)
    if graded or made:
        return [_dependent(split, judge, graded, made)]
    gap = _gap(split.manifest)
    return [] if gap is None else [_unclear(split, *gap)]


def _of_family(manifest: Manifest, family: str) -> tuple[list[Model], list[Component]]:
    """The graded models of this family, and the components that it made."""
    graded = [model for model in manifest.models or () if model.family and model.family.casefold() == family]
    made = []
    for component in manifest.components:
        generator = component.generator
        if generator is not None and generator.family and generator.family.casefold() == family:
            made.append(component)
    return graded, made


def _dependent(split: Split, judge: Model, graded: list[Model], made: list[Component]) -> Draft:
    whose = [f"model {graded[0].name}, which the data set trains or grades"] if graded else []
    whose += [f"the generator of component {made[0].split.name}/{made[0].name}"] if made else []
    related = [("", item.at("family"), f"{item.name} is of family {item.family}") for item in graded[:1]]
    for generator in [component.generator for component in made[:1]]:
        assert generator is not None
        related.append(("", generator.at("family"), f"{generator.name} is of family {generator.family}"))
    return Draft(
        f"judge {judge.name} of split {split.name} is of family {judge.family}, as is {' and '.join(whose)}",
        "take a judge of another family, or have people score the split (scored_by: human)",
        judge.at("family"),
        judge.family,
        thing=(judge.family or "").casefold(),
        related=tuple(related),
    )


def _gap(manifest: Manifest) -> tuple[str, str, Pointer] | None:
    """The first thing that leaves the families open: what, how to close it, and where."""
    models = manifest.models or ()
    if not models and any(split.purpose in ("training", "preference") for split in manifest.splits):
        what = "the data set trains and does not say which models (models)"
        return what, "name models, each with its family", ("models",)
    for model in models:
        if model.family is None:
            return f"model {model.name} has no family", "give its family", model.at("family")
    for component in manifest.components:
        generator = component.generator
        name = f"{component.split.name}/{component.name}"
        if generator is None and component.origin not in REAL and component.origin != "simulation":
            what = f"component {name} is of origin {component.origin} without a generator"
            return what, "give generator with its family, or the origin if it is real", component.at("generator")
        if generator is not None and generator.family is None:
            what = f"the generator of component {name} has no family"
            return what, "give its family", generator.at("family")
    return None


def _unclear(split: Split, reason: str, remedy: str, at: Pointer) -> Draft:
    message = f"{reason}, so the independence of the judge of split {split.name} cannot be told"
    return Draft(message, remedy, at, outcome="indeterminate", thing="judge")


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """Who scores, whose family the judge is of, and which splits people score."""
    manifest, judge = split.manifest, split.judge
    yield Term("scored_by", split.scored_by or "not given", "", split.at("scored_by"))
    if judge is not None:
        family = (judge.family or "").casefold()
        yield Term("judge", judge.family or "unknown", f"family of {judge.name}", judge.at("family"))
        for model in manifest.models or ():
            same = "the same" if family and family == (model.family or "").casefold() else "another"
            yield Term("model", model.family or "unknown", f"family of {model.name}: {same}", model.at("family"))
        for component in manifest.components:
            generator = component.generator
            if generator is not None:
                same = "the same" if family and family == (generator.family or "").casefold() else "another"
                whose = f"family of the generator of {component.split.name}/{component.name}: {same}"
                yield Term("generator", generator.family or "unknown", whose, generator.at("family"))
    scored = [item.name for item in manifest.splits if item.purpose == "evaluation" and item.scored_by == "human"]
    yield Term("scored by people", len(scored), ", ".join(scored) or "no evaluation split", role="observed")
    yield Term("at least", 1, "evaluation split", role="limit")


RULE = Rule(
    id="DP209",
    name="independent-judge",
    scope="split",
    summary="a model judge's family is neither in `models` nor a generator of the data, and people score too",
    check=check,
    explain=explain,
    applies={"purpose": frozenset({"evaluation"})},
)
