"""What the data say of where each record comes from is what the manifest says.

## What it demands

With `--verify`, in a split whose `columns.origin` names the column that tells where a record comes from: every record
of a component has a value there that stands for the component's `origin`. `columns.origins` says what the values stand
for; without it, each value is read as the name of an origin. A value without a meaning, or no value, stands for
`unknown`: where the component's origin is another, that is indeterminate.

The finding is at the component's `origin`, one for each value, and names the line of `columns.origins` that gives the
value its meaning.

Runs with `--verify` only; then also where no clause matches, on splits that name the column. Where a clause matches,
a split that does not name it is indeterminate, and so is a component with records that names no files.

## Why

The origin of a component is what most limits turn on, and a component is often a file into which somebody wrote more
than one thing. Rows that carry their own origin can say so.

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
    columns: {origin: source, origins: {desk: human, llm: rewritten}}
    components:
      - name: tickets
        origin: human
        records: 3
        files: [{path: data/train.csv}]
```

```csv
# file data/train.csv
id,text,source
t-1,I cannot log in,desk
t-2,Where is my parcel,desk
t-3,Logging in does not work for me,llm
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
    columns: {origin: source, origins: {desk: human, llm: rewritten}}
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

Judgement: that synthetic records are told from real ones at all is what the limits on their share rest on (see
[max-synthetic-ratio](max-synthetic-ratio.md)).

## Crosswalk

- EU AI Act: Article 10(2)(b)
- EU AI Act: Annex IV(2)(d)
- NIST AI RMF: MAP 2.3
- NIST AI 600-1: MS-2.5-005
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.data import Unmeasured
from pytest_datapolicy.model.measured import columns, data_of, undecided, unnamed, unsaid
from pytest_datapolicy.model.record import cast
from pytest_datapolicy.model.rule import Draft, Rule
from pytest_datapolicy.model.vocabulary import ORIGINS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.data import Counts
    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:
    """Each value that stands for another origin than the component's."""
    data, what = data_of(context), "whether each record has the declared origin"
    if "origin" not in columns(component.split):
        return unsaid(component.split, clause, "origin", what)
    if not component.files:
        return unnamed(component, clause, what)
    counts = data.counts(component)
    if isinstance(counts, Unmeasured):
        return (undecided(counts, f"whether each record of {component.name} is {component.origin}", _at(component)),)
    return [
        draft
        for value, rows in sorted(counts.origins.items())
        if rows
        for draft in _of_value(component, counts, value, rows)
    ]


def _at(component: Component) -> tuple[str | int, ...]:
    return component.at("origin")


def _of_value(component: Component, counts: Counts, value: str, rows: int) -> Iterable[Draft]:
    said = columns(component.split)
    meanings = cast("dict[str, str] | None", said.get("origins"))
    column = cast("str", said["origin"])
    known = dict(zip(ORIGINS, ORIGINS, strict=True)) if meanings is None else meanings
    meaning = known.get(value, "unknown")
    if meaning == component.origin:
        return
    of_all = f"{rows:,} of the {counted(counts.records, 'records')} of component {component.name}"
    have = "has" if rows == 1 else "have"
    if value not in known:
        given = f"{have} a {column} that stands for no origin, such as {value}" if value else f"{have} no {column}"
        message = (
            f"{of_all} {given}, so whether {'it is' if rows == 1 else 'they are'} {component.origin} cannot be told"
        )
        remedy = f"say in columns.origins what {value} stands for" if value else f"fill in {column}"
        at = component.split.at("columns", "origin" if meanings is None else "origins")
        yield Draft(message, remedy, at, rows, 0, outcome="indeterminate", thing=value or "no value")
        return
    message = f"{of_all} {have} {column} {value}, which is {meaning}, not {component.origin}"
    remedy = f"give {'it' if rows == 1 else 'them'} to a component of origin {meaning}, or correct the origin"
    said_at = component.split.at("columns", "origin" if meanings is None else "origins", *([value] if meanings else []))
    note = (("", said_at, f"{value} stands for {meaning}" if meanings else "the column that tells"),)
    yield Draft(message, remedy, _at(component), rows, 0, thing=value, related=note)


RULE = Rule(
    id="DP604",
    name="origin-matches",
    scope="component",
    summary="origin column in the data agrees with the manifest",
    check=check,
    without_policy=True,
    needs="verify",
)
