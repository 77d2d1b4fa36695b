"""Where PyYAML comes without libyaml its own parser takes over, with the same verdicts or stricter ones."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from pytest_datapolicy.syntax import yaml_events
from tests.syntax.told import cases, read_case, told

# PyYAML's own parser takes no tab after a colon, and its words for escapes that stand for no character differ.
_STRICTER = {"a tab after a colon"}
_OTHER_WORDS = {"an escape for half a pair", "an escape for no character"}


@pytest.fixture(autouse=True)
def _without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_events, "EventParser", yaml.SafeLoader)


@pytest.mark.parametrize("case", [case for case in cases("accepted.yaml") if "text" in case], ids=lambda c: c["case"])
def test_what_is_read(case: dict[str, Any]) -> None:
    if case["case"] in _STRICTER:
        assert told(case["text"]) != []
    else:
        assert told(case["text"]) == []


@pytest.mark.parametrize("case", cases("yaml_refused.yaml"), ids=lambda case: case["case"])
def test_what_is_refused(case: dict[str, Any]) -> None:
    found = told(case["text"])
    if case["case"] in _OTHER_WORDS:
        assert [fault.split()[0] for fault in found] == ["DP001"]
    else:
        assert found == case["expect"]


@pytest.mark.parametrize("case", cases("positions.yaml"), ids=lambda case: case["case"])
def test_places(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    here = read_case(case).positions
    monkeypatch.undo()
    there = read_case(case).positions
    for pointer, _, _ in case["places"]:
        assert here.span(tuple(pointer)) == there.span(tuple(pointer))
        assert here.key_span(tuple(pointer)) == there.key_span(tuple(pointer))


def test_a_directive_that_nobody_knows() -> None:
    assert told("%FOO bar\n---\na: 1\n") == [
        "DP001 1:1-2:4 directives are not allowed | remove the lines that start with %"
    ]


def test_deep_nesting() -> None:
    assert told("[" * 5000) == ["DP001 1:65-1:66 values are nested more than 64 levels deep | nest them less deeply"]
    assert told("- " * 5000)[0].endswith("nested more than 64 levels deep | nest them less deeply")
