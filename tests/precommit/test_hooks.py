"""The hooks in real repositories, run by the real pre-commit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.app.trees import IDENTITY, POLICY, git, manifest, repository, write

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
DERIVED = manifest("derived").replace("origin: human", "origin: human, derived_from: [base@1]")


def hooks() -> list[dict[str, Any]]:
    """The hooks that ship."""
    loaded: list[dict[str, Any]] = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    return loaded


def pre_commit(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pre-commit in `root`, with the tools of this environment on the path and a home of its own."""
    return run(root, sys.executable, "-m", "pre_commit", *arguments)


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))}
    environment |= IDENTITY | {"PRE_COMMIT_HOME": str(root.parent / "home"), "PRE_COMMIT_COLOR": "never"}
    environment["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), environment["PATH"]])
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A committed repository that passes; its hook is the one that ships, from the environment of the tests."""
    hook = {**hooks()[0], "language": "system"}
    root = tmp_path / "project"
    files = {
        ".pre-commit-config.yaml": yaml.safe_dump({"repos": [{"repo": "local", "hooks": [hook]}]}),
        "datapolicy.toml": 'policy = "policy.yaml"\n',
        "policy.yaml": POLICY,
        "base/dataset.yaml": manifest("base"),
        "derived/dataset.yaml": DERIVED,
        "notes.txt": "",
    }
    write(root, **files)
    repository(root)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")
    return root


def judged(root: Path) -> tuple[bool, str]:
    """Whether the hook passes what is staged, and what it prints. It is never skipped."""
    done = pre_commit(root, "run")
    status = next(line for line in done.stdout.splitlines() if line.startswith("datapolicy check..")).rpartition(".")[2]
    assert status == ("Passed" if done.returncode == 0 else "Failed"), done.stdout + done.stderr
    return done.returncode == 0, done.stdout


def test_the_file_is_one_that_pre_commit_reads(tmp_path: Path) -> None:
    done = run(tmp_path, sys.executable, "-m", "pre_commit", "validate-manifest", str(HOOKS))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_hook_sees_the_whole_tree() -> None:
    assert {hook["id"]: (hook["entry"], hook["language"]) for hook in hooks()} == {
        "datapolicy-check": ("datapolicy check", "python"),
        "datapolicy-policy": ("datapolicy policy lint", "python"),
    }
    assert all(hook["always_run"] is True and hook["pass_filenames"] is False for hook in hooks())


def test_a_commit_that_touches_no_manifest_is_judged_and_passes(project: Path) -> None:
    (project / "notes.txt").write_text("more")
    git(project, "add", "-A")
    assert judged(project)[0]


def test_a_changed_policy_judges_every_manifest(project: Path) -> None:
    write(project, **{"policy.yaml": POLICY + "  min-real-records: {limits: [{min: 5000}]}\n"})
    git(project, "add", "policy.yaml")
    passed, out = judged(project)
    assert not passed
    assert "error[DP102 min-real-records]: 1,000 real records, at least 5,000 required" in out
    assert "- exit code: 1" in out


def test_a_bad_manifest_is_caught(project: Path) -> None:
    write(project, **{"base/dataset.yaml": manifest("base", "simulation")})
    git(project, "add", "-A")
    passed, out = judged(project)
    assert not passed
    assert " --> base/dataset.yaml:11:" in out


@pytest.mark.parametrize("command", [("rm", "-q", "base/dataset.yaml"), ("mv", "base/dataset.yaml", "base/old.txt")])
def test_a_deleted_or_renamed_manifest_is_missed(project: Path, command: tuple[str, ...]) -> None:
    git(project, *command)
    passed, out = judged(project)
    assert not passed
    assert "error[DP005 resolved-references]" in out
    assert " --> derived/dataset.yaml:11:" in out


@pytest.mark.parametrize(
    "command", [("rm", "-q", "derived/dataset.yaml"), ("mv", "derived/dataset.yaml", "derived/x.txt")]
)
def test_a_manifest_that_nothing_refers_to_is_missed_by_the_inventory(project: Path, command: tuple[str, ...]) -> None:
    write(project, **{"policy.yaml": POLICY + "inventory: [base, derived]\n"})
    git(project, "commit", "-qam", "inventory")
    git(project, *command)
    passed, out = judged(project)
    assert not passed
    assert "error[DP710 complete-inventory]: the inventory names derived, and no manifest" in out
    assert " --> policy.yaml:8:19" in out


def test_a_renamed_manifest_that_still_is_one_passes(project: Path) -> None:
    (project / "moved").mkdir()
    git(project, "mv", "base/dataset.yaml", "moved/base.dataset.yaml")
    assert judged(project)[0]


def test_a_manifest_turned_into_a_link_within_the_tree_is_read_through_it(project: Path) -> None:
    git(project, "mv", "base/dataset.yaml", "base/real.txt")
    (project / "base" / "dataset.yaml").symlink_to("real.txt")
    git(project, "add", "-A")
    assert judged(project)[0]
    write(project, **{"base/real.txt": manifest("base", "simulation")})
    git(project, "add", "-A")
    passed, out = judged(project)
    assert not passed
    assert " --> base/dataset.yaml:11:" in out


def test_a_manifest_turned_into_a_link_out_of_the_tree_is_an_error(project: Path) -> None:
    write(project.parent, **{"outside.yaml": manifest("base")})
    (project / "base" / "dataset.yaml").unlink()
    (project / "base" / "dataset.yaml").symlink_to("../../outside.yaml")
    git(project, "add", "-A")
    passed, out = judged(project)
    assert not passed
    assert "error[DP001 readable]" in out
    assert " --> base/dataset.yaml:1:1" in out


def test_what_is_staged_counts_not_what_lies_on_the_disk(project: Path) -> None:
    write(project, **{"base/dataset.yaml": manifest("base", "simulation")})
    git(project, "add", "-A")
    write(project, **{"base/dataset.yaml": manifest("base")})
    assert not judged(project)[0]
    git(project, "add", "-A")
    write(project, **{"base/dataset.yaml": manifest("base", "simulation")})
    (project / "notes.txt").write_text("more")
    git(project, "add", "notes.txt")
    assert judged(project)[0]


TWO = """\
      - {name: one, origin: human, records: 1000, labels: {by: expert}}
      # between
      # the
      # two
      # parts
      - {name: two, origin: human, records: 1000, labels: {by: expert}}
"""


@pytest.mark.parametrize(("staged", "passes"), [("one", True), ("two", False)])
def test_a_partially_staged_manifest(project: Path, staged: str, passes: bool) -> None:
    text = manifest("base").partition("      - ")[0] + TWO
    write(project, **{"base/dataset.yaml": text})
    git(project, "commit", "-qam", "two parts")
    harmless = text.replace("one, origin: human", "one, origin: observed")
    worse = text.replace("two, origin: human", "two, origin: simulation")
    write(project, **{"base/dataset.yaml": harmless if staged == "one" else worse})
    git(project, "add", "-A")
    both = harmless.replace("two, origin: human", "two, origin: simulation")
    write(project, **{"base/dataset.yaml": both})
    assert judged(project)[0] == passes
    assert (project / "base" / "dataset.yaml").read_text("utf-8") == both


def test_a_staged_policy_is_not_the_judge_when_the_hook_names_a_base(project: Path) -> None:
    config = yaml.safe_load((project / ".pre-commit-config.yaml").read_text("utf-8"))
    config["repos"][0]["hooks"][0]["args"] = ["--base", "HEAD"]
    write(project, **{".pre-commit-config.yaml": yaml.safe_dump(config)})
    git(project, "commit", "-qam", "against the last commit")
    write(project, **{"policy.yaml": POLICY.replace("0.30", "1"), "base/dataset.yaml": manifest("base", "simulation")})
    git(project, "add", "-A")
    passed, out = judged(project)
    assert not passed
    assert "error[DP101 max-synthetic-ratio]: 100% of the records are synthetic, at most 30% allowed" in out
    assert "error[DP706 no-weakened-claims]" in out


def test_a_hook_can_be_left_out(project: Path) -> None:
    assert pre_commit(project, "install").returncode == 0
    write(project, **{"base/dataset.yaml": manifest("base", "simulation")})
    skipped = run(project, "env", "SKIP=datapolicy-check", "git", "commit", "-a", "-m", "worse")
    assert skipped.returncode == 0
    write(project, **{"base/dataset.yaml": manifest("base", "simulation").replace("1000", "2000")})
    assert run(project, "git", "commit", "--no-verify", "-a", "-m", "worse").returncode == 0


def test_no_manifest_left_is_an_error(project: Path) -> None:
    git(project, "rm", "-q", "base/dataset.yaml", "derived/dataset.yaml")
    passed, out = judged(project)
    assert not passed
    assert "- exit code: 3" in out
    assert "error: no manifest found" in out


def test_an_installed_hook_refuses_the_commit(project: Path) -> None:
    assert pre_commit(project, "install").returncode == 0
    write(project, **{"base/dataset.yaml": manifest("base", "simulation")})
    refused = run(project, "git", "commit", "-a", "-m", "worse")
    assert refused.returncode == 1
    assert "error[DP101 max-synthetic-ratio]" in refused.stdout + refused.stderr
    write(project, **{"base/dataset.yaml": manifest("base").replace("1000", "2000")})
    accepted = run(project, "git", "commit", "-a", "-m", "better")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert git(project, "log", "--format=%s").split() == ["better", "first"]


def test_the_policies_of_the_settings_are_linted(project: Path) -> None:
    hook = {**hooks()[1], "language": "system"}
    config = yaml.safe_dump({"repos": [{"repo": "local", "hooks": [hook]}]})
    write(project, **{".pre-commit-config.yaml": config, "notes.txt": "more"})
    git(project, "add", "-A")
    done = pre_commit(project, "run")
    assert (done.returncode, "Passed" in done.stdout) == (0, True), done.stdout + done.stderr
    write(project, **{"policy.yaml": POLICY + "      - {max: 0.50}\n"})
    git(project, "add", "-A")
    done = pre_commit(project, "run")
    assert done.returncode == 1
    assert "redundant-clause[DP101]: this clause says nothing new" in done.stdout
    assert " --> policy.yaml:8:10" in done.stdout
    write(project, **{"policy.yaml": POLICY + "      - {maximum: 0.50}\n"})
    git(project, "add", "-A")
    done = pre_commit(project, "run")
    assert "- exit code: 2" in done.stdout
    assert " --> policy.yaml:8:10" in done.stdout
