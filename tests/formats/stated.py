"""Runs cases of host files: what they state, what they leave, why they are refused, what is found in them.

A case gives a ``file`` name and its ``text``. ``facts`` maps dotted pointers to what is stated there (``value``,
``line``, and where they matter ``weak``, ``reason``), all of them; ``left`` maps pointers to reasons; ``splits`` lists
names. ``refused`` and ``findings`` hold lines ``RULE LINE:COLUMN message``: of the reader alone, and of a whole check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.format import alone
from pytest_datapolicy.testing import judge_text

if TYPE_CHECKING:
    from pytest_datapolicy.formats.host import Stated

CATALOGUE = Catalogue()


def told(case: dict[str, Any]) -> dict[str, Any]:
    """What a case expects, computed from its file: for each key that it gives."""
    data = case["text"].encode()
    answer: dict[str, Any] = {"format": CATALOGUE.format_of(case["file"], data).name}
    try:
        stated = CATALOGUE.format_of(case["file"], data).state(data, case["file"], alone)  # type: ignore[misc]
    except Refused as refused:
        answer["refused"] = [f"{p.rule} {p.span.line}:{p.span.column} {p.message}" for p in refused.problems]
    else:
        answer |= _stated(stated, case.get("facts", {}))
    if "findings" in case:
        found = judge_text({case["file"]: case["text"]}, case.get("rules")).findings
        answer["findings"] = [f"{f.rule} {f.place.line}:{f.place.column} {f.message}" for f in found]
    return {key: answer.get(key) for key in case if key not in ("case", "file", "text", "rules")}


def _stated(stated: Stated, expected: dict[str, Any]) -> dict[str, Any]:
    facts = {}
    for pointer, fact in stated.facts.items():
        name = ".".join(map(str, pointer))
        given = {
            "value": fact.value,
            "line": fact.source.place().line,
            "weak": fact.weak,
            "reason": fact.reason,
            "field": fact.source.field,
        }
        facts[name] = {key: value for key, value in given.items() if key in expected.get(name, given)}
    left = {".".join(map(str, pointer)): fact.reason for pointer, fact in stated.left.items()}
    return {"facts": facts, "left": left, "splits": list(stated.splits)}
