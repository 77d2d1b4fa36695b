"""Evaluation shares no file, digest or lineage with training.

## What it demands

No file path and no sha256 stands both in a training split of any data set of the project and in an evaluation or
validation split of any; nor does a folder or a glob on one side hold what the other names. That is told from the paths
alone: no file is opened. No training component descends from an evaluation component, no evaluation component descends
from a training component, and the contents of the two descend from no common component. A reference without `#split`
names all splits of a data set, its evaluation included.

The finding is at the evaluation component and names the training component.

## Why

A model that has seen its test set is graded on memory. One replica of a test set in training data is enough to lift a
score beyond what the model can do.

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
        records: 6000
        labels: {by: expert}
        files: [{path: data/tickets.parquet}]
  test:
    purpose: evaluation
    components:
      - name: sampled
        origin: human
        records: 500
        labels: {by: expert}
        files: [{path: data/tickets.parquet}]
```

```yaml
policy: 1
name: example
version: "1"
rules:
  held-out-evaluation: {level: error}
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
        records: 6000
        labels: {by: expert}
        files: [{path: data/train.parquet}]
  test:
    purpose: evaluation
    components:
      - name: sampled
        origin: human
        records: 500
        labels: {by: expert}
        files: [{path: data/test.parquet}]
```

## Parameters

None.

## Evidence

Evidence: Schaeffer et al. 2026 (arXiv 2601.04301) find that a single replica of a test set lowers the loss below what a
clean model can reach; Zhang et al. 2024 (GSM1k, arXiv 2405.00332) measure drops of up to 8% on a fresh twin of a test
set.

## Crosswalk

- EU AI Act: Article 10(3)
- NIST AI 600-1: MS-2.5-005
- GMLP: Training Data Sets Are Independent of Test Sets (2021, principle 4)
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import EVALUATION, Draft, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

_SAID = {
    "digest": "a file with sha256 {thing:.12} is used for training by {other}",
    "file": "the file {thing} is used for training by {other}",
    "files": "{thing} and {other_file}, which is used for training by {other}, can mean the same file",
    "training-descends": "training component {other} descends from it",
    "evaluation-descends": "it descends from training component {other}",
    "common-ancestor": "it descends from {thing}, and so does training component {other}",
}


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    if context.project is None:
        return ()
    return [
        Draft(
            f"evaluation component {shared.component} is not held out: "
            + _SAID[shared.kind].format(**shared._asdict()),
            "evaluate on data that training does not use"
            if shared.kind in ("digest", "file", "files")
            else "name the split or component that is really used, or evaluate on data of another descent",
            shared.at,
            thing=shared.thing,
            split=shared.split,
            component=shared.component,
            related=((shared.other, shared.other_at, "used for training here"),),
        )
        for shared in context.project.shared(manifest.reference)
    ]


def explain(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """What the evaluation splits hold, and what of it training has too."""
    for split in manifest.splits:
        if split.purpose in EVALUATION:
            yield Term(split.name, split.records, f"records, purpose {split.purpose}", split.pointer)
    shared = list(context.project.shared(manifest.reference)) if context.project is not None else []
    for item in shared:
        said = _SAID[item.kind].format(**item._asdict())
        yield Term(f"{item.split}/{item.component}", "shared", said, item.at)
    yield Term("shared", len(shared), "files, digests, ancestors and descendants that training of the project has too")
    yield Term("at most", 0)


RULE = Rule(
    id="DP204",
    name="held-out-evaluation",
    scope="dataset",
    summary="no file, digest or lineage shared between training and evaluation",
    check=check,
    explain=explain,
    project=True,
)
