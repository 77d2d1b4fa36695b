"""Every case of the rules that read data, on every engine: the results are the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.testing import faults, read_cases
from tests.rules.verify.engines import ENGINES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_datapolicy.model.data import Verifier

HERE = Path(__file__).parent
CATALOGUE = Catalogue()
MATRIX = [
    pytest.param(rule, case, id=f"{rule}: {case['case']}")
    for path in sorted(HERE.glob("*.yaml"))
    if (rule := CATALOGUE.id_of(path.stem.replace("_", "-")))
    for case in read_cases(str(path))
]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Callable[[str], Verifier] | bool:
    """What opens the data files of a case, as `pytest_datapolicy.testing` takes it."""
    opener: Callable[[str], Verifier] | bool = ENGINES[request.param]
    return opener


@pytest.mark.parametrize(("rule", "case"), MATRIX)
def test_case(rule: str, case: dict[str, Any], engine: Callable[[str], Verifier] | bool) -> None:
    assert faults(case, rule, catalogue=CATALOGUE, verify=engine) == []


@pytest.mark.parametrize("rule", [entry.id for entry in CATALOGUE if entry.id.startswith("DP6")])
def test_each_rule_has_a_clean_twin_and_faults(rule: str) -> None:
    cases = [case for item in MATRIX if item.values[0] == rule for case in [dict(item.values[1])]]  # type: ignore[call-overload]
    assert any(case.get("applies") and not case["expect"] for case in cases)
    outcomes = {expected.get("outcome") for case in cases for expected in case["expect"]}
    assert outcomes >= {"fail", "indeterminate"}
