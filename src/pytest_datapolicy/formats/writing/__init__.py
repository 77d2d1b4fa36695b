"""Writers of foreign formats: what a host can say in its own fields, and where it keeps a block of native ones.

A writer is a module with ``host(tree) -> Host``, ``with_block(fields, block)`` and ``text(fields)``. What stands in the
host's own fields is what the reader of that format takes from them; everything else goes into the block.
"""

from __future__ import annotations

from pytest_datapolicy.model.globs import WILD
from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_datapolicy.model.blocks import Tree

WRITERS = ("croissant", "huggingface", "frictionless", "odcs")


class Host(NamedTuple):
    """The fields of a host file, without its block."""

    fields: dict[str, Any]
    lost: tuple[str, ...] = ()
    """What the host's own fields cannot hold, although the format has a place for it."""


def components(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """Every component with the name of its split."""
    for name, split in tree["splits"].items():
        for component in split["components"]:
            yield name, component


def files(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """Every single file once, with the name of the split that names it first."""
    seen: set[str] = set()
    for name, component in components(tree):
        for file in component.get("files", ()):
            if file["path"] not in seen and WILD.search(file["path"]) is None:
                seen.add(file["path"])
                yield name, file


def globs(tree: Tree) -> list[str]:
    """What is lost of the entries of ``files`` that name no single file."""
    paths = [file["path"] for _, component in components(tree) for file in component.get("files", ())]
    return [f"{path} is a glob, and a file is asked for" for path in dict.fromkeys(paths) if WILD.search(path)]


def shared(tree: Tree, *path: str) -> Any:
    """The value that all components have at a path; None where they differ or one has none."""
    found = []
    for _, component in components(tree):
        value: Any = component
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        found.append(value)
    return found[0] if found and all(value == found[0] for value in found) else None


def media_type(path: str) -> str:
    """The media type that a file's ending stands for."""
    known = {
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
        "json": "application/json",
        "jsonl": "application/jsonlines",
        "ndjson": "application/jsonlines",
        "parquet": "application/x-parquet",
        "txt": "text/plain",
        "zip": "application/zip",
    }
    return known.get(path.rpartition(".")[2].lower(), "application/octet-stream")
