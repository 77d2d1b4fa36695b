"""Sidecars: native manifests that fill the gaps of a host file and say where it is wrong."""

from __future__ import annotations

from pytest_datapolicy.formats.completion import Block, complete, own_block
from pytest_datapolicy.formats.host import BLOCK
from pytest_datapolicy.formats.native import shape
from pytest_datapolicy.model.document import Document, Problem, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.formats.host import Stated
    from pytest_datapolicy.model.format import Hosts, Reading, Sibling
    from pytest_datapolicy.model.places import Pointer

WHERE = "in this manifest"
_OWN = ("describes", "corrects")
"""Fields that only sidecars have."""


def complete_host(document: Document, sibling: Sibling, hosts: Hosts) -> Reading:
    """The manifest that a sidecar and the host that it describes make together; raises `Refused`."""
    tree: dict[str, Any] = document.tree
    own = {"manifest": 1, **{key: tree[key] for key in _OWN if key in tree}}
    problems = shape().problems(Document(document.path, document.text, document.source, own, document.positions))
    if problems:
        raise Refused(problems, document.text)
    stated = host_of(document, sibling, hosts)
    native = {key: value for key, value in tree.items() if key not in _OWN}
    return complete(stated, Block(native, document, (), WHERE, tree.get("corrects", {})))


def host_of(document: Document, sibling: Sibling, hosts: Hosts) -> Stated:
    """What the host of a sidecar states; its faults are told at the sidecar's ``describes``."""
    name: str = document.tree["describes"]["path"]
    form = document.tree["describes"].get("format")
    folder = document.path[: document.path.rfind("/") + 1]
    inner = name[: name.rfind("/") + 1]
    try:
        data = sibling(name)
    except Refused as refused:
        raise _refused(document, refused.problems[0].rule, f"{name} cannot be read: {_first(refused)}") from None
    if data is None:
        remedy = "correct the path, which is relative to this manifest, or restore the file"
        raise _refused(document, "DP001", f"there is no file {name} for this manifest to describe", remedy)
    host = hosts(folder + name, data, form)
    if host is None or host.state is None:
        raise _no_host(document, name, form)
    try:
        stated: Stated = host.state(data, folder + name, lambda other: sibling(inner + other))
    except Refused as refused:
        message = f"{name} cannot be read as {host.name}: {_first(refused)}"
        raise _refused(document, refused.problems[0].rule, message, refused.problems[0].remedy) from None
    if own_block(stated).tree is not None:
        message = f"{name} has a {BLOCK} block of its own, which a sidecar would pass over"
        raise _refused(document, "DP002", message, "move the fields of that block here, or remove this manifest")
    if inner:
        stated.facts = {_moved(pointer, inner): fact for pointer, fact in stated.facts.items()}
        stated.left = {_moved(pointer, inner): fact for pointer, fact in stated.left.items()}
    return stated


def _moved(pointer: Pointer, folder: str) -> Pointer:
    """The pointer of a file that the host names relative to itself, relative to the sidecar."""
    if len(pointer) < 6 or pointer[4] != "files" or "://" in str(pointer[5]):
        return pointer
    return (*pointer[:5], f"{folder}{pointer[5]}", *pointer[6:])


def _first(refused: Refused) -> str:
    """The first fault of a host."""
    first, more = refused.problems[0], len(refused.problems) - 1
    others = f", and {more} more" if more else ""
    return f"{first.message} (line {first.span.line}{others})" if first.span.line > 1 or more else first.message


def _no_host(document: Document, name: str, form: str | None) -> Refused:
    if name.lower().endswith(("dataset.yaml", "dataset.yml", "dataset.json")):
        message = f"{name} is a manifest itself"
        return _refused(document, "DP002", message, "name a file of another format, or state every fact here")
    if form is None:
        message = f"the format of {name} cannot be told"
        return _refused(document, "DP002", message, "give format, such as huggingface or croissant")
    message = f"{form} is no format that a manifest can describe"
    return _refused(document, "DP002", message, "the formats are listed in docs/formats.md", "format")


def _refused(
    document: Document, rule: str, message: str, remedy: str = "make it readable", field: str = "path"
) -> Refused:
    pointer: Pointer = ("describes", field)
    return Refused([Problem(rule, message, remedy, document.positions.span(pointer), pointer)], document.text)
