"""Every data file of the project is named by a manifest.

## What it demands

Each file below the project's roots whose name is that of a data file stands in `files` of some component of some
manifest: by its own path, below a folder or through a glob that is named there. What a manifest names as evidence of a
review, as an attestation or as the file that it describes is named as well. Manifests, policies and waivers are no data
files.

`include` says which names are those of data files, `exclude` what of them is left out; both are globs on paths from the
project root, and one without `/` is about names anywhere. Files are looked for below the roots, what git ignores
included, as data is mostly kept out of git; not in hidden folders that git does not track, nor in virtual environments,
nor where `exclude` of the settings says. While some manifest cannot be read, a file that no
other names is indeterminate.

The finding is at the clause, one for each file. No option is needed: the names of files are looked at, not what they
hold.

## Why

Rules judge what is declared. Data that nobody declares is used all the same.

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
        records: 1
        files: [{path: data/tickets.csv}]
```

```csv
# file data/tickets.csv
id,text
t-1,I cannot log in
```

```csv
# file data/more.csv
id,text
m-1,Where is my parcel
```

```yaml
policy: 1
name: example
version: "1"
rules:
  covered-data: {}
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
        files: [{path: "data/*.csv"}]
```

```csv
# file data/tickets.csv
id,text
t-1,I cannot log in
```

```csv
# file data/more.csv
id,text
m-1,Where is my parcel
```

## Parameters

- `include` (globs, not compared): which files are data. Default: the suffixes `.parquet`, `.jsonl`, `.ndjson`, `.csv`,
  `.tsv`, `.arrow` and `.feather`, the texts among them also with `.gz` and `.zst`. Case does not matter.
- `exclude` (globs, not compared, default none): files, and folders with all below them, that are left out.

## Evidence

Judgement: what is not named cannot be judged.

## Crosswalk

- EU AI Act: Annex IV(2)(d)
- NIST AI 600-1: MS-2.5-005
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Parameter, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Project

TABLES = ("*.arrow", "*.feather", "*.parquet")
TEXTS = ("*.csv", "*.jsonl", "*.ndjson", "*.tsv")
DATA = tuple(sorted((*TABLES, *(f"{text}{packed}" for text in TEXTS for packed in ("", ".gz", ".zst")))))


def check(project: Project, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    found = project.uncovered(clause.limits["include"], clause.limits["exclude"])
    if found is None:
        return NOT_APPLICABLE
    return [_draft(path, clause, unread=found.unread) for path in found.paths]


def _draft(path: str, clause: Clause, *, unread: bool) -> Draft:
    if unread:
        message = f"no manifest that can be read names {path}"
        remedy = "repair the manifests that cannot be read"
        return Draft(message, remedy, (), outcome="indeterminate", thing=path, place=clause.place)
    message = f"no manifest names {path}"
    remedy = "name it in `files` of the component that holds its records, or leave it out by `exclude`"
    return Draft(message, remedy, (), thing=path, place=clause.place)


RULE = Rule(
    id="DP605",
    name="covered-data",
    scope="project",
    summary="every data file below the roots is named by some manifest",
    check=check,
    parameters=(
        Parameter("include", "names", "none", "globs on the paths of data files", default=DATA),
        Parameter("exclude", "names", "none", "globs on the paths of files that are left out", default=()),
    ),
    waivable=False,
)
