"""A project with a policy below policies/, its waivers beside it, and a data set that fails two rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.cli import main
from tests.app.trees import write
from tests.waivers.bench import MANIFEST, POLICY, waivers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[..., tuple[int, str, str]]

DAY = ("--today", "2026-11-01")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's root, which is the working directory. DP101 and DP102 fail in split train."""
    root = tmp_path / "project"
    files = {
        "datapolicy.toml": 'policy = "policies/org.yaml"\n',
        "policies/org.yaml": POLICY + "  min-real-records: {limits: [{min: 100}]}\n",
        "policies/waivers.yaml": waivers(),
        "data/intents/dataset.yaml": MANIFEST,
    }
    write(root, **files)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def datapolicy(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command and give exit code, standard output and standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
