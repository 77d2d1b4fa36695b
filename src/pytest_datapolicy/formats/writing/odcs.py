"""ODCS 3.1: an object of the schema for each split with its number of rows, the rest in customProperties."""

from __future__ import annotations

from pytest_datapolicy.formats.host import BLOCK
from pytest_datapolicy.formats.writing import Host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.model.blocks import Tree


def host(tree: Tree) -> Host:
    """The fields of a contract."""
    fields: dict[str, Any] = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": f"{tree['name']}:{tree['version']}",
        "name": tree["name"],
        "version": tree["version"],
        "status": "active",
    }
    if "summary" in tree:
        fields["description"] = {"purpose": tree["summary"]}
    if tree.get("domains"):
        fields["tags"] = tree["domains"]
    fields["schema"] = [
        {
            "name": name,
            "logicalType": "object",
            "quality": [{"type": "library", "metric": "rowCount", "mustBe": _rows(split)}],
        }
        for name, split in tree["splits"].items()
    ]
    custom = [{"property": key, "value": tree[key]} for key in ("owner", "license") if key in tree]
    return Host({**fields, "customProperties": custom})


def _rows(split: Tree) -> int:
    return sum(component["records"] for component in split["components"])


def with_block(fields: dict[str, Any], block: Tree) -> dict[str, Any]:
    """The fields with a block of native ones among the custom properties."""
    custom = [*fields["customProperties"], {"property": BLOCK, "value": block}]
    return {**fields, "customProperties": custom}
