"""The table and the interval that the page on mutation testing states."""

from __future__ import annotations

import pytest
from benchmarks.scores import Result, interval, part_of, table

RESULTS = [
    Result("pytest_datapolicy.engine.run.xǁ_Runǁ_add__mutmut_1", "killed", "tests/rules/test_cases.py::test_case"),
    Result("pytest_datapolicy.engine.run.x_judge__mutmut_2", "survived", ""),
    Result("pytest_datapolicy.rules.mix.known_origin.x_check__mutmut_1", "killed", "ended with -14"),
    Result("pytest_datapolicy.rules.mix.known_origin.x_check__mutmut_2", "killed", "a"),
    Result("pytest_datapolicy.rules.mix.known_origin.x_check__mutmut_3", "no tests", ""),
]


def test_a_line_for_each_part_and_what_no_test_calls_is_not_killed() -> None:
    assert table(RESULTS) == [
        "| part | mutants | killed | survived | no tests | score |",
        "| --- | --: | --: | --: | --: | --: |",
        "| engine | 2 | 1 | 1 | 0 | 50.0 % |",
        "| rules/mix | 3 | 2 | 0 | 1 | 66.7 % |",
        "| all | 5 | 3 | 1 | 1 | 60.0 % |",
    ]
    assert part_of(RESULTS[2].name) == "rules/mix"


@pytest.mark.parametrize(
    ("killed", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (5, 10, 0.1871, 0.8129),
        (950, 1000, 0.9346, 0.9627),
    ],
)
def test_the_interval_is_exact(killed: int, total: int, low: float, high: float) -> None:
    assert interval(killed, total) == pytest.approx((low, high), abs=5e-5)
