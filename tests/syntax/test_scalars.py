"""Plain scalars read as the table says, and as both versions of YAML agree."""

from __future__ import annotations

import json
from decimal import Decimal

from pytest_datapolicy.syntax import memo
from pytest_datapolicy.syntax.scalars import Doubt, read_date, read_json_number, read_plain
from tests.syntax.told import CASES, told

_ROWS = [row.split("\t") for row in (CASES / "scalars.tsv").read_text("utf-8").splitlines() if not row.startswith("# ")]


def _told(value: object) -> str:
    if isinstance(value, Doubt):
        return f"{value.rule} {value.message} | {value.remedy}"
    return f"decimal {value}" if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def test_plain_scalars() -> None:
    assert {row[0]: _told(read_plain(row[0])) for row in _ROWS} == {row[0]: row[1] for row in _ROWS}


def test_plain_scalars_in_date_fields() -> None:
    assert {row[0]: _told(read_date(row[0])) for row in _ROWS} == {row[0]: row[-1] for row in _ROWS}


def test_the_table_has_every_spelling_once() -> None:
    assert len({row[0] for row in _ROWS}) == len(_ROWS) > 150


def test_json_has_the_same_numbers() -> None:
    """A number of YAML is one in JSON, and JSON has no other."""
    for spelled, *_ in _ROWS:
        here, there = read_plain(spelled), read_json_number(spelled)
        if isinstance(here, int | Decimal) and not isinstance(here, bool):
            assert there == here, spelled
        else:
            assert there is None or isinstance(there, Doubt), spelled


def test_the_same_scalar_is_read_anew_in_another_field() -> None:
    """What a scalar was read as before has no say in a field where it reads otherwise."""
    fine = "date: 2026-01-31\n"
    doubtful = "version: 2026-01-31\n"
    for text, faults in ((fine, 0), (doubtful, 1), (fine, 0), (doubtful, 1), (fine + doubtful, 1)):
        assert len(told(text)) == faults


def test_numbers_that_are_long_or_empty() -> None:
    long = "0x" + "f" * 60
    assert told(f"a: {long}\nb: 0x_\n") == [
        f"DP004 1:4-1:66 {long[:57]}... is a number to some readers and text to others"
        " | write the number in decimal digits",
        'DP004 2:4-2:7 0x_ is a number to some readers and text to others | write "0x_" in quotes',
    ]


def test_what_is_remembered_is_bounded() -> None:
    def remembered() -> tuple[int, int, int]:
        return len(memo.values), len(memo.keys), len(memo.days)

    for century in range(19):
        days = [f"{century + 1:02}{year:02}-{month:02}-01" for year in range(100) for month in range(1, 13)]
        text = "".join(f"k{century}x{day}: v{century}x{day}\nf{day}: {{date: {day}}}\n" for day in days)
        assert told(text) == []
        assert max(remembered()) <= memo.ENTRIES
    before = remembered()
    assert told(f"{'k' * 100}: {'v' * 100}\n") == []
    assert remembered() == before


def test_json_words_are_not_those_of_yaml() -> None:
    assert told("a: True\nb: ~\n") == []
    assert told('{"a": True}', as_json=True) == ["DP001 1:7-1:11 True is no value of JSON | write true"]
    assert told('{"a": 12abc}', as_json=True) == [
        "DP001 1:7-1:12 12abc is no value of JSON | put text in double quotes"
    ]
