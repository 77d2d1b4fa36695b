"""A split does not repeat its records.

## What it demands

With `--verify`: at most the share `max` of the records of a split are duplicates. A record is a duplicate when an
earlier record of the split has the same text. The text of a record is what its `columns.text` hold, normalised: letters
of one shape alike (NFKC), without regard to case, white space as one space. A split without records, files or
`columns.text` is indeterminate.

The finding is at the split. `--show-records` shows the texts of the first duplicates.

Runs with `--verify` only.

## Why

A record that stands there ten times weighs ten times, and no manifest says so: a share of real records can be reached
by copying. Generators repeat themselves more than people do.

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
    columns: {id: id, text: [text]}
    components:
      - name: tickets
        origin: human
        records: 4
        files: [{path: data/train.csv}]
```

```csv
# file data/train.csv
id,text
t-1,I cannot log in
t-2,Where is my parcel
t-3,I can not log in
t-4,where is  my parcel
```

```yaml
policy: 1
name: example
version: "1"
rules:
  max-duplicates:
    limits:
      - {max: 0.2, when: {purpose: training}}
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
    columns: {id: id, text: [text]}
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
t-3,I can not log in
```

## Parameters

- `max` (share, lower is tighter): the greatest share of duplicates that passes.

## Evidence

Convention for the way to count, no threshold: the share of records less distinct texts. Con-ML-1 of ISO/IEC 5259-2 is
said to measure the same.

## Crosswalk

- EU AI Act: Article 10(3)
- NIST AI 600-1: MS-2.11-005
"""

from __future__ import annotations

from fractions import Fraction

from pytest_datapolicy.model.amounts import counted, percent
from pytest_datapolicy.model.data import Unmeasured
from pytest_datapolicy.model.measured import columns, data_of, examples, fewest, undecided, unsaid
from pytest_datapolicy.model.rule import Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Split
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:
    """Compare the share of duplicates."""
    what = "the share of duplicates"
    if "text" not in columns(split):
        return unsaid(split, clause, "text", what)
    found = data_of(context).duplicates(split)
    if isinstance(found, Unmeasured):
        return (undecided(found, f"{what} in {split.name}", split.pointer),)
    if not found.records:
        message = f"split {split.name} holds no records, so {what} cannot be told"
        return (Draft(message, "add records, or remove the split", split.pointer, outcome="indeterminate"),)
    share, most = Fraction(found.duplicates, found.records), clause.limits["max"]
    if share <= most:
        return ()
    message = (
        f"{found.duplicates:,} of the {counted(found.records, 'records')} of split {split.name} "
        f"({percent(share, most)}) {'repeats an earlier one' if found.duplicates == 1 else 'repeat earlier ones'}, "
        f"at most {percent(most)} allowed{examples(found.ids, found.texts)}"
    )
    remedy = f"remove {counted(fewest(found.duplicates, found.records, most), 'duplicates')}"
    return (Draft(message, remedy, split.pointer, share, most),)


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:
    """The records, and those that repeat another."""
    from pytest_datapolicy.model.terms import at_most, ratio

    found = data_of(context).duplicates(split) if "text" in columns(split) else None
    if found is None or isinstance(found, Unmeasured):
        return
    yield Term("records", found.records, "counted in the files", split.pointer)
    yield Term("duplicates", found.duplicates, f"texts that an earlier record has{examples(found.ids, ())}")
    if found.records:
        yield ratio(found.duplicates, found.records, "duplicates / records")
    yield at_most(clause.limits["max"], "max", share=True)


RULE = Rule(
    id="DP607",
    name="max-duplicates",
    scope="split",
    summary="share of duplicate records <= max",
    check=check,
    explain=explain,
    parameters=(Parameter("max", "share", "lower", "greatest share of duplicates that passes"),),
    needs="verify",
)
