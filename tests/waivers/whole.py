"""All that the cases of ``matching.yaml`` give, whole: ``python -m tests.waivers.whole`` writes ``whole.txt``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.rules.whole import finding_lines
from tests.waivers.bench import judged, waivers

HERE = Path(__file__).parent
PATH = HERE / "whole.txt"
CASES: list[dict[str, Any]] = yaml.load((HERE / "matching.yaml").read_text("utf-8"), yaml.BaseLoader)


def written(value: Any) -> str:
    """A value of a case as a waiver file spells it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {written(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(value) + "]" if isinstance(value, list) else str(value)


def entries_of(case: dict[str, Any]) -> str:
    """The waiver file of a case, its usual fields filled in."""
    terms = {"reason": "r", "owner": "ada@example.org", "approved_by": "board@example.org"}
    days = {"granted": "2026-10-01", "expires": "2026-12-15"}
    return waivers(*(f"  - {written({**terms, **days, **entry})}\n" for entry in case["entries"]))


def shown(case: dict[str, Any]) -> str:
    """Every finding of a case, with all that it says."""
    manifests = case["manifests"] if "manifests" in case else case["manifest"]
    report = judged(manifests, case["policy"], entries_of(case))
    lines = [f"{count.rule} put to {count.subjects} ({count.level})" for count in report.rules if count.rule > "DP009"]
    lines += [line for finding in report.findings for line in finding_lines(finding)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def whole() -> str:
    """The text that is kept."""
    head = "What every case of matching.yaml gives, whole. Written by python -m tests.waivers.whole.\n"
    return head + "".join(f"\n== {case['case']} ==\n{shown(case)}" for case in CASES)


if __name__ == "__main__":
    PATH.write_text(whole(), "utf-8", newline="\n")
