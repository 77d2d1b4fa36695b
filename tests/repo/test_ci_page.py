"""The jobs on the page about CI, run step by step in scratch repositories."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.app.trees import IDENTITY, git, repository, write
from tests.base.conftest import MORE, ORG, SETTINGS, commit, manifest

from .test_docs import DOCS, blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

NOTES = "data/notes.dataset.yaml"
OTHER = "data/other.dataset.yaml"
FILES = {
    "datapolicy.toml": SETTINGS,
    "policies/org.yaml": ORG,
    "policies/more.yaml": MORE,
    NOTES: manifest(),
    OTHER: manifest("other", made=900),
}
HARMLESS = ORG.replace("0.3", "1").replace("inventory: [notes]\n", "")


def job(title: str) -> dict[str, Any]:
    """A job of the page, as its YAML says."""
    (body,) = (block.body for block in blocks(DOCS / "ci.md") if block.title == title)
    loaded: dict[str, Any] = yaml.safe_load(body)
    return loaded


def change(root: Path, files: Mapping[str, str | None]) -> None:
    """Commit a change on a branch of its own."""
    git(root, "checkout", "-q", "-b", "topic")
    for name, text in files.items():
        if text is None:
            git(root, "rm", "-q", name)
        else:
            write(root, **{name: text})
    commit(root, "a change")


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository with one data set that passes and one that fails already."""
    root = repository(tmp_path / "origin")
    commit(root, "first", **FILES)
    return root


def shell(folder: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run commands as a runner does: fail on the first that fails."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHON", "GITHUB_"))}
    environment |= IDENTITY | variables
    environment["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), environment["PATH"]])
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def on_github(origin: Path) -> subprocess.CompletedProcess[str]:
    """The workflow on the merge of the branch ``topic`` into ``main``."""
    workflow = job(".github/workflows/data-policy.yml")
    steps = workflow["jobs"]["gate"]["steps"]
    assert [step.get("name") or step["uses"].partition("@")[0] for step in steps] == [
        "actions/checkout",
        "actions/setup-python",
        "install",
        "gate",
    ]
    git(origin, "checkout", "-q", "--detach", "main")
    git(origin, "merge", "-q", "--no-ff", "-m", "merge", "topic")
    git(origin, "update-ref", "refs/pull/1/merge", "HEAD")
    clone = repository(origin.parent / "clone")
    depth = f"--depth={steps[0]['with']['fetch-depth']}"
    git(clone, "fetch", "-q", depth, f"file://{origin}", "refs/pull/1/merge:refs/remotes/pull/1/merge")
    git(clone, "checkout", "-q", "--detach", "refs/remotes/pull/1/merge")
    runner = origin.parent / "runner"
    runner.mkdir()
    (runner / "gate").symlink_to(sys.prefix)  # in place of the step that installs
    assert "pip" in steps[2]["run"]
    return shell(clone, steps[3]["run"], RUNNER_TEMP=str(runner))


def on_gitlab(origin: Path) -> subprocess.CompletedProcess[str]:
    """The job on the branch ``topic``."""
    steps = job(".gitlab-ci.yml")["data-policy"]
    clone = origin.parent / "clone"
    depth = f"--depth={steps['variables']['GIT_DEPTH']}"
    git(origin.parent, "clone", "-q", depth, "--branch=topic", f"file://{origin}", str(clone))
    assert all(command.startswith("pip install ") for command in steps["before_script"])
    done = shell(
        clone,
        "\n".join(steps["script"]),
        CI_MERGE_REQUEST_PROJECT_URL=f"file://{origin}",
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main",
    )
    report = steps["artifacts"]["reports"]["codequality"]
    assert (clone / report).is_file()
    return done


PLATFORMS = {"github": on_github, "gitlab": on_gitlab}
CHANGES: dict[str, tuple[dict[str, str | None], int, str]] = {
    "nothing about data": ({"notes.txt": "more"}, 0, ""),
    "a data set that passes": ({"data/third.dataset.yaml": manifest("third")}, 0, ""),
    "one that fails": ({"data/third.dataset.yaml": manifest("third", made=900)}, 1, "max-synthetic-ratio"),
    "one that fails, and a policy that lets it": (
        {NOTES: manifest(made=900), "policies/org.yaml": HARMLESS},
        1,
        "max-synthetic-ratio",
    ),
    "a known one gets worse": ({OTHER: manifest("other", made=901)}, 1, "max-synthetic-ratio"),
    "lower stakes": ({NOTES: manifest().replace("high", "low")}, 1, "no-weakened-claims"),
    "a data set and its line of the inventory go": (
        {NOTES: None, "policies/org.yaml": HARMLESS},
        1,
        "complete-inventory",
    ),
    "the settings go": ({"datapolicy.toml": None, NOTES: manifest(made=900)}, 1, "max-synthetic-ratio"),
}


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=PLATFORMS)
@pytest.mark.parametrize(("files", "code", "name"), CHANGES.values(), ids=CHANGES)
def test_the_job_decides(
    origin: Path,
    platform: Callable[[Path], subprocess.CompletedProcess[str]],
    files: dict[str, str | None],
    code: int,
    name: str,
) -> None:
    change(origin, files)
    done = platform(origin)
    assert done.returncode == code, done.stdout + done.stderr
    assert name in done.stdout


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=PLATFORMS)
def test_the_target_counts_as_it_is_now(
    origin: Path, platform: Callable[[Path], subprocess.CompletedProcess[str]]
) -> None:
    change(origin, {"data/third.dataset.yaml": manifest("third", made=300)})
    git(origin, "checkout", "-q", "main")
    commit(origin, "stricter", **{"policies/org.yaml": ORG.replace("0.3", "0.05")})
    done = platform(origin)
    assert done.returncode == 1
    assert "third" in done.stdout


def test_a_clone_that_is_too_shallow_is_told(origin: Path) -> None:
    change(origin, {"notes.txt": "more"})
    git(origin.parent, "clone", "-q", "--depth=1", "--branch=topic", f"file://{origin}", "shallow")
    command = [sys.executable, "-I", "-m", "pytest_datapolicy", "check", "--base", "HEAD^1"]
    done = subprocess.run(command, cwd=origin.parent / "shallow", capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: --base 'HEAD^1' is not in this repository, which is a shallow clone\n")
