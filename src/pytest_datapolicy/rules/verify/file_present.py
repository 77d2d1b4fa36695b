"""Every data file that a manifest names is there.

## What it demands

With `--verify`, each entry of a component's `files` leads to a regular file below the project root: not to nothing, not
to a folder without files, a device or a pipe, and not through a link that leads out of the root. An entry is a file, a
folder (all files below it) or a glob (`*` and `?` within one name, `**` across folders), which stands for at least one
file. A file that is there and cannot be read, and an address below none of the `roots` that the settings allow, are
indeterminate.

The finding is at the entry's `path`.

Runs with `--verify` only; then also where no clause matches, on the files that manifests name. Where a policy names
it, a component with records that names no files is indeterminate.

## Why

A manifest outlives its data: files are moved, renamed, never uploaded. What is claimed of a file that is not there is
claimed of nothing.

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
        records: 2
        files: [{path: data/tickets-2026.csv}]
```

```csv
# file data/tickets.csv
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
        files: [{path: data/tickets.csv}]
```

```csv
# file data/tickets.csv
id,text
t-1,I cannot log in
t-2,Where is my parcel
```

## Parameters

None.

## Evidence

Judgement: the other checks of `--verify` begin here.

## Crosswalk

- EU AI Act: Annex IV(2)(d)
- NIST AI 600-1: MS-2.5-005
"""

from __future__ import annotations

from pytest_datapolicy.model.measured import data_of, unnamed
from pytest_datapolicy.model.rule import Draft, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.data import Unmeasured
    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

GONE = ("absent", "irregular")


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:
    """Each entry that cannot be read."""
    files = component.files
    if not files:
        return unnamed(component, clause, "whether they are there")
    drafts = []
    for file, found in zip(files, data_of(context).files(component), strict=True):
        if found.fault is not None:
            outcome = "fail" if _is_wrong(file.path, found.fault) else "indeterminate"
            at = file.at("path")
            drafts.append(Draft(found.fault.reason, found.fault.remedy, at, outcome=outcome, thing=file.path))
    return drafts


def _is_wrong(path: str, fault: Unmeasured) -> bool:
    """Whether the file is not there; of others that cannot be read, nobody can tell."""
    return fault.kind in GONE or (fault.kind == "outside" and "://" not in path)


RULE = Rule(
    id="DP601",
    name="file-present",
    scope="component",
    summary="every file exists below the manifest's project root and is a regular file",
    check=check,
    without_policy=True,
    needs="verify",
)
