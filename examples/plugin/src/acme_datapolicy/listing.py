"""Manifests as tables: ``*.dataset.tsv``.

The first lines give the data set, one field a line: ``# name: triage-notes``. The first other line names the columns
(``split``, ``purpose``, ``component``, ``origin``, ``records``, ``labels``), every further one is a component:

    # name: triage-notes
    # version: 1
    # stakes: medium
    # judgment: objective
    # novelty: established
    split	purpose	component	origin	records	labels
    train	training	notes	human	6000	expert

What the table does not say is absent, as in any manifest: a reader never fills in an answer.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pytest_datapolicy.model.document import Document, Problem, Refused
from pytest_datapolicy.model.format import Format, Reading
from pytest_datapolicy.model.places import START, Span

if TYPE_CHECKING:
    from pytest_datapolicy.model.places import Pointer

COLUMNS = ("split", "purpose", "component", "origin", "records", "labels")
FIELDS = ("name", "version", "stakes", "judgment", "novelty", "owner", "license", "summary")
MOST_BYTES = 1 << 20


class Places:
    """Where each value was read; a value that is not there is looked for at the nearest one around it."""

    def __init__(self) -> None:
        self._spans: dict[Pointer, Span] = {(): START}

    def put(self, pointer: Pointer, line: int, column: int, text: str) -> None:
        """Remember a value."""
        self._spans[pointer] = Span(line, column, line, column + max(len(text), 1))

    def span(self, pointer: Pointer) -> Span:
        """The place of a value or of what holds it."""
        while pointer not in self._spans:
            pointer = pointer[:-1]
        return self._spans[pointer]

    key_span = span


def read(data: bytes, path: str) -> Reading:
    """A table as a manifest; the catalogue then holds it against the manifest schema."""
    if len(data) > MOST_BYTES:
        raise Refused(
            [Problem("DP001", f"the file has {len(data):,} bytes, at most {MOST_BYTES:,} allowed", "split it", START)]
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused([Problem("DP001", "the file is not UTF-8", "save it as UTF-8", START)]) from error
    places = Places()
    tree: dict[str, Any] = {"manifest": 1, "splits": {}}
    columns: list[str] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#"):
            _field(tree, places, number, line, text)
        elif line.strip() and columns is None:
            columns = line.rstrip("\r").split("\t")
            if tuple(columns) != COLUMNS:
                raise _refused(text, number, f"the columns are {', '.join(columns)}", f"write {', '.join(COLUMNS)}")
        elif line.strip() and columns is not None:
            _row(tree, places, number, line.rstrip("\r"), text)
    return Reading(tree, Document(path, text, hashlib.sha256(data).hexdigest(), tree, places))


def _field(tree: dict[str, Any], places: Places, number: int, line: str, text: str) -> None:
    name, colon, value = line[1:].partition(":")
    name, value = name.strip(), value.strip()
    if not colon or name not in FIELDS:
        raise _refused(text, number, f"{name or line} is no field of a data set", f"the fields are {', '.join(FIELDS)}")
    pointer: Pointer = ("task", "judgment") if name == "judgment" else (name,)
    places.put(pointer, number, line.find(value) + 1, value)
    holder = tree.setdefault("task", {}) if name == "judgment" else tree
    if name in holder:
        raise _refused(text, number, f"{name} is given twice", "keep one of them", rule="DP003")
    holder[name] = value


def _row(tree: dict[str, Any], places: Places, number: int, line: str, text: str) -> None:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise _refused(text, number, f"the row has {len(cells)} cells, {len(COLUMNS)} expected", "one cell a column")
    row = dict(zip(COLUMNS, cells, strict=True))
    split = tree["splits"].setdefault(row["split"], {"purpose": row["purpose"], "components": []})
    if split["purpose"] != row["purpose"]:
        raise _refused(text, number, f"split {row['split']} has two purposes", "one purpose a split")
    at: Pointer = ("splits", row["split"], "components", len(split["components"]))
    component: dict[str, Any] = {"name": row["component"], "origin": row["origin"]}
    component["records"] = (
        int(row["records"]) if row["records"].isascii() and row["records"].isdigit() else row["records"]
    )
    if row["labels"]:
        component["labels"] = {"by": row["labels"]}
    split["components"].append(component)
    places.put(at, number, 1, line)
    column = 1
    for name, cell in row.items():
        target = {"component": (*at, "name"), "labels": (*at, "labels", "by")}.get(name, (*at, name))
        places.put(target, number, column, cell)
        if name in ("split", "purpose"):
            places.put(("splits", row["split"], *(() if name == "split" else ("purpose",))), number, column, cell)
        column += len(cell) + 1


def _refused(text: str, line: int, message: str, remedy: str, *, rule: str = "DP001") -> Refused:
    return Refused([Problem(rule, message, remedy, Span(line, 1, line, 2))], text)


FORMAT = Format("listing", read)
