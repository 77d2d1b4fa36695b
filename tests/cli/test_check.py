"""``datapolicy check``: options, output and exit codes."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

import pytest_datapolicy.app
from pytest_datapolicy.cli import main
from pytest_datapolicy.schemas import load
from tests.app.trees import POLICY, manifest, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Check = Callable[..., tuple[int, str, str]]

DAY = ("--today", "2026-11-01")
VALIDATOR = jsonschema_rs.validator_for(load("report"))


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Run ``datapolicy check`` and give exit code, standard output and standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["check", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def plain(text: str) -> str:
    """A text report without what depends on how many rules there are."""
    return re.sub(r"note: no subject for .*\n", "", re.sub(r"\d+ rules: ", "N rules: ", text))


def parsed(text: str) -> Any:
    value = json.loads(text)
    VALIDATOR.validate(value)
    return value


def test_text(project: Path, check: Check) -> None:
    digest = hashlib.sha256(POLICY.encode()).hexdigest()[:12]
    code, out, err = check(*DAY)
    assert (code, err) == (1, "")
    assert plain(out) == (
        f"""\
error[DP101 max-synthetic-ratio]: 100% of the records are synthetic, at most 30% allowed
  --> bad/dataset.yaml:11:54
   |
11 |       - {{name: tickets, origin: simulation, records: 1000, labels: {{by: expert}}}}
   |                                                      ^^^^
  --> policy.yaml:7:10 (the clause that asks it)
   |
 7 |       - {{max: 0.30, because: "the house rule"}}
   |          ^^^^^^^^^
   |
   = because: the house rule
   = help: add 2,334 real records
   = subject: bad@1, split train

2 manifests, 6 subjects, N rules: 1 fail
policy: house 1 (policy.yaml), sha256 {digest}
root: {project}; datapolicy 0.1.0, 2026-11-01 (set by hand)
"""
    )


def test_a_path_chooses_what_is_reported(project: Path, check: Check) -> None:
    assert check("good")[0] == 0
    assert check("bad")[0] == 1
    assert check("good/dataset.yaml", "bad/dataset.yaml")[0] == 1
    assert "1 manifest, 3 subjects" in check("good")[1]


def test_a_clean_run_says_under_what(project: Path, check: Check) -> None:
    code, out, err = check("good")
    assert (code, err) == (0, "")
    assert re.fullmatch(
        r"""1 manifest, 3 subjects, N rules: nothing failed
policy: house 1 \(policy\.yaml\), sha256 [0-9a-f]{12}
root: .*/project; datapolicy 0\.1\.0, \d{4}-\d\d-\d\d UTC
""",
        plain(out),
    )


def test_json(project: Path, check: Check) -> None:
    code, out, err = check("--format", "json", *DAY)
    value = parsed(out)
    assert (code, err) == (1, "")
    assert value["today"] == "2026-11-01"
    assert value["policy"] == [
        {"name": "house", "version": "1", "path": "policy.yaml", "sha256": hashlib.sha256(POLICY.encode()).hexdigest()}
    ]
    assert value["summary"] == {
        "manifests": 2,
        "subjects": 6,
        "fail": 1,
        "indeterminate": 0,
        "waived": 0,
        "baselined": 0,
        "warning": 0,
        "advice": 0,
    }
    (found,) = value["findings"]
    assert {key: found[key] for key in ("rule", "dataset", "split", "observed", "limit", "path", "line", "column")} == {
        "rule": "DP101",
        "dataset": "bad@1",
        "split": "train",
        "observed": 1,
        "limit": 0.3,
        "path": "bad/dataset.yaml",
        "line": 11,
        "column": 54,
    }
    assert found["clause"] == {"path": "policy.yaml", "line": 7, "column": 10}
    assert {"rule": "DP101", "level": "error", "subjects": 2} in value["rules"]
    assert value["run"] == {
        "root": ".",
        "today_given": True,
        "policy_default": False,
        "left_out": [],
        "skipped": 0,
    }
    assert "error" not in value


def test_the_root_is_named_without_telling_where_it_lies(
    project: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "bad")
    code, out, _ = check("--format=json")
    assert (code, parsed(out)["run"]["root"]) == (1, "..")
    assert str(project) not in out


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


def test_policies_on_the_command_line_replace_those_of_the_settings(project: Path, check: Check) -> None:
    write(project, **{"loose.yaml": POLICY.replace("0.30", "1").replace("house", "loose")})
    assert check("--policy", "loose.yaml")[0] == 0
    code, out, _ = check("--policy", "loose.yaml", "--policy", "policy.yaml")
    assert code == 1
    assert "policy: loose 1 (loose.yaml)" in out
    assert "policy: house 1 (policy.yaml)" in out


def test_without_a_policy_the_pack_baseline_is_used_and_said(project: Path, check: Check) -> None:
    (project / "datapolicy.toml").write_text("")
    _, out, _ = check()
    assert "policy: builtin:baseline" in out
    assert "note: neither settings nor --policy name a policy, so the pack baseline is used\n" in out
    assert parsed(check("--format", "json")[1])["run"]["policy_default"] is True


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("key", ["DP101", "max-synthetic-ratio"])
def test_rules_can_be_chosen_by_id_and_name(project: Path, check: Check, option: str, key: str) -> None:
    code, out, _ = check(option, key)
    assert code == (1 if option == "--select" else 0)
    assert "note: left out with --select or --ignore: " in out
    left_out = parsed(check(option, key, "--format", "json")[1])["run"]["left_out"]
    assert ("DP101" in left_out) is (option == "--ignore")
    assert ("DP102" in left_out) is (option == "--select")
    assert "DP001" not in left_out


def test_lists_of_rules_add_up(project: Path, check: Check) -> None:
    out = check("--ignore", "DP101, DP102", "--ignore", "DP103", "--format", "json")[1]
    assert parsed(out)["run"]["left_out"] == ["DP101", "DP102", "DP103"]


def test_strict_fails_on_warnings(project: Path, check: Check) -> None:
    (project / "policy.yaml").write_text(POLICY.replace("    limits", "    level: warning\n    limits"))
    assert check()[0] == 0
    assert check("--strict")[0] == 1
    assert "warning[DP101 max-synthetic-ratio]" in check("--strict")[1]


def test_no_manifest_is_exit_3(project: Path, check: Check) -> None:
    write(project, "empty/x.txt")
    assert check("empty") == (
        3,
        "",
        "error: no manifest found below empty\n  = help: add one there, or name what holds manifests\n",
    )
    code, out, err = check("empty", "--format", "json")
    assert (code, err) == (3, "")
    assert parsed(out)["error"] == {
        "message": "no manifest found below empty",
        "path": None,
        "line": None,
        "column": None,
    }
    code, out, err = check("empty", "--allow-empty")
    assert (code, err) == (0, "")
    assert out.startswith("0 manifests, 0 subjects, ")
    assert "nothing was judged\n" in out


def test_an_empty_folder_beside_a_full_one_is_exit_3_and_the_rest_is_judged(project: Path, check: Check) -> None:
    write(project, "empty/x.txt")
    code, out, err = check("bad", "empty")
    assert code == 3
    assert "error[DP101 max-synthetic-ratio]" in out
    assert err.startswith("error: no manifest found below empty\n")


def test_errors_of_the_settings_are_exit_2_with_their_place(project: Path, check: Check) -> None:
    (project / "datapolicy.toml").write_text('polcy = "policy.yaml"\n')
    assert check() == (
        2,
        "",
        """\
error: unknown setting 'polcy'
 --> datapolicy.toml:1:1
  |
1 | polcy = "policy.yaml"
  | ^^^^^
  = help: did you mean policy?
""",
    )
    code, out, err = check("--format", "json")
    assert (code, err) == (2, "")
    value = parsed(out)
    assert value["error"] == {"message": "unknown setting 'polcy'", "path": "datapolicy.toml", "line": 1, "column": 1}
    assert value["findings"] == []


def test_errors_of_the_policy_are_exit_2_with_their_place(project: Path, check: Check) -> None:
    (project / "policy.yaml").write_text(POLICY.replace("max-synthetic-ratio", "max-syntetic-ratio"))
    code, out, err = check()
    assert (code, out) == (2, "")
    assert "\n --> policy.yaml:5:3\n" in err
    assert "max-syntetic-ratio" in err
    assert "did you mean max-synthetic-ratio?" in err
    assert parsed(check("--format", "json")[1])["error"]["line"] == 5


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


def test_paths_without_a_file_to_read_are_findings(project: Path, check: Check) -> None:
    write(project.parent, **{"outside/dataset.yaml": manifest("outside")})
    (project / "linked").symlink_to("../outside")
    code, out, err = check("good", "linked")
    assert (code, err) == (1, "")
    assert out.startswith(
        """\
error[DP001 readable]: this linked folder leads to 1 manifest found nowhere else, and links to folders are not followed
 --> linked:1:1
  = help: put the manifests themselves below the project root, or exclude the link in the settings

2 manifests, """
    )


@pytest.mark.parametrize("color", ["never", "always"])
def test_hostile_names_and_values_are_shown_and_never_sent(project: Path, check: Check, color: str) -> None:
    name = "a\n::error::x\x1b[2J##[add-mask]\u202e.dataset.yaml"
    texts = [
        manifest("x", "simulation"),
        manifest("y\x1b[2J"),
        manifest("z").replace("stakes: low", 'stakes: "\n::error::\\u001b##vso[task]"'),
        manifest("z").replace("tickets", "a\u202eb"),
        "::error::x: [",
    ]
    for number, text in enumerate(texts):
        write(project, **{f"{number}{name}": text, f"{number}/{name}": text})
    write(project, **{f"{name}": texts[-1]})
    with open(os.fsencode(project) + b"/caf\xe9.dataset.yaml", "wb") as file:
        file.write(b"\xff\xfe")
    code, out, err = check("--color", color)
    assert (code, err) == (1, "")
    bare = re.sub(r"\x1b\[[0-9;]*m", "", out)
    assert [line for line in bare.split("\n") if not line.isprintable() or line.lstrip().startswith("::")] == []
    assert "##[" not in bare
    assert "##vso[" not in bare
    assert r" --> a\n::error::x\x1b[2J#\x23[add-mask]\u202e.dataset.yaml:" in bare
    assert r" --> caf\xe9.dataset.yaml:1:1" in bare
    assert parsed(check("--format", "json")[1])["summary"]["fail"] >= len(texts) * 2
    code, _, err = check(f"{name}.gone")
    assert code == 2
    assert err.isascii()
    assert "\x1b" not in err


USAGE = {
    ("--polcy", "x"): ("unknown option '--polcy'", "did you mean --policy?"),
    ("--bases", "HEAD"): ("unknown option '--bases'", "did you mean --base?"),
    ("--baseline=x",): ("there is no baseline x", "write it: datapolicy check --write-baseline x"),
    ("--verfy",): ("unknown option '--verfy'", "did you mean --verify?"),
    ("--form", "json"): ("unknown option '--form'", "did you mean --format?"),
    ("--format", "xml"): (
        "argument --format: invalid choice: 'xml' (choose from "
        "'text', 'json', 'sarif', 'junit', 'github', 'gitlab', 'markdown', 'html')",
        "see `datapolicy check --help`",
    ),
    ("--policy",): ("argument --policy: expected one argument", "see `datapolicy check --help`"),
    ("--select", ""): ("--select holds an empty id", "separate ids or names by single commas"),
    ("--ignore", "DP101,,DP102"): ("--ignore holds an empty id", "separate ids or names by single commas"),
    ("--select", "DP999"): ("unknown rule 'DP999'", None),
    ("--ignore", "max-synthetic-ration"): ("unknown rule 'max-synthetic-ration'", "did you mean max-synthetic-ratio?"),
    ("--jobs", "0"): ("argument --jobs: '0' is not a number from 1 to 1024", "see `datapolicy check --help`"),
    ("--jobs", "two"): ("argument --jobs: 'two' is not a number from 1 to 1024", "see `datapolicy check --help`"),
    ("--today", "2026-02-30"): ("'2026-02-30' is not a day", "write it as YYYY-MM-DD"),
    ("--today", "20261101"): ("'20261101' is not a day", "write it as YYYY-MM-DD"),
    ("gone",): ("there is no file or folder 'gone'", "name one that exists"),
    (".", ".."): (None, None),
}


@pytest.mark.parametrize("arguments", USAGE)
def test_wrong_usage_is_exit_2(project: Path, check: Check, arguments: tuple[str, ...]) -> None:
    message, remedy = USAGE[arguments]
    code, out, err = check(*arguments)
    assert (code, out) == (2, "")
    if message is not None:
        assert unquoted(err.partition("\n")[0]) == f"error: {unquoted(message)}"
    if remedy is not None:
        assert err.partition("\n")[2] == f"  = help: {remedy}\n"
    code, out, err = check(*arguments, "--format=json")
    assert (code, err) == (2, "")
    error = parsed(out)["error"]
    assert message is None or unquoted(error["message"]) == unquoted(message)


def unquoted(message: str) -> str:
    """Python 3.12 and later quote choices differently."""
    return re.sub(r"\(choose from .*\)", lambda choices: choices[0].replace("'", ""), message)


def test_a_path_outside_the_root_is_exit_2(project: Path, check: Check) -> None:
    write(project.parent, **{"other/dataset.yaml": manifest()})
    code, _, err = check("good", "../other")
    assert code == 2
    assert err.startswith(f"error: '../other' is outside the project root {project}\n")


def test_a_crash_is_exit_4_with_a_place_and_no_traceback(
    project: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyError("\x1b[2J")

    monkeypatch.setattr(pytest_datapolicy.app, "check", crash)
    code, out, err = check()
    assert (code, out) == (4, "")
    assert re.fullmatch(
        r"""error: internal error: KeyError: '\\x1b\[2J' \(cli/test_check\.py:\d+\)
  = help: nothing was decided; please report it with the traceback that DATAPOLICY_DEBUG=1 prints
""",
        err,
    )
    code, out, _ = check("--format", "json", "--output", "report.json")
    assert code == 4
    assert parsed((project / "report.json").read_text())["error"]["message"].startswith("internal error: KeyError")
    monkeypatch.setenv("DATAPOLICY_DEBUG", "1")
    code, _, err = check()
    assert code == 4
    assert "Traceback (most recent call last):" in err
    assert "\x1b" not in err


def test_an_interrupt_is_no_verdict(project: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pytest_datapolicy.app, "check", interrupt)
    assert check() == (4, "", "error: interrupted\n  = help: nothing was decided; run it again\n")
    code, out, _ = check("--format", "json")
    assert (code, parsed(out)["error"]["message"]) == (4, "interrupted")


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


def run(project: Path, *arguments: str, shell: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A process of its own; `shell` redirects its streams."""
    command = ["sh", "-c", f'exec "$@" {shell}', "sh", sys.executable, "-m", "pytest_datapolicy", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, check=False, env={**os.environ, **environment})


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


def test_the_same_tree_gives_the_same_bytes(project: Path) -> None:
    for number in range(6):
        write(project, **{f"more/{number}/dataset.yaml": manifest(f"more-{number}", "simulation")})
    outputs = {
        run(project, "check", "--format", form, *DAY, PYTHONHASHSEED=seed, LC_ALL=locale, TZ=zone).stdout
        for form in ("json", "text")
        for seed, locale, zone in (("1", "C", "UTC"), ("2", "C.UTF-8", "Asia/Tokyo"))
    }
    assert len(outputs) == 2
    assert all(outputs)


def test_a_clash_is_told_at_whichever_manifest_is_asked_for(project: Path, check: Check) -> None:
    write(project, **{"good/again.dataset.yaml": manifest("good")})

    def told(*paths: str) -> list[tuple[str, str, str]]:
        found = parsed(check(*paths, "--format", "json", *DAY)[1])["findings"]
        return [(item["path"], item["message"], item["fingerprint"]) for item in found if item["rule"] == "DP008"]

    (second,) = told("good/dataset.yaml")
    assert second[:2] == ("good/dataset.yaml", "good@1 is described by good/again.dataset.yaml already")
    assert told() == told("good") == [second]
    first = ("good/again.dataset.yaml", "good@1 is described by good/dataset.yaml already", second[2])
    assert told("good/again.dataset.yaml") == [first]
    assert told("bad") == []


def test_a_cycle_is_told_at_whichever_manifest_is_asked_for(project: Path, check: Check) -> None:
    for name, parent in (("one", "two"), ("two", "one")):
        text = manifest(name).replace("origin: human", f"origin: human, derived_from: [{parent}@1#train]")
        write(project, **{f"cycle/{name}.dataset.yaml": text})
    for asked, leads in (("cycle", "one"), ("cycle/one.dataset.yaml", "one"), ("cycle/two.dataset.yaml", "two")):
        found = parsed(check(asked, "--format", "json", *DAY)[1])["findings"]
        (cycle,) = [item for item in found if item["rule"] == "DP006"]
        assert (cycle["path"], cycle["dataset"]) == (f"cycle/{leads}.dataset.yaml", f"{leads}@1")
