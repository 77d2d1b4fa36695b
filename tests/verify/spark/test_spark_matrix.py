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


OTHER_FORMATS = ("arrow", "csv", "jsonl.gz", "parquet")
ONCE = [param for param in MATRIX if not str(param.id).endswith(tuple(f", {name}" for name in OTHER_FORMATS))]
"""Each fault in one format: `test_spark_cells` reads all of them through Spark Connect too."""


@pytest.mark.parametrize(("rule", "case"), MATRIX)
def test_here(rule: str, case: dict[str, Any], local: Engine) -> None:
    assert faults(case, rule, catalogue=CATALOGUE, verify=opener(local)) == []


@pytest.mark.parametrize(("rule", "case"), ONCE)
def test_remote(rule: str, case: dict[str, Any], remote: Engine) -> None:
    assert faults(case, rule, catalogue=CATALOGUE, verify=opener(remote)) == []


def test_each_rule_and_fault_is_there() -> None:
    assert len(ONCE) < len(MATRIX) <= 2 * len(ONCE)
    assert {param.values[0] for param in ONCE} == {param.values[0] for param in MATRIX}
