"""Every text of the case files is read, or refused with the words that the case file gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.syntax.told import cases, read_case, told


def _params(name: str) -> list[Any]:
    return [pytest.param(case, id=case["case"]) for case in cases(name)]


def _exact(value: Any) -> Any:
    """Values of a case file with their decimals, and with types told apart that Python holds equal."""
    if isinstance(value, dict):
        if set(value) == {"decimal"}:
            return ("Decimal", str(Decimal(value["decimal"])))
        return [(key, _exact(inner)) for key, inner in value.items()]
    if isinstance(value, list):
        return [_exact(inner) for inner in value]
    return (type(value).__name__, str(value))


@pytest.mark.parametrize("case", _params("accepted.yaml"))
def test_what_is_read(case: dict[str, Any]) -> None:
    assert _exact(read_case(case).tree) == _exact(case["values"])


@pytest.mark.parametrize("case", _params("yaml_refused.yaml"))
def test_what_is_refused_in_yaml(case: dict[str, Any]) -> None:
    assert told(case["text"]) == case["expect"]


@pytest.mark.parametrize("case", _params("json_refused.yaml"))
def test_what_is_refused_in_json(case: dict[str, Any]) -> None:
    assert told(case["text"], as_json=True) == case["expect"]


@pytest.mark.parametrize("case", _params("bytes_refused.yaml"))
@pytest.mark.parametrize("as_json", [False, True], ids=["yaml", "json"])
def test_which_bytes_are_refused(case: dict[str, Any], as_json: bool) -> None:
    assert told(case["bytes"].encode("latin-1"), as_json=as_json) == case["expect"]


@pytest.mark.parametrize("name", ["yaml_refused.yaml", "json_refused.yaml", "bytes_refused.yaml"])
def test_messages_are_short_and_calm(name: str) -> None:
    for case in cases(name):
        for expected in case["expect"]:
            _, _, words = expected.split(" ", 2)
            message, remedy = words.split(" | ", 1)
            assert len(message) < 160, case["case"]
            assert not message.endswith((".", "!")), case["case"]
            assert not remedy.endswith((".", "!")), case["case"]
            assert expected.isprintable(), case["case"]
