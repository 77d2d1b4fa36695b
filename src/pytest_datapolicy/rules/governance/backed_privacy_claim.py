"""A synthetic component that claims to hold no personal data can show why.

## What it demands

A synthetic component with `privacy.personal_data: none` either carries an `attestation` with its `sha256`, or all that
it descends from (`derived_from` and `generator.trained_on`, through any number of steps) says none too. An ancestor
that says none and carries an attestation of its own ends the walk. One that says nothing, or stands outside the
project, does not say none. A component that names no ancestor cannot be decided, and that fails. Components that make
no such claim are not asked.

## Why

Generated is not anonymous: models repeat what they have seen, and a paraphrase of a person's story is still that
person's story. The claim is worth what it descends from, or the test that was made.

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
      - name: ward-notes
        origin: human
        records: 12000
        labels: {by: expert}
        privacy: {personal_data: pseudonymous}
      - name: paraphrases
        origin: rewritten
        records: 4000
        derived_from: [triage-notes@1#train/ward-notes]
        generator: {name: acme-llm, family: acme}
        privacy: {personal_data: none}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  backed-privacy-claim: {}
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
      - name: ward-notes
        origin: human
        records: 12000
        labels: {by: expert}
        privacy: {personal_data: pseudonymous}
      - name: paraphrases
        origin: rewritten
        records: 4000
        derived_from: [triage-notes@1#train/ward-notes]
        generator: {name: acme-llm, family: acme}
        privacy:
          personal_data: none
          attestation:
            path: membership-inference.pdf
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
```

## Parameters

None.

## Evidence

Judgement on the form. Article 4a of the EU AI Act treats synthetic and anonymised data as alternatives to personal
data, which presupposes that they are free of it.

## Crosswalk

- EU AI Act: Article 4a(1)(a)
"""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.rule import NOT_APPLICABLE, SYNTHETIC_ORIGINS, Draft, Rule, Term, Undecidable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Lineage

MISSING_LINEAGE = "names neither derived_from nor generator.trained_on"


class Gap(NamedTuple):
    """Why a claim is not backed."""

    reason: str
    outcome: str = "fail"
    ancestor: Component | None = None
    """The component that does not say none, or that cannot show why it does."""


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Judge only components that make the claim; walk only from those that show no attestation."""
    privacy = component.tree.get("privacy")
    if privacy is None or privacy.get("personal_data") != "none":
        return NOT_APPLICABLE
    if _attested(component):
        return ()
    if not _references(component):
        return (_draft(component, Gap(MISSING_LINEAGE, "indeterminate")),)
    gap = None if context.lineage is None else find_gap(component, context.lineage)
    return () if gap is None else (_draft(component, gap),)


def _draft(component: Component, gap: Gap) -> Draft:
    if "attestation" in component.tree["privacy"]:
        remedy = "give the sha256 of privacy.attestation"
    elif gap.reason == MISSING_LINEAGE and gap.ancestor is None:
        remedy = "name derived_from, or give privacy.attestation with a sha256"
    else:
        remedy = "give privacy.attestation with a sha256, or correct personal_data"
    related: tuple[tuple[str, Pointer, str], ...] = ()
    ancestor, subject = gap.ancestor, "it descends from "
    if ancestor is not None:
        subject += f"{ancestor.reference}, which "
        target = ancestor.manifest.reference
        target = "" if target == component.manifest.reference else target
        related = ((target, ancestor.at("privacy", "personal_data"), "the ancestor"),)
    elif gap.reason == MISSING_LINEAGE:
        subject = "the component "
    return Draft(
        f"personal_data is none, but {subject}{gap.reason}",
        remedy,
        component.at("privacy", "personal_data"),
        outcome=gap.outcome,
        related=related,
    )


def find_gap(component: Component, lineage: Lineage) -> Gap | None:
    """Walk up from `component`, depth first in the order of its references, to the first gap.

    What was found for a component on the way is kept for the components that descend from it.
    """
    known: dict[str, Gap | None] = lineage.memo.setdefault("DP709", {})
    path: list[tuple[str, Iterator[Component | Gap]]] = [(component.reference, _parents(component, lineage))]
    seen = {component.reference}
    while path:
        parent = next(path[-1][1], None)
        if parent is None:
            known[path.pop()[0]] = None
            continue
        gap = parent if isinstance(parent, Gap) else _gap_of(parent, known)
        if gap is not None:
            known.update(dict.fromkeys((reference for reference, _ in path), gap))
            return gap
        if isinstance(parent, Gap) or _attested(parent) or parent.reference in seen or parent.reference in known:
            continue
        seen.add(parent.reference)
        path.append((parent.reference, _parents(parent, lineage)))
    return None


def _parents(component: Component, lineage: Lineage) -> Iterator[Component | Gap]:
    for reference in _references(component):
        found = lineage.resolve(reference)
        if isinstance(found, Undecidable):
            yield Gap(f"{reference}: {found.reason}", "indeterminate")
        elif not found:
            yield Gap(f"{reference}, which stands outside the project and says nothing of personal data")
        else:
            yield from found


def _gap_of(ancestor: Component, known: Mapping[str, Gap | None]) -> Gap | None:
    says = (ancestor.privacy or {}).get("personal_data")
    if says != "none":
        return Gap("does not give personal_data" if says is None else f"says {says}", "fail", ancestor)
    if _attested(ancestor):
        return None
    if ancestor.is_synthetic and not _references(ancestor):
        return Gap(MISSING_LINEAGE, "indeterminate", ancestor)
    return known.get(ancestor.reference)


def _attested(component: Component) -> bool:
    privacy = component.tree.get("privacy")
    return privacy is not None and "sha256" in privacy.get("attestation", ())


def _references(component: Component) -> tuple[str, ...]:
    tree = component.tree
    return (*tree.get("derived_from", ()), *tree.get("generator", {}).get("trained_on", ()))


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The claim, and what backs it."""
    privacy = component.privacy or {}
    says = privacy.get("personal_data", "not given")
    note = "" if says == "none" else "only the claim none needs backing"
    yield Term("personal_data", says, note, component.at("privacy", "personal_data"))
    if says != "none":
        return
    shown = "with sha256" if _attested(component) else "without sha256" if "attestation" in privacy else "not given"
    yield Term("attestation", shown, "", component.at("privacy", "attestation"))
    references = _references(component)
    yield Term("ancestors", len(references), "references: " + (", ".join(references) or "none"), component.pointer)
    gap = find_gap(component, context.lineage) if references and context.lineage is not None else None
    if references and not _attested(component):
        yield Term("all say none", "no" if gap else "yes", gap.reason if gap else "each one, or it is attested")


RULE = Rule(
    id="DP709",
    name="backed-privacy-claim",
    scope="component",
    summary="a synthetic component with personal_data none descends from components that say so too, or is attested",
    check=check,
    explain=explain,
    applies={"origin": SYNTHETIC_ORIGINS},
    lineage=True,
)
