"""Build the data files of this example from the package pyjokes: ``python make.py [FOLDER]``.

Needs pyjokes 0.8.3 and pyarrow. Nothing is drawn at random: jokes are put in order by the hash of their text.
"""

from __future__ import annotations

import hashlib
import json
import sys
from importlib.metadata import version
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pyjokes.pyjokes import all_jokes

HERE = Path(__file__).parent
PYJOKES = "0.8.3"
TESTED = 6
"""One joke in so many is kept for testing, in every language."""


class Record(NamedTuple):
    """One line of text in one language. `part` is the component that it belongs to, `source` who wrote it."""

    id: str
    text: str
    language: str
    part: str
    source: str


def jokes() -> list[Record]:
    """The jokes about programming, in the order of the hash of their text. pyjokes has a list for each language."""
    records = [
        Record(f"{language}-{number}", text, language, "jokes", "people")
        for language, kinds in sorted(all_jokes.items())
        for number, text in enumerate(kinds["neutral"])
    ]
    records.sort(key=lambda record: hashlib.sha256(record.text.encode()).digest())
    return list({" ".join(record.text.casefold().split()): record for record in records}.values())


def split(records: list[Record]) -> tuple[list[Record], list[Record]]:
    """Records to train on and to test on."""
    train, test = [], []
    for language in sorted(all_jokes):
        of_language = [record for record in records if record.language == language]
        kept = len(of_language) // TESTED
        test += of_language[:kept]
        train += of_language[kept:]
    return train, test


def splice(first: Record, second: Record) -> Record:
    """The first words of one joke and the last words of another: a text that nobody wrote."""
    start, end = first.text.split(), second.text.split()
    text = " ".join(start[: len(start) * 2 // 3] + end[len(end) * 2 // 3 :])
    return Record(f"{first.id}+{second.id}", text, first.language, "splices", "script")


def splices(records: list[Record], endings: int | None = None) -> list[Record]:
    """Every joke spliced with the next one of its language; with `endings` only so many jokes give their last words."""
    made = []
    for language in sorted({record.language for record in records}):
        first, *rest = (record for record in records if record.language == language)
        made += [splice(start, end) for start, end in zip([first, *rest], cycle(rest[:endings]), strict=False)]
    return made


def clean(folder: Path) -> None:
    """As it should be."""
    train, test = split(jokes())
    write_parquet(folder / "train.parquet", train + splices(train))
    write_jsonl(folder / "test.jsonl", test)
    write_jsonl(folder / "short.jsonl", short(test))


def planted(folder: Path) -> None:
    """With a fault for every rule: the README beside this script tells what happened here."""
    train, test = split(jokes())
    common = [record for record in train + test if len(all_jokes[record.language]["neutral"]) > 15]
    made = splices(common, endings=3)
    slipped = [record._replace(part="jokes") for record in made[::50]]
    copied = [record._replace(id=f"{record.id}-again") for record in test[::20]]
    twice = [record._replace(id=f"{record.id}-again") for record in made[::12]]
    rest = [record for number, record in enumerate(made) if number % 50]
    write_parquet(folder / "train.parquet", train + copied + slipped + rest + twice)
    write_jsonl(folder / "test.jsonl", [*test[:-1], test[-1]._replace(text=f"{test[-1].text}!")])
    write_jsonl(folder / "short-2.jsonl", short(test))


def short(records: list[Record]) -> list[Record]:
    """Those of at most eight words: a language is hard to tell from so little."""
    return [record for record in records if len(record.text.split()) <= 8]


def write_parquet(path: Path, records: list[Record]) -> None:
    """Write records as Parquet."""
    pq.write_table(pa.Table.from_pylist([record._asdict() for record in records]), path, compression="zstd")


def write_jsonl(path: Path, records: list[Record]) -> None:
    """Write records as lines of JSON."""
    lines = [json.dumps(record._asdict(), ensure_ascii=False) + "\n" for record in records]
    path.write_bytes("".join(lines).encode())


def main(folder: Path) -> None:
    if version("pyjokes") != PYJOKES:
        raise SystemExit(f"needs pyjokes {PYJOKES}, found {version('pyjokes')}")
    for name, build in (("clean", clean), ("planted", planted)):
        (folder / name / "data").mkdir(parents=True, exist_ok=True)
        build(folder / name / "data")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else HERE)
