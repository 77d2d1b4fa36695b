"""Source lines with carets."""

from __future__ import annotations

import pytest

from pytest_datapolicy.model.places import Place, Span
from pytest_datapolicy.render.neutral import neutral, width
from pytest_datapolicy.render.snippet import excerpt


def lines(source: str, column: int, end_column: int, end_line: int = 7) -> list[str]:
    """The source line and the caret line."""
    empty, line, carets = excerpt(Place("a.yaml", Span(7, column, end_line, end_column), source), 1)
    assert empty == "  |"
    return [line.removeprefix("7 | "), carets.removeprefix("  | ")]


def test_carets_stand_under_the_span() -> None:
    assert lines("stakes: hgih", 9, 13) == ["stakes: hgih", "        ^^^^"]


def test_an_empty_span_has_one_caret() -> None:
    assert lines("stakes: high", 1, 1) == ["stakes: high", "^"]


def test_a_span_behind_the_line_has_its_caret_there() -> None:
    assert lines("stakes:", 8, 9) == ["stakes:", "       ^"]
    assert lines("stakes:", 40, 50) == ["stakes:", "       ^"]


def test_a_span_of_several_lines_is_marked_to_the_end_of_the_first() -> None:
    assert lines("train: {a: 1,  ", 8, 3, end_line=9) == ["train: {a: 1,", "       ^^^^^^"]


def test_tabs_take_four_columns() -> None:
    assert lines("\tname:\tx", 8, 9) == ["    name:    x", "             ^"]


def test_wide_and_combining_characters_keep_carets_in_place() -> None:
    assert lines("名前: bad", 5, 8) == ["名前: bad", "      ^^^"]
    assert lines("a: 数据", 4, 6) == ["a: 数据", "   ^^^^"]
    assert lines("e\u0301: bad", 5, 8) == ["e\u0301: bad", "   ^^^"]


def test_escapes_count_with_their_length() -> None:
    assert lines("a\x1b: bad", 5, 8) == ["a\\x1b: bad", "       ^^^"]
    assert lines("a: \u202e", 4, 5) == ["a: \\u202e", "   ^^^^^^"]


def test_long_lines_are_cut_around_the_span() -> None:
    source = "a" * 5000 + "BAD" + "b" * 5000
    line, carets = lines(source, 5001, 5004)
    assert line == "..." + "a" * 40 + "BAD" + "b" * 57 + "..."
    assert carets == " " * 43 + "^^^"


def test_long_lines_are_cut_at_their_start_and_end() -> None:
    assert lines("BAD" + "b" * 500, 1, 4) == ["BAD" + "b" * 97 + "...", "^^^"]
    assert lines("b" * 500 + "BAD", 501, 504) == ["..." + "b" * 97 + "BAD", " " * 100 + "^^^"]


def test_a_span_longer_than_the_window_ends_with_it() -> None:
    line, carets = lines("x" * 5000, 1, 5001)
    assert (line, carets) == ("x" * 100 + "...", "^" * 100)


@pytest.mark.parametrize("source", ["", "   "])
def test_nothing_is_shown_without_a_source(source: str) -> None:
    assert excerpt(Place("a.yaml", Span(1, 1, 1, 1), source), 1) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [text] # 1", "plain [text] # 1"),
        ("größe 名前", "größe 名前"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("\x00\x1b\x7f\x9b", r"\x00\x1b\x7f\x9b"),
        ("\u200b\u00a0\u2028\ue000", r"\u200b\xa0\u2028\ue000"),
        ("a\ufe0fb\U000e0100", r"a\ufe0fb\U000e0100"),
        ("caf\udce9", r"caf\xe9"),
        ("##[error]", r"#\x23[error]"),
        ("##vso[task]", r"#\x23vso[task]"),
        ("## a list", "## a list"),
    ],
)
def test_neutral(text: str, shown: str) -> None:
    assert neutral(text) == shown
    assert neutral(shown) == shown


def test_neutral_cuts() -> None:
    assert neutral("x" * 81, 80) == "x" * 77 + "..."
    assert neutral("x" * 80, 80) == "x" * 80


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("名前", 4), ("e\u0301", 1), ("a\u20dd", 1), ("é", 1)])
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns
