"""``datapolicy check``: where the report goes."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.cli import main
from tests.app.trees import manifest, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Check = Callable[..., tuple[int, str, str]]

from tests.cli.reports import DAY, parsed, run


def test_output_goes_to_a_file_and_nowhere_else(project: Path, check: Check) -> None:
    _, printed, _ = check("--format", "json", *DAY)
    assert check("--format", "json", "--output", "report.json", *DAY) == (1, "", "")
    assert (project / "report.json").read_text() == printed
    assert check("--output", "report.txt", *DAY) == (1, "", "")
    assert (project / "report.txt").read_text() == check(*DAY)[1]
    assert sorted(os.listdir(project)) == ["bad", "datapolicy.toml", "good", "policy.yaml", "report.json", "report.txt"]


def test_output_replaces_what_is_there_and_keeps_its_mode(project: Path, check: Check) -> None:
    write(project, **{"kept/old.json": "old", "link.json": ""})
    (project / "kept" / "old.json").chmod(0o640)
    (project / "link.json").unlink()
    (project / "link.json").symlink_to("kept/old.json")
    assert check("--format", "json", "--output", "link.json") == (1, "", "")
    assert parsed((project / "kept" / "old.json").read_text())["summary"]["fail"] == 1
    assert (project / "kept" / "old.json").stat().st_mode & 0o777 == 0o640
    assert (project / "link.json").is_symlink()


@pytest.mark.parametrize(
    ("output", "reason"),
    [("gone/report.json", "No such file or directory"), ("good", "Is a directory"), ("a\0b", "embedded null")],
)
def test_a_file_that_cannot_be_written_is_exit_4(project: Path, check: Check, output: str, reason: str) -> None:
    code, out, err = check("--output", output)
    assert (code, out) == (4, "")
    assert re.fullmatch(r"error: .* could not be written: (.*)\n", err)
    assert reason in err
    code, out, _ = check("--output", output, "--format", "json")
    assert code == 4
    assert "could not be written" in parsed(out)["error"]["message"]


def test_a_full_disk_leaves_the_old_file_and_no_other(
    project: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, **{"out/report.txt": "old"})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    code, _, err = check("--output", "out/report.txt")
    assert (code, err) == (4, "error: 'out/report.txt' could not be written: No space left on device\n")
    assert os.listdir(project / "out") == ["report.txt"]
    assert (project / "out" / "report.txt").read_text() == "old"


def test_a_device_is_written_not_replaced(project: Path, check: Check) -> None:
    assert check("--output", os.devnull) == (1, "", "")
    assert not os.path.isfile(os.devnull)


def test_an_invalid_run_still_writes_its_report_over_the_last_one(project: Path, check: Check) -> None:
    write(project, **{"report.json": "{}", "policy.yaml": "policy: 2\n"})
    code, out, err = check("--format", "json", "--output", "report.json")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert parsed((project / "report.json").read_text())["error"]["path"] == "policy.yaml"
    code, out, err = check("--output", "report.txt")
    assert (code, out) == (2, "")
    assert (project / "report.txt").read_text().endswith(err)
    assert err.startswith("error: ")


class Terminal(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="ascii")

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "option", "terminal", "colored"),
    [
        ({}, "auto", True, True),
        ({}, "auto", False, False),
        ({}, "never", True, False),
        ({}, "always", False, True),
        ({"NO_COLOR": "1"}, "auto", True, False),
        ({"NO_COLOR": ""}, "auto", True, True),
        ({"NO_COLOR": "1"}, "always", True, True),
        ({"FORCE_COLOR": "1"}, "auto", False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False, False),
        ({"TERM": "dumb"}, "auto", True, False),
    ],
)
def test_colours(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    option: str,
    terminal: bool,
    colored: bool,
) -> None:
    stream = Terminal() if terminal else io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main(["check", "--color", option]) == 1
    printed = stream.buffer.getvalue()  # type: ignore[attr-defined]
    assert (b"\x1b[" in printed) is colored


def test_a_terminal_that_knows_only_ascii_gets_escapes(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "bad" / "dataset.yaml").write_text(manifest("bad", "simulation").replace("tickets", "größe"))
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["check"]) == 1
    assert b"gr\\xf6\\xdfe" in stream.buffer.getvalue()


def test_a_stream_without_bytes_gets_text(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["check"]) == 1
    assert stream.getvalue().startswith("error[DP101 max-synthetic-ratio]: ")


def test_as_a_module(project: Path) -> None:
    done = run(project, "check", "good")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b": nothing failed\n" in done.stdout


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    ("shell", "reason"),
    [(">&-", "standard output is closed"), ("> /dev/full", "No space left on device"), ("| true", "Broken pipe")],
)
def test_output_that_goes_nowhere_is_exit_4(project: Path, form: str, shell: str, reason: str) -> None:
    if "|" in shell:
        read, write_end = os.pipe()
        os.close(read)
        command = [sys.executable, "-m", "pytest_datapolicy", "check", "good", "--format", form]
        done = subprocess.run(command, cwd=project, stdout=write_end, stderr=subprocess.PIPE, check=False)
        os.close(write_end)
    else:
        done = run(project, "check", "good", "--format", form, shell=shell)
    assert done.returncode == 4
    assert done.stderr.decode().splitlines()[0] == f"error: the output could not be written: {reason}"
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_closed_streams_still_give_the_exit_code(project: Path) -> None:
    assert run(project, "check", "bad", "--output", "report.txt", shell=">&- 2>&- <&-").returncode == 1
    assert run(project, "check", "gone", shell=">&- 2>&-").returncode == 2
