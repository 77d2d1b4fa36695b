"""Run the readers of other people's formats over a folder of their files: ``python -m benchmarks.corpus DIR``.

The format of a file is that of the folder it is in (``hf_card``, ``croissant`` ...) or what its content tells. With
``LABELLED.tsv`` in DIR (columns ``file``, ``expected_origin``, ``expected_label_origin``) what the readers say of
origin and labels is compared with the truth: right, honestly unknown, or wrong. The exit code is 1 for a crash and for
any synthetic data that was read as human.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
import time
from collections import Counter
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from pytest_datapolicy.catalogue import Catalogue, holds
from pytest_datapolicy.formats.completion import complete, own_block
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.format import alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.formats.host import Stated

FOLDERS = {"hf_card": "huggingface", "hf_dataset_infos": "huggingface"}
"""Folders whose names are not those of their formats."""
CARD = b"---\npretty_name: a card with dataset_infos.json beside it\n---\n"
KINDS = {
    **dict.fromkeys(("human", "observed"), "human"),
    **dict.fromkeys(("model", "rewritten"), "model"),
    **dict.fromkeys(("simulator", "simulation", "programmatic"), "simulation"),
    **dict.fromkeys(("human-expert", "expert"), "expert"),
    **dict.fromkeys(("human-crowd", "crowd"), "crowd"),
    **dict.fromkeys(("machine", "model", "program"), "machine"),
}
"""Words of the truth and of manifests that count as the same origin or labeller."""
ORIGINS = {**KINDS, "model": "model", "machine": "model"}
LABELLERS = {**KINDS, "simulation": "machine", "simulator": "machine"}
HUMAN_KINDS = {"origin": frozenset({"human"}), "labels": frozenset({"expert", "crowd", "user"})}
UNKNOWN = ("unknown", "absent")


class Outcome(NamedTuple):
    """What became of one file."""

    path: str
    format: str
    milliseconds: float
    refused: str = ""
    crash: str = ""
    origin: str = "absent"
    labels: str = "absent"


class Score(NamedTuple):
    """How one fact was read over all labelled files."""

    fact: str
    table: Counter[tuple[str, str]]
    """Files by expected and read kind."""
    false_human: list[str]
    """Files that are not, or not only, human, and were read as human."""

    @property
    def total(self) -> int:
        return sum(self.table.values())

    @property
    def right(self) -> int:
        return sum(count for (expected, read), count in self.table.items() if read == expected)

    @property
    def unknown(self) -> int:
        return sum(count for (expected, read), count in self.table.items() if read != expected and read in UNKNOWN)

    @property
    def wrong(self) -> int:
        return self.total - self.right - self.unknown


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", help="a folder of files, in folders by format or told apart by what they hold")
    folder = parser.parse_args(arguments).folder
    if not os.path.isdir(folder):
        parser.error(f"{folder} is not a folder")
    outcomes = list(read_all(folder))
    print_outcomes(outcomes)
    crashes = [item for item in outcomes if item.crash]
    scores = print_scores(os.path.join(folder, "LABELLED.tsv"), outcomes)
    return 1 if crashes or any(score.false_human for score in scores) else 0


def read_all(folder: str) -> Iterator[Outcome]:
    """Read every file below a folder, in the order of their paths."""
    catalogue = Catalogue()
    for path in sorted(_files(folder)):
        with open(os.path.join(folder, path), "rb") as file:
            data = file.read()
        name = path.rpartition("/")[0].rpartition("/")[2]
        form = FOLDERS.get(name, name)
        if form not in catalogue.formats or form == "native":
            told = (key for key, entry in catalogue.formats.items() if entry.content and holds(entry, data))
            form = next(told, "")
        if name == "hf_dataset_infos":
            infos = data
            yield _read(catalogue, path, form, CARD, lambda sibling, infos=infos: _infos(sibling, infos))
        elif form:
            yield _read(catalogue, path, form, data, alone)
        else:
            yield Outcome(path, "", 0)


def _infos(name: str, data: bytes) -> bytes | None:
    return data if name == "dataset_infos.json" else None


def _files(folder: str) -> Iterator[str]:
    for top, _, names in os.walk(folder):
        for name in names:
            if not name.endswith(".tsv"):
                yield os.path.relpath(os.path.join(top, name), folder).replace(os.sep, "/")


def _read(catalogue: Catalogue, path: str, name: str, data: bytes, sibling: object) -> Outcome:
    """Read one file, and complete it with nothing but its own block."""
    state = catalogue.format_named(name).state
    if state is None:
        return Outcome(path, "", 0)
    start = time.perf_counter()
    try:
        stated: Stated = state(data, path, sibling)  # type: ignore[arg-type]
        try:
            complete(stated, own_block(stated))
        except Refused as incomplete:
            if any(problem.rule != "DP002" for problem in incomplete.problems):
                raise
    except Refused as refused:
        problem = refused.problems[0]
        reason = f"{problem.rule} {re.sub(r'[0-9][0-9,.]*', 'N', problem.message)}"
        return Outcome(path, name, _since(start), refused=reason)
    except Exception as error:
        return Outcome(path, name, _since(start), crash=f"{type(error).__name__}: {error}")
    return Outcome(path, name, _since(start), origin=_said(stated, "origin"), labels=_said(stated, "by"))


def _since(start: float) -> float:
    return (time.perf_counter() - start) * 1000


def _said(stated: Stated, field: str) -> str:
    """What the file says of all its components: one value, ``mixed``, or ``absent``."""
    values = {str(fact.value) for pointer, fact in stated.facts.items() if pointer[-1] == field}
    return values.pop() if len(values) == 1 else "mixed" if values else "absent"


def print_outcomes(outcomes: Iterable[Outcome]) -> None:
    """Files read and refused by format, and the time."""
    listed = list(outcomes)
    for name in sorted({item.format for item in listed if item.format}):
        mine = [item for item in listed if item.format == name]
        read = [item for item in mine if not item.refused and not item.crash]
        times = median(item.milliseconds for item in mine), max(item.milliseconds for item in mine)
        print(f"{name}: {len(mine)} files, {len(read)} read, {len(mine) - len(read)} refused or crashed")
        print(f"  median {times[0]:.2f} ms a file, slowest {times[1]:.1f} ms")
        for reason, count in Counter(item.refused for item in mine if item.refused).most_common():
            print(f"  {count} refused: {reason}")
        for item in mine:
            if item.crash:
                print(f"  CRASH {item.path}: {item.crash}")
    other = Counter(item.path.rpartition("/")[0] or "." for item in listed if not item.format)
    if other:
        print("no reader: " + ", ".join(f"{count} files in {name}" for name, count in sorted(other.items())))
    timed = [item.milliseconds for item in listed if item.format]
    if timed:
        print(f"all: {len(timed)} files, median {median(timed):.2f} ms a file")


def print_scores(labelled: str, outcomes: Iterable[Outcome]) -> list[Score]:
    """Compare with the truth, where there is a file that tells it."""
    if not os.path.isfile(labelled):
        return []
    with open(labelled, encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}
    read = [item for item in outcomes if item.format and item.path in rows]
    print(f"\nlabelled: {len(rows)} files, {len(read)} of them with a reader")
    scores = [
        score("origin", [(item.path, rows[item.path]["expected_origin"], item.origin) for item in read], ORIGINS),
        score(
            "labels", [(item.path, rows[item.path]["expected_label_origin"], item.labels) for item in read], LABELLERS
        ),
    ]
    for item in scores:
        print_score(item)
    return scores


def score(fact: str, pairs: Iterable[tuple[str, str, str]], kinds: dict[str, str]) -> Score:
    """Compare (path, expected, read) by kind."""
    table: Counter[tuple[str, str]] = Counter()
    false_human = []
    for path, expected, said in pairs:
        wanted, found = kinds.get(expected, expected), kinds.get(said, said)
        table[wanted, found] += 1
        if found in HUMAN_KINDS[fact] and wanted not in HUMAN_KINDS[fact]:
            false_human.append(path)
    return Score(fact, table, false_human)


def print_score(found: Score) -> None:
    """One confusion table and its three numbers."""
    rows, columns = (sorted({pair[side] for pair in found.table}) for side in (0, 1))
    width = max(len(word) for word in (*rows, *columns, "expected")) + 2
    print(f"\n{found.fact}: truth down, read across")
    print("".ljust(width) + "".join(word.rjust(width) for word in columns))
    for row in rows:
        print(row.ljust(width) + "".join(str(found.table[row, column] or ".").rjust(width) for column in columns))
    total = found.total or 1
    for name, count in (("right", found.right), ("honestly unknown", found.unknown), ("wrong", found.wrong)):
        print(f"{name}: {count} of {found.total}, {100 * count / total:.1f}%")
    what = "synthetic data read as human" if found.fact == "origin" else "labels of machines, or none, read as human"
    print(f"{what}: {len(found.false_human)}" + "".join(f"\n  {path}" for path in found.false_human))


if __name__ == "__main__":
    sys.exit(main())
