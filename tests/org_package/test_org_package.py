"""The policies of an organisation as a package: built, installed, and used by two repositories."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pytest_datapolicy.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
PACKAGE = EXAMPLES / "org-policy-package"
CLEAN, LOOSENING = EXAMPLES / "org-policy-clean", EXAMPLES / "org-policy-loosening"
PIP = [sys.executable, "-m", "pip"]
OFFLINE = ["-q", "--no-deps", "--no-build-isolation", "--no-index"]
LOOSENED = [
    "8:21 floor low of the domain medical is lower than critical, which package:acme_policies/org.yaml sets",
    "10:3 max_days 365 is longer than 60, which package:acme_policies/org.yaml sets",
    "11:40 lead@triage.example is not among the approvers that package:acme_policies/org.yaml names",
    "15:10 max 0.9 is looser than 0.4, which acme-org sets for the same data",
    "17:5 known-origin of baseline cannot be replaced here",
    "20:22 waivable is true, and acme-org does not let human-preference be waived",
    "21:17 level advice is lower than error, which acme-org sets for named-owner",
]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package, installed from the wheel that was built of it."""
    folder = tmp_path_factory.mktemp("acme")
    source, site = folder / "source", folder / "site"
    shutil.copytree(PACKAGE, source)
    built = [*PIP, "wheel", *OFFLINE, "--wheel-dir", str(folder), str(source)]
    subprocess.run(built, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    assert {"acme_policies/org.yaml", "acme_policies/clinical.yaml"} <= set(zipfile.ZipFile(wheel).namelist())
    subprocess.run([*PIP, "install", *OFFLINE, "--target", str(site), str(wheel)], check=True, capture_output=True)
    return site


def run(repository: Path, site: Path | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``datapolicy`` in a repository, with or without the package."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"} | ({} if site is None else {"PYTHONPATH": str(site)})
    command = [sys.executable, "-m", "pytest_datapolicy", *arguments]
    return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)


def report(repository: Path, site: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = run(repository, site, *arguments, "--format", "json")
    found: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, found


def test_the_clean_repository_passes(installed: Path) -> None:
    code, found = report(CLEAN, installed, "check", "--today", "2026-11-01")
    assert (code, found["findings"], found["summary"]["manifests"]) == (0, [], 1)
    assert [source["path"] for source in found["policy"]] == [
        "builtin:baseline",
        "package:acme_policies/org.yaml",
        "package:acme_policies/clinical.yaml",
        "policy.yaml",
    ]
    done = run(CLEAN, installed, "policy", "lint")
    assert (done.returncode, done.stdout) == (0, "4 policy files, 1 manifest: nothing found\n")


def test_seven_ways_to_loosen_are_found_each_at_its_line(installed: Path) -> None:
    code, found = report(LOOSENING, installed, "check", "--today", "2026-11-01")
    assert code == 1
    loosened = [item for item in found["findings"] if item["rule"] == "DP701"]
    assert [f"{item['line']}:{item['column']} {item['message']}" for item in loosened] == LOOSENED
    assert {(item["path"], item["level"], item["outcome"]) for item in loosened} == {("policy.yaml", "error", "fail")}
    text = (LOOSENING / "policy.yaml").read_text("utf-8").splitlines()
    assert all(item["clause"]["path"].startswith(("package:acme_policies/", "builtin:")) for item in loosened)
    assert "replace: true" in text[loosened[4]["line"] - 1]


def test_none_of_them_has_any_effect(installed: Path) -> None:
    """The data set is judged as the organisation's policy alone judges it."""

    def judged(*options: str) -> list[tuple[str, str, str, str]]:
        _, found = report(LOOSENING, installed, "check", "--today", "2026-11-01", *options)
        return [
            (item["rule"], item["level"], item["outcome"], item["message"])
            for item in found["findings"]
            if item["rule"] != "DP701"
        ]

    alone = judged("--policy", "package:acme_policies/org.yaml")
    assert judged() == alone
    assert [rule for rule, *_ in alone] == ["DP707", "DP705", "DP101"]
    code, compared = report(LOOSENING, installed, "policy", "diff", "package:acme_policies/org.yaml", "policy.yaml")
    assert (code, compared["summary"]["looser"], compared["summary"]["affected"]) == (0, 0, 0)


def test_every_value_is_shown_with_its_line_in_the_package(installed: Path) -> None:
    done = run(CLEAN, installed, "policy", "show")
    lines = (PACKAGE / "src/acme_policies/org.yaml").read_text("utf-8").splitlines()
    number = next(index for index, line in enumerate(lines, start=1) if "max: 0.40" in line)
    shown = [line.split() for line in done.stdout.splitlines()]
    assert ["max", "0.4", f"package:acme_policies/org.yaml:{number}"] in shown
    floor = next(index for index, line in enumerate(lines, start=1) if "medical:" in line)
    assert ["medical:", "at", "least", "critical", f"package:acme_policies/org.yaml:{floor}"] in shown


def test_without_the_package_the_run_is_not_valid() -> None:
    for verb in (["check"], ["policy", "show"], ["policy", "lint"]):
        done = run(CLEAN, None, *verb)
        assert done.returncode == 2
        said = done.stdout + done.stderr
        assert "error: the package acme_policies is not installed" in said
        assert " --> policy.yaml:6:11\n" in said
        assert "= help: install acme_policies where datapolicy runs" in said


def test_the_policies_of_the_package_are_tested(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "test", str(PACKAGE), "--mutate"]) == 0
    assert capsys.readouterr().out.endswith(": none survived\n")


def test_a_check_of_all_examples_passes_over_their_manifests() -> None:
    code, found = report(EXAMPLES.parent, Path(), "check", "examples")
    assert code == 1
    assert "triage-notes" not in json.dumps(found)
