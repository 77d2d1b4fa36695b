"""Croissant 1.1: splits as a record set, files with digests, the rest in a block."""

from __future__ import annotations

from pytest_datapolicy.formats.host import BLOCK
from pytest_datapolicy.formats.writing import Host, files, globs, media_type
from pytest_datapolicy.formats.writing.json_text import dump

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.model.blocks import Tree

_TERMS = (
    *(
        "arrayShape",
        "citeAs",
        "column",
        "containedIn",
        "equivalentProperty",
        "extract",
        "field",
        "fileProperty",
        "fileObject",
        "fileSet",
    ),
    *("format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet"),
    *("references", "regex", "repeated", "replace", "separator", "source", "subField", "transform", "samplingRate"),
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _TERMS},
}
_PURPOSES = {
    "training": "cr:TrainingSplit",
    "validation": "cr:ValidationSplit",
    "evaluation": "cr:TestSplit",
}


def host(tree: Tree) -> Host:
    """The fields of a Croissant file."""
    lost = globs(tree)
    distribution = []
    for number, (_, file) in enumerate(files(tree), 1):
        if "sha256" not in file:
            lost.append(f"{file['path']} has no sha256, which Croissant asks of every file")
            continue
        distribution.append(
            {
                "@type": "cr:FileObject",
                "@id": f"file-{number}",
                "name": f"file-{number}",
                "contentUrl": file["path"],
                "encodingFormat": media_type(file["path"]),
                "sha256": file["sha256"],
            }
        )
    fields: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": tree["name"],
        "version": tree["version"],
    }
    for key, name in (("summary", "description"), ("license", "license"), ("domains", "keywords")):
        if tree.get(key):
            fields[name] = tree[key]
    if distribution:
        fields["distribution"] = distribution
    fields["recordSet"] = [_splits(tree)]
    return Host(fields, tuple(lost))


def _splits(tree: Tree) -> dict[str, Any]:
    rows = []
    for name, split in tree["splits"].items():
        term = _PURPOSES.get(split["purpose"])
        rows.append({"splits/name": name, **({"splits/purpose": term} if term else {})})
    if not all("splits/purpose" in row for row in rows):
        rows = [{"splits/name": row["splits/name"]} for row in rows]
    typed = "splits/purpose" in rows[0]
    fields = [{"@type": "cr:Field", "@id": "splits/name", "name": "splits/name", "dataType": "sc:Text"}]
    if typed:
        fields.append({"@type": "cr:Field", "@id": "splits/purpose", "name": "splits/purpose", "dataType": "sc:Text"})
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": fields,
        "data": rows,
    }


def with_block(fields: dict[str, Any], block: Tree) -> dict[str, Any]:
    """The fields with a block of native ones."""
    return {**fields, BLOCK: block}


def text(fields: dict[str, Any]) -> str:
    """The file."""
    return dump(fields) + "\n"
