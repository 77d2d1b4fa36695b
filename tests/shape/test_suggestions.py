"""What somebody most likely meant, and how values read in messages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_datapolicy.syntax.suggestions import nearest, odd_character, repaired
from pytest_datapolicy.syntax.wording import either, literal, named, shown

FIELDS = ("name", "origin", "records", "scored_by", "derived_from", "generator", "generation")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("recrods", "records"),
        ("record", "records"),
        ("Records", "records"),
        ("scored-by", "scored_by"),
        ("scoredBy", "scored_by"),
        ("derived from", "derived_from"),
        ("оrigin", "origin"),
        ("ｏｒｉｇｉｎ", "origin"),
        (" origin", "origin"),
        ("generato", "generator"),
        ("gen", None),
        ("na", None),
        ("colour", None),
        ("", None),
        ("records" * 1000, None),
    ],
)
def test_nearest(word: str, meant: str | None) -> None:
    assert nearest(word, FIELDS) == meant


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("origin", None),
        ("données", None),
        ("名前", None),
        ("оrigin", "character 1 is U+043E CYRILLIC SMALL LETTER O"),
        ("name\u00a0", "character 5 is U+00A0 NO-BREAK SPACE"),
        (" name", "character 1 is U+0020 SPACE"),
        ("two words", None),
        ("na\u2010me", "character 3 is U+2010 HYPHEN"),
        ("na\u0378me", "character 3 is U+0378"),
    ],
)
def test_odd_character(text: str, odd: str | None) -> None:
    assert odd_character(text) == odd


def _integer(value: Any) -> bool:
    return type(value) is int and value >= 0


def _share(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and 0 <= value <= 1


def _of(*kinds: type) -> Any:
    return lambda value: type(value) in kinds


@pytest.mark.parametrize(
    ("value", "fits", "wanted", "remedy"),
    [
        ("12", _integer, "integer", "remove the quotes"),
        ("12.0", _integer, "integer", "write 12"),
        ("1,200", _integer, "integer", "write 1200"),
        ("1_200_000", _integer, "integer", "write 1200000"),
        ("1,200_000", _integer, "integer", None),
        ("12,5", _integer, "integer", None),
        ("-3", _integer, "integer", None),
        (True, _integer, "integer", None),
        ([12], _integer, "integer", "remove the brackets: 12"),
        ([12, 13], _integer, "integer", None),
        ("30%", _share, "number", "write 0.30"),
        ("12.5 %", _share, "number", "write 0.125"),
        ("300%", _share, "number", None),
        ("1/3", _share, "number", "write a decimal such as 0.333"),
        ("1/4", _share, "number", "write 0.25"),
        ("4/3", _share, "number", None),
        ("0,3", _share, "number", "write 0.3"),
        (30, _share, "number", "write 0.30 if 30 is a percentage"),
        (Decimal("99.5"), _share, "number", "write 0.995 if 99.5 is a percentage"),
        (Decimal("1.5"), _share, "number", None),
        (101, _share, "number", None),
        ("1,234", _of(Decimal), "number", None),
        ("On", _of(bool), "boolean", "write true"),
        ("N", _of(bool), "boolean", "write false"),
        (0, _of(bool), "boolean", "write false"),
        (7, _of(str), "string", 'put it in quotes: "7"'),
        (Decimal("1.10"), _of(str), "string", 'put it in quotes: "1.10"'),
        (False, _of(str), "string", 'put it in quotes: "false"'),
        ("a, b", lambda value: value == ["a", "b"], "array", "write [a, b]"),
        ({"a": 1}, _of(list), "array", "start the entry with a dash"),
        (None, _of(list), "array", None),
        ("2026/1/5", lambda value: value == "2026-01-05", "string", 'write "2026-01-05"'),
    ],
)
def test_repaired(value: Any, fits: Any, wanted: str, remedy: str | None) -> None:
    assert repaired(value, fits, frozenset({wanted})) == remedy


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a b", '"a b"'),
        ('say "x" \\', '"say \\"x\\" \\\\"'),
        ("line\nnext\t", '"line\\nnext\\t"'),
        ("\x1b[2J", '"\\u001b[2J"'),
        ("\u202eabc", '"\\u202eabc"'),
        ("\U000e0041", '"\\U000e0041"'),
        ("x" * 81, '"' + "x" * 77 + '..."'),
        ({}, "an empty mapping"),
        ([1], "a list"),
        (None, "null"),
        (True, "true"),
        (Decimal("0.30"), "0.30"),
        (int("9" * 90), "9" * 77 + "..."),
    ],
)
def test_shown(value: object, text: str) -> None:
    assert shown(value) == text


@settings(deadline=None)
@given(st.text())
def test_whatever_is_shown_stays_on_one_line_of_printable_characters(text: str) -> None:
    for said in (shown(text), named(text), literal(text)):
        assert said.isprintable()
        assert len(said) <= 10 * 80 + 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("human", "human"),
        ("no", '"no"'),
        ("2026", '"2026"'),
        ("a: b", '"a: b"'),
        ("s@1#train/a", "s@1#train/a"),
        ({"a": ["b", 1, None]}, "{a: [b, 1, null]}"),
    ],
)
def test_literal(value: object, text: str) -> None:
    assert literal(value) == text


def test_either() -> None:
    assert [either(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "a", "c"])] == [
        "",
        "a",
        "a or b",
        "a, b or c",
    ]
