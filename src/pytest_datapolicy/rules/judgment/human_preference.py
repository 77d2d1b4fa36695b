"""Preferences are the choices of people.

## What it demands

Every component of a preference split is labelled by someone in `allow`. What is chosen between may be a model's: the
origin of the content is not judged here. Missing labels read as `unknown`, which is not human. A clause whose `when`
names another purpose judges that purpose instead.

## Why

In preference data the choice is the signal. A choice that a model made teaches a model to please a model.

## Bad

```yaml
manifest: 1
name: answers-compared
version: "1"
stakes: medium
task: {name: helpfulness, judgment: subjective}
novelty: established
splits:
  pairs:
    purpose: preference
    components:
      - name: judged-by-a-model
        origin: model
        records: 20000
        generator: {name: acme-llm-7b, family: acme-llm}
        labels: {by: model, model: {name: acme-judge, family: acme-llm}}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  human-preference: {level: error}
```

## Good

```yaml
manifest: 1
name: answers-compared
version: "1"
stakes: medium
task: {name: helpfulness, judgment: subjective}
novelty: established
splits:
  pairs:
    purpose: preference
    components:
      - name: judged-by-people
        origin: model
        records: 20000
        generator: {name: acme-llm-7b, family: acme-llm}
        labels: {by: crowd, annotators: 3}
```

## Parameters

- `allow` (set of labellers, fewer is tighter; default expert, crowd, user): labellers that pass.

## Evidence

Judgement, and contradicted for some tasks: Lee et al. (RLAIF, arXiv 2309.00267) find that people prefer a policy
trained on AI feedback over the supervised one as often as one trained on human feedback, 71% against 73% for
summaries and 63% against 64% for helpful dialogue. A team that uses AI feedback should say so in its policy, keep a
human anchor and have people score its evaluation, rather than waive this rule in silence. Human preference is noisy
too: labellers of InstructGPT agree in 73% of cases (arXiv 2203.02155).

## Crosswalk

- EU AI Act: Article 10(2)(c)
- NIST AI 600-1: MS-1.3-002
- NIST AI 600-1: MS-2.5-002
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.phrases import either
from pytest_datapolicy.model.rule import Draft, Parameter, Rule, Term
from pytest_datapolicy.model.vocabulary import LABELLERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """The one who chose is allowed."""
    allow: tuple[str, ...] = clause.limits["allow"]
    labeller = component.labelled_by
    if labeller in allow:
        return ()
    allowed = either(allow)
    if labeller == "unknown":
        found = f"component {component.name} does not say who chose (labels.by), which counts as not human"
    elif labeller == "none":
        found = f"component {component.name} records no choices (labels.by: none)"
    else:
        found = f"the choices of component {component.name} were made by {labeller}"
    remedy = "remove the component, which holds no records"
    if component.records:
        remedy = f"have {allowed} choose in its {counted(component.records, 'records')}"
        if labeller == "unknown":
            remedy = f"give labels.by, or {remedy}"
    at = component.at("labels", "by")
    return (Draft(f"{found}, only {allowed} is allowed", remedy, at, labeller, ", ".join(allow)),)


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """Who chose, and who may."""
    note = "" if "by" in component.tree.get("labels", ()) else "labels.by is missing, which counts as not human"
    yield Term("labels.by", component.labelled_by, note, component.at("labels", "by"), role="observed")
    yield Term("allowed", ", ".join(clause.limits["allow"]), "allow", role="limit")


RULE = Rule(
    id="DP301",
    name="human-preference",
    scope="component",
    summary="in preference splits the labeller is human; content may be a model's",
    check=check,
    explain=explain,
    parameters=(
        Parameter(
            "allow", "choices", "fewer", "labellers that pass", default=("expert", "crowd", "user"), choices=LABELLERS
        ),
    ),
    applies={"purpose": frozenset({"preference"})},
)
