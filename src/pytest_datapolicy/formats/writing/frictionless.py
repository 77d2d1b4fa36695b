"""Data Package 2: a resource for each file, those of one split under its name, the rest in a block."""

from __future__ import annotations

import re

from pytest_datapolicy.formats.host import BLOCK
from pytest_datapolicy.formats.writing import Host, files, globs
from pytest_datapolicy.formats.writing.json_text import dump

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.model.blocks import Tree

_IDENTIFIER = re.compile(r"[-a-zA-Z0-9._]+")


def host(tree: Tree) -> Host:
    """The fields of a data package."""
    lost = globs(tree)
    fields: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": tree["name"],
        "version": tree["version"],
    }
    if "summary" in tree:
        fields["description"] = tree["summary"]
    if "license" in tree and _IDENTIFIER.fullmatch(tree["license"]):
        fields["licenses"] = [{"name": tree["license"]}]
    elif "license" in tree:
        lost.append("license is no identifier, which a data package asks for")
    if tree.get("domains"):
        fields["keywords"] = tree["domains"]
    if "owner" in tree:
        fields["contributors"] = [{"title": tree["owner"], "roles": ["maintainer"]}]
    fields["resources"] = _resources(tree)
    return Host(fields, tuple(lost))


def _resources(tree: Tree) -> list[dict[str, Any]]:
    """One resource a file, named after its split when that has no other; one for a split without files."""
    by_split: dict[str, list[Tree]] = {name: [] for name in tree["splits"]}
    for split, file in files(tree):
        by_split[split].append(file)
    resources: list[dict[str, Any]] = []
    for split, listed in by_split.items():
        for file in listed:
            # Names with a number or in another case would read as splits of their own.
            name = split if len(listed) == 1 and split.islower() else f"file-{len(resources) + 1}"
            resource: dict[str, Any] = {"name": _named(name, resources), "path": file["path"]}
            if "sha256" in file:
                resource["hash"] = f"sha256:{file['sha256']}"
            resources.append(resource)
        if not listed:
            name = split if split.islower() else f"records-{len(resources) + 1}"
            # A resource has a path or data, and validators want at least one row.
            records = sum(item["records"] for item in tree["splits"][split]["components"])
            resources.append({"name": _named(name, resources), "data": [{"records": records}]})
    return resources


def _named(name: str, resources: list[dict[str, Any]]) -> str:
    chosen, number, taken = name, 1, {resource["name"] for resource in resources}
    while chosen in taken:
        number += 1
        chosen = f"{name}-{number}"
    return chosen


def with_block(fields: dict[str, Any], block: Tree) -> dict[str, Any]:
    """The fields with a block of native ones."""
    return {**fields, BLOCK: block}


def text(fields: dict[str, Any]) -> str:
    """The file."""
    return dump(fields) + "\n"
