"""What the reader says, in one line a fault, and the cases that say what it should."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from pytest_datapolicy.model.document import Document, Problem, Refused
from pytest_datapolicy.syntax.reader import read

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a file."""
    found: list[dict[str, Any]] = yaml.safe_load((CASES / name).read_text("utf-8"))
    return found


def read_case(case: dict[str, Any]) -> Document:
    """The document of a case that holds a `text` or a `json`."""
    return read_text(str(case["json"] if "json" in case else case["text"]), as_json="json" in case)


def line(problem: Problem) -> str:
    """``DP001 1:2-3:4 message | remedy``."""
    span = problem.span
    place = f"{span.line}:{span.column}-{span.end_line}:{span.end_column}"
    return f"{problem.rule} {place} {problem.message} | {problem.remedy}"


def read_text(text: str, *, as_json: bool = False) -> Document:
    """The document in a text."""
    return read(text.encode("utf-8", "surrogatepass"), "a.dataset.yaml", as_json=as_json)


def told(data: bytes | str, *, as_json: bool = False, limit: int = 1 << 20) -> list[str]:
    """All that the reader says about `data`; nothing when it reads it."""
    try:
        read(data if isinstance(data, bytes) else data.encode(), "a.dataset.yaml", as_json=as_json, limit=limit)
    except Refused as refused:
        return [line(problem) for problem in refused.problems]
    return []
