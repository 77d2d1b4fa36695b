"""The manifest schema as editors and other validators see it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import jsonschema_rs
import pytest
import yaml

from pytest_datapolicy.model import vocabulary
from pytest_datapolicy.schemas import load, text

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = load("manifest")
EVERY_FIELD = Path(__file__).parents[1] / "formats" / "every_field.yaml"


def parts(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part that a value of a manifest is checked by, with its location; conditions are left out."""
    yield path or "root", node
    for key in ("properties", "$defs"):
        for name, inner in node.get(key, {}).items():
            yield from parts(inner, f"{path}/{key}/{name}")
    for key in ("items", "additionalProperties", "propertyNames"):
        if isinstance(node.get(key), dict):
            yield from parts(node[key], f"{path}/{key}")


PARTS = list(parts(SCHEMA))


def fields(node: dict[str, Any]) -> set[tuple[str, str]]:
    """Every field as (title of its mapping, name)."""
    return {(part["title"], name) for _, part in parts(node) for name in part.get("properties", ())}


def used(node: Any, value: Any) -> Iterator[tuple[str, str]]:
    """The fields that `value` uses."""
    node = SCHEMA["$defs"][node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else node
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key in node.get("properties", ()):
            yield node["title"], key
        yield from used(node.get("properties", {}).get(key, node.get("additionalProperties", {})), inner)
    for inner in value if isinstance(value, list) else ():
        yield from used(node["items"], inner)


def test_it_is_a_valid_schema() -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_loading_gives_a_new_mapping() -> None:
    assert load("manifest") == SCHEMA
    assert load("manifest") is not SCHEMA
    assert text("manifest").isascii()


@pytest.mark.parametrize(("path", "part"), PARTS, ids=[path for path, _ in PARTS])
def test_every_part_is_described(path: str, part: dict[str, Any]) -> None:
    assert part["description"].endswith((".", "?"))
    assert part["description"][0].isupper()
    if "enum" in part:
        assert len(part["enumDescriptions"]) == len(part["enum"]) == len(set(part["enum"]))
    if "pattern" in part:
        assert part["patternErrorMessage"]
    if "properties" in part:
        assert part["additionalProperties"] is False
        assert part["title"].islower()
    if "$ref" not in part and path.count("/") > 1 and "const" not in part:
        assert part["examples"]


@pytest.mark.parametrize(
    "part", [part for _, part in PARTS if "examples" in part], ids=lambda part: part["description"]
)
def test_every_example_is_valid(part: dict[str, Any]) -> None:
    validator = jsonschema_rs.validator_for({"$defs": SCHEMA["$defs"], **part}, validate_formats=True)
    assert [example for example in part["examples"] if not validator.is_valid(example)] == []


@pytest.mark.parametrize(
    ("location", "words"),
    [
        (("properties", "stakes"), vocabulary.STAKES),
        (("properties", "novelty"), vocabulary.NOVELTIES),
        (("properties", "stage"), vocabulary.STAGES),
        (("$defs", "task", "properties", "judgment"), vocabulary.JUDGMENTS),
        (("$defs", "split", "properties", "purpose"), vocabulary.PURPOSES),
        (("$defs", "origin"), vocabulary.ORIGINS),
        (("$defs", "labels", "properties", "by"), vocabulary.LABELLERS),
        (("$defs", "review", "properties", "method"), vocabulary.REVIEW_METHODS),
    ],
)
def test_words_are_those_of_the_model(location: tuple[str, ...], words: tuple[str, ...]) -> None:
    node: Any = SCHEMA
    for step in location:
        node = node[step]
    assert tuple(node["enum"]) == words


def test_other_validators_accept_what_uses_every_field() -> None:
    manifest = _with_plain_dates(yaml.safe_load(EVERY_FIELD.read_text("utf-8")))
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(manifest)] == []
    assert fields(SCHEMA) - set(used(SCHEMA, manifest)) == {
        ("manifest", "describes"),
        ("manifest", "corrects"),
        ("describes block", "path"),
        ("describes block", "format"),
        ("evidence block", "sha256"),
    }


def _with_plain_dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_plain_dates(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_plain_dates(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
