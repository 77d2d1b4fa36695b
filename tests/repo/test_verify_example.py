"""The worked example of ``check --verify``: the data come from a package, and each fault that was planted is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from tests.repo.readme import README, blocks
from tests.repo.test_docs import commands, matches

ROOT = README.parent
EXAMPLE = ROOT / "examples" / "verify"
EXPECTED: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("verify_example.yaml").read_text("utf-8"))
DATA = sorted(path.relative_to(EXAMPLE).as_posix() for path in EXAMPLE.glob("*/data/*"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``datapolicy`` where a reader of the README stands."""
    command = [sys.executable, "-m", "pytest_datapolicy", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data files as the script writes them now."""
    folder = tmp_path_factory.mktemp("rebuilt")
    subprocess.run([sys.executable, str(EXAMPLE / "make.py"), str(folder)], check=True)
    assert sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/data/*")) == DATA
    return folder


@pytest.mark.parametrize("name", DATA)
def test_the_script_writes_the_same_data(name: str, rebuilt: Path) -> None:
    """To the byte; Parquet to the byte when the library is of the version that the file names, else to the record."""
    old, new = EXAMPLE / name, rebuilt / name
    if old.suffix == ".parquet" and pq.read_metadata(old).created_by != pq.read_metadata(new).created_by:
        assert pq.read_table(new).equals(pq.read_table(old))
    else:
        assert new.read_bytes() == old.read_bytes()


def test_the_data_are_small() -> None:
    assert sum((EXAMPLE / name).stat().st_size for name in DATA) < 1_000_000


def test_the_clean_data_set_passes_every_rule_that_reads_data() -> None:
    done = run("check", "--verify", "--no-cache", "--format", "json", "examples/verify/clean")
    report = json.loads(done.stdout)
    assert (done.returncode, report["findings"]) == (0, [])
    judged = {entry["rule"]: entry["subjects"] for entry in report["rules"] if entry["rule"].startswith("DP6")}
    assert sorted(judged) == [f"DP60{number}" for number in range(1, 10)]
    assert min(judged.values()) > 0


def test_each_planted_fault_is_told() -> None:
    done = run("check", "--verify", "--no-cache", "--format", "json", "examples/verify/planted")
    report = json.loads(done.stdout)
    found = [{key: finding[key] for key in EXPECTED[0]} for finding in report["findings"]]
    assert (done.returncode, found) == (1, EXPECTED)


def test_the_readme_shows_them() -> None:
    ((command, shown),) = commands(blocks("console")[0])
    done = run(*command.split()[1:])
    assert (done.returncode, done.stderr) == (1, "")
    assert matches(done.stdout, shown) == []
