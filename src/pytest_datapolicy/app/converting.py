"""A manifest in another format: what both can say in the other's own fields, the rest in its block of native ones."""

from __future__ import annotations

import os
from importlib import import_module

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.fix.layout import dump
from pytest_datapolicy.formats.sidecar import host_of
from pytest_datapolicy.formats.trees import copied, value_at
from pytest_datapolicy.formats.writing import WRITERS
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.format import alone
from pytest_datapolicy.model.places import START
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.syntax.files import read_regular
from pytest_datapolicy.syntax.limits import HOST_BYTES
from pytest_datapolicy.syntax.reader import read as read_document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_datapolicy.formats.host import Stated
    from pytest_datapolicy.model.blocks import Tree
    from pytest_datapolicy.model.format import Reading
    from pytest_datapolicy.model.places import Pointer

FORMATS = ("native", *WRITERS)
_NAMES = {"croissant": "croissant.json", "frictionless": "datapackage.json", "huggingface": "README.md"}
_STRUCTURE = frozenset({"@context", "@type", "@id", "conformsTo", "$schema", "apiVersion", "kind", "describes"})
"""Fields of formats that say nothing of the data."""
MOST_LOST = 40


class Converted(NamedTuple):
    """A manifest in another format."""

    text: str
    lost: tuple[str, ...]
    """What the other format, or the native one in between, cannot say."""


def convert(path: str, to: str) -> Converted:
    """The manifest at `path` in the format `to`. Raises `RunError`."""
    catalogue = Catalogue()
    full = os.path.abspath(path)

    def beside(name: str) -> bytes | None:
        other = os.path.join(os.path.dirname(full), name)
        return read_regular(other, root=None, limit=HOST_BYTES) if os.path.lexists(other) else None

    base = os.path.basename(full)
    try:
        data = read_regular(full, root=None, limit=HOST_BYTES)
        reading = catalogue.reading(base, data, beside)
    except Refused as refused:
        raise _unreadable(path, refused) from None
    if reading.conflicts and any(item.level == "error" for item in reading.conflicts):
        first = reading.conflicts[0]
        raise RunError(f"{path} contradicts itself: {first.message}", first.place, remedy=first.remedy)
    form = catalogue.format_of(base, data)
    stated: Stated | None = form.state(data, base, beside) if form.state is not None else None
    if form.name == "native":
        document = read_document(data, base, as_json=base.endswith(".json"))
        stated = host_of(document, beside, catalogue.host_format) if "describes" in document.tree else None
    left_behind = tuple(_unsaid(stated)) if stated is not None else ()
    if to == "native":
        return Converted(dump(_ordered(reading.tree), _sources(reading, stated)), left_behind)
    text, lost = write(reading.tree, to, catalogue)
    return Converted(text, (*lost, *left_behind))


def _unreadable(path: str, refused: Refused) -> RunError:
    first, more = refused.problems[0], len(refused.problems) - 1
    line = "" if first.span == START else f":{first.span.line}"
    message = f"{path}{line}: {first.message}" + (f", and {more} more" if more else "")
    return RunError(message, remedy=f"{first.remedy}; `datapolicy check {path}` tells all" if more else first.remedy)


def write(tree: Tree, to: str, catalogue: Catalogue) -> tuple[str, tuple[str, ...]]:
    """A manifest as a host file that reads back as the same manifest, and what its own fields could not hold."""
    writer = import_module(f"pytest_datapolicy.formats.writing.{to}")
    host = writer.host(tree)
    state = catalogue.format_named(to).state
    assert state is not None
    stated = state(_text(writer, host.fields, tree, to).encode(), _NAMES.get(to, "contract.odcs.yaml"), alone)
    native = {key: value for key, value in tree.items() if key != "manifest"}
    for block in (_pruned(native, stated), native):
        text = _text(writer, writer.with_block(host.fields, block), tree, to)
        if _reads_back(text, to, tree, catalogue):
            return text, host.lost
    raise RunError(f"{tree['name']} cannot be written as {to} without changing what it says", code=4)


def _text(writer: Any, fields: dict[str, Any], tree: Tree, to: str) -> str:
    if to == "odcs":
        return dump(fields)
    if to == "huggingface":
        body = f"\n{tree['summary']}\n" if "summary" in tree else ""
        return f"---\n{dump(fields)}---\n\n# {tree['name']}\n{body}"
    text: str = writer.text(fields)
    return text


def _reads_back(text: str, to: str, tree: Tree, catalogue: Catalogue) -> bool:
    form = catalogue.format_named(to)
    try:
        reading = form.reading(text.encode(), _NAMES.get(to, "contract.odcs.yaml"), alone, catalogue.host_format)
    except Refused:
        return False
    return reading.tree == tree and not reading.conflicts


def _pruned(native: Tree, stated: Stated) -> Tree:
    """The native fields without those that the host states exactly."""
    block: Tree = copied(native)
    for pointer, fact in stated.facts.items():
        if fact.fits is not None:
            continue
        if len(pointer) == 1 and value_at(block, pointer) == fact.value:
            del block[str(pointer[0])]
        elif len(pointer) == 3 and pointer[0] == "splits" and value_at(block, pointer) == fact.value:
            del block["splits"][pointer[1]][pointer[2]]
        elif len(pointer) == 5 and pointer[0] == "splits" and pointer[1] != "*":
            components = block["splits"].get(pointer[1], {}).get("components", [])
            if len(components) == 1 and components[0].get(pointer[4]) == fact.value:
                del components[0][pointer[4]]
    return block


def _ordered(tree: Tree) -> Tree:
    """The fields in the order in which people read them."""
    first = ("manifest", "name", "version", "stakes", "task", "novelty", "domains", "stage", "bootstrap_until")
    later = ("models", "owner", "license", "summary", "previous", "evaluated_by")
    keys = [key for key in (*first, *later) if key in tree]
    splits = {
        name: _leading(split, "purpose", "scored_by", "judge", "columns") for name, split in tree["splits"].items()
    }
    for split in splits.values():
        split["components"] = [_leading(item, "name", "origin", "records") for item in split["components"]]
    return {**{key: tree[key] for key in keys}, **tree, "splits": splits}


def _leading(tree: Tree, *keys: str) -> Tree:
    return {key: tree[key] for key in (*keys, *tree) if key in tree}


def _sources(reading: Reading, stated: Stated | None) -> dict[Pointer, str]:
    """Where each fact of a host stood."""
    notes: dict[Pointer, str] = {}
    if stated is None:
        return notes
    for pointer, fact in stated.facts.items():
        if len(pointer) == 1:
            notes[pointer] = f"{fact.source.place().path}:{fact.source.place().line} {fact.source.field}"
    for pointer, reason in reading.notes.items():
        if value_at(reading.tree, pointer) is not None:
            notes[pointer] = "".join(char if char.isprintable() else " " for char in reason)[:200]
    return {pointer: note for pointer, note in notes.items() if not isinstance(value_at(reading.tree, pointer), dict)}


def _unsaid(stated: Stated) -> Iterator[str]:
    """The fields of a host that yield no fact, each once, whatever lists they stand in."""
    document = stated.document
    used = {fact.source.pointer for fact in stated.facts.values() if fact.source.document is document}
    used |= {source.pointer for source in stated.splits.values() if source.document is document}
    used.add(stated.block)
    kept = {pointer[:length] for pointer in used for length in range(len(pointer) + 1)}
    found: dict[str, int] = {}
    for pointer in _unused((), document.tree, used, kept):
        name = "".join("[]" if isinstance(step, int) else f".{step}" for step in pointer).lstrip(".")
        found[name] = found.get(name, 0) + 1
    for number, (name, count) in enumerate(found.items()):
        if number == MOST_LOST:
            yield f"{len(found) - MOST_LOST} more fields"
            return
        yield name if count == 1 else f"{name} ({count} times)"


def _unused(at: Pointer, value: Any, used: set[Pointer], kept: set[Pointer]) -> Iterator[Pointer]:
    """The outermost values that no fact stands in."""
    if at in used or (at and at[-1] in _STRUCTURE):
        return
    if at not in kept:
        yield at
        return
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        yield from _unused((*at, key), item, used, kept)
