"""Manifests from fragments: what a case of a policy test says, over a data set that meets every pack.

Mappings are merged key by key, and null takes a key away. A list stands as it is given, save that a component by the
name of a default one (``real``, ``synthetic``, ``tested``) starts from it, in whatever split it stands.
"""

from __future__ import annotations

from decimal import Decimal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

NAME, VERSION = "case", "1"
OUTSIDE = "real-text@1"
"""A data set outside of the case, of people's texts: what the default generator learned from."""


def manifest(*fragments: Mapping[str, Any]) -> dict[str, Any]:
    """The default manifest with these fragments merged over it, one after the other."""
    given: dict[str, Any] = {}
    for fragment in fragments:
        given = {**given, **fragment}
    components = _components(f"{given.get('name') or NAME}@{given.get('version') or VERSION}")
    tree = _default(components)
    for fragment in fragments:
        tree = _merged(tree, fragment, components)
    return tree


def _default(components: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "manifest": 1,
        "name": NAME,
        "version": VERSION,
        "stakes": "low",
        "task": {"name": "task", "judgment": "objective"},
        "novelty": "established",
        "models": [{"name": "own-1", "family": "own"}],
        "owner": "team@example.org",
        "license": "CC-BY-4.0",
        "splits": {
            "train": {"purpose": "training", "components": [components["real"], components["synthetic"]]},
            "test": {"purpose": "evaluation", "scored_by": "human", "components": [components["tested"]]},
        },
    }


def _components(reference: str) -> dict[str, Any]:
    """The components of the default manifest by name, for the data set `reference`."""
    agreement = {"metric": "krippendorff_alpha", "value": Decimal("0.9"), "records": 200}
    expert = {"by": "expert", "annotators": 3, "agreement": agreement}
    review = {
        "method": "random",
        "seed": 1,
        "sampled": 459,
        "accepted": 459,
        "corrected": 0,
        "rejected": 0,
        "reviewers": [{"id": "ann", "kind": "human"}, {"id": "bob", "kind": "human"}],
        "date": "2026-10-01",
        "of": reference,
    }
    generator = {"name": "writer-1", "family": "writer", "version": "1", "generation": 1, "trained_on": [OUTSIDE]}
    return {
        "real": {"name": "real", "origin": "human", "records": 10000, "labels": expert},
        "synthetic": {
            "name": "synthetic",
            "origin": "rewritten",
            "records": 1000,
            "labels": {"by": "expert", "annotators": 3, "agreement": agreement},
            "generator": generator,
            "review": review,
        },
        "tested": {
            "name": "tested",
            "origin": "human",
            "records": 10000,
            "labels": expert,
            "review": review,
            "files": [{"path": "test.parquet", "sha256": "0" * 64}],
        },
    }


def _merged(tree: Mapping[str, Any], fragment: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(tree)
    for key, value in fragment.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            below = merged.get(key)
            merged[key] = _merged(below if isinstance(below, dict) else {}, value, components)
        elif key == "components" and isinstance(value, list):
            merged[key] = [_component(item, components) for item in value]
        else:
            merged[key] = value
    return merged


def _component(item: Any, components: Mapping[str, Any]) -> Any:
    if not isinstance(item, dict):
        return item
    return _merged(components.get(str(item.get("name")), {}), item, components)


def as_json(value: Any) -> str:
    """JSON text of a tree, numbers as they are spelled."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_json(str(key))}: {as_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_json, value)) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    import json

    return json.dumps(value)
