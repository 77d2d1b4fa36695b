"""The bytes of a data file are those that its manifest pins.

## What it demands

With `--verify`, the SHA-256 of each file is the `sha256` that its entry of `files` declares. Of an entry that is a
folder or a glob, it is the SHA-256 of the listing of its files: for each file, in the order of the paths' bytes, its
digest, two spaces, its path relative to the manifest's folder and a line feed. From that folder,
`sha256sum data/*.parquet | sha256sum` computes it for a glob (the shell's order of names must be that of bytes:
`LC_ALL=C`). A file that changes while it is read is indeterminate.

The finding is at the entry's `sha256`.

Runs with `--verify` only; then also where no clause matches, on the digests that manifests declare. Where a clause
matches, a file without `sha256` is indeterminate, and so is a component with records that names no files.

## Why

Reviews, licences and scores speak of certain bytes. A digest is the only claim about a file that nobody can meet by
accident.

## Bad

```yaml
manifest: 1
name: support-intents
version: "1"
stakes: medium
task: {name: intent, judgment: objective}
novelty: established
splits:
  test:
    purpose: evaluation
    components:
      - name: sampled
        origin: human
        records: 2
        labels: {by: expert}
        files:
          - path: data/test.csv
            sha256: "0000000000000000000000000000000000000000000000000000000000000000"
```

```csv
# file data/test.csv
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
  test:
    purpose: evaluation
    components:
      - name: sampled
        origin: human
        records: 2
        labels: {by: expert}
        files:
          - path: data/test.csv
            sha256: "46d3bf242e657b242f32cfdc42c5971886cff4ff7ac4bbf838fc27d6ee2c9c6c"
```

```csv
# file data/test.csv
id,text
t-1,I cannot log in
t-2,Where is my parcel
```

## Parameters

None.

## Evidence

Judgement. SHA-256 is a secure hash function (FIPS 180-4): no two files with one digest are known.

## Crosswalk

- EU AI Act: Annex IV(2)(d)
- NIST AI 600-1: MS-2.5-005
"""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.model.data import Unmeasured
from pytest_datapolicy.model.measured import data_of, undecided, unnamed
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.blocks import File
    from pytest_datapolicy.model.data import DataFile
    from pytest_datapolicy.model.manifest import Component
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context


def check(component: Component, clause: Clause, context: Context) -> Iterable[Draft]:
    """Each digest that differs, and where a policy asks for digests, each that is not given."""
    data, what = data_of(context), "whether they are unchanged"
    if not component.files:
        return unnamed(component, clause, what)
    wanted = [
        (index, file)
        for index, file in enumerate(component.files)
        if file.sha256 is not None or clause.place is not None
    ]
    if not wanted:
        return NOT_APPLICABLE
    entries = data.files(component)
    drafts = []
    for index, file in wanted:
        found = data.sha256(component, index)
        if isinstance(found, Unmeasured):
            drafts.append(undecided(found, f"whether {file.path} is unchanged", file.at("sha256"), file.path))
        elif found != file.sha256:
            drafts.append(_different(file, entries[index], found))
    return drafts


def _different(file: File, entry: DataFile, found: str) -> Draft:
    at, what = file.at("sha256"), file.path
    if entry.listing:
        what = f"the listing of {file.path} ({counted(entry.members, 'files')})"
    if file.sha256 is None:
        message = f"{file.path} has no sha256, so whether it is unchanged cannot be told"
        remedy = f'give sha256: "{found}" when this is the data that is meant'
        return Draft(message, remedy, at, outcome="indeterminate", thing=file.path)
    message = f"{what} has the SHA-256 {found}, not the one that is declared"
    remedy = f'restore the data that was declared, or give sha256: "{found}" when the change is meant'
    return Draft(message, remedy, at, found, file.sha256, thing=file.path)


RULE = Rule(
    id="DP602",
    name="digest-matches",
    scope="component",
    summary="sha256 of the bytes is the one declared",
    check=check,
    without_policy=True,
    needs="verify",
)
