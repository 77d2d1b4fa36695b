"""Case files of foreign formats: what a file states, where it states it and why it says no more.

A case gives the file (``file``) and those beside it (``beside``, by name). ``stated`` holds values by native pointer,
``/`` between its steps; ``at`` the line and column (with a path, for a file beside) of the fact; ``reasons`` why it is
not known better, or why nothing is; ``refused`` the faults instead. The name of the folder is that of the format.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.testing import read_cases

if TYPE_CHECKING:
    from pytest_datapolicy.formats.host import Stated

HERE = Path(__file__).parent
CATALOGUE = Catalogue()
NAMES = {"huggingface": "README.md", "croissant": "croissant.json"}
CASES: list[Any] = [
    pytest.param(path.parent.name, case, id=f"{path.parent.name}: {case['case']}")
    for name in NAMES
    for path in sorted((HERE / name).glob("*.yaml"))
    for case in read_cases(str(path))
]


def state(form: str, case: dict[str, Any]) -> Stated:
    beside = {name: text.encode() for name, text in case.get("beside", {}).items()}
    read = CATALOGUE.format_named(form).state
    assert read is not None
    stated: Stated = read(case["file"].encode(), NAMES[form], beside.get)
    return stated


def pointed(found: dict[tuple[str | int, ...], Any]) -> dict[str, Any]:
    return {"/".join(str(step) for step in pointer): fact for pointer, fact in found.items()}


@pytest.mark.parametrize(("form", "case"), CASES)
def test_case(form: str, case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(Refused) as caught:
            state(form, case)
        told = [f"{p.rule} {p.span.line}:{p.span.column} {p.message} | {p.remedy}" for p in caught.value.problems]
        assert told == case["refused"]
        return
    stated = state(form, case)
    facts, left = pointed(stated.facts), pointed(stated.left)
    assert {pointer: facts[pointer].value for pointer in facts if pointer in case["stated"]} == case["stated"]
    if case.get("all"):
        assert set(facts) == set(case["stated"])
    for pointer in case.get("absent", ()):
        assert pointer not in facts
    for pointer, reason in case.get("reasons", {}).items():
        assert (facts.get(pointer) or left[pointer]).reason == reason
    for pointer, wanted in case.get("at", {}).items():
        place = (facts.get(pointer) or left[pointer]).source.place()
        path = "" if place.path == NAMES[form] else f"{place.path}:"
        assert f"{path}{place.line}:{place.column}" == wanted
    if "splits" in case:
        assert list(stated.splits) == case["splits"]
    if "some_synthetic" in case:
        assert stated.some_synthetic is not None
        assert stated.some_synthetic.field == case["some_synthetic"]
