"""A committed project: two data sets, a policy in two files, settings, an inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.trees import git, repository, write

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """\
manifest: 1
name: {name}
version: "1"
stakes: high
task: {{name: intent, judgment: objective}}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {{name: tickets, origin: human, records: 1000, labels: {{by: expert}}}}
      - {{name: made, origin: simulation, records: {made}, labels: {{by: expert}}}}
"""
ORG = """\
policy: 1
name: org
version: "1"
extends: [./more.yaml]
inventory: [notes]
rules:
  max-synthetic-ratio:
    limits: [{max: 0.3}]
"""
MORE = """\
policy: 1
name: more
version: "1"
rules: {min-real-records: {limits: [{min: 10}]}}
"""
SETTINGS = 'policy = "policies/org.yaml"\n'


def manifest(name: str = "notes", made: int = 100) -> str:
    """A manifest that passes; with more than 428 records `made` it fails DP101."""
    return MANIFEST.format(name=name, made=made)


def commit(root: Path, message: str = "more", **files: str) -> str:
    """Commit everything, with these files changed, and give the commit."""
    write(root, **files)
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD").strip()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root of the project, which is the working directory; its first commit passes."""
    root = repository(tmp_path / "project")
    files = {
        "datapolicy.toml": SETTINGS,
        "policies/org.yaml": ORG,
        "policies/more.yaml": MORE,
        "data/notes.dataset.yaml": manifest(),
        "data/other.dataset.yaml": manifest("other"),
    }
    commit(root, "first", **files)
    monkeypatch.chdir(root)
    return root
