"""An evaluation owes nothing to the models that it grades.

## What it demands

No family of `models` made the content of an evaluation or validation component, labelled it, or made any of its
ancestors, however far back. Families are compared without regard to case. What cannot be told does not pass: content
of unknown origin without a generator, a generator or a labelling model without a family, a labeller that is not
named, an ancestor that cannot be resolved. A data set that names no `models` is not judged, unless it has a training
or preference split: then somebody trains on it, and the answer is indeterminate.

## Why

A model does well on questions that it, or its sibling, wrote or answered. The score then says how alike two models
are.

## Bad

```yaml
manifest: 1
name: helpdesk
version: "1"
stakes: medium
task: {name: answering, judgment: objective}
novelty: established
models: [{name: acme-answers-2, family: acme-llm}]
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 5000, labels: {by: expert}}
  test:
    purpose: evaluation
    components:
      - name: generated-questions
        origin: model
        records: 300
        generator: {name: acme-llm-7b, family: Acme-LLM}
        labels: {by: expert}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  independent-evaluation: {level: error}
```

## Good

```yaml
manifest: 1
name: helpdesk
version: "1"
stakes: medium
task: {name: answering, judgment: objective}
novelty: established
models: [{name: acme-answers-2, family: acme-llm}]
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 5000, labels: {by: expert}}
  test:
    purpose: evaluation
    components:
      - {name: customers-questions, origin: human, records: 300, labels: {by: expert}}
```

## Parameters

None.

## Evidence

Evidence: Li et al. (Preference Leakage, arXiv 2502.01534) measure bias for the same model, for inheritance and for
the same family, which is the closure taken here; Panickssery et al. 2024 (arXiv 2404.13076) find that self-preference
grows with self-recognition; Xu et al. 2025 (arXiv 2509.26600) find self-bias from test data. That families must be
declared and are never guessed from names is judgement.

## Crosswalk

- EU AI Act: Article 10(3)
- NIST AI 600-1: MS-2.5-001
- NIST AI 600-1: MS-2.5-005
- GMLP: Training Data Sets Are Independent of Test Sets (2021, principle 4)
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.rule import EVALUATION, NOT_APPLICABLE, Draft, Rule, Term, Undecidable
from pytest_datapolicy.model.vocabulary import REAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_datapolicy.model.blocks import Model
    from pytest_datapolicy.model.manifest import Component, Manifest
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Lineage

MAYBE_MODEL = frozenset({"model", "unknown"})


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """The families behind content, labels and ancestors are none of the graded ones."""
    manifest = component.split.manifest
    if not manifest.tree.get("models"):
        return _without_models(manifest)
    tree = component.tree
    labels = tree.get("labels")
    if (
        tree["origin"] in REAL
        and "generator" not in tree
        and "derived_from" not in tree
        and labels is not None
        and "model" not in labels
        and labels.get("by", "unknown") not in MAYBE_MODEL
    ):
        return ()
    assert context.lineage is not None
    return _judge(component, context.lineage)


def _without_models(manifest: Manifest) -> Iterable[Draft]:
    for split in manifest.splits:
        if split.purpose in ("training", "preference"):
            message = (
                f"the data set has a {split.purpose} split ({split.name}) and does not say which models it trains or "
                "grades (models), so the independence of its evaluation cannot be told"
            )
            return (Draft(message, "name models, each with its family", ("models",), outcome="indeterminate"),)
    return NOT_APPLICABLE


def _judge(component: Component, lineage: Lineage) -> Iterable[Draft]:
    graded: dict[str, Model] = {}
    for model in component.manifest.models or ():
        if model.family is not None:
            graded.setdefault(model.family.casefold(), model)
    own = _own_families(component)
    ancestry = lineage.families(component)
    families = set(own)
    if not isinstance(ancestry, Undecidable):
        families |= ancestry
    shared = sorted(families & graded.keys())
    if shared:
        return [_dependent(component, lineage, family, own.get(family, {}), graded[family]) for family in shared]
    return _undecided(component, ancestry, families)


def _own_families(component: Component) -> dict[str, dict[str, Pointer]]:
    """By family, what of this component comes from it, and where that is written."""
    found: dict[str, dict[str, Pointer]] = {}
    sources = (("content", component.generator), ("labels", component.labels.model if component.labels else None))
    for what, model in sources:
        if model is not None and model.family is not None:
            found.setdefault(model.family.casefold(), {})[what] = model.at("family")
    return found


def _dependent(component: Component, lineage: Lineage, family: str, own: Mapping[str, Pointer], graded: Model) -> Draft:
    related = [("", graded.at("family"), f"{graded.name} is of family {graded.family}")]
    if own:
        verb = "comes" if own.keys() == {"content"} else "come"
        found = f"{' and '.join(own)} of component {component.name} {verb} from family {graded.family}"
        at = next(iter(own.values()))
    else:
        ancestor = _ancestor(component, lineage, family)
        name = f"an ancestor ({ancestor.reference})" if ancestor else "an ancestor"
        found = f"{name} of component {component.name} comes from family {graded.family}"
        at = _towards_ancestors(component)
        if ancestor is not None and ancestor.generator is not None:
            text = f"made by {ancestor.generator.name} of family {ancestor.generator.family}"
            related.append((ancestor.manifest.reference, ancestor.generator.at("family"), text))
    message = f"{found}, which the data set trains or grades ({graded.name})"
    return Draft(message, _remedy(component, own), at, family, thing=family, related=tuple(related))


def _towards_ancestors(component: Component) -> Pointer:
    """Where the component says what it descends from."""
    generator = component.generator
    if "derived_from" in component.tree or generator is None:
        return component.at("derived_from")
    return generator.at("trained_on")


def _ancestor(component: Component, lineage: Lineage, family: str) -> Component | None:
    """The first ancestor by name that this family made."""
    ancestors = lineage.ancestors(component)
    for reference, (split_name, name) in () if isinstance(ancestors, Undecidable) else sorted(ancestors):
        manifest = lineage.manifest(reference)
        if manifest is None or isinstance(manifest, Undecidable):
            continue
        split = manifest.split(split_name)
        found = split.component(name) if split else None
        generator = found.generator if found else None
        if generator is not None and generator.family is not None and generator.family.casefold() == family:
            return found
    return None


def _remedy(component: Component, own: Mapping[str, Pointer]) -> str:
    if not component.records:
        return "remove the component, which holds no records"
    records = counted(component.records, "records")
    if own.keys() == {"labels"}:
        return f"have its {records} labelled by people"
    return (
        f"replace its {records} with content that no graded family took part in, "
        "or move the component to a split of purpose diagnostic"
    )


def _undecided(component: Component, ancestry: object, families: set[str]) -> Iterable[Draft]:
    """What is missing to tell the families, if anything is: the component's own gaps before inherited ones."""
    generator, labels = component.generator, component.labels
    if generator is None and component.origin not in REAL and component.origin != "simulation":
        return _unclear(
            f"component {component.name} is of origin {component.origin} and names no generator",
            "give generator with its family, or the origin if it is human or observed",
            component.at("generator"),
        )
    if generator is not None and generator.family is None:
        return _unclear(
            f"the generator of component {component.name} has no family", "give its family", generator.at("family")
        )
    labeller = labels.model if labels else None
    if labeller is not None and labeller.family is None:
        return _unclear(
            f"the model that labelled component {component.name} has no family",
            "give its family",
            labeller.at("family"),
        )
    if labeller is None and component.labelled_by == "unknown":
        return _unclear(
            f"component {component.name} does not say who labelled it (labels.by)",
            "give labels.by, and labels.model with its family if a model labelled it",
            component.at("labels", "by"),
        )
    if labeller is None and component.labelled_by == "model":
        return _unclear(
            f"component {component.name} is labelled by a model that it does not name (labels.model)",
            "give labels.model with its family",
            component.at("labels", "model"),
        )
    whose = f"the independence of component {component.name}"
    if isinstance(ancestry, Undecidable):
        remedy = "name ancestors that are known, with the families that made them"
        if ancestry.missing:
            remedy = "correct the reference, or add the manifest that it names"
        return _unclear(ancestry.reason, remedy, _towards_ancestors(component), whose)
    for model in component.manifest.models or ():
        if families and model.family is None:
            return _unclear(f"model {model.name} has no family", "give its family", model.at("family"), whose)
    return ()


def _unclear(reason: str, remedy: str, at: Pointer, whose: str = "its independence") -> Iterable[Draft]:
    message = f"{reason}, so {whose} of the graded models cannot be told"
    return (Draft(message, remedy, at, outcome="indeterminate"),)


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The graded families, and those behind content, labels and ancestors."""
    models = component.manifest.models
    for model in models or ():
        yield Term("graded", model.family or "unknown", f"family of {model.name}", model.at("family"))
    if not models:
        yield Term("graded", "unknown", "the data set names no models", component.manifest.at("models"))
        return
    graded = {(model.family or "").casefold() for model in models}
    own = _own_families(component)
    yield Term("origin", component.origin, "", component.at("origin"))
    yield Term("labels.by", component.labelled_by, "", component.at("labels", "by"))
    for family, places in own.items():
        for what, at in places.items():
            yield Term(what, family, "family: graded" if family in graded else "family: not graded", at)
    assert context.lineage is not None
    ancestry = context.lineage.families(component)
    at = _towards_ancestors(component)
    if isinstance(ancestry, Undecidable):
        yield Term("ancestors", "unknown", ancestry.reason, at)
        return
    for family in sorted(ancestry - own.keys()):
        yield Term("ancestor", family, "family: graded" if family in graded else "family: not graded", at)
    if not own and not ancestry:
        yield Term("families", "none", "no model took part")


RULE = Rule(
    id="DP203",
    name="independent-evaluation",
    scope="component",
    summary="neither content, labels nor any ancestor comes from a family in `models`",
    check=check,
    explain=explain,
    applies={"purpose": EVALUATION},
    never={"purpose": frozenset({"training", "preference", "diagnostic"})},
    lineage=True,
)
