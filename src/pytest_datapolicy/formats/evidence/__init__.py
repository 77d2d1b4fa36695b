"""Files of evidence, each recounted: exports of Label Studio and Argilla, and plain review logs."""

from __future__ import annotations

from pytest_datapolicy.formats.evidence.entries import Unreadable, tally
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.evidence import Recount, Unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pytest_datapolicy.formats.evidence.entries import Entry
    from pytest_datapolicy.model.evidence import OpenEvidence
    from pytest_datapolicy.model.format import Sibling

FORMS = ("label-studio", "argilla", "jsonl", "csv")
"""What ``review.evidence.format`` may name."""
EVIDENCE_BYTES = 32 << 20


def evidence_beside(sibling: Sibling) -> OpenEvidence:
    """Opens the files of evidence beside a manifest."""

    def opened(path: str, form: str | None) -> Recount | Unread:
        try:
            data = sibling(path)
        except Refused as refused:
            return Unread(refused.problems[0].message, refused.problems[0].remedy, missing=True)
        if data is None:
            return Unread("there is no such file", "add the file, or correct the path", missing=True)
        return recount(data, path, form)

    return opened


def recount(data: bytes, path: str, form: str | None = None) -> Recount | Unread:
    """What the file in `data` says of a review; its format is told by what it holds where `form` does not name it."""
    if form is not None and form not in FORMS:
        return Unread(f"{form} is no format that evidence is read in", f"export it as one of {', '.join(FORMS)}")
    from hashlib import sha256

    try:
        known, entries = _entries(data, path, form)
        counts = tally(entries)
    except Unreadable as error:
        return Unread(f"it cannot be read{f' as {form}' if form else ''}: {error}", "export the review again")
    return Recount(known, sha256(data).hexdigest(), *counts)


def _entries(data: bytes, path: str, form: str | None) -> tuple[str, Iterable[Entry]]:
    from pytest_datapolicy.formats.evidence import argilla, label_studio, logs, text

    decoded = text.decode(data)
    first = decoded.lstrip()[:1]
    if form == "csv" or (form is None and first not in ("[", "{")):
        if form is None and not path.lower().endswith((".csv", ".tsv")):
            raise Unreadable("it is no JSON, and no file named .csv")
        return "csv", logs.rows(decoded)
    items: list[dict[str, Any]] = text.items(decoded)
    told = form or _told(items)
    if told == "label-studio":
        return told, label_studio.entries(items)
    if told == "argilla":
        return told, argilla.entries(items)
    return "jsonl", logs.lines(items)


def _told(items: list[dict[str, Any]]) -> str:
    """The format by the fields of the records, all of which must agree."""
    found = {_shape(item) for item in items}
    return found.pop() if len(found) == 1 else "jsonl"


def _shape(item: dict[str, Any]) -> str:
    if "annotations" in item and "data" in item:
        return "label-studio"
    if isinstance(item.get("responses"), list | dict) or any(key.endswith(".responses") for key in item):
        return "argilla"
    return "jsonl"
