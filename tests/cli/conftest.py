"""A small project: one data set that passes the house policy, one that fails it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.cli import main
from tests.app.trees import POLICY, manifest, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Check = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's root, which is the working directory."""
    root = tmp_path / "project"
    files = {
        "datapolicy.toml": 'policy = "policy.yaml"\n',
        "policy.yaml": POLICY,
        "good/dataset.yaml": manifest("good"),
        "bad/dataset.yaml": manifest("bad", "simulation"),
    }
    write(root, **files)
    monkeypatch.chdir(root)
    for name in ("NO_COLOR", "FORCE_COLOR", "DATAPOLICY_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return root


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Run ``datapolicy check`` and give exit code, standard output and standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["check", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
