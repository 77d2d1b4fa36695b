"""Case files of host files with a block of native fields: everything the engine finds, with its places."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.testing import judge_text, read_cases

if TYPE_CHECKING:
    from pytest_datapolicy.model.report import Finding

CATALOGUE = Catalogue()
CASES: list[Any] = [
    pytest.param(case, id=case["case"])
    for path in sorted((Path(__file__).parent / "completion").glob("*.yaml"))
    for case in read_cases(str(path))
]


def shown(finding: Finding, key: str) -> Any:
    if key == "at":
        return f"{finding.place.line}:{finding.place.column}"
    if key == "path":
        return finding.place.path
    if key == "related":
        return [f"{note.place.path}:{note.place.line}:{note.place.column} {note.text}" for note in finding.related]
    return getattr(finding, key)


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    report = judge_text(case["manifests"], case.get("policy", case.get("rules")), catalogue=CATALOGUE)
    wanted = case["expect"]
    told = [
        f"{f.rule} {f.place.path}:{f.place.line}:{f.place.column} {f.message} | {f.remedy}" for f in report.findings
    ]
    assert len(report.findings) == len(wanted), told
    for finding, expected in zip(report.findings, wanted, strict=True):
        assert {key: shown(finding, key) for key in expected} == expected


def test_the_card_of_the_page_is_complete() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
    example = page[page.index("---\nlicense: ") :]
    report = judge_text({"README.md": example[: example.index("```")]}, catalogue=CATALOGUE)
    assert (report.findings, report.manifests, report.subjects) == ((), 1, 5)
