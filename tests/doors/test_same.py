"""One engine, many doors: the same tree gives the same report through each of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.app.trees import git, repository
from tests.precommit.test_hooks import hooks, pre_commit

from .mixed import COUNT, write_tree

if TYPE_CHECKING:
    from pathlib import Path

TODAY = "2026-11-01"


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTEST_", "COV_"))}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committed repository with two hundred mixed manifests and the hook that ships."""
    root = tmp_path_factory.mktemp("doors") / "project"
    repository(root)
    write_tree(root)
    out = root.parent / "pre-commit.json"
    hook = {**hooks()[0], "language": "system", "args": ["--format", "json", "--output", str(out), "--today", TODAY]}
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (root / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    (root / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n", "utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")
    return root


@pytest.fixture(scope="module")
def expected(tree: Path) -> tuple[str, dict[str, Any]]:
    """What the command line says."""
    done = run(tree, "pytest_datapolicy", "check", "--format", "json", "--today", TODAY)
    assert (done.returncode, done.stderr) == (1, "")
    return done.stdout, json.loads(done.stdout)


def test_the_tree_is_mixed(expected: tuple[str, dict[str, Any]]) -> None:
    summary = expected[1]["summary"]
    assert summary["manifests"] == COUNT
    assert all(summary[kind] > 1 for kind in ("fail", "indeterminate", "waived", "warning", "advice")), summary
    rules = {finding["rule"] for finding in expected[1]["findings"]}
    assert {"DP002", "DP003", "DP004", "DP005", "DP008", "DP101", "DP105", "DP201"} <= rules
    assert {"DP006", "DP702", "DP703", "DP704", "DP710"} <= rules


@pytest.mark.parametrize("how", ["serial", "two workers, a rule deselected"])
def test_pytest(tree: Path, expected: tuple[str, dict[str, Any]], how: str) -> None:
    out, xml = tree.parent / "pytest.json", tree.parent / "pytest.xml"
    options = [f"--datapolicy-output={out}", f"--datapolicy-today={TODAY}", f"--junitxml={xml}", "-q"]
    if how != "serial":
        options += ["-n", "2", "-k", "not DP101"]
    done = run(tree, "pytest", *options)
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr
    assert out.read_text("utf-8") == expected[0]
    live = [f for f in expected[1]["findings"] if f["level"] == "error" and f["outcome"] in ("fail", "indeterminate")]
    failing = {(f["path"].replace("/", "."), f["rule"]) for f in live}
    if how != "serial":
        failing = {(path, rule) for path, rule in failing if rule != "DP101"}
    assert _failed(xml) == failing


def _failed(xml: Path) -> set[tuple[str | None, str | None]]:
    cases = ElementTree.parse(xml).getroot().iter("testcase")
    return {(case.get("classname"), case.get("name")) for case in cases if case.find("failure") is not None}


def test_strict_pytest(tree: Path, expected: tuple[str, dict[str, Any]]) -> None:
    out = tree.parent / "strict.json"
    options = ["--datapolicy-strict", f"--datapolicy-output={out}", f"--datapolicy-today={TODAY}"]
    done = run(tree, "pytest", *options, "-k", "nothing")
    assert done.returncode == 1
    assert out.read_text("utf-8") == expected[0]


def test_pre_commit(tree: Path, expected: tuple[str, dict[str, Any]]) -> None:
    done = pre_commit(tree, "run", "--all-files")
    assert "exit code: 1" in done.stdout
    assert (tree.parent / "pre-commit.json").read_text("utf-8") == expected[0]


def test_python(tree: Path, expected: tuple[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    from pytest_datapolicy import check
    from pytest_datapolicy.render import json as written

    monkeypatch.chdir(tree)
    assert written.render(check(today=TODAY)) == expected[0]


def test_against_a_base(tree: Path, expected: tuple[str, dict[str, Any]]) -> None:
    base = run(tree, "pytest_datapolicy", "check", "--format", "json", "--today", TODAY, "--base", "HEAD", "--only-new")
    report = json.loads(base.stdout)
    assert (base.returncode, report["run"]["base"]["only_new"]) == (0, True)
    known = [{**finding, "known": True} for finding in expected[1]["findings"]]
    assert report["findings"] == known
    out = tree.parent / "base.json"
    options = ["--datapolicy-base=HEAD", "--datapolicy-only-new", f"--datapolicy-today={TODAY}"]
    options += [f"--datapolicy-output={out}", "-o", "datapolicy_items=manifest"]
    done = run(tree, "pytest", *options, "-q", "-n", "2")
    assert done.returncode == 0, done.stdout[-2000:]
    assert out.read_text("utf-8") == base.stdout
