"""What a review claims can be counted in the file in which the review is recorded.

## What it demands

`review.evidence` names a file below the project root with its SHA-256, the file has that digest, and counting it gives
the same numbers of sampled, accepted, corrected and rejected records and of reviewers as the review block. Read are the
JSON export of Label Studio, records of Argilla, and plain logs as CSV or JSON lines. A record counts once, with the
worst verdict that it got. Cancelled entries, entries made in bulk, imports, drafts and entries without a verdict are no
review: they are told apart and not counted. A review without evidence, without a digest or without its counts is
indeterminate, and so is a file that cannot be understood. Synthetic components are judged, unless `when` names origins.

## Why

Numbers in a manifest are typed by hand. A file that the tool of the review wrote can be counted by anybody, and a
digest keeps it from changing after the count.

## Bad

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: high
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: paraphrases
        origin: rewritten
        records: 4000
        generator: {name: acme-llm-7b, family: acme-llm}
        review:
          method: random
          sampled: 3
          accepted: 3
          corrected: 0
          rejected: 0
          reviewers: [{id: r-17, kind: human}, {id: r-22, kind: human}]
          evidence:
            path: reviews/2026-10.csv
            sha256: a93359926c4d1991cee146b1a55cd1f08e895491c54c90f838da40a2d5f20137
```

```csv
# file reviews/2026-10.csv
record,reviewer,verdict
t-101,r-17,accepted
t-207,r-22,accepted
t-344,r-17,rejected
```

```yaml
policy: 1
name: example
version: "1"
rules:
  review-evidence: {}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: high
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: paraphrases
        origin: rewritten
        records: 4000
        generator: {name: acme-llm-7b, family: acme-llm}
        review:
          method: random
          sampled: 3
          accepted: 2
          corrected: 0
          rejected: 1
          reviewers: [{id: r-17, kind: human}, {id: r-22, kind: human}]
          evidence:
            path: reviews/2026-10.csv
            sha256: a93359926c4d1991cee146b1a55cd1f08e895491c54c90f838da40a2d5f20137
```

```csv
# file reviews/2026-10.csv
record,reviewer,verdict
t-101,r-17,accepted
t-207,r-22,accepted
t-344,r-17,rejected
```

## Parameters

None.

## Evidence

Judgement. Exports of annotation tools hold skipped and bulk entries beside real ones, so a count of lines is no count
of reviews; who opened which record is not in any of them.

## Crosswalk

- EU AI Act: Article 10(2)(c)
- EU AI Act: Annex IV(2)(d)
- NIST AI RMF: MAP 2.3
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.evidence import Unread
from pytest_datapolicy.model.reviews import unreviewed, unsaid
from pytest_datapolicy.model.rule import SYNTHETIC_ORIGINS, Draft, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.model.blocks import Evidence, Review
    from pytest_datapolicy.model.evidence import Recount
    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

WHAT = "whether its counts are right"
COUNTS = ("sampled", "accepted", "corrected", "rejected")


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """The evidence is there, unchanged, and counts up to what the review says."""
    review = component.review
    if review is None:
        return unreviewed(component, WHAT)
    evidence = review.evidence
    if evidence is None:
        return unsaid(component, ["evidence"], WHAT)
    missing = [name for name in COUNTS if review.tree.get(name) is None]
    if missing:
        return unsaid(component, missing, WHAT)
    opened = _opened(evidence, context)
    if isinstance(opened, Unread):
        outcome = "fail" if opened.missing else "indeterminate"
        message = f"evidence {evidence.path} cannot be counted: {opened.reason}"
        return (Draft(message, opened.remedy, evidence.at("path"), outcome=outcome),)
    if evidence.sha256 is None:
        message = f"evidence {evidence.path} has no sha256, so it can change after the review"
        remedy = f'give sha256: "{opened.sha256}" when this is the file that the review ended with'
        pin = Draft(message, remedy, evidence.at("sha256"), outcome="indeterminate", thing="sha256")
        return (pin, *_differences(review, evidence, opened))
    if evidence.sha256 != opened.sha256:
        message = f"evidence {evidence.path} has the SHA-256 {opened.sha256}, not the one that is declared"
        remedy = "restore the file that was declared, or review again and declare this one"
        return (Draft(message, remedy, evidence.at("sha256"), opened.sha256, evidence.sha256, thing="sha256"),)
    return tuple(_differences(review, evidence, opened))


def _opened(evidence: Evidence, context: Context) -> Recount | Unread:
    if context.evidence is None:
        return Unread("no file can be opened here", "run the check on the project itself", missing=False)
    return context.evidence(evidence.path, evidence.format)


def _differences(review: Review, evidence: Evidence, found: Recount) -> Iterator[Draft]:
    aside = ", ".join(f"{number:,} {why}" for why, number in found.aside.items())
    note = f" (entries that do not count: {aside})" if aside else ""
    for name in COUNTS:
        declared, shown = review.tree[name], getattr(found, name)
        if declared != shown:
            message = f"evidence {evidence.path} shows {shown:,} {name}, the review says {declared:,}{note}"
            yield Draft(message, _remedy(name), review.at(name), shown, declared, thing=name)
    named = {reviewer.id.casefold() for reviewer in review.reviewers or ()}
    if named and len(named) != len(found.reviewers):
        message = (
            f"evidence {evidence.path} shows {counted(len(found.reviewers), 'reviewers')}, "
            f"the review names {len(named):,}{note}"
        )
        yield Draft(
            message, _remedy("reviewers"), review.at("reviewers"), len(found.reviewers), len(named), thing="reviewers"
        )


def _remedy(field: str) -> str:
    return f"correct review.{field}, or name the file in which this review is recorded"


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """What the file shows, beside what the review says."""
    review = component.review
    evidence = review.evidence if review is not None else None
    if review is None or evidence is None:
        yield Term("evidence", "unknown", "review.evidence is not given", component.at("review", "evidence"))
        return
    found = _opened(evidence, context)
    if isinstance(found, Unread):
        yield Term("evidence", "unread", found.reason, evidence.at("path"))
        return
    yield Term("evidence", found.form, f"SHA-256 {found.sha256}", evidence.at("path"))
    for name in COUNTS:
        declared = review.tree.get(name)
        note = "the review does not say" if declared is None else f"the review says {declared:,}"
        yield Term(name, getattr(found, name), note, review.at(name))
    named = len({reviewer.id.casefold() for reviewer in review.reviewers or ()})
    note = f"the review names {named:,}" if named else "the review names none"
    yield Term("reviewers", len(found.reviewers), note, review.at("reviewers"))
    for why, number in found.aside.items():
        yield Term(why, number, "entries that do not count")


RULE = Rule(
    id="DP404",
    name="review-evidence",
    scope="component",
    summary="evidence named, present, digest right, counts agree with the review block",
    check=check,
    explain=explain,
    applies={"origin": SYNTHETIC_ORIGINS},
)
