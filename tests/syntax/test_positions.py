"""Every value and key is found again at the place that the reader gives for it."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.syntax.positions import offset_place
from pytest_datapolicy.syntax.reader import read
from tests.syntax.told import cases, read_case, read_text

if TYPE_CHECKING:
    from pytest_datapolicy.model.document import Document
    from pytest_datapolicy.model.places import Pointer, Span

_CASES = cases("positions.yaml")


def _shown(document: Document, span: Span) -> str:
    if span.line != span.end_line:
        return f"{span.line}:{span.column} {span.end_line}:{span.end_column}"
    source = document.text.split("\n")[span.line - 1]
    return f"{span.line}:{span.column} {source[span.column - 1 : span.end_column - 1]}"


def _pointers(value: Any, at: Pointer = ()) -> list[Pointer]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(pointer for step, item in inner for pointer in _pointers(item, (*at, step)))]


@pytest.mark.parametrize("case", _CASES, ids=[case["case"] for case in _CASES])
def test_places(case: dict[str, Any]) -> None:
    document = read_case(case)
    found = [
        [pointer, _shown(document, document.positions.span(p)), _shown(document, document.positions.key_span(p))]
        for pointer, _, _ in case["places"]
        for p in [tuple(pointer)]
    ]
    assert found == case["places"]


@pytest.mark.parametrize("case", _CASES, ids=[case["case"] for case in _CASES])
def test_every_place_lies_in_the_text(case: dict[str, Any]) -> None:
    document = read_case(case)
    lines = document.text.split("\n")
    for pointer in _pointers(document.tree):
        for span in (document.positions.span(pointer), document.positions.key_span(pointer)):
            assert 1 <= span.line <= span.end_line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
            assert span[:2] <= span[2:]
            assert span.end_column - 1 <= len(lines[span.end_line - 1])


def test_a_place_carries_its_line() -> None:
    document = read_text("a: 1\r\nb: [x, yes!]\r\n")
    assert document.place(("b", 1)) == ("a.dataset.yaml", (2, 8, 2, 12), "b: [x, yes!]")
    assert document.place(("b",), key=True).span == (2, 1, 2, 2)


def test_a_fault_knows_its_pointer() -> None:
    with pytest.raises(Refused) as refused:
        read_text("a: no\nb: [off, {c: 012, c: on}, [[=]]]\nyes: 1\n? *x\n")
    assert [problem.pointer for problem in refused.value.problems] == [
        ("a",),
        ("b", 0),
        ("b", 1, "c"),
        ("b", 1, "c"),
        ("b", 1, "c"),
        ("b", 2, 0, 0),
        (),
        (),
    ]
    assert refused.value.text.startswith("a: no\n")


def test_a_fault_of_json_knows_its_pointer() -> None:
    with pytest.raises(Refused) as refused:
        read_text('{"a": 1e1, "b": [.5, {"c": 01, "c": NaN}, [[2.]]], "d": x}', as_json=True)
    assert [problem.pointer for problem in refused.value.problems] == [
        ("a",),
        ("b", 0),
        ("b", 1, "c"),
        ("b", 1, "c"),
        ("b", 1, "c"),
        ("b", 2, 0, 0),
        ("d",),
    ]


@pytest.mark.parametrize("as_json", [False, True], ids=["yaml", "json"])
def test_a_repeated_key_names_its_first_place(as_json: bool) -> None:
    text = '{"a": {"k": 1, "k": 2}, "b": 1,\n "a": 2, "b": {}, "a": [], "c": 3,\n "c": 4}'
    with pytest.raises(Refused) as refused:
        read_text(text, as_json=as_json)
    assert [(p.span[:2], [(span[:2], note) for span, note in p.related]) for p in refused.value.problems] == [
        ((1, 16), [((1, 8), "k is given here first")]),
        ((2, 2), [((1, 2), "a is given here first")]),
        ((2, 10), [((1, 25), "b is given here first")]),
        ((2, 19), [((1, 2), "a is given here first")]),
        ((3, 2), [((2, 28), "c is given here first")]),
    ]


def test_the_digest_is_of_the_bytes() -> None:
    data = b"\xef\xbb\xbfa: 1\r\n"
    document = read(data, "x/a.dataset.yaml", as_json=False)
    assert document.sha256 == sha256(data).hexdigest()
    assert (document.path, document.text, document.tree) == ("x/a.dataset.yaml", "a: 1\r\n", {"a": 1})


def test_equal_keys_are_one_object() -> None:
    tree = read_text("components: [{records: 1}, {records: 2, name: a}]\nname: b\n").tree
    twin = read_text('{"components": [{"records": 1}]}', as_json=True).tree
    keys = [key for component in tree["components"] for key in component if key == "records"]
    assert keys[0] is keys[1]
    assert keys[0] is next(iter(twin["components"][0]))


def test_decimals_are_exact() -> None:
    assert read_text("a: 0.1\nb: 0.30000000000000001\n").tree == {
        "a": Decimal("0.1"),
        "b": Decimal("0.30000000000000001"),
    }


@pytest.mark.parametrize(
    ("offset", "place"), [(0, (1, 1)), (1, (1, 2)), (2, (2, 1)), (3, (3, 1)), (4, (3, 2)), (5, (3, 3))]
)
def test_offsets(offset: int, place: tuple[int, int]) -> None:
    assert offset_place("a\n\nbc", offset) == place
