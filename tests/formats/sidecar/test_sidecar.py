"""Manifests that describe a host file: every case is a folder of files and all findings of a check on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_datapolicy import check
from pytest_datapolicy.testing import read_cases

CASES = read_cases(str(Path(__file__).with_name("cases.yaml")))
POLICY = "policy: 1\nname: case\nversion: '1'\nrules:\n"


def _lines(folder: Path, case: dict[str, Any]) -> list[str]:
    for name, text in case["files"].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "datapolicy.toml").write_text("policy = 'policy.yaml'\n")
    rules = "".join(f"  {line}\n" for line in case.get("rules", "DP103: {limits: [{max: 1}]}").splitlines())
    (folder / "policy.yaml").write_text(POLICY + rules, "utf-8")
    report = check([str(folder)], today="2026-11-01")
    assert [error.message for error in report.errors] == []
    lines = []
    for found in report.findings:
        where = f"{found.place.path}:{found.place.line}:{found.place.column}"
        lines.append(f"{found.rule} {found.level} {where} {found.message} | {found.remedy}")
        lines += [f"  {note.place.path}:{note.place.line}:{note.place.column} {note.text}" for note in found.related]
    return lines


@pytest.mark.parametrize("case", [pytest.param(case, id=case["case"]) for case in CASES])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    assert _lines(tmp_path, case) == case["findings"]


def test_a_described_host_is_not_judged_alone_unless_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "datapolicy.toml").write_text('formats = ["native", "huggingface"]\n')
    for folder in ("told", "alone"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "README.md").write_text("---\nlicense: mit\n---\n")
    (tmp_path / "told" / "dataset.yaml").write_text("manifest: 1\ndescribes: {path: README.md}\n")
    (tmp_path / "alone" / "dataset.yaml").write_text("manifest: 1\n# describes: {path: README.md}\n")
    report = check([str(tmp_path)], today="2026-11-01")
    assert sorted({item.place.path for item in report.findings}) == [
        "alone/README.md",
        "alone/dataset.yaml",
        "told/dataset.yaml",
    ]
    assert (report.manifests, report.skipped) == (3, 1)
    named = check([str(tmp_path / "told" / "README.md")], today="2026-11-01")
    assert {item.place.path for item in named.findings} == {"told/README.md"}


def test_a_host_outside_of_the_root_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("---\nlicense: mit\n---\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "README.md").symlink_to(tmp_path / "secret.md")
    (project / "datapolicy.toml").touch()
    (project / "dataset.yaml").write_text("manifest: 1\ndescribes: {path: README.md}\n")
    found = [(item.rule, item.message) for item in check([str(project)], today="2026-11-01").findings]
    assert found == [("DP001", "README.md cannot be read: this leads out of the project root")]
