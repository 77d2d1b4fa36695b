"""A dataset card: license, tags, creators of labels, splits with their counts, the rest in a block."""

from __future__ import annotations

from pytest_datapolicy.formats.host import BLOCK
from pytest_datapolicy.formats.writing import Host, shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.model.blocks import Tree

_ANNOTATIONS = {"expert": "expert-generated", "crowd": "crowdsourced"}


def host(tree: Tree) -> Host:
    """The front matter of a card."""
    fields: dict[str, Any] = {"pretty_name": tree["name"]}
    if "license" in tree:
        fields["license"] = tree["license"]
    if tree.get("domains"):
        fields["tags"] = tree["domains"]
    creators = _ANNOTATIONS.get(str(shared(tree, "labels", "by")))
    if creators is not None:
        fields["annotations_creators"] = [creators]
    splits = []
    for name, split in tree["splits"].items():
        counts: dict[str, Any] = {"num_examples": sum(item["records"] for item in split["components"])}
        if all("bytes" in item for item in split["components"]):
            counts["num_bytes"] = sum(item["bytes"] for item in split["components"])
        splits.append({"name": name, **counts})
    fields["dataset_info"] = {"splits": splits}
    return Host(fields)


def with_block(fields: dict[str, Any], block: Tree) -> dict[str, Any]:
    """The front matter with a block of native fields."""
    return {**fields, BLOCK: block}
