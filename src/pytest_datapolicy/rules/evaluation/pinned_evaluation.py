"""Evaluation data is pinned to its bytes.

## What it demands

Every component of an evaluation or validation split names at least one file, and every file has a sha256. A clause
whose `when` names another purpose judges that purpose instead; diagnostic splits are never judged.

## Why

A score can be compared with last year's only if it was measured on the same records. A digest makes a silent change
of the evaluation visible.

## Bad

```yaml
manifest: 1
name: ward-notes
version: "1"
stakes: medium
task: {name: coding, judgment: objective}
novelty: established
splits:
  test:
    purpose: evaluation
    components:
      - name: notes
        origin: human
        records: 800
        labels: {by: expert}
        files:
          - {path: data/test.parquet, records: 800}
```

```yaml
policy: 1
name: example
version: "1"
rules:
  pinned-evaluation: {level: error}
```

## Good

```yaml
manifest: 1
name: ward-notes
version: "1"
stakes: medium
task: {name: coding, judgment: objective}
novelty: established
splits:
  test:
    purpose: evaluation
    components:
      - name: notes
        origin: human
        records: 800
        labels: {by: expert}
        files:
          - path: data/test.parquet
            records: 800
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
```

## Parameters

None.

## Evidence

Convention: frozen, digested test sets are what reproducible benchmarks publish. That even a single leaked replica of
a test set matters is evidence: Schaeffer et al. (arXiv 2601.04301); a digest is what makes a leak traceable.

## Crosswalk

- EU AI Act: Annex IV(2)(d)
- NIST AI 600-1: MS-2.5-005
- NIST AI 600-1: MS-2.9-002
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import EVALUATION, Draft, Rule, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """There is a file, and each file has a digest."""
    files = component.tree.get("files")
    if not files:
        message = f"component {component.name} names no file, so nothing pins what is evaluated"
        return (Draft(message, "name its files, each with its sha256", component.at("files"), 0, 1),)
    for file in files:
        if "sha256" not in file:
            return _unpinned(component)
    return ()


def _unpinned(component: Component) -> Iterable[Draft]:
    """One draft a path, however often it is listed."""
    drafts: dict[str, Draft] = {}
    for file in component.files:
        if file.sha256 is None and file.path not in drafts:
            message = f"file {file.path} has no sha256, so nothing pins what is evaluated"
            drafts[file.path] = Draft(message, "give its sha256", file.pointer, thing=file.path)
    return drafts.values()


def explain(component: Component, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG001
    """Which files are pinned."""
    files = component.files
    if not files:
        yield Term("files", 0, "none is named", component.at("files"), role="observed")
        yield Term("at least", 1, role="limit")
    for file in files:
        digest = file.sha256
        yield Term(file.path, "no sha256" if digest is None else f"sha256 {digest[:12]}", "", file.pointer)


RULE = Rule(
    id="DP206",
    name="pinned-evaluation",
    scope="component",
    summary="every evaluation file has a sha256, and there is at least one file",
    check=check,
    explain=explain,
    applies={"purpose": EVALUATION},
    never={"purpose": frozenset({"diagnostic"})},
)
