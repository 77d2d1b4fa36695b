"""Manifests in the product's own format, YAML or JSON by the file's name."""

from __future__ import annotations

from functools import cache
from itertools import islice

from pytest_datapolicy.model.document import Document, Problem, Refused
from pytest_datapolicy.model.format import Format, Reading, alone, no_hosts
from pytest_datapolicy.syntax.limits import FAULTS
from pytest_datapolicy.syntax.reader import read as read_document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_datapolicy.model.format import Hosts, Sibling
    from pytest_datapolicy.model.places import Pointer, Span
    from pytest_datapolicy.syntax.shape import Shape

_RULE = "DP002"


def read(data: bytes, path: str) -> Reading:
    """A native manifest with nothing beside it; raises `Refused` with every fault of text or shape."""
    return read_described(data, path, alone, no_hosts)


def read_described(data: bytes, path: str, sibling: Sibling, hosts: Hosts) -> Reading:
    """A native manifest; one that describes a host file is completed by it."""
    document = read_document(data, path, as_json=path.endswith(".json"))
    if "describes" in document.tree:
        from pytest_datapolicy.formats.sidecar import complete_host

        return complete_host(document, sibling, hosts)
    problems = shape().problems(document) or list(islice(contradictions(document), FAULTS))
    if problems:
        raise Refused(problems, document.text)
    return Reading(document.tree, document)


@cache
def shape() -> Shape:
    """The manifest schema, compiled once a process."""
    from pytest_datapolicy.syntax.shape import Shape

    return Shape("manifest", _RULE)


def hold(reading: Reading) -> None:
    """Raise `Refused` unless what a format read is a valid manifest."""
    document = Document(reading.document.path, reading.document.text, "", reading.tree, _Places(reading))
    problems = shape().problems(document) or list(islice(contradictions(document), FAULTS))
    if problems:
        raise Refused(problems, reading.document.text)


class _Places:
    """The places of a native tree in the file that it was read from."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def span(self, pointer: Pointer) -> Span:
        return self._reading.place(pointer).span

    def key_span(self, pointer: Pointer) -> Span:
        return self._reading.place(pointer).span


def contradictions(document: Document) -> Iterator[Problem]:
    """Faults of a manifest that no schema can tell: names given twice, and periods that end before they start."""
    for split, parts in document.tree["splits"].items():
        seen: dict[str, int] = {}
        for index, component in enumerate(parts["components"]):
            first = seen.setdefault(component["name"], index)
            if first != index:
                yield _named_twice(document, split, component["name"], first, index)
            collected = component.get("collected")
            if collected is not None and collected.get("from", "") > collected.get("to", "9999"):
                yield _reversed(document, ("splits", split, "components", index, "collected"), collected)


def _named_twice(document: Document, split: str, name: str, first: int, index: int) -> Problem:
    pointer = ("splits", split, "components", index, "name")
    span, earlier = (document.positions.span((*pointer[:3], number, "name")) for number in (index, first))
    message = f"component name {name} is given twice in split {split}, on lines {earlier.line} and {span.line}"
    related = ((earlier, f"{name} is named here first"),)
    return Problem(_RULE, message, "give one of them another name, or join them", span, pointer, related)


def _reversed(document: Document, pointer: Pointer, period: dict[str, Any]) -> Problem:
    message = f"collected.to is {period['to']}, before collected.from, {period['from']}"
    return Problem(_RULE, message, "exchange the two days", document.positions.span((*pointer, "to")), (*pointer, "to"))


FORMAT = Format("native", read, read_described=read_described)
