"""One file's bytes to a document: decoded, within the limits, read as YAML or JSON, a mapping at the top."""

from __future__ import annotations

from pytest_datapolicy.model.document import Document, Problem, Refused
from pytest_datapolicy.model.places import START
from pytest_datapolicy.syntax.characters import decode
from pytest_datapolicy.syntax.limits import DATE_KEYS, HOST_BYTES, MANIFEST_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.model.document import Positions

__all__ = ["DATE_KEYS", "HOST_BYTES", "MANIFEST_BYTES", "read"]


def read(
    data: bytes, path: str, *, as_json: bool, date_keys: frozenset[str] = DATE_KEYS, limit: int = MANIFEST_BYTES
) -> Document:
    """The document in `data`, reported as `path`; raises `Refused` with every fault found."""
    if len(data) > limit:
        message = f"the file has {len(data):,} bytes, at most {limit:,} allowed"
        raise Refused([Problem("DP001", message, "split the file", START)])
    text = decode(data)
    tree: Any
    positions: Positions
    if as_json:
        from pytest_datapolicy.syntax.json_text import read_json

        tree, positions = read_json(text, date_keys)
    else:
        from pytest_datapolicy.syntax.yaml_events import read_yaml

        tree, positions = read_yaml(text, date_keys)
    if not isinstance(tree, dict):
        message = f"the file holds {_kind(tree)}, not a mapping of fields"
        raise Refused([Problem("DP001", message, "write the fields as key: value", positions.span(()))], text)
    return Document(path, text, data, tree, positions)


def _kind(value: object) -> str:
    if value is None:
        return "only null"
    return {list: "a list", str: "a text", bool: "a truth value"}.get(type(value), "a number")
