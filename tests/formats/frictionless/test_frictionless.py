"""Every case of the reader of Frictionless data packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_datapolicy.testing import read_cases
from tests.formats.stated import told

CASES = read_cases(str(Path(__file__).with_name("cases.yaml")))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["case"]) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert told(case) == {key: value for key, value in case.items() if key not in ("case", "file", "text", "rules")}
