"""A split that is named like an evaluation set is not trained on.

## What it demands

A split whose name holds a word for an evaluation set (test, eval, holdout, benchmark, golden, dev, val and their
longer forms) has neither purpose training nor preference. Words are whole: names are cut at `-`, `_`, `.`, digits and
case changes, so that `latest` holds no `test` while `test2`, `my-test` and `goldTest` do.

## Why

Scripts load splits by name. Sooner or later one of them reports a score on `test`, and nobody remembers that the
model has seen it.

## Bad

```yaml
manifest: 1
name: reviews
version: "1"
stakes: low
task: {name: sentiment, judgment: objective}
novelty: established
splits:
  test-2:
    purpose: training
    components:
      - {name: reviews, origin: human, records: 900, labels: {by: crowd}}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  honest-purpose: {level: error}
```

## Good

```yaml
manifest: 1
name: reviews
version: "1"
stakes: low
task: {name: sentiment, judgment: objective}
novelty: established
splits:
  latest:
    purpose: training
    components:
      - {name: reviews, origin: human, records: 900, labels: {by: crowd}}
```

## Parameters

None.

## Evidence

Judgement for the rule, evidence for what is at stake: Schaeffer et al. (arXiv 2601.04301) find that a single replica
of a test set in training lowers its loss below what clean training can reach.

## Crosswalk

- EU AI Act: Article 10(3)
- NIST AI RMF: MAP 2.3
- NIST AI RMF: MEASURE 2.5
- GMLP: Training Data Sets Are Independent of Test Sets (2021, principle 4)
"""

from __future__ import annotations

import re

from pytest_datapolicy.model.rule import Draft, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Split
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

WORDS = frozenset(
    (
        "test",
        "tests",
        "testing",
        "testset",
        "eval",
        "evals",
        "evaluate",
        "evaluation",
        "evaluations",
        "evalset",
        "holdout",
        "holdouts",
        "heldout",
        "benchmark",
        "benchmarks",
        "benchmarking",
        "golden",
        "goldens",
        "dev",
        "devset",
        "devtest",
        "devel",
        "development",
        "val",
        "vals",
        "valset",
        "valid",
        "validate",
        "validation",
    )
)
PAIRS = frozenset({("hold", "out"), ("held", "out")})

_STEM = re.compile("test|eval|h[eo]ld|bench|golden|dev|val", re.IGNORECASE)
_CUTS = (re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+"), re.compile("[A-Z]{2,}|[A-Z]?[a-z]+"))
"""A run of capitals before a small letter can be cut before its last letter (HTTPTest) or after it (TESTset)."""


def check(split: Split, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """No evaluation word in the name of a split that is trained on."""
    purpose = split.tree["purpose"]
    if purpose not in ("training", "preference") or _STEM.search(split.name) is None:
        return ()
    word = evaluation_word(split.name)
    if word is None:
        return ()
    message = f"split {split.name} is named like an evaluation set ({word}) and has purpose {purpose}"
    return (Draft(message, "rename the split, or correct its purpose", split.at("purpose"), purpose),)


def evaluation_word(name: str) -> str | None:
    """The first word of a split's name that stands for an evaluation set."""
    for cut in _CUTS:
        words: list[str] = [word.lower() for word in cut.findall(name)]
        for word, following in zip(words, [*words[1:], ""], strict=True):
            if word in WORDS:
                return word
            if (word, following) in PAIRS:
                return f"{word}-{following}"
    return None


def explain(split: Split, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """The word of the name that stands for evaluation, if any."""
    word = evaluation_word(split.name)
    used = split.purpose in ("training", "preference")
    yield Term("name", split.name, "no word of it stands for an evaluation set" if word is None else "", split.pointer)
    if word is not None:
        yield Term("word", word, "stands for an evaluation set")
    note = "not used for training or preference"
    yield Term("purpose", split.purpose, "" if used else note, split.at("purpose"), role="observed")


RULE = Rule(
    id="DP205",
    name="honest-purpose",
    scope="split",
    summary="a split named like an evaluation set is not used for training or preference",
    check=check,
    explain=explain,
)
