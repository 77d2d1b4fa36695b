"""Starting and ending: what is wrong is told in a line, what was there before is left alone, nothing stays behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.verify.options import Options
from tests.verify.spark.sessions import QUICK

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.spark

MANIFEST = """\
manifest: 1
name: notes
version: "1"
stakes: low
task: {judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: a, origin: human, records: 3, files: [{path: a.jsonl}]}
"""
THEIRS = """
from pyspark.sql import SparkSession
theirs = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
theirs.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
from sqlglot import exp
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.verify.options import Options
from pytest_datapolicy.verify.spark import Spark
try:
    Spark(Options(engine="spark", master="local[2]"))
except RunError as error:
    print(error.message)
engine = Spark(Options(engine="spark"))
print(engine.rows(exp.select("current_timezone()"))[0][0])
engine.close()
print(theirs.sql("SELECT current_timezone()").collect()[0][0])
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def refused(options: Options) -> RunError:
    from pytest_datapolicy.verify.spark_start import started

    with pytest.raises(RunError) as raised:
        started(options, "/nowhere")
    return raised.value


def test_an_unreachable_server() -> None:
    port = free_port()
    error = refused(Options(engine="spark", remote=f"sc://127.0.0.1:{port}/;use_ssl=false"))
    assert error.message == f"no Spark Connect server answers at 127.0.0.1:{port}"
    assert "sbin/start-connect-server.sh" in (error.remedy or "")


def here(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program of its own, whose temporary files go below `folder`."""
    (folder / "tmp").mkdir()
    setting = os.environ | {"TMPDIR": str(folder / "tmp"), "JDK_JAVA_OPTIONS": QUICK} | environment
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=setting, capture_output=True, text=True, check=False
    )


def command(folder: Path, settings: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``datapolicy check --verify`` in a project with one file of two records."""
    (folder / "notes.dataset.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "a.jsonl").write_text('{"a": 1}\n{"a": 2}\n', encoding="utf-8")
    (folder / "datapolicy.toml").write_text(f'[verify]\nengine = "spark"\n{settings}\n', encoding="utf-8")
    code = "import sys; from pytest_datapolicy.cli import main; sys.exit(main(['check', '--verify', '--no-cache']))"
    return here(code, folder, **environment)


def test_a_check_leaves_nothing_behind_and_is_quiet(tmp_path: Path) -> None:
    done = command(tmp_path, 'master = "local[1]"\nmemory_limit = "600MB"')
    assert done.returncode == 1
    assert "DP603" in done.stdout
    assert done.stderr == ""
    assert os.listdir(tmp_path / "tmp") == []
    assert sorted(os.listdir(tmp_path)) == ["a.jsonl", "datapolicy.toml", "notes.dataset.yaml", "tmp"]


@pytest.mark.parametrize(
    ("settings", "environment", "message"),
    [
        ("", {"PATH": "/nowhere", "JAVA_HOME": ""}, "Spark needs Java, and there is none"),
        ("", {"JAVA_HOME": "/nowhere"}, "Spark needs Java, and JAVA_HOME leads to none"),
        ('memory_limit = "100MB"', {}, "memory_limit is 100MB, and Spark does not start with less than 512MiB"),
        ('master = "spark://127.0.0.1:{port}"', {}, "no Spark master answers at spark://127.0.0.1:{port}"),
        ('remote = "sc://127.0.0.1:{port}"', {}, "no Spark Connect server answers at 127.0.0.1:{port}"),
    ],
    ids=["no java", "no java home", "memory", "master", "server"],
)
def test_what_cannot_start(settings: str, environment: dict[str, str], message: str, tmp_path: Path) -> None:
    port = str(free_port())
    done = command(tmp_path, settings.replace("{port}", port), **environment)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].endswith(message.replace("{port}", port))
    assert len(done.stderr.splitlines()) == 2
    assert os.listdir(tmp_path / "tmp") == []


def test_a_session_of_the_program_is_used_and_left_running(tmp_path: Path) -> None:
    done = here(THEIRS, tmp_path)
    assert done.stdout.splitlines() == [
        "this program already runs Spark with the master local[1], the settings name local[2]",
        "UTC",
        "Asia/Tokyo",
    ]


def test_without_the_extra(tmp_path: Path) -> None:
    (tmp_path / "pyspark.py").write_text("raise ModuleNotFoundError('no pyspark', name='pyspark')\n", encoding="utf-8")
    done = command(tmp_path, "", PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "not installed: pyspark" in done.stderr
    assert "pip install 'pytest-datapolicy[spark]'" in done.stderr
