"""The schemas of waiver files and baselines as editors and other validators see them."""

from __future__ import annotations

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import jsonschema_rs
import pytest

from pytest_datapolicy.schemas import load
from tests.schemas.test_manifest_schema import parts

NAMES = ("waivers", "baseline")
ENTRY: dict[str, dict[str, Any]] = {
    "waivers": {
        "rule": "DP101",
        "dataset": "intents@1",
        "reason": "r",
        "owner": "ada",
        "approved_by": "bob",
        "granted": "2026-10-01",
        "expires": "2026-12-15",
    },
    "baseline": {"rule": "DP101", "dataset": "intents"},
}
PARTS = [(name, path, part) for name in NAMES for path, part in parts(load(name))]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_valid_schema(name: str) -> None:
    schema = load(name)
    jsonschema_rs.meta.validate(schema)
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_closed(name: str) -> None:
    accepts = jsonschema_rs.validator_for(load(name)).is_valid
    document = {name: 1, "entries": [ENTRY[name]]}
    assert accepts(document)
    assert not accepts({**document, "extra": 1})
    assert not accepts({**document, "entries": [{**ENTRY[name], "extra": 1}]})
    assert not accepts({**document, name: 2})
    for field in ENTRY[name]:
        assert not accepts(
            {**document, "entries": [{key: value for key, value in ENTRY[name].items() if key != field}]}
        )


@pytest.mark.parametrize(("name", "path", "part"), PARTS, ids=[f"{name}{path}" for name, path, _ in PARTS])
def test_every_part_is_described_with_examples_that_are_valid(name: str, path: str, part: dict[str, Any]) -> None:
    assert part.get("description", "").endswith(".")
    schema = load(name)
    if path != "root" and "$ref" not in part and "const" not in part:
        assert part["examples"]
    for example in part.get("examples", ()):
        assert jsonschema_rs.validator_for({"$defs": schema["$defs"], **part}, validate_formats=True).is_valid(example)
