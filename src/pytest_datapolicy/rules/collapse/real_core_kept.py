"""A new version keeps the real core of the one before.

## What it demands

A data set that names a `previous` version holds at least `min_ratio` times as many real records as that version, all
splits together, rounded up. A data set without `previous` is not judged. A previous version outside the project, or
that cannot be read, is indeterminate.

## Why

Synthetic data that is added to real data does bounded harm. Synthetic data that takes its place compounds, version by
version, and no single version shows it: only the comparison with the one before does.

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
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
```

```yaml
manifest: 1
name: support-intents
version: "2"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
previous: support-intents@1
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 3000, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 3000
        generator: {name: acme-llm-7b, family: acme-llm}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  real-core-kept:
    limits:
      - {min_ratio: 1}
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
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
```

```yaml
manifest: 1
name: support-intents
version: "2"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
previous: support-intents@1
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 6000, labels: {by: expert}}
      - name: paraphrases
        origin: rewritten
        records: 3000
        generator: {name: acme-llm-7b, family: acme-llm}
```

## Parameters

- `min_ratio` (ratio, higher is tighter): real records over those of the previous version. 1 keeps all, less leaves room
  for erasures, more asks for fresh real data.

## Evidence

Evidence: Gerstgrasser et al. 2024 (arXiv 2404.01413) find that error grows without bound when synthetic data replaces
real data and stays bounded when it is added, for language models, diffusion models and autoencoders; Kazdan et al.
(arXiv 2410.16713) find slow degradation in between; Alemohammad et al. 2024 (arXiv 2307.01850) find that fresh real
data is needed in each generation. Ratios other than 1 are judgement.

## Crosswalk

- EU AI Act: Article 10(2)(f)
- EU AI Act: Article 15(4)
- NIST AI 600-1: MS-2.11-005
- NIST AI 600-1: MG-2.2-002
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import ceil_div, counted, percent
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Parameter, Rule, Term, Undecidable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Draft]:
    """The real records of all splits, against those of the previous version."""
    reference = manifest.previous
    if reference is None:
        return NOT_APPLICABLE
    assert context.lineage is not None
    previous = context.lineage.manifest(reference)
    if previous is None or isinstance(previous, Undecidable):
        reason = previous.reason if previous else f"{reference} lies outside the project"
        message = f"{reason}, so the real records of the previous version cannot be told"
        remedy = "keep the manifest of that version in the project, or name one that is there"
        return (Draft(message, remedy, manifest.at("previous"), outcome="indeterminate"),)
    before, now = _real_records(previous), _real_records(manifest)
    ratio = clause.limits["min_ratio"]
    needed = ceil_div(ratio * before)
    if now >= needed:
        return ()
    share = "as many as" if ratio == 1 else f"{percent(ratio)} of the {before:,} of"
    message = f"{counted(now, 'real records')}, at least {needed:,} required, {share} {reference}"
    related = ((reference, ("splits",), counted(before, "real records")),)
    remedy = f"keep or add {counted(needed - now, 'more real records')}"
    return (Draft(message, remedy, manifest.at("previous"), now, needed, related=related),)


def _real_records(manifest: Manifest) -> int:
    return sum([split.real_records for split in manifest.splits])


def explain(manifest: Manifest, clause: Clause, context: Context) -> Iterable[Term]:
    """The real records of each split, before and now."""
    reference = manifest.previous
    if reference is None:
        yield Term("previous", "none", "only a version that names the one before is asked", manifest.at("previous"))
        return
    assert context.lineage is not None
    previous = context.lineage.manifest(reference)
    if previous is None or isinstance(previous, Undecidable):
        reason = previous.reason if previous else f"{reference} lies outside the project"
        yield Term("previous", "unknown", reason, manifest.at("previous"))
        return
    for split in previous.splits:
        yield Term(f"before: {split.name}", split.real_records, "real records", split.pointer, of=reference)
    before, ratio = _real_records(previous), clause.limits["min_ratio"]
    yield Term("before", before, f"real records of {reference}")
    for split in manifest.splits:
        yield Term(f"now: {split.name}", split.real_records, "real records", split.pointer)
    yield Term("now", _real_records(manifest), "real records", role="observed")
    note = f"min_ratio {percent(ratio)} of {before:,}, rounded up"
    yield Term("at least", ceil_div(ratio * before), note, role="limit")


RULE = Rule(
    id="DP502",
    name="real-core-kept",
    scope="dataset",
    summary="real records >= min_ratio x those of `previous`; synthetic data is added, not swapped in",
    check=check,
    explain=explain,
    parameters=(Parameter("min_ratio", "ratio", "higher", "real records over those of the previous version"),),
    lineage=True,
)
