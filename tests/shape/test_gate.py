"""The compiled schemas against an independent validator: both accept the same of all trees that a reader can give.

One difference is meant, and the trees here do not hold it: integers written with a point are none.
"""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_datapolicy import schemas
from pytest_datapolicy.syntax.characters import first_forbidden
from pytest_datapolicy.syntax.gate import REMEMBERED, compiled
from pytest_datapolicy.syntax.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "src" / "pytest_datapolicy"
NAMES = ("manifest", "policy", "waivers", "baseline")
SCHEMAS = {name: schemas.load(name) for name in NAMES}
PARTS_OF_PARTS = ("properties", "$defs")
PARTS = ("items", "additionalProperties", "propertyNames", "if", "then", "else", "not")


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every part of a schema that is a schema itself."""
    if isinstance(node, dict):
        yield node
        inner = [part for key in PARTS_OF_PARTS for part in node.get(key, {}).values()]
        inner += [node[key] for key in PARTS if key in node]
        inner += [part for key in ("allOf", "anyOf") for part in node.get(key, ())]
        for part in inner:
            yield from parts(part)


ALL_PARTS = [(name, part) for name, schema in SCHEMAS.items() for part in parts(schema)]
PATTERNS = sorted({part["pattern"] for _, part in ALL_PARTS if "pattern" in part})
FIELDS = sorted({field for _, part in ALL_PARTS for field in part.get("properties", ())})
CHOICES = sorted({choice for _, part in ALL_PARTS for choice in part.get("enum", ())})
EXACT = [json.loads(schemas.text(name), parse_float=Decimal) for name in NAMES]
EXAMPLES = [example for schema in EXACT for part in parts(schema) for example in part.get("examples", ())]
ODD = ["", " ", "x ", "x\n", "x\ny", "2026-02-29", "2024-02-29", "0999-01-01", "a@1", "a@1#b/c", "a/../b", ".", "~x"]
ODD += ["é", "x\u00a0", "\u3000x", "a" * 65, "a" * 129, "a" * 257, "0" * 64, "s3://a/b", "https://a//b", "A", "a@", "#"]
NUMBERS = [-1, 0, 1, 2, 1000, 1001, 10**6, 10**9, 10**9 + 1, 10**18 - 1, 10**18, Decimal("0.5"), Decimal("-0.5")]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5).filter(lambda text: first_forbidden(text) is None)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(NUMBERS),
    st.sampled_from(ODD),
    st.sampled_from(CHOICES),
    texts,
    st.sampled_from(EXAMPLES),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.sampled_from(ODD)), inner, max_size=4),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("name", NAMES)
def test_schemas_that_ship_are_known_to_the_last_word(name: str) -> None:
    assert compiled(SCHEMAS[name]) is not None


@pytest.mark.parametrize("name", NAMES)
def test_each_part_accepts_the_examples_of_all_parts_as_the_oracle_does(name: str) -> None:
    schema = SCHEMAS[name]
    accepted = 0
    for part in parts(schema):
        rooted = {"$schema": schema["$schema"], "$defs": schema["$defs"], **part}
        check, oracle = compiled(rooted), jsonschema_rs.validator_for(rooted, validate_formats=True)
        assert check is not None
        for value in (*EXAMPLES, *ODD, *CHOICES, *NUMBERS, None, True, [], {}):
            assert check(value) is oracle.is_valid(value), (part, value)
            accepted += check(value)
    assert accepted > 100


@settings(max_examples=300, deadline=None)
@given(part=st.sampled_from(ALL_PARTS), tree=trees)
def test_each_part_accepts_what_the_oracle_accepts(part: tuple[str, dict[str, Any]], tree: Any) -> None:
    schema = SCHEMAS[part[0]]
    rooted = {"$schema": schema["$schema"], "$defs": schema["$defs"], **part[1]}
    check = compiled(rooted)
    assert check is not None
    assert check(tree) is jsonschema_rs.validator_for(rooted, validate_formats=True).is_valid(tree)


def whole(path: Path) -> Any:
    return read(path.read_bytes(), path.name, as_json=False).tree


WHOLE = [
    ("manifest", whole(HERE.parent / "formats" / "every_field.yaml")),
    ("policy", whole(PACKAGE / "packs" / "baseline.yaml")),
    ("policy", whole(PACKAGE / "packs" / "high-stakes.yaml")),
]
CHECKS = {name: compiled(schema) for name, schema in SCHEMAS.items()}
ORACLES = {name: jsonschema_rs.validator_for(schema, validate_formats=True) for name, schema in SCHEMAS.items()}


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every collection below and with `tree`, once for each of its keys."""
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)):
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from places(tree[key])


@settings(max_examples=300, deadline=None)
@given(data=st.data(), number=st.integers(0, len(WHOLE) - 1))
def test_damage_to_a_whole_file_is_seen_by_both(data: st.DataObject, number: int) -> None:
    name, tree = copy.deepcopy(WHOLE[number])
    check = CHECKS[name]
    assert check is not None
    assert check(tree)
    holder, key = data.draw(st.sampled_from(list(places(tree))))
    other, its_key = data.draw(st.sampled_from(list(places(tree))))
    match data.draw(st.sampled_from(["replace", "remove", "add", "move"])):
        case "replace":
            holder[key] = data.draw(trees)
        case "remove":
            del holder[key]
        case "add":
            if isinstance(holder, dict):
                holder[data.draw(st.sampled_from([*FIELDS, *ODD]))] = data.draw(trees)
            else:
                holder.append(data.draw(st.one_of(trees, st.just(holder[key]))))
        case "move":
            holder[key] = copy.deepcopy(other[its_key])
    assert check(tree) is ORACLES[name].is_valid(tree)


@settings(max_examples=200, deadline=None)
@given(pattern=st.sampled_from(PATTERNS), data=st.data())
def test_patterns_find_what_the_oracle_finds(pattern: str, data: st.DataObject) -> None:
    near = st.from_regex(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)
    text = data.draw(st.one_of(texts, near.filter(lambda text: first_forbidden(text) is None)))
    text += data.draw(st.sampled_from(["", "", "\n", " ", "$", ".", "/"]))
    schema = {"$schema": SCHEMAS["manifest"]["$schema"], "type": "string", "pattern": pattern}
    check = compiled(schema)
    assert check is not None
    assert check(text) is jsonschema_rs.validator_for(schema).is_valid(text)


def test_an_integer_has_no_point() -> None:
    integer, number = compiled({"type": "integer"}), compiled({"type": "number"})
    assert integer is not None
    assert number is not None
    assert [integer(value) for value in (1, Decimal("1.0"), True)] == [True, False, False]
    assert [number(value) for value in (1, Decimal("1.0"), True)] == [True, True, False]


def test_a_pattern_remembers_no_more_than_it_may() -> None:
    check = compiled({"type": "string", "pattern": "^a[0-9]+$"})
    assert check is not None
    for number in range(3 * REMEMBERED):
        assert check(f"a{number}")
    assert not check("a")


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [{"type": "string"}]},
        {"contains": {"const": 3}},
        {"type": "array", "uniqueItems": True},
        {"type": "string", "format": "email"},
        {"enum": [0.5]},
        {"$ref": "other.json#/$defs/a"},
        {"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}},
        {"properties": {"a": {"anyOf": [{"not": {"multipleOf": 2}}]}}},
    ],
    ids=lambda schema: next(iter(schema)),
)
def test_a_schema_with_more_in_it_is_not_read_by_half(schema: dict[str, Any]) -> None:
    assert compiled(schema) is None
