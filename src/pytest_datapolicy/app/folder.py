"""What a folder of data files tells of itself: which files there are, their digests, and rows where they are text."""

from __future__ import annotations

import csv
import os
from hashlib import sha256

from pytest_datapolicy.formats.convention import is_split
from pytest_datapolicy.formats.host import COMPONENT, is_file, part_name, slug
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.model.blocks import Tree
    from pytest_datapolicy.model.places import Pointer

ENDINGS = frozenset({".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".arrow", ".feather", ".orc", ".avro", ".txt"})
LINES = frozenset({".jsonl", ".ndjson"})
MOST_FILES = 10_000
MOST_BYTES = 1 << 30
"""Larger files are named without digest and count: whoever needs them has tools for it."""


class _File(NamedTuple):
    path: str
    """Relative to the manifest."""
    split: str
    records: int | None
    sha256: str | None


def describe_folder(folder: str, start: str) -> tuple[Tree, dict[Pointer, str]]:
    """A manifest of the data files below a folder, with paths relative to `start`, and what comments say of it."""
    files = [_file(folder, path, start) for path in _data_files(folder)]
    if not files:
        known = ", ".join(sorted(ENDINGS))
        raise RunError(f"no data file below {folder!r}", remedy=f"name a folder that holds some: {known}")
    name = slug(os.path.basename(os.path.abspath(folder))) or "data"
    tree: Tree = {"manifest": 1, "name": name, "version": "1", "splits": {}}
    notes: dict[Pointer, str] = {("name",): "the name of the folder", ("version",): "a first version"}
    for split in dict.fromkeys(file.split for file in files):
        at: Pointer = ("splits", split, "components", 0)
        own = [file for file in files if file.split == split]
        counts = [file.records for file in own if file.records is not None]
        whole = len(counts) == len(own)
        listed = [
            {key: value for key, value in file._asdict().items() if key != "split" and value is not None}
            for file in own
        ]
        component = {"name": COMPONENT, "origin": "unknown", "records": sum(counts), "files": listed}
        tree["splits"][split] = {"components": [component]}
        notes[(*at, "origin")] = "nothing says; counts as synthetic until somebody does"
        notes[(*at, "records")] = "counted in the files" if whole else "not all files can be counted here"
    return tree, notes


def _data_files(folder: str) -> Iterator[str]:
    """Paths of data files, sorted; links, hidden files and hidden folders are left out."""
    found = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(place, name)
            if name.startswith(".") or os.path.splitext(name)[1].lower() not in ENDINGS or os.path.islink(path):
                continue
            found += 1
            if found > MOST_FILES:
                raise RunError(f"more than {MOST_FILES:,} data files below {folder!r}", remedy="name a smaller folder")
            yield path


def _file(folder: str, path: str, start: str) -> _File:
    relative = os.path.relpath(path, start).replace(os.sep, "/")
    if not is_file(relative):
        remedy = "rename it, or write the manifest in a folder above it"
        raise RunError(f"{path!r} cannot be named in {os.path.join(start, 'dataset.yaml')}", remedy=remedy)
    split = _split(os.path.relpath(path, folder).replace(os.sep, "/"))
    try:
        if os.path.getsize(path) > MOST_BYTES:
            return _File(relative, split, None, None)
        return _File(relative, split, _records(path), _digest(path))
    except OSError as error:
        raise RunError(f"{path!r} cannot be read: {error.strerror}", remedy="make it readable") from None


def _split(path: str) -> str:
    """The split that folders or the file are named after: ``test/a.csv``, ``train-00000-of-00002.parquet``."""
    *folders, name = path.split("/")
    for part in (*folders, name.split(".")[0]):
        if is_split(part):
            return part_name(part.split("-")[0]) if is_split(part.split("-")[0]) else part_name(part)
    return "data"


def _digest(path: str) -> str:
    digest = sha256()
    with open(path, "rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _records(path: str) -> int | None:
    """Rows of a CSV file without its header, lines of JSON; None for what only other tools can count."""
    ending = os.path.splitext(path)[1].lower()
    if ending in LINES:
        with open(path, "rb") as stream:
            return sum(1 for line in stream if line.strip())
    if ending not in (".csv", ".tsv"):
        return None
    try:
        with open(path, encoding="utf-8-sig", newline="") as text:
            rows = sum(1 for row in csv.reader(text, delimiter="\t" if ending == ".tsv" else ",", strict=True) if row)
    except (csv.Error, UnicodeDecodeError):
        return None
    return max(0, rows - 1)
