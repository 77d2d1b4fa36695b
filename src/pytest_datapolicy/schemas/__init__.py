"""JSON Schemas of manifests, policies, waiver files, baselines and reports."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def text(name: str) -> str:
    """The JSON text of a schema that ships: ``manifest``, ``policy``, ``waivers``, ``baseline`` or ``report``."""
    path = os.path.join(os.path.dirname(__file__), f"{name}.schema.json")
    with open(path, encoding="utf-8") as file:
        return file.read()


def bare(name: str) -> dict[str, Any]:
    """A schema that ships without its notes, which decide nothing. Not to be changed."""
    from pytest_datapolicy.schemas.generated import SCHEMAS

    schema: dict[str, Any] = SCHEMAS[name]
    return schema


def load(name: str) -> dict[str, Any]:
    """A schema that ships, as a new mapping."""
    import json

    schema: dict[str, Any] = json.loads(text(name))
    return schema
