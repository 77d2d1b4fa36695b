"""Evidence is read from the disk as manifests are: below the root, regular files, of a bounded size."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy import check
from pytest_datapolicy.formats.evidence import EVIDENCE_BYTES

if TYPE_CHECKING:
    from pathlib import Path

LOG = b"record,reviewer,verdict\na,r-1,accepted\nb,r-2,rejected\n"
MANIFEST = """\
manifest: 1
name: notes
version: "1"
stakes: low
task: {{judgment: objective}}
novelty: established
splits:
  train:
    purpose: training
    components:
      - name: made
        origin: simulation
        records: 100
        review:
          {{sampled: 2, accepted: 1, corrected: 0, rejected: 1,
            evidence: {{path: reviews/log.csv, sha256: "{digest}"}}}}
"""
POLICY = "policy: 1\nname: p\nversion: '1'\nrules:\n  DP404: {}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "sub" / "reviews").mkdir(parents=True)
    (root / "datapolicy.toml").write_text("policy = 'policy.yaml'\n")
    (root / "policy.yaml").write_text(POLICY)
    (root / "sub" / "dataset.yaml").write_text(MANIFEST.format(digest=sha256(LOG).hexdigest()))
    return root


def _found(root: Path) -> list[tuple[str, str]]:
    report = check([str(root)], today="2026-11-01")
    assert report.errors == ()
    return [(item.outcome, item.message) for item in report.findings]


def test_evidence_beside_the_manifest(project: Path) -> None:
    (project / "sub" / "reviews" / "log.csv").write_bytes(LOG)
    assert _found(project) == []


def test_a_link_within_the_project_is_followed(project: Path) -> None:
    (project / "log.csv").write_bytes(LOG)
    (project / "sub" / "reviews" / "log.csv").symlink_to(project / "log.csv")
    assert _found(project) == []


def test_a_link_out_of_the_project_is_not(project: Path) -> None:
    (project.parent / "log.csv").write_bytes(LOG)
    (project / "sub" / "reviews" / "log.csv").symlink_to(project.parent / "log.csv")
    reason = "this leads out of the project root"
    assert _found(project) == [("fail", f"evidence reviews/log.csv cannot be counted: {reason}")]


def test_a_folder_is_no_evidence(project: Path) -> None:
    (project / "sub" / "reviews" / "log.csv").mkdir()
    [(outcome, message)] = _found(project)
    assert (outcome, message) == (
        "fail",
        "evidence reviews/log.csv cannot be counted: this is a directory, not a regular file",
    )


def test_a_file_that_is_too_large(project: Path) -> None:
    with open(project / "sub" / "reviews" / "log.csv", "wb") as file:
        file.truncate(EVIDENCE_BYTES + 1)
    size = f"the file has {EVIDENCE_BYTES + 1:,} bytes, at most {EVIDENCE_BYTES:,} allowed"
    assert _found(project) == [("fail", f"evidence reviews/log.csv cannot be counted: {size}")]
