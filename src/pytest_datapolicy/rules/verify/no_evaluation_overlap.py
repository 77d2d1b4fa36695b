"""No record of an evaluation occurs in training.

## What it demands

With `--verify`, the records of each evaluation and validation split are looked for in all training and preference
splits of the same data set; so are those of the splits of other data sets that `evaluated_by` names. A record occurs in
training when

- its text is the text of a training record, or
- it has 13 words or more, and some run of 13 of its words occurs in a training record.

At most the share `max_share` of the records of a split may occur. The text of a record is what its `columns.text` hold,
normalised: letters of one shape alike (NFKC), without regard to case, white space as one space. Records without text
are left out. `--show-records` shows the texts of the first that occur.

The finding is at the evaluation split, or at the reference in `evaluated_by`, and names the training splits.

Runs with `--verify` only; then also where no clause matches, with `max_share` 0, on splits of which the manifest names
files and `columns.text`. Where a clause matches, an evaluation split or a training split that names none is
indeterminate.

## Why

A model that has seen its test set is graded on memory. Paths and digests do not show it: the same record stands in
other files, in other words before and after it.

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
        records: 3
        files: [{path: data/train.csv}]
  test:
    purpose: evaluation
    columns: {id: id, text: [text]}
    components:
      - name: sampled
        origin: human
        records: 2
        labels: {by: expert}
        files: [{path: data/test.csv}]
```

```csv
# file data/train.csv
id,text
t-1,I cannot log in
t-2,Where is my parcel
t-3,Please cancel my order
```

```csv
# file data/test.csv
id,text
e-1,How do I change my address
e-2,where  is my PARCEL
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
  test:
    purpose: evaluation
    columns: {id: id, text: [text]}
    components:
      - name: sampled
        origin: human
        records: 2
        labels: {by: expert}
        files: [{path: data/test.csv}]
```

```csv
# file data/train.csv
id,text
t-1,I cannot log in
t-2,Where is my parcel
t-3,Please cancel my order
```

```csv
# file data/test.csv
id,text
e-1,How do I change my address
e-2,The parcel came without the lamp
```

## Parameters

- `max_share` (share, lower is tighter, default 0): the greatest share of the records of an evaluation split that may
  occur in training.

## Evidence

Evidence for zero: Schaeffer et al. 2026 (arXiv 2601.04301) find that a single replica of a test set lowers the loss
below what a clean model can reach; Zhang et al. 2024 (GSM1k, arXiv 2405.00332) measure drops of up to 8% on a fresh
twin of a test set. Only 9 of 30 model developers report such overlap (arXiv 2410.08385). Convention for the runs of 13
words: Brown et al. 2020 (GPT-3, arXiv 2005.14165); others take 8 to 50 tokens or characters, and Singh et al. 2024
(arXiv 2411.03923) find the longest run in common to tell most. None of them sees a paraphrase.

## Crosswalk

- EU AI Act: Article 10(3)
- NIST AI 600-1: MS-2.5-001
- NIST AI 600-1: MS-2.5-005
- GMLP: Training Data Sets Are Independent of Test Sets (2021, principle 4)
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted, named, percent
from pytest_datapolicy.model.data import Unmeasured
from pytest_datapolicy.model.measured import columns, data_of, examples, fewest, undecided
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Parameter, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from pytest_datapolicy.model.data import Evaluation, Overlap
    from pytest_datapolicy.model.manifest import Manifest, Split
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

TRAINS = ("training", "preference")


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:
    """Each evaluation of which too much occurs in training."""
    data = data_of(context)
    trained = [split for split in manifest.splits if split.purpose in TRAINS]
    if not trained or (clause.place is None and not all(_can_be_read(split) for split in trained)):
        return NOT_APPLICABLE
    drafts: list[Draft] = []
    looked = False
    for evaluation in data.evaluations():
        if clause.place is None and not _can_be_read(evaluation.split):
            continue
        found = data.overlap(evaluation)
        looked = looked or found is not None
        if found is not None:
            drafts += _judged(evaluation, found, clause.limits["max_share"])
    return drafts if looked else NOT_APPLICABLE


def _can_be_read(split: Split) -> bool:
    """Whether the manifest says where the texts are."""
    return "text" in columns(split) and all(component.files or not component.records for component in split.components)


def _judged(evaluation: Evaluation, found: Overlap | Unmeasured, most: Fraction) -> Iterable[Draft]:
    name = evaluation.name
    split = None if "#" in name else name
    if isinstance(found, Unmeasured):
        draft = undecided(found, f"whether records of {name} occur in training", evaluation.at, name)
        return (draft._replace(split=split),)
    if not found.records:
        message = f"{name} holds no record with text, so whether any occurs in training cannot be told"
        remedy = "correct columns.text, or restore the records"
        return (Draft(message, remedy, evaluation.at, outcome="indeterminate", thing=name, split=split),)
    if found.share <= most:
        return ()
    hits = found.exact + found.grams
    places = named(found.trained) if found.trained else "training"
    message = (
        f"{hits:,} of the {counted(found.records, 'records')} of {name} ({percent(found.share, most)}) "
        f"{'occurs' if hits == 1 else 'occur'} in {places}{_how(found)}, {_allowed(most)}"
    ) + examples(found.ids, found.texts)
    remedy = _remedy(found, hits, most, name)
    return (Draft(message, remedy, evaluation.at, found.share, most, thing=name, split=split),)


def _how(found: Overlap) -> str:
    if not found.grams:
        return ""
    if not found.exact:
        return " by a run of 13 words"
    return f", {found.exact:,} as a whole and {found.grams:,} by a run of 13 words"


def _allowed(most: Fraction) -> str:
    return f"at most {percent(most)} allowed" if most else "none allowed"


def _remedy(found: Overlap, hits: int, most: Fraction, name: str) -> str:
    """Out of training each record that leaves counts once; out of the evaluation the whole shrinks with it."""
    there, here = hits - most * found.records // 1, fewest(hits, found.records, most)
    what = f"{there:,} of them" if there < hits else "it" if hits == 1 else "them"
    return f"take {what} out of training, or {'' if there == here else f'{here:,} '}out of {name}"


def explain(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """What of each evaluation occurs in training, and how."""
    from pytest_datapolicy.model.terms import at_most

    data = data_of(context)
    for evaluation in data.evaluations():
        found, name = data.overlap(evaluation), evaluation.name
        if found is None or isinstance(found, Unmeasured):
            yield Term(name, "unknown", found.reason if found else "nothing trains", evaluation.at, thing=name)
            continue
        yield Term(name, found.records, "records with text", evaluation.at, thing=name)
        yield Term("as a whole", found.exact, f"in {named(found.trained)}", thing=name)
        yield Term("by a run", found.grams, "of 13 words, of the others", thing=name)
        if found.records:
            yield Term("share", found.share, "that occurs / all", role="observed", thing=name, share=True)
            yield at_most(clause.limits["max_share"], "max_share", share=True, thing=name)


RULE = Rule(
    id="DP606",
    name="no-evaluation-overlap",
    scope="dataset",
    summary="no evaluation record occurs in training (exact and 13-gram)",
    check=check,
    explain=explain,
    parameters=(
        Parameter("max_share", "share", "lower", "greatest share of evaluation records in training", default=0),
    ),
    without_policy=True,
    needs="verify",
)
