"""What people read, whole."""

from __future__ import annotations

from typing import Any

import pytest

from tests.explain.texts import read, shown


@pytest.mark.parametrize("case", [pytest.param(case, id=case["case"]) for case in read()])
def test_text(case: dict[str, Any]) -> None:
    assert shown(case) == case["shows"]
