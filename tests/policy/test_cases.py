"""Policies as data: what is refused, what is merged, what is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.policy.tighter import place_key
from tests.policy.bench import clause_line, error_lines, load, spot

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['case']}")
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    files = case.get("files", {"policy.yaml": case.get("policy", "")})
    names = case.get("names", ["policy.yaml"])
    if "errors" in case:
        with pytest.raises(RunError) as caught:
            load(files, names)
        assert caught.value.code == 2
        said = error_lines(caught.value)
        assert [line if "|" in want else line.partition(" |")[0] for line, want in _paired(said, case)] == case[
            "errors"
        ]
        return
    policy = load(files, names)
    if "sources" in case:
        assert [source.path for source in policy.sources] == case["sources"]
    if "clauses" in case:
        clauses = sorted(policy.clauses, key=lambda clause: (clause.rule, place_key(clause)))
        assert [f"{spot(clause.place)} {clause_line(clause)}" for clause in clauses] == case["clauses"]
    if "floors" in case:
        floors = {
            domain: [f"{floor.stakes} {spot(floor.place)}" for floor in items]
            for domain, items in policy.floors.items()
        }
        assert floors == case["floors"]
    if "waivers" in case:
        terms = policy.waivers
        assert [path for path, _ in terms.files] == case["waivers"]["files"]
        assert terms.max_days is not None
        assert terms.max_days[0] == case["waivers"]["max_days"]
        assert [name for name, _ in terms.approvers or ()] == case["waivers"]["approvers"]
    assert [
        " | ".join((spot(finding.place), spot(finding.clause), finding.message, finding.remedy))
        for finding in policy.findings
    ] == case.get("findings", [])


def _paired(said: list[str], case: dict[str, Any]) -> list[tuple[str, str]]:
    """What was said beside what is wanted: a wanted error without a message asks for its place only."""
    wanted = case["errors"] + ["|"] * len(said)
    return list(zip(said, wanted, strict=False))
