"""The rare categories of real data are still there.

## What it demands

With `--verify`: the real core of a split are its components of real origin, and with `previous` also those of the
split of that version. Of the core's rare categories at least the share `min` is present in the whole split, and at
least that share in its synthetic records. Of all categories of the core, common ones too, at least that share is
present in the whole split.

A category is a value of the column `columns.category`, or of the one that `column` names. Rare are the categories that
components of the split name as `slices`; when none of these is a value of the column, those that are no more frequent
in the core than its median category.

A category may be absent by chance. One that makes up the share p of the core is expected among n records, at 95%, when
n is at least ln(0.05) / ln(1 - p): 299 for one in a hundred, 2,995 for one in a thousand. Where fewer records do not
show it, it is neither present nor lost, and where the answer depends on such categories, it is indeterminate.

The finding is at `columns.category`, and names the categories that are lost. A split without synthetic records of a
data set without `previous` has nothing to lose. Training splits are judged, unless `when` names purposes.

Runs with `--verify` only.

## Why

When models learn from models, what is rare goes first, and averages do not show it: in a simulation (Zipf, 2,000
categories, 10 generations) the entropy was still 94% of the original while 73% of the rarer half were gone.

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
    columns: {text: [text], category: intent}
    components:
      - name: tickets
        origin: human
        records: 4
        files: [{path: data/tickets.csv}]
      - name: generated
        origin: model
        records: 6
        generator: {name: acme-llm-7b, family: acme-llm}
        files: [{path: data/generated.csv}]
```

```csv
# file data/tickets.csv
text,intent
I cannot log in,login
Where is my parcel,parcel
Where did you send it,parcel
My card was charged twice,refund
```

```csv
# file data/generated.csv
text,intent
Where is the parcel that I ordered,parcel
My parcel has not come,parcel
When will my parcel come,parcel
My password is not accepted,login
Is my parcel lost,parcel
The parcel is late,parcel
```

```yaml
policy: 1
name: example
version: "1"
rules:
  tails-kept:
    limits:
      - {min: 0.9}
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
    columns: {text: [text], category: intent}
    components:
      - name: tickets
        origin: human
        records: 4
        files: [{path: data/tickets.csv}]
      - name: generated
        origin: model
        records: 4
        generator: {name: acme-llm-7b, family: acme-llm}
        files: [{path: data/generated.csv}]
```

```csv
# file data/tickets.csv
text,intent
I cannot log in,login
Where is my parcel,parcel
Where did you send it,parcel
My card was charged twice,refund
```

```csv
# file data/generated.csv
text,intent
When will my parcel come,parcel
My password is not accepted,login
You took the money twice,refund
The parcel is late,parcel
```

## Parameters

- `min` (share, higher is tighter): the least share of the categories that passes.
- `column` (a name, default `columns.category` of the split): the column that holds the categories.

## Evidence

Evidence for the direction: Shumailov et al. 2024 (Nature 631:755-759) show that the tails vanish first, Dohmatob et al.
2024 (arXiv 2402.07043) that this changes how models scale; Schaeffer et al. 2025 (arXiv 2503.03150), who doubt
catastrophe, count lost tails among what remains. No source gives a least coverage: a number is a judgement.

## Crosswalk

- EU AI Act: Article 10(2)(f)
- EU AI Act: Article 10(3)
- EU AI Act: Article 10(4)
- NIST AI 600-1: MS-2.11-005
"""

from __future__ import annotations

from fractions import Fraction

from pytest_datapolicy.model.amounts import ceil_div, counted, named, percent
from pytest_datapolicy.model.data import Unmeasured
from pytest_datapolicy.model.measured import columns, data_of, undecided, unsaid
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.model.data import Coverage, Tails
    from pytest_datapolicy.model.manifest import Split
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

WHAT = "whether rare categories are kept"
SHOWN = 3
PARTS = {"whole": "the whole split", "synthetic": "the synthetic records"}


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:
    """Compare the coverage of each part."""
    if split.manifest.previous is None and not any(item.is_synthetic and item.records for item in split.components):
        return NOT_APPLICABLE
    column: str | None = clause.limits["column"]
    if column is None and "category" not in columns(split):
        return unsaid(split, clause, "category", WHAT)
    found = data_of(context).tails(split, column)
    if isinstance(found, Unmeasured):
        return (undecided(found, f"{WHAT} in {split.name}", split.at("columns", "category")),)
    return list(_judged(split, found, clause.limits["min"]))


def _judged(split: Split, found: Tails, least: Fraction) -> Iterator[Draft]:
    kept = set()
    for part in found.rare:
        drafts = _compared(split, found, part, least, "rare categories")
        kept.add("" if drafts else part.part)
        yield from drafts
    for part in found.every:
        if part.part == "whole" and part.part in kept:
            yield from _compared(split, found, part, least, "categories")


def _compared(split: Split, found: Tails, part: Coverage, least: Fraction, kind: str) -> tuple[Draft, ...]:
    at, thing = split.at("columns", "category"), f"{kind} in {PARTS[part.part]}"
    if not part.categories:
        message = f"the real core of split {split.name} has no {kind} in {found.column}, so none can be kept"
        remedy = f"correct columns.category, or fill in {found.column}"
        return (Draft(message, remedy, at, None, least, outcome="indeterminate", thing=thing),)
    sure, possible = (Fraction(count, part.categories) for count in (part.present, part.present + part.open))
    if sure >= least:
        return ()
    short = ceil_div(least * part.categories) - part.present
    core = f"{kind} of the real core ({found.column}, {counted(found.core, 'records')})"
    are = "is" if part.present == 1 else "are"
    head = f"{part.present:,} of the {part.categories:,} {core} {are} in {PARTS[part.part]} ({percent(sure, least)})"
    if possible < least:
        message = f"{head}, at least {percent(least)} demanded{_lost(part)}"
        remedy = f"add records of {short:,} of the {kind} that are lost"
        return (Draft(message, remedy, at, sure, least, thing=thing),)
    message = (
        f"{head}, and {part.open:,} of the others cannot be expected among {counted(part.records, 'records')}, "
        f"so whether {percent(least)} are kept cannot be told"
    )
    remedy = f"judge at least {part.needed:,} records, or add records of {short:,} of the categories that are absent"
    return (Draft(message, remedy, at, sure, least, outcome="indeterminate", thing=thing),)


def _lost(part: Coverage) -> str:
    """The first categories that are lost, and how many more."""
    names = part.lost[:SHOWN]
    more = part.categories - part.present - part.open - len(names)
    return f"; lost: {named([*names, *([f'{more:,} more'] if more > 0 else [])], SHOWN + 1)}" if names else ""


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:
    """What each part holds of the real core's categories."""
    from pytest_datapolicy.model.terms import at_least

    at = split.at("columns", "category")
    if any(draft.outcome != "fail" and not draft.thing for draft in check(split, clause, context)):
        return  # the answer says what is missing
    found = data_of(context).tails(split, clause.limits["column"])
    if isinstance(found, Unmeasured):
        return
    yield Term("real core", found.core, f"real records with {found.column}", at)
    for kind, parts in (("rare categories", found.rare), ("categories", found.every)):
        for part in parts:
            thing = f"{kind} in {PARTS[part.part]}"
            yield Term("categories", part.categories, f"{kind} of the real core", thing=thing)
            yield Term("present", part.present, f"among {counted(part.records, 'records')}", thing=thing)
            if part.open:
                yield Term("open", part.open, f"not to be expected below {part.needed:,} records", thing=thing)
            if part.categories and (kind == "rare categories" or part.part == "whole"):
                share = Fraction(part.present, part.categories)
                yield Term("share", share, "present / categories", role="observed", thing=thing, share=True)
                yield at_least(clause.limits["min"], "min", share=True, thing=thing)


RULE = Rule(
    id="DP608",
    name="tails-kept",
    scope="split",
    summary="every category of the real core is still present, coverage >= min",
    check=check,
    explain=explain,
    parameters=(
        Parameter("min", "share", "higher", "least share of the categories that passes"),
        Parameter("column", "name", "none", "the column that holds the categories", required=False),
    ),
    applies={"purpose": frozenset({"training"})},
    needs="verify",
)
