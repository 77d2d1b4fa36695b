"""``[tool.datapolicy.verify]``: what may be set, and what is told of what may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.app.settings import load_settings
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.verify.options import Options

if TYPE_CHECKING:
    from pathlib import Path

HEADERS = {"pyproject.toml": "[tool.datapolicy.verify]\n", "datapolicy.toml": "[verify]\n"}


@pytest.mark.parametrize("name", HEADERS)
def test_all_settings(tmp_path: Path, name: str) -> None:
    text = (
        'engine = "spark"\nmaster = "local[2]"\nmemory_limit = "512MiB"\ntemp = "scratch"\ntemp_limit = "5GB"\n'
        'threads = 3\nroots = ["s3://acme-data", "gs://b/c/"]\ncache = "/var/cache/x"\n'
    )
    (tmp_path / name).write_text(HEADERS[name] + text)
    assert load_settings(str(tmp_path)).verify == Options(
        "spark", "local[2]", None, "512MiB", str(tmp_path / "scratch"), "5GB", 3, ("s3://acme-data/", "gs://b/c/"),
        "/var/cache/x",
    )  # fmt: skip


def test_without_any(tmp_path: Path) -> None:
    (tmp_path / "datapolicy.toml").write_text("")
    assert load_settings(str(tmp_path)).verify is None
    (tmp_path / "datapolicy.toml").write_text("[verify]\n")
    assert load_settings(str(tmp_path)).verify == Options()


FOLDER = 'write it as "s3://bucket/folder/"; files below the project root need no mention'
FAULTS = {
    "enigne = 1": ("unknown setting 'verify.enigne'", "did you mean engine?"),
    'engine = "duckbd"': ("unknown engine 'duckbd'", "did you mean duckdb?"),
    'engine = "polars"': ("unknown engine 'polars'", "the engines are duckdb, spark"),
    "memory_limit = 2": ("verify.memory_limit is not a text", 'write a size: "2GB" or "512MiB"'),
    "engine = 1": ("verify.engine is not a text", 'write engine = "..."'),
    'temp = ""': ("verify.temp is not a text", 'write temp = "..."'),
    'cache = "a\\u0007"': ("verify.cache is not a text", 'write cache = "..."'),
    'cache = "results"': ("verify.cache lies in the project: a change to the project could bring forged results",
                          "name a folder elsewhere, or leave cache out"),
    'cache = "."': ("verify.cache lies in the project: a change to the project could bring forged results",
                    "name a folder elsewhere, or leave cache out"),
    "threads = 0": ("verify.threads is not a number from 1 to 1024", "write threads = 4"),
    "threads = true": ("verify.threads is not a number from 1 to 1024", "write threads = 4"),
    'memory_limit = "2 GB"': ("verify.memory_limit is '2 GB'", 'write a size: "2GB" or "512MiB"'),
    'memory_limit = "0GB"': ("verify.memory_limit is '0GB'", 'write a size: "2GB" or "512MiB"'),
    'temp_limit = "90%"': ("verify.temp_limit is '90%'", 'write a size: "20GB"'),
    'master = "local[2]"': ("verify.master is about Spark", 'write engine = "spark", or remove it'),
    'engine = "spark"\nmaster = "here"': ("verify.master is 'here'", 'write a Spark master URL: "local[2]" or '
                                                                    '"spark://host:7077"'),
    'engine = "spark"\nremote = "http://x"': ("verify.remote is 'http://x'", 'write a Spark Connect address: '
                                                                            '"sc://host:15002"'),
    'engine = "spark"\nmaster = "local"\nremote = "sc://x"': ("verify.master and verify.remote exclude each other",
                                                            "keep one"),
    'roots = "s3://x/"': ("verify.roots is not a list of addresses", 'write roots = ["s3://bucket/folder/"]'),
    'roots = ["/data"]': ("verify.roots: '/data' is no address of a folder of an object store", FOLDER),
    'roots = ["file:///data/"]': ("verify.roots: 'file:///data/' is no address of a folder of an object store", FOLDER),
    'roots = ["local:///data/"]': ("verify.roots: 'local:///data/' is no address of a folder of an object store",
                                   FOLDER),
    'roots = ["s3://x/../y/"]': ("verify.roots: 's3://x/../y/' is no address of a folder of an object store", FOLDER),
    'roots = ["s3://*/"]': ("verify.roots: 's3://*/' is no address of a folder of an object store", FOLDER),
    'roots = ["s3://"]': ("verify.roots: 's3://' is no address of a folder of an object store", FOLDER),
    'roots = ["https://me@host/x/"]': ("verify.roots: 'https://me@host/x/' is no address of a folder of an object "
                                       "store", FOLDER),
}  # fmt: skip


@pytest.mark.parametrize("text", FAULTS)
def test_faults_have_their_place(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f'[tool.other]\nengine = "x"\n{HEADERS["pyproject.toml"]}{text}\n')
    with pytest.raises(RunError) as caught:
        load_settings(str(tmp_path))
    error = caught.value
    assert (error.message, error.remedy, error.code) == (*FAULTS[text], 2)
    assert error.place is not None
    assert error.place.line in (4, 5, 6)
    assert text.split("\n")[error.place.line - 4] == error.place.source


def test_no_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.datapolicy]\nverify = true\n")
    with pytest.raises(RunError) as caught:
        load_settings(str(tmp_path))
    assert caught.value.message == "verify is not a table"
    assert caught.value.remedy == 'write [tool.datapolicy.verify] engine = "duckdb"'
    assert caught.value.place is not None
    assert (caught.value.place.line, caught.value.place.column) == (2, 1)
