"""Reports of ``datapolicy check``, as tests read them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from pytest_datapolicy.schemas import load

if TYPE_CHECKING:
    from pathlib import Path

DAY = ("--today", "2026-11-01")

VALIDATOR = jsonschema_rs.validator_for(load("report"))


def plain(text: str) -> str:
    """A text report without what depends on how many rules there are."""
    return re.sub(r"note: no subject for .*\n", "", re.sub(r"\d+ rules: ", "N rules: ", text))


def parsed(text: str) -> Any:
    value = json.loads(text)
    VALIDATOR.validate(value)
    return value


def run(project: Path, *arguments: str, shell: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A process of its own; `shell` redirects its streams."""
    command = ["sh", "-c", f'exec "$@" {shell}', "sh", sys.executable, "-m", "pytest_datapolicy", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, check=False, env={**os.environ, **environment})
