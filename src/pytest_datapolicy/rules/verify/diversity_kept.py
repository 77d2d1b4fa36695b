"""Synthetic records are about as varied as the real ones beside them.

## What it demands

With `--verify`, in a split with synthetic records: their diversity is at least `min` times that of its real records, on
samples of the same number of words. `metric` says how diversity is measured:

- `distinct-1`, `distinct-2`, `distinct-3`: the share of different words, pairs of words and runs of three among all;
- `compression`: the bytes of the compressed sample for each byte of the sample.

Of all of them more is more diverse. Both samples are records in the order of the digests of their texts, cut to the
same number of words (200,000 at most), because all measures fall as a sample grows. With fewer than 1,000 words on a
side nothing can be told. A split without real records is indeterminate, one without synthetic records is not judged.

The finding is at the split. Training splits are judged, unless `when` names purposes.

Runs with `--verify` only.

## Why

Generated text returns to the same phrases, and each generation that learns from it more so. The number of records does
not show it.

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
    columns: {text: [text]}
    components:
      - name: tickets
        origin: human
        records: 160
        files: [{path: data/tickets.csv}]
      - name: generated
        origin: model
        records: 160
        generator: {name: acme-llm-7b, family: acme-llm}
        files: [{path: data/generated.csv}]
```

```csv
# file data/tickets.csv (each row 20 times)
text
I cannot log in since you changed the page for passwords
Where is my parcel and why does nobody answer the phone
The lamp came broken so please send another one this week
My card was charged twice for one order in the same hour
How do I change the address of an order that was sent
Your driver left the box in the rain behind the garage
Can my neighbour collect it with a copy of my passport
The code from the letter is refused after the second digit
```

```csv
# file data/generated.csv (each row 80 times)
text
I am writing to ask about the status of my recent order
I am writing to ask about the status of my recent refund
```

```yaml
policy: 1
name: example
version: "1"
rules:
  diversity-kept:
    limits:
      - {min: 0.8}
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
    columns: {text: [text]}
    components:
      - name: tickets
        origin: human
        records: 160
        files: [{path: data/tickets.csv}]
      - name: generated
        origin: model
        records: 160
        generator: {name: acme-llm-7b, family: acme-llm}
        files: [{path: data/generated.csv}]
```

```csv
# file data/tickets.csv (each row 20 times)
text
I cannot log in since you changed the page for passwords
Where is my parcel and why does nobody answer the phone
The lamp came broken so please send another one this week
My card was charged twice for one order in the same hour
How do I change the address of an order that was sent
Your driver left the box in the rain behind the garage
Can my neighbour collect it with a copy of my passport
The code from the letter is refused after the second digit
```

```csv
# file data/generated.csv (each row 20 times)
text
My password stopped working when the page for logging in changed
Nobody picks up the phone and the parcel has not come
One of the two lamps is in pieces can you replace it
You took the money two times although I ordered only once
The parcel goes to an old address can it still be stopped
It rained on the box that your driver put behind our house
May somebody else show my passport and take the parcel home
After two digits the page says that the code is wrong
```

## Parameters

- `min` (ratio, higher is tighter): the least diversity of the synthetic records that passes, with that of the real ones
  as 1.
- `metric` (choice, default `distinct-2`): how diversity is measured.

## Evidence

Evidence for the direction: Guo et al. 2023 (arXiv 2311.09807) find that diversity of words and of syntax falls with
each generation that is trained on generated text, Briesch et al. 2023 (arXiv 2311.16822) the same for its share. Shaib
et al. 2024 (arXiv 2403.00553) find compression a good stand-in for slower measures. No source gives a least ratio: a
number is a judgement.

## Crosswalk

- EU AI Act: Article 10(2)(f)
- EU AI Act: Article 10(3)
- NIST AI 600-1: MS-2.11-005
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted, number_text
from pytest_datapolicy.model.data import Unmeasured
from pytest_datapolicy.model.measured import columns, data_of, undecided, unsaid
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from pytest_datapolicy.model.manifest import Split
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

METRICS = ("distinct-1", "distinct-2", "distinct-3", "compression")


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:
    """Compare the diversity of the two sides."""
    what = "how diverse the synthetic records are"
    if not any(item.is_synthetic and item.records for item in split.components):
        return NOT_APPLICABLE
    if "text" not in columns(split):
        return unsaid(split, clause, "text", what)
    if not split.real_records:
        message = f"split {split.name} holds no real records, so {what} beside them cannot be told"
        return (Draft(message, "add real records", split.pointer, outcome="indeterminate"),)
    metric: str = clause.limits["metric"]
    found = data_of(context).diversity(split, metric)
    if isinstance(found, Unmeasured):
        return (undecided(found, f"{what} in {split.name}", split.pointer),)
    if not found.real:
        message = f"the real records of split {split.name} have no {metric}, so {what} beside them cannot be told"
        return (Draft(message, "add real records with text", split.pointer, outcome="indeterminate"),)
    least: Fraction = clause.limits["min"]
    if found.ratio >= least:
        return ()
    message = (
        f"{metric} of the synthetic records of split {split.name} is {_apart(found.ratio, least)} of that of its real "
        f"ones ({_short(found.synthetic)} and {_short(found.real)}, on {counted(found.tokens, 'words')} each), "
        f"at least {number_text(least)} demanded"
    )
    remedy = "leave out synthetic records that repeat others, or make them from more varied prompts and sources"
    return (Draft(message, remedy, split.pointer, found.ratio, least),)


def _short(value: Fraction) -> str:
    return number_text(round(value, 3))


def _apart(value: Fraction, least: Fraction) -> str:
    """With as many digits as show that the value is less."""
    digits = next((digits for digits in range(3, 12) if round(value, digits) < least), 12)
    return number_text(round(value, digits)) if digits <= 6 else f"just under {number_text(least)}"


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:
    """The diversity of each side, and the ratio."""
    from pytest_datapolicy.model.terms import at_least

    if any(draft.outcome != "fail" for draft in check(split, clause, context)):
        return  # the answer says what is missing
    found = data_of(context).diversity(split, clause.limits["metric"])
    if isinstance(found, Unmeasured):
        return
    yield Term("sample", found.tokens, "words of each side", split.pointer)
    yield Term("real", found.real, found.metric)
    yield Term("synthetic", found.synthetic, found.metric)
    yield Term("ratio", found.ratio, "synthetic / real", role="observed")
    yield at_least(clause.limits["min"], "min")


RULE = Rule(
    id="DP609",
    name="diversity-kept",
    scope="split",
    summary="diversity of synthetic relative to real >= min",
    check=check,
    explain=explain,
    parameters=(
        Parameter("min", "ratio", "higher", "least diversity of the synthetic records, that of the real ones being 1"),
        Parameter("metric", "choice", "none", "how diversity is measured", default="distinct-2", choices=METRICS),
    ),
    applies={"purpose": frozenset({"training"})},
    needs="verify",
)
