"""Whatever is put in the place of a part of a valid manifest is refused exactly where it does not belong."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_datapolicy.formats.native import shape
from pytest_datapolicy.model.document import Document
from pytest_datapolicy.model.places import Span
from pytest_datapolicy.schemas import load
from pytest_datapolicy.syntax.reader import read
from pytest_datapolicy.syntax.walk import Guide, Schema
from pytest_datapolicy.syntax.wording import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.model.places import Pointer

EVERY_FIELD = Path(__file__).parent.joinpath("every_field.yaml").read_bytes()
TREE = read(EVERY_FIELD, "a.yaml", as_json=False).tree
VALIDATOR = jsonschema_rs.validator_for(load("manifest"), validate_formats=True)
GUIDE = Guide(Schema(load("manifest")))


class Nowhere:
    """Places of values that stand in no text."""

    def span(self, pointer: Pointer) -> Span:
        return Span(len(pointer) + 1, 1, len(pointer) + 1, 2)

    key_span = span


def pointers(value: Any, pointer: Pointer = ()) -> Iterator[Pointer]:
    yield pointer
    for step, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from pointers(inner, (*pointer, step))


EVERYWHERE = list(pointers(TREE))
FIELDS = [pointer for pointer in EVERYWHERE if GUIDE.is_field(pointer)]
# Control characters never get here: the reader refuses them. Regular expressions disagree whether some are white space.
READABLE = st.characters(codec="utf-8", exclude_categories=["Cc"])
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 10**6)
    | st.text(READABLE, max_size=8)
    | st.decimals(-2, 200, places=2).map(abs)
    | st.sampled_from(["human", "12", "30%", "2026-01-01", "a@1"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(READABLE, min_size=1, max_size=6), inner, max_size=3)
    ),
    max_leaves=5,
)


def with_change(value: Any, pointer: Pointer, change: Any) -> Any:
    """A copy of `value` in which `change` has been applied to what stands at `pointer`."""
    if not pointer:
        return change(value)
    step = pointer[0]
    if isinstance(value, dict):
        return {key: with_change(inner, pointer[1:], change) if key == step else inner for key, inner in value.items()}
    return [with_change(inner, pointer[1:], change) if index == step else inner for index, inner in enumerate(value)]


def found_in(tree: Any) -> dict[Pointer, str]:
    """Message and remedy of each fault, by pointer."""
    document = Document("a", ".0", "", tree, Nowhere())
    return {problem.pointer: f"{problem.message}; {problem.remedy}" for problem in shape().problems(document)}


@settings(deadline=None)
@given(st.sampled_from(FIELDS), st.text(st.characters(codec="utf-8"), max_size=20))
def test_a_renamed_field_is_named_where_it_stands(field: Pointer, other: str) -> None:
    parent, old = field[:-1], field[-1]
    known = {name for node in GUIDE.nodes(parent) for name in node.get("properties", ())}
    name = other + "x" if other in known else other
    tree = with_change(TREE, parent, lambda held: {name if key == old else key: held[key] for key in held})
    found = found_in(tree)
    assert f"unknown field {named(name)} in this " in found[(*parent, name)] or (field == ("manifest",) and found)


@settings(deadline=None)
@given(st.sampled_from(FIELDS))
def test_a_field_left_out_is_named_when_it_is_required(field: Pointer) -> None:
    parent, name = field[:-1], field[-1]
    tree = with_change(TREE, parent, lambda held: {key: held[key] for key in held if key != name})
    found = found_in(tree)
    assert bool(found) == (not VALIDATOR.is_valid(tree))
    assert all(pointer == field and str(name) in text for pointer, text in found.items())


@settings(deadline=None)
@given(st.sampled_from(EVERYWHERE[1:]), ANYTHING)
def test_every_error_of_the_validator_is_told_at_its_place(place: Pointer, value: Any) -> None:
    tree = with_change(TREE, place, lambda _: value)
    found = found_in(tree)
    renamed = " ".join(found.values())
    places = {tuple(map(str, pointer)) for pointer in found}  # the validator takes a key "0" for the index 0
    for error in VALIDATOR.iter_errors(tree):
        pointer, kind = tuple(error.instance_path), error.kind
        if hasattr(kind, "unexpected"):
            assert all((*map(str, pointer), name) in places for name in kind.unexpected)
        elif hasattr(kind, "property"):
            name = kind.property
            assert (*map(str, pointer), name) in places or f"did you mean {name}?" in renamed
        elif hasattr(kind, "error"):
            assert (*map(str, pointer), kind.error.instance) in places
        elif place != ("manifest",):
            assert tuple(map(str, pointer)) in places
    assert bool(found) == (not VALIDATOR.is_valid(tree) or _has_whole_decimal_in_integer_field(tree))
    assert all(text.isprintable() for text in found.values())


def _has_whole_decimal_in_integer_field(tree: Any) -> bool:
    for pointer in pointers(tree):
        value = tree
        for step in pointer:
            value = value[step]
        if isinstance(value, Decimal) and value == int(value) and GUIDE.whole_numbers_only(pointer):
            return True
    return False
