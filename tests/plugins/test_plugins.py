"""Third-party plugins: the worked one is installed and tested as it stands; broken ones stop the run by name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "plugin"
RULE = """
from pytest_datapolicy.hooks import RuleEntry

def datapolicy_rules():
    return [RuleEntry({entry})]
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked plugin, built and installed into a folder of its own."""
    target = tmp_path_factory.mktemp("site")
    source = tmp_path_factory.mktemp("source") / "plugin"
    import shutil

    shutil.copytree(EXAMPLE, source)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", str(target), str(source)], check=True, capture_output=True)
    return target


def run(folder: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment, cwd=cwd, check=False
    )


def test_the_plugin_passes_its_own_tests(installed: Path, tmp_path: Path) -> None:
    options = ["-q", "-p", "no:cacheprovider", "--rootdir", str(EXAMPLE), "-c", os.devnull]
    result = run(installed, "-m", "pytest", *options, str(EXAMPLE / "tests"), cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "14 passed" in result.stdout


def test_its_rule_pack_and_format_reach_every_door(installed: Path, tmp_path: Path) -> None:
    table = "# name: notes\n# version: 1\n# stakes: low\n# judgment: objective\n# novelty: established\n"
    table += "split\tpurpose\tcomponent\torigin\trecords\tlabels\ntrain\ttraining\tnotes\thuman\t6000\texpert\n"
    (tmp_path / "notes.dataset.tsv").write_text(table, "utf-8")
    result = run(installed, "-m", "pytest_datapolicy", "check", "--policy", "builtin:acme", cwd=tmp_path)
    assert "error[ACME101 told-summary]: summary is missing" in result.stdout
    assert "--> notes.dataset.tsv:1:1" in result.stdout
    assert result.returncode == 1
    assert "ACME101  told-summary" in run(installed, "-m", "pytest_datapolicy", "rules", cwd=tmp_path).stdout
    options = ["--datapolicy", "--datapolicy-policy", "builtin:acme", "-p", "no:cacheprovider", "-q"]
    items = run(installed, "-m", "pytest", *options, "notes.dataset.tsv::ACME101", cwd=tmp_path).stdout
    assert "FAILED notes.dataset.tsv::ACME101" in items


def broken(folder: Path, text: str, name: str = "broken") -> Path:
    """A distribution whose entry point names a module with this text."""
    (folder / f"{name}_plugin.py").write_text(text, "utf-8")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[datapolicy]\n{name} = {name}_plugin\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import no_such_module_here\n", "plugin 'broken' (broken_plugin) cannot be loaded: ModuleNotFoundError("),
        ("1 / 0\n", "plugin 'broken' (broken_plugin) cannot be loaded: ZeroDivisionError("),
        (RULE.format(entry='"DP101", "other", "m"'), "plugin 'broken' claims rule DP101"),
        (RULE.format(entry='"X1", "max-synthetic-ratio", "m"'), "plugin 'broken' claims rule max-synthetic-ratio"),
        ("def datapolicy_rules():\n    1 / 0\n", "plugin 'broken': datapolicy_rules failed: ZeroDivisionError("),
        (
            "def datapolicy_ruels():\n    return []\n",
            "plugin 'broken' (broken_plugin): unknown hook 'datapolicy_ruels'",
        ),
    ],
)
def test_a_broken_plugin_stops_the_run_with_its_name(tmp_path: Path, text: str, said: str) -> None:
    folder = broken(tmp_path, text)
    result = run(folder, "-m", "pytest_datapolicy", "check", cwd=tmp_path)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_rule_that_will_not_import_stops_the_run_that_names_it(tmp_path: Path) -> None:
    folder = broken(tmp_path, RULE.format(entry='"X1", "x-rule", "no_such_module_here"'))
    (tmp_path / "p.yaml").write_text('policy: 1\nname: p\nversion: "1"\nrules: {x-rule: {}}\n', "utf-8")
    result = run(folder, "-m", "pytest_datapolicy", "check", "--policy", "p.yaml", cwd=tmp_path)
    assert result.returncode == 2
    assert "rule X1 (no_such_module_here) cannot be loaded: ModuleNotFoundError(" in result.stderr


def test_two_plugins_cannot_share_an_id(tmp_path: Path) -> None:
    entry = RULE.format(entry='"X1", "x-rule", "m"')
    broken(tmp_path, entry, "one")
    broken(tmp_path, entry, "two")
    result = run(tmp_path, "-m", "pytest_datapolicy", "check", cwd=tmp_path)
    assert result.returncode == 2
    assert "plugin 'two' claims rule X1, which another plugin already offers" in result.stderr
