"""There are as many records as the manifest says, and each belongs to one component.

## What it demands

With `--verify`, the rows of a component's files are counted. Where the component has `where`, only the rows count whose
columns have these values. Then

- the component has as many as its `records` says;
- each file has as many as its own `records` says, where it says so; with `where`, those of the component;
- no row belongs to two components of the data set;
- no row of a file that a component names belongs to none.

A row is a row of Parquet, Arrow, CSV (without its header) or JSON lines. Of files without rows, such as images, each
counts one. Values of `where` are compared as text.

The finding is at the number that differs, at `where` (or `files`) of a component that shares rows, and at the first
entry that holds rows of nobody.

Runs with `--verify` only; then also where no clause matches, on components that name files. Where a clause matches, a
component with records that names no files is indeterminate.

## Why

Every share that a policy limits is made of these counts. A wrong one is the cheapest way to a passing manifest, and the
most common mistake in an honest one.

## Bad

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: tickets
        origin: human
        records: 3
        files: [{path: data/train.csv}]
```

```csv
# file data/train.csv
id,text
t-1,I cannot log in
t-2,Where is my parcel
```

## Good

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: tickets
        origin: human
        records: 2
        files: [{path: data/train.csv}]
        where: {source: desk}
      - name: paraphrases
        origin: rewritten
        records: 1
        generator: {name: acme-llm-7b, family: acme-llm}
        files: [{path: data/train.csv}]
        where: {source: llm}
```

```csv
# file data/train.csv
id,text,source
t-1,I cannot log in,desk
t-2,Where is my parcel,desk
t-3,Logging in does not work for me,llm
```

## Parameters

None.

## Evidence

Judgement: a count that can be counted need not be believed.

## Crosswalk

- EU AI Act: Article 10(2)(e)
- EU AI Act: Annex IV(2)(d)
- NIST AI 600-1: MS-2.11-005
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.data import Unmeasured
from pytest_datapolicy.model.measured import data_of, undecided, unnamed
from pytest_datapolicy.model.phrases import either
from pytest_datapolicy.model.rule import Draft, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.model.blocks import File
    from pytest_datapolicy.model.data import Counts
    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:
    """Compare what is counted, in the component and in each file."""
    data = data_of(context)
    if not component.files:
        return unnamed(component, clause, "how many records there are")
    counts = data.counts(component)
    if isinstance(counts, Unmeasured):
        what = f"how many records component {component.name} has"
        return (undecided(counts, what, component.at("records")),)
    return [
        *_in_all(component, counts),
        *_in_files(component, counts),
        *_shared(component, counts),
        *_unclaimed(component, counts),
    ]


def _in_all(component: Component, counts: Counts) -> Iterator[Draft]:
    unread = next((item for item in counts.files if isinstance(item, Unmeasured)), None)
    if unread is not None:
        yield undecided(unread, f"how many records component {component.name} has", component.at("records"))
    elif counts.records != component.records:
        files = component.files
        holder = files[0].path if len(files) == 1 else f"component {component.name}"
        message = (
            f"{holder} {'holds' if len(files) == 1 else 'has'} {counted(counts.records, 'records')}"
            f"{_selected(component)}, the manifest says {component.records:,}"
        )
        remedy = _remedy(counts.records, component.records)
        yield Draft(message, remedy, component.at("records"), counts.records, component.records)


def _selected(component: Component) -> str:
    """``where`` as the end of a sentence."""
    parts = []
    for column, wanted in (component.where or {}).items():
        values = wanted if isinstance(wanted, list) else [wanted]
        parts.append(f"{column} {either([_text(value) for value in values])}")
    return f" with {' and '.join(parts)}" if parts else ""


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _remedy(found: int, declared: int) -> str:
    if found < declared:
        missing = counted(declared - found, "missing records")
        return f"write records: {found}, or restore the {missing}"
    return f"write records: {found}, or take out the {counted(found - declared, 'records')} too many"


def _in_files(component: Component, counts: Counts) -> Iterator[Draft]:
    found: tuple[int | Unmeasured, ...] = counts.files if component.where is None else counts.own
    for file, rows in zip(component.files, found, strict=False):
        if file.records is None:
            continue
        if isinstance(rows, Unmeasured):
            yield undecided(rows, f"how many records {file.path} holds", file.at("records"), file.path)
        elif rows != file.records:
            message = (
                f"{file.path} holds {counted(rows, 'records')}{_selected(component)}, "
                f"the manifest says {file.records:,} of it"
            )
            yield Draft(message, _remedy(rows, file.records), file.at("records"), rows, file.records, thing=file.path)


def _shared(component: Component, counts: Counts) -> Iterator[Draft]:
    """Rows that another component counts too."""
    at = component.at("where" if component.where is not None else "files")
    for other, rows in counts.shared:
        message = (
            f"{counted(rows, 'records')} of component {component.name} "
            f"{'is' if rows == 1 else 'are'} counted by component {other} too"
        )
        remedy = "give each component its own files, or tell their rows apart by `where`"
        split, _, name = other.partition("/")
        there = component.manifest.split(split)
        owner = there.component(name) if there is not None else None
        related = () if owner is None else (("", owner.at("name"), "the other component"),)
        yield Draft(message, remedy, at, rows, 0, thing=f"rows of {other}", related=related)


def _unclaimed(component: Component, counts: Counts) -> Iterator[Draft]:
    for file, rows in zip(component.files, counts.unclaimed, strict=False):
        if rows:
            yield _of_nobody(file, rows)


def _of_nobody(file: File, rows: int) -> Draft:
    message = f"{file.path} holds {counted(rows, 'records')} that no component of the data set counts"
    remedy = f"count {'it' if rows == 1 else 'them'} in a component: correct `where`, or add one"
    return Draft(message, remedy, file.at("path"), rows, 0, thing=f"unclaimed rows of {file.path}")


RULE = Rule(
    id="DP603",
    name="record-count-matches",
    scope="component",
    summary="rows counted = records declared",
    check=check,
    without_policy=True,
    needs="verify",
)
