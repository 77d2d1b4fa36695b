"""The command itself, and the commands that only tell."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

from pytest_datapolicy import __version__
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.cli import VERBS, main
from pytest_datapolicy.cli.check import parser
from pytest_datapolicy.cli.explain import page
from pytest_datapolicy.schemas import text

if TYPE_CHECKING:
    from pathlib import Path

Captured = pytest.CaptureFixture[str]
COMMANDS = f"the commands are {', '.join(VERBS)}"


def test_version(capsys: Captured) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"datapolicy {__version__}\n"


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_commands_and_exit_codes(capsys: Captured, option: str) -> None:
    assert main([option]) == 0
    out = capsys.readouterr().out
    assert out.startswith("usage: datapolicy COMMAND [OPTION]...\n")
    assert all(f"  {verb} " in out and summary in out for verb, summary in VERBS.items())
    assert [line[2] for line in out.partition("exit codes:\n")[2].splitlines()] == list("01234")


def test_no_command_is_wrong_usage(capsys: Captured) -> None:
    assert main([]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("usage: datapolicy COMMAND")


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"),
    [
        (["chek"], "unknown command 'chek'", "did you mean check?"),
        (["xyzzy"], "unknown command 'xyzzy'", COMMANDS),
        (["fix"], "unknown command 'fix'", COMMANDS),
        ([".", "--strict"], "unknown command '.'", "did you mean `datapolicy check . --strict`?"),
        (["--strict"], "unknown command '--strict'", "did you mean `datapolicy check --strict`?"),
        (["a\x1b[2J"], r"unknown command 'a\x1b[2J'", COMMANDS),
        (["explain"], "the following arguments are required: ID|NAME", "see `datapolicy explain --help`"),
        (["explain", "DP1O1"], "unknown rule 'DP1O1'", "did you mean DP101?"),
        (["explain", "max-synthetic"], "unknown rule 'max-synthetic'", "did you mean max-synthetic-ratio?"),
        (["explain", "DP101", "DP102"], "there is no file or folder 'DP102'", "name one that exists"),
        (["rules", "--jsn"], "unknown option '--jsn'", "see `datapolicy rules --help`"),
    ],
)
def test_wrong_usage(capsys: Captured, arguments: list[str], message: str, remedy: str) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"error: {message}\n  = help: {remedy}\n")


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_has_help(capsys: Captured, verb: str) -> None:
    assert main([verb, "--help"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith(f"usage: datapolicy {verb} [-h]")
    assert captured.err == ""


def test_every_option_of_check_has_help() -> None:
    assert [action.dest for action in parser()._actions if not action.help] == []


def test_rules_is_a_table_of_all_rules(capsys: Captured) -> None:
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["id", "name", "scope", "level", "demand"]
    assert [line.split()[:2] for line in lines[1:]] == [[entry.id, entry.name] for entry in Catalogue()]
    columns = [lines[0].index(word) for word in ("name", "scope", "level", "demand")]
    assert all(line[column - 1] == " " and line[column] != " " for line in lines for column in columns)
    assert any(
        line.endswith("  split      error      (weighted) synthetic share of the split <= max") for line in lines
    )


def test_rules_as_json(capsys: Captured) -> None:
    assert main(["rules", "--format", "json"]) == 0
    rules = {rule["id"]: rule for rule in json.loads(capsys.readouterr().out)}
    assert list(rules) == [entry.id for entry in Catalogue()]
    ratio = rules["DP101"]
    parameters = ratio.pop("parameters")
    assert ratio == {
        "id": "DP101",
        "name": "max-synthetic-ratio",
        "scope": "split",
        "level": "error",
        "always_on": False,
        "waivable": True,
        "summary": "(weighted) synthetic share of the split <= max",
        "since": "0.1.0",
    }
    assert [(item["name"], item["kind"], item["tighter"], item["default"]) for item in parameters] == [
        ("max", "share", "lower", None),
        ("measure", "choice", "none", "records"),
    ]
    assert rules["DP001"]["always_on"] is True


@pytest.mark.parametrize("key", ["DP101", "max-synthetic-ratio"])
def test_explain_shows_the_page_of_a_rule(capsys: Captured, key: str) -> None:
    assert main(["explain", key]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "DP101 max-synthetic-ratio\n"
        "scope split, level error, can be waived, since 0.1.0\n"
        "\n"
        "The synthetic share of a split stays at or below a limit.\n"
    )
    for heading in ("What it demands", "Why", "Bad", "Good", "Parameters", "Evidence"):
        assert f"\n## {heading}\n" in out


def test_explain_says_what_is_always_on(capsys: Captured) -> None:
    assert main(["explain", "DP003"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        "scope dataset, always on, level error, cannot be waived, since 0.1.0"
    )


def test_the_one_rule_that_is_always_on_and_can_be_waived(capsys: Captured) -> None:
    assert main(["explain", "DP005"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        "scope dataset, always on, level error, can be waived, since 0.1.0"
    )


def test_pages_of_other_people_are_made_harmless() -> None:
    rule = Catalogue().rule("DP101")
    shown = page(rule._replace(docs="One.\n\x1b[2JTwo\n", needs="verify"))
    assert shown.splitlines()[1].endswith(", runs with --verify")
    assert shown.splitlines()[3:] == ["One.", r"\x1b[2JTwo"]


@pytest.mark.parametrize("what", ["manifest", "policy", "waivers", "baseline", "report"])
def test_schemas_are_printed_as_they_ship(capsys: Captured, what: str) -> None:
    assert main(["schema", what]) == 0
    out = capsys.readouterr().out
    assert out == text(what)
    jsonschema_rs.meta.validate(json.loads(out))


def test_an_unknown_schema_is_wrong_usage(capsys: Captured) -> None:
    assert main(["schema", "reprot"]) == 2
    assert capsys.readouterr().err.startswith("error: argument what: invalid choice: 'reprot' (choose from ")


def test_a_plugin_that_will_not_load_is_exit_2(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    info = tmp_path / "acme-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[datapolicy]\nacme = acme_that_is_not_there\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for arguments in (["rules"], ["explain", "DP101"]):
        assert main(arguments) == 2
        err = capsys.readouterr().err
        assert err.startswith("error: plugin 'acme' (acme_that_is_not_there) cannot be loaded: ")
        assert err.endswith("  = help: repair or uninstall that plugin\n")


HEAVY = {
    *("dataclasses", "pathlib", "importlib.metadata", "json", "textwrap", "shutil", "tempfile", "tomllib", "difflib"),
    *("unicodedata", "logging", "traceback", "pytest", "rich", "click", "ruamel", "jsonschema", "multiprocessing"),
}


def test_a_check_loads_nothing_heavy(project: Path) -> None:
    (project / "datapolicy.toml").unlink()
    code = (
        "import sys; from pytest_datapolicy.cli import main; "
        "code = main(['check', '--policy', 'policy.yaml', 'good']); "
        f"print(code, sorted(set(sys.modules) & {HEAVY!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"
