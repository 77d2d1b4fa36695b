"""The JSON Schema of sidecars: that of manifests, without the demand for what the host may say."""

from __future__ import annotations

from pytest_datapolicy.schemas import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def sidecar() -> dict[str, Any]:
    """The schema by which editors check a sidecar; the whole is checked with its host."""
    schema = load("manifest")
    schema["$id"] = "urn:pytest-datapolicy:schema:sidecar:1"
    schema["title"] = "sidecar"
    schema["required"] = ["manifest", "describes"]
    for key in ("if", "else"):
        del schema[key]
    split, component = schema["$defs"]["split"], schema["$defs"]["component"]
    del split["required"]
    for key in ("required", "if", "then"):
        del component[key]
    return schema
