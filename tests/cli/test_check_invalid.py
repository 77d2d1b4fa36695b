"""``datapolicy check``: runs that judge nothing, and their exit codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import pytest_datapolicy.app
from tests.app.trees import POLICY, manifest, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Check = Callable[..., tuple[int, str, str]]

from tests.cli.reports import parsed


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
        r"""error: internal error: KeyError: '\\x1b\[2J' \(cli/test_check_invalid\.py:\d+\)
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
