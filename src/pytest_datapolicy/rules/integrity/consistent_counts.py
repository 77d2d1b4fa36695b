"""The counts of a component agree with each other.

## What it demands

- No slice holds more records than the component. Slices may overlap, so their sum is not compared.
- Of a review: accepted + corrected + rejected = sampled; where one of them is missing, those given are no more than
  sampled. No more records were sampled than there are in the component, or in `review.population` when that is given.
  No slice has more reviewed records than were sampled, or than the slice holds.
- Agreement was measured on no more records than there are.
- The `records` of the files add up to the component's. When some files do not say, the others hold no more than the
  component. A file that several components share counts for each of them with the records that are its own.

## Why

Shares, floors and review bounds are computed from these numbers. Where they contradict each other one of them is wrong,
and every decision on this component rests on it.

## Bad

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: low
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
        review: {method: random, sampled: 400, accepted: 371, corrected: 20, rejected: 8}
```

## Good

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: low
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
        review: {method: random, sampled: 400, accepted: 371, corrected: 20, rejected: 9}
```

## Parameters

None. Always on: no policy lowers it, no waiver covers it.

## Evidence

Computed from the manifest itself.

## Crosswalk

- EU AI Act: Article 10(2)(e)
- EU AI Act: Article 10(3)
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.blocks import Review
from pytest_datapolicy.model.rule import Draft, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.model.blocks import Tree
    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

JUDGED = ("accepted", "corrected", "rejected")


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Ask each block that holds counts; those that plainly agree are passed over."""
    tree = component.tree
    records = tree["records"]
    drafts: list[Draft] = []
    if "slices" in tree and max(tree["slices"].values(), default=0) > records:
        drafts += _slices(component)
    if "review" in tree and not _plain(tree["review"], records):
        drafts += _review(component, Review(tree["review"], component.at("review")))
    if "files" in tree:
        drafts += _files(component)
    if "labels" in tree and "agreement" in tree["labels"]:
        drafts += _agreement(component)
    return drafts


def _plain(review: Tree, records: int) -> bool:
    """Whether a review with all four counts and nothing else to compare agrees."""
    try:
        judged = review["accepted"] + review["corrected"] + review["rejected"]
    except KeyError:
        return False
    return judged == review.get("sampled", -1) <= records and "slices" not in review and "population" not in review


def _slices(component: Component) -> Iterator[Draft]:
    records = component.records
    for name, count in component.slices.items():
        if count > records:
            yield Draft(
                f"slice {name} has {counted(count, 'records')}, more than the component's {records:,}",
                f"correct slices.{name} or records: they differ by {count - records:,}",
                component.at("slices", name),
                count,
                records,
                thing=f"slices.{name}",
            )


def _review(component: Component, review: Review) -> Iterator[Draft]:
    tree = review.tree
    most, holder, other = component.tree["records"], "the component's records are", "records, or give review.population"
    if "population" in tree:
        most, holder, other = tree["population"], "review.population is", "review.population"
    sampled = tree.get("sampled")
    given = [key for key in JUDGED if key in tree]
    judged = sum([tree[key] for key in given])
    found, field, count = "sampled is", "sampled", sampled
    if sampled is None:
        found, field, count = _terms(given), given[0] if given else "", judged
    elif judged != sampled and (len(given) == len(JUDGED) or judged > sampled):
        yield Draft(
            f"{_terms(given)} {judged:,}, but sampled is {sampled:,}",
            f"correct them or sampled: they differ by {abs(judged - sampled):,}",
            review.at("sampled"),
            judged,
            sampled,
            thing="review",
        )
    if count > most:
        yield Draft(
            f"{found} {count:,}, but {holder} {most:,}",
            f"correct {field} or {other}: they differ by {count - most:,}",
            review.at(field),
            count,
            most,
            thing="review.sampled",
        )
    if "slices" in tree:
        bound = (most, holder) if sampled is None else (sampled, "sampled is")
        yield from _review_slices(component, review, bound)


def _terms(given: list[str]) -> str:
    return f"{' + '.join(given)} {'add up to' if len(given) > 1 else 'is'}"


def _review_slices(component: Component, review: Review, bound: tuple[int, str]) -> Iterator[Draft]:
    """`bound` is the most that can have been reviewed of any slice, and what says so."""
    slices = {} if "population" in review.tree else component.slices
    for name, count in review.slices.items():
        most, holder = min(bound, (slices.get(name, bound[0]), "the slice has"))
        if count > most:
            yield Draft(
                f"{counted(count, 'reviewed records')} of slice {name}, but {holder} {most:,}",
                f"correct review.slices.{name}: it is {count - most:,} too many",
                review.at("slices", name),
                count,
                most,
                thing=f"review.slices.{name}",
            )


def _files(component: Component) -> Iterable[Draft]:
    files, records = component.tree["files"], component.tree["records"]
    counts = [item["records"] for item in files if "records" in item]
    total = sum(counts)
    if total == records or not counts or (total < records and len(counts) < len(files)):
        return ()
    known = "" if len(counts) == len(files) else f" ({len(files) - len(counts):,} without a number left out)"
    draft = Draft(
        f"records of the files add up to {total:,}{known}, but the component's records are {records:,}",
        f"correct the files' records or the component's: they differ by {abs(total - records):,}",
        component.at("files"),
        total,
        records,
        thing="files",
    )
    return (draft,)


def _agreement(component: Component) -> Iterable[Draft]:
    measured, records = component.tree["labels"]["agreement"].get("records", 0), component.tree["records"]
    if measured <= records:
        return ()
    draft = Draft(
        f"agreement was measured on {counted(measured, 'records')}, more than the component's {records:,}",
        f"correct labels.agreement.records or records: they differ by {measured - records:,}",
        component.at("labels", "agreement", "records"),
        measured,
        records,
        thing="labels.agreement.records",
    )
    return (draft,)


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The counts that must agree, pair by pair."""
    records, review = component.records, component.review
    yield Term("records", records, "of the component", component.at("records"))
    for name, count in component.slices.items():
        yield from _pair(f"slices.{name}", count, component.at("slices", name), records, "records of the component")
    if review is not None:
        yield from _review_terms(component, review)
    counts = [file.records for file in component.files if file.records is not None]
    if counts:
        some = len(counts) < len(component.files)
        what = "records of the component" + (", as some files give no number" if some else "")
        yield from _pair("files", sum(counts), component.at("files"), records, what, equal=not some)
    agreement = component.labels.agreement if component.labels is not None else None
    if agreement is not None and agreement.records is not None:
        at = agreement.at("records")
        yield from _pair("labels.agreement.records", agreement.records, at, records, "records of the component")


def _review_terms(component: Component, review: Review) -> Iterator[Term]:
    given = [key for key in JUDGED if key in review.tree]
    judged, sampled = sum([review.tree[key] for key in given]), review.sampled
    for key in given:
        yield Term(key, review.tree[key], f"review.{key}", review.at(key))
    most = component.records if review.population is None else review.population
    what = "records of the component" if review.population is None else "review.population"
    if given and sampled is not None:
        whole = len(given) == len(JUDGED)
        yield from _pair("review", judged, review.at(given[0]), sampled, "review.sampled", equal=whole)
    if sampled is not None or given:
        at = review.at("sampled") if sampled is not None else review.at(given[0])
        yield from _pair("review.sampled", judged if sampled is None else sampled, at, most, what)
    slices = {} if "population" in review.tree else component.slices
    bound = most if sampled is None else sampled
    for name, count in review.slices.items():
        least = min(bound, slices.get(name, bound))
        what = "the least of what was reviewed, what there is, and the records of the slice"
        yield from _pair(f"review.slices.{name}", count, review.at("slices", name), least, what)


def _pair(thing: str, value: int, at: Pointer, limit: int, what: str, *, equal: bool = False) -> Iterator[Term]:
    yield Term("records", value, thing, at, role="observed", thing=thing)
    yield Term("equal to" if equal else "at most", limit, what, role="limit", thing=thing)


RULE = Rule(
    id="DP009",
    name="consistent-counts",
    scope="component",
    summary="slices <= records; accepted+corrected+rejected = sampled <= records; files' records add up",
    check=check,
    explain=explain,
    always_on=True,
    waivable=False,
)
