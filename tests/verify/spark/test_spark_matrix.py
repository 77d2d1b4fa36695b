"""The matrix of planted faults on Spark: what DuckDB finds, with the same figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.testing import faults
from tests.rules.verify.test_matrix import CATALOGUE, MATRIX
from tests.verify.spark.sessions import opener

if TYPE_CHECKING:
    from pytest_datapolicy.verify.engine import Engine

pytestmark = pytest.mark.spark


@pytest.mark.parametrize(("rule", "case"), MATRIX)
def test_case(rule: str, case: dict[str, Any], spark: Engine) -> None:
    assert faults(case, rule, catalogue=CATALOGUE, verify=opener(spark)) == []
