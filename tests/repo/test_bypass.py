"""The page on ways to a green build: every row names a test or a case that is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "bypass.md"
LEAST = 60


class Row(NamedTuple):
    """One row of a table of the page."""

    tried: str
    happens: str
    shown: str


def rows() -> list[Row]:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    cells = [Row(*(cell.strip() for cell in line.strip("|").split(" | "))) for line in lines]
    return [row for row in cells if row.tried not in ("tried", "---")]


ROWS = rows()


def test_there_are_many_and_no_row_twice() -> None:
    assert len(ROWS) >= LEAST
    assert len({row.tried for row in ROWS}) == len(ROWS)
    assert all(row.happens for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.tried)
def test_what_shows_it_is_there(row: Row) -> None:
    shown = re.fullmatch(r"`([^`]+)`", row.shown)
    assert shown is not None
    assert missing(shown[1]) == ""


def missing(reference: str) -> str:
    """What a reference names that is not there: ``path.py::test[id]``, or ``path.yaml: case``."""
    if "::" in reference:
        path, _, name = reference.partition("::")
        function, _, identity = name.partition("[")
        text = _text(path)
        if re.search(rf"^def {re.escape(function)}\(", text, re.M) is None:
            return f"{path} has no {function}"
        return "" if identity.removesuffix("]") in text else f"{path} does not name {identity}"
    path, _, case = reference.partition(": ")
    cases = re.findall(r"""^ *- (?:case|name): ["']?(.+?)["']?$""", _text(path), re.M)
    return "" if case in cases else f"{path} has no case {case!r}"


def _text(path: str) -> str:
    file = ROOT / "tests" / path
    return file.read_text("utf-8") if file.is_file() else ""


def test_a_reference_that_leads_nowhere_is_told() -> None:
    assert missing("doors/test_gate.py::test_nothing") == "doors/test_gate.py has no test_nothing"
    assert missing("doors/nowhere.py::test_nothing") == "doors/nowhere.py has no test_nothing"
    unknown = "rules/governance/live_clause.yaml: no such case"
    assert missing(unknown) == "rules/governance/live_clause.yaml has no case 'no such case'"
