"""``--verify`` at every door: the same findings, nothing of it without, and nothing of it on standard output."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import pytest_datapolicy
from pytest_datapolicy.verify.progress import Progress, is_watched

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]

MANIFEST = """\
manifest: 1
name: notes
version: "1"
stakes: low
task: {name: t, judgment: objective}
novelty: established
owner: a@example.org
license: CC0-1.0
splits:
  train:
    purpose: training
    columns: {id: id, text: [text]}
    components:
      - name: desk
        origin: human
        records: 3
        files: [{path: data/train.csv}]
  test:
    purpose: evaluation
    columns: {id: id, text: [text]}
    components:
      - name: desk
        origin: human
        records: 1
        labels: {by: expert}
        files: [{path: data/test.csv}]
"""
POLICY = "policy: 1\nname: p\nversion: '1'\nrules: {no-evaluation-overlap: {level: error}}\n"
COUNTED = ("DP603", 16, "fail")
SHARED = ("DP606", 18, "fail")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "dataset.yaml": MANIFEST,
        "p.yaml": POLICY,
        "datapolicy.toml": 'policy = "p.yaml"\n',
        "data/train.csv": "id,text\nt1,one private thing\nt2,two\n",
        "data/test.csv": "id,text\ne1,One private  thing\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path.parent / f"{tmp_path.name}-caches"))
    return tmp_path


def results(project: Path) -> list[Path]:
    return list((project.parent / f"{project.name}-caches" / "pytest-datapolicy").glob("*/*.json"))


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest_datapolicy", "check", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", **environment},
    )


def found(report: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(item["rule"], item["line"], item["outcome"]) for item in report["findings"]]


def test_the_command_line(project: Path) -> None:
    done = command("--verify", "--format=json")
    assert (done.returncode, done.stderr) == (1, "")
    report = json.loads(done.stdout)
    assert found(report) == [COUNTED, SHARED]
    assert report["findings"][0]["observed"] == 2
    assert "private" not in done.stdout
    assert len(results(project)) == 3
    again = command("--verify", "--format=json")
    assert (again.stdout, again.returncode) == (done.stdout, 1)


def test_without_the_option_no_data_are_read(project: Path) -> None:
    (project / "data/train.csv").unlink()
    assert command("--format=json").returncode == 0


def test_without_a_cache_and_with_records(project: Path) -> None:
    done = command("--verify", "--no-cache")
    assert (done.returncode, "private" in done.stdout, results(project)) == (1, False, [])
    shown = command("--verify", "--show-records", "--no-cache")
    assert "One private thing" in shown.stdout


def test_a_fault_of_the_settings_ends_the_run(project: Path) -> None:
    (project / "datapolicy.toml").write_text('policy = "p.yaml"\n[verify]\nmemory_limit = "much"\n')
    done = command("--verify")
    assert done.returncode == 2
    assert done.stderr.startswith("error: verify.memory_limit is 'much'\n --> datapolicy.toml:3:1\n")


def test_an_engine_that_cannot_start_ends_the_run(project: Path) -> None:
    (project / "datapolicy.toml").write_text('policy = "p.yaml"\n[verify]\ntemp = "none/such"\n')
    done = command("--verify")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        "error: no temporary folder can be made: No such file or directory",
    )


def test_python(project: Path) -> None:
    report = pytest_datapolicy.check(verify=True, cached=False)
    assert [(f.rule, f.place.line, f.outcome) for f in report.findings] == [COUNTED, SHARED]
    assert pytest_datapolicy.check().findings == ()


@pytest.mark.parametrize("how", ["option", "ini"])
def test_pytest(project: Path, pytester: pytest.Pytester, how: str) -> None:
    pytester.chdir()
    for name in ("dataset.yaml", "p.yaml", "datapolicy.toml"):
        (pytester.path / name).write_text((project / name).read_text())
    (pytester.path / "data").symlink_to(project / "data")
    (pytester.path / "data").unlink()
    (project / "data").rename(pytester.path / "data")
    pytester.makeini("[pytest]\ndatapolicy_verify = true\n" if how == "ini" else "[pytest]\n")
    options = ["--datapolicy-verify"] if how == "option" else []
    result = pytester.runpytest_subprocess("--datapolicy", "-k", "DP60", "-q", "-p", "no:cacheprovider", *options)
    assert result.parseoutcomes()["failed"] == 2
    result.stdout.fnmatch_lines(["*error[[]DP603 *", "*error[[]DP606 *"])
    pytester.makeini("[pytest]\n")
    result = pytester.runpytest_subprocess("--datapolicy", "-q", "-p", "no:cacheprovider")
    assert result.ret == 0


def test_settings_and_data_of_a_base(project: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "x")
    (project / "datapolicy.toml").write_text('policy = "p.yaml"\n[verify]\nmemory_limit = "much"\n')
    done = command("--verify", "--base", "HEAD", "--format=json")
    assert (done.returncode, found(json.loads(done.stdout))) == (1, [COUNTED, SHARED])


class Terminal(io.StringIO):
    """What says that a person looks at it."""

    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("pytest_datapolicy.verify.progress.DELAY", 0)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert is_watched()
    progress = Progress(watched=True)
    with progress.reading("notes@1: digests", 3_000_000):
        progress.read(3_000_000)
    with progress.working("notes@1: counts"):
        pass
    written = terminal.getvalue()
    assert "notes@1: digests" in written
    assert "notes@1: counts" in written
    assert written.endswith("\r")
    monkeypatch.setenv("CI", "true")
    assert not is_watched()
    monkeypatch.delenv("CI")
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert not is_watched()


HEAVY = ("duckdb", "sqlglot", "pyarrow", "numpy", "tqdm", "fsspec", "pyspark", "pytest_datapolicy.verify")


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        ("'check'", []),
        ("'check', '--verify'", ["duckdb", "pytest_datapolicy.verify", "sqlglot"]),
    ],
)
def test_nothing_loads_before_it_is_needed(project: Path, arguments: str, loaded: list[str]) -> None:
    """Without data to read, engines stay unimported; without --verify so does measuring."""
    text = MANIFEST[: MANIFEST.index("splits:")] + (
        "splits:\n  train:\n    purpose: training\n    components: [{name: a, origin: human, records: 1}]\n"
    )
    (project / "dataset.yaml").write_text(text)
    (project / "datapolicy.toml").write_text('policy = "p.yaml"\n')
    (project / "p.yaml").write_text("policy: 1\nname: p\nversion: '1'\nrules: {named-owner: {}}\n")
    script = (
        f"import sys\nfrom pytest_datapolicy.cli import main\nassert main([{arguments}]) == 0\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == str(loaded)


LACKING = ("duckdb", "sqlglot", "pyarrow", "numpy", "tqdm", "fsspec", "pyspark")


@pytest.mark.parametrize("arguments", [["check", "--verify"], ["explain", "DP606", "dataset.yaml"]])
@pytest.mark.parametrize(("setting", "extra"), [("", "verify"), ('[verify]\nengine = "spark"\n', "spark")])
def test_without_the_extra_the_run_says_what_to_install(
    project: Path, arguments: list[str], setting: str, extra: str
) -> None:
    """In a process that has none of the packages and has imported nothing yet."""
    (project / "datapolicy.toml").write_text(f'policy = "p.yaml"\n{setting}')
    script = (
        f"import sys\nsys.modules.update(dict.fromkeys({LACKING!r}))\n"
        f"from pytest_datapolicy.cli import main\nsys.exit(main({arguments!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    message = "error: --verify needs packages that are not installed: sqlglot\n"
    assert done.stderr == f"{message}  = help: pip install 'pytest-datapolicy[{extra}]'\n"
    assert (done.returncode, done.stdout) == (2, "")
