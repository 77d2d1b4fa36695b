"""Any schema against any document: the choice of what to tell, and what stays bounded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_datapolicy.model.document import Document
from pytest_datapolicy.syntax.reader import read
from pytest_datapolicy.syntax.shape import Shape
from tests.formats.test_renamed_fields import Nowhere


def told(schema: dict[str, Any], text: str) -> list[tuple[str, str, str]]:
    document = read(text.encode(), "a.yaml", as_json=False)
    found = Shape(schema, "DP002").problems(document)
    return [(f"{p.span.line}:{p.span.column}", p.message, p.remedy) for p in found]


def field(part: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {"x": part}}


CASES = [
    pytest.param(case, id=case["case"])
    for case in yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_what_is_told(case: dict[str, Any]) -> None:
    schema = case["whole"] if "whole" in case else field(case["schema"])
    assert told(schema, case["text"]) == [tuple(case["told"])]


@pytest.mark.parametrize("value", [None, [], "a", 3], ids=["null", "list", "text", "number"])
def test_a_document_that_is_no_mapping(value: Any) -> None:
    schema = {"title": "policy", "type": "object", "properties": {"policy": {"const": 1}}}
    [problem] = Shape(schema, "DP001").problems(Document("a", "", "", value, Nowhere()))
    assert problem.rule == "DP001"
    assert problem.message.endswith("; a policy is a mapping of fields")
    assert problem.remedy == "start with policy: 1"


@pytest.mark.parametrize("text", ["x: 1", 'x: 1\nz: "1.0"', "x: 1\nz: 1.0"])
def test_nothing_is_told_of_what_is_valid(text: str) -> None:
    assert told(field({"type": "integer"}), text) == []


def test_a_shape_keeps_nothing_of_the_documents_that_it_judged() -> None:
    shape = Shape(field({"type": "integer"}))
    first = shape.problems(read(b"x: a", "a.yaml", as_json=False))
    assert shape.problems(read(b"x: 1", "a.yaml", as_json=False)) == []
    assert shape.problems(read(b"x: a", "a.yaml", as_json=False)) == first


@pytest.mark.parametrize(
    "text",
    [
        "x: [" + "{}, " * 30_000 + "{}]",
        "x: [" + "{nam: 1}, " * 20_000 + "{}]",
        "x: [" + ", ".join(f"{{name: a{i}, size: {i}.0}}" for i in range(1, 15_000)) + "]",
    ],
    ids=["missing", "unknown", "whole decimals"],
)
def test_of_very_many_faults_the_first_fifty_are_told(text: str) -> None:
    entry = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "size": {"type": "integer"}},
        "required": ["name", "size"],
        "additionalProperties": False,
    }
    found = told(field({"type": "array", "items": entry}), text)
    assert 17 <= len(found) <= 51
    assert found[-1][1:] == ("more faults follow from here on", "correct those above first")
    assert [place for place, _, _ in found] == sorted((place for place, _, _ in found), key=lambda at: int(at[2:]))


def test_entries_that_are_all_different_but_two_are_compared_in_one_pass() -> None:
    text = "x: [" + ", ".join(f"d{i}" for i in range(50_000)) + ", d7]"
    assert told(field({"type": "array", "uniqueItems": True}), text) == [
        ("1:1", 'x entry 50001 repeats entry 8, "d7"', "remove one of them")
    ]


def test_a_bad_name_and_its_bad_value_are_both_told() -> None:
    schema = field({"propertyNames": {"maxLength": 1}, "additionalProperties": {"type": "integer"}})
    assert told(schema, "x: {ab: c}") == [
        ("1:5", 'key "ab" of x must be at most 1 characters long, not 2', "rename it"),
        ("1:9", 'x.ab is "c"; it must be an integer', "write an integer"),
    ]
