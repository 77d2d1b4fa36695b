"""Days are UTC days, and the last good day is good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.waivers.bench import ABOUT_WAIVERS, judged, waiver, waivers

CASES = yaml.load((Path(__file__).parent / "dates.yaml").read_text("utf-8"), yaml.BaseLoader)
ROWS = [
    pytest.param(case["granted"], case["expires"], today, expected, id=f"{case['case']}: {today}")
    for case in CASES
    for today, expected in case["days"].items()
]


@pytest.mark.parametrize(("granted", "expires", "today", "expected"), ROWS)
def test_day(granted: str, expires: str, today: str, expected: str) -> None:
    report = judged(entries=waivers(waiver(granted=granted, expires=expires)), today=today)
    (finding,) = [item for item in report.findings if item.rule == "DP101"]
    facts: dict[str, Any] = finding.waiver or {}
    said = [f"{finding.outcome} {facts['days_left']}" if facts else finding.outcome]
    said += [f"{item.rule} {item.level}" for item in report.findings if item.rule in ABOUT_WAIVERS]
    assert ", ".join(said) == expected


def test_the_waiver_stands_in_the_finding() -> None:
    entry = waiver(split="train", reason="cleared in December", allow="{max: 0.45}")
    (finding,) = judged(entries=waivers(entry)).findings
    assert (finding.outcome, finding.level, finding.fails) == ("waived", "error", False)
    assert finding.waiver is not None
    assert {key: str(value) for key, value in finding.waiver.items() if key != "allow"} == {
        "owner": "ada@example.org",
        "approved_by": "board@example.org",
        "reason": "cleared in December",
        "granted": "2026-10-01",
        "expires": "2026-12-15",
        "days_left": "44",
        "path": "waivers.yaml",
        "line": "3",
    }
    assert str(finding.waiver["allow"]) == "{'max': Decimal('0.45')}"
