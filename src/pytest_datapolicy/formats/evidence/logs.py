"""Plain review logs: a line for each verdict, as JSON or CSV, with ``record``, ``reviewer`` and ``verdict``.

Other names that people give these columns are known too. ``bulk: true`` marks verdicts that were given to many records
at once.
"""

from __future__ import annotations

import csv
import io

from pytest_datapolicy.formats.evidence.entries import BULK, Entry, Unreadable, identity, judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

RECORD = ("record", "record_id", "id")
REVIEWER = ("reviewer", "reviewer_id", "user", "user_id")
VERDICT = ("verdict", "decision", "outcome", "status")
_YES = frozenset({"true", "yes", "1"})


def rows(text: str) -> Iterator[Entry]:
    """The entries of a CSV file with a header; a tab or a semicolon separates where the header has no comma."""
    header = text.split("\n", 1)[0]
    delimiter = next((mark for mark in (",", "\t", ";") if mark in header), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check(names)
        for number, row in enumerate(reader, 2):
            if len(row) not in (0, len(names)):
                raise Unreadable(f"row {number} has {len(row)} values, the header {len(names)}")
            if row:
                yield _entry(dict(zip(names, row, strict=True)))
    except csv.Error as error:
        raise Unreadable(f"the CSV is broken near row {reader.line_num}: {error}") from None


def lines(items: Iterable[dict[str, Any]]) -> Iterator[Entry]:
    """The entries of a log in JSON."""
    for number, item in enumerate(items, 1):
        if number == 1:
            _check(list(item))
        yield _entry(item)


def _check(names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise Unreadable("a column is given twice")
    for what, known in (("record", RECORD), ("verdict", VERDICT)):
        if not set(names) & set(known):
            raise Unreadable(f"it has no column {what}")


def _entry(item: dict[str, Any]) -> Entry:
    record, reviewer, verdict = (
        next((item[key] for key in keys if key in item), None) for keys in (RECORD, REVIEWER, VERDICT)
    )
    entry = judged(identity(record), identity(reviewer), verdict)
    if str(item.get("bulk", "")).strip().lower() in _YES and not entry.aside:
        return entry._replace(verdict="", aside=BULK)
    return entry
