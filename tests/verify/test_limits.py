"""Memory, temporary files and what an engine may touch."""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlglot import exp

from pytest_datapolicy.model.data import Counts, Duplicates, Unmeasured
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.verify.duck import Duck
from pytest_datapolicy.verify.engine import Unreadable
from pytest_datapolicy.verify.engines import version_of
from pytest_datapolicy.verify.options import Options, size_of
from tests.verify.projects import manifest, opened, part, put, split

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 400_000
DATA = manifest(split(part("a.parquet"), columns={"text": ["text"], "origin": "text"}))


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """About 80 MB of text, all different, that packs badly."""
    draw = random.Random(1)
    text = [draw.randbytes(100).hex() for _ in range(ROWS)]
    pq.write_table(pa.table({"text": text}), tmp_path / "a.parquet", compression="none", row_group_size=20_000)
    return tmp_path


def temporary(root: Path) -> Path:
    folder = root / "temp"
    folder.mkdir(exist_ok=True)
    return folder


def test_a_file_larger_than_memory(large: Path) -> None:
    assert (large / "a.parquet").stat().st_size > 80_000_000
    options = Options(memory_limit="64MB", temp=str(temporary(large)), threads=1)
    with opened(large, DATA, options=options) as opens:
        assert opens.duplicates(DATA.splits[0]) == Duplicates(ROWS, 0)
        assert os.listdir(temporary(large))
    assert os.listdir(temporary(large)) == []


def test_limits_that_do_not_suffice(large: Path) -> None:
    options = Options(memory_limit="64MB", temp=str(temporary(large)), temp_limit="1MB", threads=1)
    with opened(large, DATA, options=options) as opens:
        found = opens.counts(DATA.components[0])
    assert isinstance(found, Unmeasured)
    assert (found.reason, found.kind) == ("memory or room for temporary files ran out", "unreadable")
    assert found.remedy == (
        "raise memory_limit or temp_limit in [tool.datapolicy.verify], or name a temp folder with more room"
    )


def test_packed_data_unfold_in_bounded_memory(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.csv.gz", "wb", compresslevel=1) as file:
        file.write(b"k\n")
        for _ in range(60):
            file.write(b"x\n" * 500_000)
    script = (
        "import sys\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path\n"
        "from pytest_datapolicy.verify.options import Options\n"
        "from tests.verify.projects import manifest, opened, part, split\n"
        "data = manifest(split(part('a.csv.gz')))\n"
        "options = Options(memory_limit='200MB', threads=1)\n"
        "with opened(Path(sys.argv[1]), data, options=options, cached=True) as opens:\n"
        "    print(opens.counts(data.components[0]).records)\n"
    )
    top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    records, seen = watched([sys.executable, "-c", script, str(tmp_path), top])
    assert records == b"30000000\n"
    assert len(seen) > 10
    assert max(seen) < 400, "megabytes, of the packages, the limit and what readers of text hold beside it"


def watched(command: list[str]) -> tuple[bytes, list[int]]:
    """What a process prints, and the megabytes that it held each time that somebody looked, 100 times a second."""
    seen = []
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        looked_at = psutil.Process(process.pid)
        while process.poll() is None:
            with suppress(psutil.NoSuchProcess):
                seen.append(looked_at.memory_info().rss >> 20)
            time.sleep(0.01)
        assert process.stdout is not None
        printed = process.stdout.read()
    assert process.returncode == 0
    return printed, seen


def test_the_engine_sees_the_project_only(tmp_path: Path) -> None:
    inside = tmp_path / "project"
    put(inside, "a.csv", b"k\n1\n")
    put(tmp_path, "project-other/a.csv", b"k\n1\n")
    engine = Duck(Options(), str(inside))
    try:
        for statement in (
            f"SELECT * FROM read_csv('{tmp_path}/project-other/a.csv')",
            "SELECT * FROM read_text('/etc/passwd')",
            "SELECT * FROM glob('/etc/*')",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
            f"ATTACH '{tmp_path}/x.db'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SELECT * FROM read_csv('https://example.org/a.csv')",
            "SET enable_external_access = true",
            "SET memory_limit = '100GB'",
        ):
            with pytest.raises(Unreadable):
                engine._run(statement)
        assert engine.rows(exp.select("current_setting('threads')")) == [(os.cpu_count(),)]
    finally:
        engine.close()


def test_temporary_files_are_gone(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", b"k\n1\n")
    data = manifest(split(part("a.csv")))
    with opened(tmp_path, data, options=Options(temp=str(temporary(tmp_path)))) as opens:
        assert opens.counts(data.components[0]) == Counts(1, (1,), {}, (), (0,), (1,))
        (folder,) = temporary(tmp_path).iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
    assert os.listdir(temporary(tmp_path)) == []


@pytest.mark.parametrize(
    ("options", "message", "remedy"),
    [
        (Options(temp="/nonexistent"), "no temporary folder can be made: No such file or directory",
         "name one with `temp` in [tool.datapolicy.verify]"),
        (Options(memory_limit="12 parsecs"), "DuckDB cannot be started: ", "raise memory_limit"),
    ],
)  # fmt: skip
def test_an_engine_that_cannot_start(tmp_path: Path, options: Options, message: str, remedy: str) -> None:
    with pytest.raises(RunError) as caught:
        Duck(options, str(tmp_path))
    assert caught.value.message.startswith(message)
    assert caught.value.remedy.startswith(remedy)
    assert caught.value.code == 2


@pytest.mark.parametrize(("engine", "extra", "module"), [("duckdb", "verify", "duckdb"), ("spark", "spark", "pyspark")])
def test_packages_that_are_not_installed(engine: str, extra: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "pytest_datapolicy.verify.spark", raising=False)
    with pytest.raises(RunError) as caught:
        version_of(Options(engine=engine))
    assert caught.value.message == f"--verify needs packages that are not installed: {module}"
    assert (caught.value.remedy, caught.value.code) == (f"pip install 'pytest-datapolicy[{extra}]'", 2)


def test_sizes() -> None:
    assert [size_of(text) for text in ("2GB", "512MiB", "1KB", "3TiB")] == [2 * 10**9, 512 * 2**20, 1000, 3 * 2**40]
