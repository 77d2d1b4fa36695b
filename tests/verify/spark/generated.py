"""A data set of some thousand records with everything in it that engines may see differently."""

from __future__ import annotations

import csv
import gzip
import json
import random
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pytest_datapolicy.model.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pytest_datapolicy.model.data import Verifier

ID, TEXT, TITLE, KIND, ORIGIN = 'id "x"', "te`xt ${s}", "f", "caté,gory's", r"or\igin"
NAMES = (ID, TEXT, TITLE, KIND, ORIGIN)
WORDS = """the patient reports Straße STRASSE ﬁne İstanbul ＦＵＬＬ width étude étude 東京 данные ﷺ ǅ ß ẞ Ω Ω a it's
"quoted" back\\slash per% under_score semi; -- no\u00a0break zero\u200bwidth 😀 emoji""".replace("\n", " ").split(" ")
SPACES = (" ", " ", " ", "  ", "\t", "\n", "\u00a0", "\u2003", " \r\n ")
METRICS = ("distinct-1", "distinct-2", "distinct-3", "compression")

Row = dict[str, str | None]


def build(folder: Path) -> Manifest:
    """Write the files and give the manifest."""
    draw = random.Random(7)
    rows = [_row(draw, number) for number in range(2400)]
    for index in range(0, 2400, 13):
        rows[index][TEXT] = rows[(index + 700) % 2400][TEXT]
    tests = [_row(draw, 10_000 + number) for number in range(300)]
    for index in range(0, 300, 7):
        rows[index * 3][TITLE] = tests[index][TITLE] = None
        tests[index][TEXT] = (rows[index * 3][TEXT] or "").upper().replace(" ", "  ")
    for index in range(0, 300, 11):
        words = (rows[index + 5][TEXT] or "").split()
        tests[index][TEXT] = " ".join([*words[2:19], "and", "something", "else"])
    _parquet(folder / "it's {a}.parquet", rows[:600])
    (folder / "part=1").mkdir()
    _jsonl(folder / "part=1" / "0.jsonl", rows[600:1200])
    with gzip.open(folder / "part=1" / "1.jsonl.gz", "wt", encoding="utf-8") as file:
        _lines(file, rows[1200:1500])
    with pa.CompressedOutputStream(str(folder / "part=1" / "2.jsonl.zst"), "zstd") as packed:
        packed.write("".join(json.dumps(row) + "\n" for row in rows[1500:1800]).encode())
    _csv(folder / "shared.csv", rows[1800:2100], NAMES)
    table = pa.Table.from_pylist(rows[2100:])
    with pa.OSFile(str(folder / "last.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=77)
    _csv(folder / "test.csv", tests, NAMES[::-1])
    return Manifest(_tree())


def figures(verifier: Verifier, manifest: Manifest) -> dict[str, Any]:
    """Everything that can be measured of a data set, by what it is of."""
    data = verifier.open(manifest, "dataset.yaml", lambda _: None, left=0)
    found: dict[str, Any] = {
        f"counts {component.reference}": data.counts(component)
        for split in manifest.splits
        for component in split.components
    }
    for evaluation in data.evaluations():
        found[f"overlap {evaluation.name}"] = data.overlap(evaluation)
    for split in manifest.splits:
        found[f"duplicates {split.name}"] = data.duplicates(split)
        found[f"tails {split.name}"] = data.tails(split, None)
    train = manifest.splits[0]
    return found | {f"diversity {metric}": data.diversity(train, metric) for metric in METRICS}


def _tree() -> dict[str, Any]:
    columns = {"id": ID, "text": [TITLE, TEXT], "category": KIND, "origin": ORIGIN, "origins": {"h": "human"}}

    def component(name: str, origin: str, *paths: str, where: dict[str, Any] | None = None) -> dict[str, Any]:
        made: dict[str, Any] = {"name": name, "origin": origin, "records": 1, "files": [{"path": p} for p in paths]}
        return made | ({"where": where} if where else {})

    return {
        "manifest": 1,
        "name": "generated",
        "version": "1",
        "splits": {
            "train": {
                "purpose": "training",
                "columns": columns,
                "components": [
                    component("real", "human", "it's {a}.parquet", "last.arrow"),
                    component("made", "synthetic", "part=1"),
                    component("shared-real", "human", "shared.csv", where={ORIGIN: ["h", "sø"], KIND: "k\\1"}),
                    component("shared-made", "synthetic", "shared.csv", where={ORIGIN: "s'y"}),
                ],
            },
            "test": {
                "purpose": "evaluation",
                "columns": columns,
                "components": [component("held", "human", "test.csv")],
            },
        },
    }


def _row(draw: random.Random, number: int) -> Row:
    parts = [draw.choice(WORDS) + draw.choice(SPACES) for _ in range(draw.randint(0, 40))]
    if number % 3 == 0:
        parts = [f"w{draw.randint(0, 400)} " for _ in range(draw.randint(8, 40))]
    return {
        ID: None if number % 97 == 0 else f"r-{number}",
        TEXT: None if number % 41 == 0 else "".join(parts),
        TITLE: None if number % 5 else f"Title {draw.randint(0, 9)}",
        KIND: None if number % 53 == 0 else f"k\\{int(draw.paretovariate(0.7)) % 40}",
        ORIGIN: draw.choice(("h", "s'y", "sø", "", None, "OTHER", "other")),
    }


def _parquet(path: Path, rows: Sequence[Row]) -> None:
    pq.write_table(pa.Table.from_pylist(list(rows)), path, row_group_size=100)


def _jsonl(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        _lines(file, rows)


def _lines(file: Any, rows: Sequence[Row]) -> None:
    for row in rows:
        file.write(
            json.dumps({name: cell for name, cell in row.items() if cell is not None}, ensure_ascii=False) + "\n"
        )


def _csv(path: Path, rows: Sequence[Row], names: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
