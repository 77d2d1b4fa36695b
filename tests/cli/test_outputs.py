"""``--format`` and ``--output``: several reports of one run, whole or not at all, told of when they are not written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import pytest_datapolicy.app
from pytest_datapolicy.cli import deliver, main
from pytest_datapolicy.render import sarif
from tests.app.trees import POLICY, git, manifest, write
from tests.render import readers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Check = Callable[..., tuple[int, str, str]]

DAY = ("--today", "2026-11-01")
READERS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "json": readers.plain_json,
    "sarif": readers.sarif,
    "junit": readers.junit,
    "github": readers.github,
    "gitlab": readers.gitlab,
    "markdown": readers.markdown,
    "html": readers.Html,
}


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Check:
    """Run ``datapolicy check`` and give exit code, standard output and standard error."""
    monkeypatch.delenv(deliver.SUMMARY, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["check", *DAY, *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def exit_code(path: Path) -> int:
    """The one that a SARIF file tells."""
    return int(readers.sarif(path.read_text("utf-8"))["invocations"][0]["exitCode"])


@pytest.mark.parametrize("form", deliver.FORMATS)
def test_every_format_is_printed_and_written_alike(project: Path, check: Check, form: str) -> None:
    code, printed, err = check("--format", form)
    assert (code, err) == (1, "")
    READERS[form](printed)
    assert "DP101" in printed
    assert check("--format", form, "--output", "report") == (1, "", "")
    assert (project / "report").read_text("utf-8") == printed
    assert check(f"--output={form}=other", "--format", "text")[0] == 1
    assert (project / "other").read_text("utf-8") == printed


def test_all_formats_in_one_run_and_the_log_besides(project: Path, check: Check) -> None:
    names = {form: f"out/report.{form}" for form in deliver.FORMATS}
    write(project, "out/keep")
    code, printed, err = check(*(f"--output={form}={name}" for form, name in names.items()))
    assert (code, err) == (1, "")
    assert printed == check()[1]
    for form, name in names.items():
        READERS[form]((project / name).read_text("utf-8"))
    assert len(os.listdir(project / "out")) == len(names) + 1


def test_a_plain_file_takes_the_chosen_format_from_standard_output(project: Path, check: Check) -> None:
    assert check("--format", "json", "--output", "a.json", "--output", "sarif=b.sarif", "--output", "c.json") == (
        1,
        "",
        "",
    )
    assert (project / "a.json").read_bytes() == (project / "c.json").read_bytes()
    assert readers.plain_json((project / "a.json").read_text())["summary"]["fail"] == 1
    assert exit_code(project / "b.sarif") == 1


USAGE = {
    ("--output", "sarf=x"): ("--output names the unknown format 'sarf'", "did you mean sarif?"),
    ("--output", "pdf=x"): ("--output names the unknown format 'pdf'", "write ./pdf=x for a file of that name"),
    ("--output", "sarif="): ("--output 'sarif=' names no file", "write --output FILE or --output FORMAT=FILE"),
    ("--output", ""): ("--output '' names no file", "write --output FILE or --output FORMAT=FILE"),
    ("--output", "a", "--output", "junit=./b/../a"): (
        "--output names './b/../a' twice",
        "give each report a file of its own",
    ),
}


@pytest.mark.parametrize("arguments", USAGE)
def test_wrong_usage_is_exit_2(project: Path, check: Check, arguments: tuple[str, ...]) -> None:
    write(project, "b/c")
    message, remedy = USAGE[arguments]
    assert check(*arguments) == (2, "", f"error: {message}\n  = help: {remedy}\n")


def test_a_name_with_an_equals_sign_is_a_file_behind_a_dot(project: Path, check: Check) -> None:
    assert check("--output", "./sarif=x") == (1, "", "")
    assert check("--output", "a-b=c") == (1, "", "")
    assert (project / "sarif=x").read_text("utf-8") == (project / "a-b=c").read_text("utf-8")


@pytest.mark.parametrize("form", deliver.FORMATS)
@pytest.mark.parametrize("arguments", [("--polcy", "x"), ("gone",), ("--select", "DP999")])
def test_wrong_usage_is_told_in_every_format_and_file(
    project: Path, check: Check, form: str, arguments: tuple[str, ...]
) -> None:
    write(project, old="the report of another run")
    code, out, err = check(*arguments, "--format", form)
    assert code == 2
    assert bool(out) is (form != "text")
    assert bool(err) is (form == "text")
    READERS[form](out)
    code, out, err = check(*arguments, f"--output={form}=old")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    READERS[form]((project / "old").read_text("utf-8"))
    assert "another run" not in (project / "old").read_text("utf-8")


def test_what_a_wrong_command_line_asks_for_is_guessed_with_care() -> None:
    asked = deliver.asked(["--format", "pdf", "--output", "x=y", "--output=sarif=a", "--output", "junit=a", "--output"])
    assert (asked.form, asked.files, asked.printed) == ("text", [("sarif", "a")], True)
    asked = deliver.asked(["--format=json", "--output", "b", "--format", "github"])
    assert (asked.form, asked.files, asked.printed) == ("github", [("github", "b")], False)


@pytest.mark.parametrize("form", [form for form in deliver.FORMATS if form != "text"])
def test_an_invalid_run_replaces_the_report_of_the_last_one(project: Path, check: Check, form: str) -> None:
    assert check("--output", f"{form}=report", "good")[0] == 0
    before = (project / "report").read_text("utf-8")
    write(project, **{"policy.yaml": "policy: 2\n"})
    code, out, err = check("--output", f"{form}=report")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    after = (project / "report").read_text("utf-8")
    READERS[form](after)
    assert after != before
    assert "policy.yaml" in after


def test_one_file_that_fails_is_told_in_all_others(project: Path, check: Check) -> None:
    code, out, err = check("--output", "sarif=a.sarif", "--output", "junit=gone/b.xml", "--output", "gitlab=c.json")
    assert code == 4
    assert out == check()[1]
    assert err == "error: 'gone/b.xml' could not be written: No such file or directory\n"
    assert exit_code(project / "a.sarif") == 4
    entries = readers.gitlab((project / "c.json").read_text("utf-8"))
    assert entries[0]["description"] == "'gone/b.xml' could not be written: No such file or directory"
    assert sorted(os.listdir(project)) == ["a.sarif", "bad", "c.json", "datapolicy.toml", "good", "policy.yaml"]


@pytest.mark.parametrize("form", [form for form in deliver.FORMATS if form != "text"])
def test_a_program_that_listens_hears_that_its_file_was_not_written(project: Path, check: Check, form: str) -> None:
    code, out, err = check("--format", form, "--output", "gone/report")
    assert code == 4
    assert err == "error: 'gone/report' could not be written: No such file or directory\n"
    assert "could not be written" in out
    READERS[form](out)


def test_a_full_disk_leaves_the_old_files(project: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, **{"out/a.sarif": "old", "out/b.xml": "old"})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    code, _, err = check("--output", "sarif=out/a.sarif", "--output", "junit=out/b.xml")
    assert (code, err.count("No space left on device")) == (4, 2)
    assert {path.read_text() for path in (project / "out").iterdir()} == {"old"}
    assert sorted(os.listdir(project / "out")) == ["a.sarif", "b.xml"]


def test_output_that_goes_nowhere_is_told_in_the_files(
    project: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["check", *DAY, "good", "--output", "sarif=a.sarif"]) == 4
    assert exit_code(project / "a.sarif") == 4


def test_a_renderer_that_crashes_is_exit_4(project: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> str:
        raise KeyError("rendering")

    monkeypatch.setattr(sarif, "render", crash)
    code, _, err = check("--output", "sarif=a.sarif")
    assert code == 4
    assert err.startswith("error: internal error: KeyError: 'rendering'")
    assert not (project / "a.sarif").exists()


def test_a_crash_is_in_the_report(project: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyError("deciding")

    monkeypatch.setattr(pytest_datapolicy.app, "check", crash)
    code, out, err = check("--output", "sarif=a.sarif")
    assert (code, out) == (4, "")
    assert err.startswith("error: internal error: KeyError: 'deciding'")
    assert exit_code(project / "a.sarif") == 4


def test_strict_is_told(project: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "policy.yaml").write_text(POLICY.replace("    limits", "    level: warning\n    limits"))
    for arguments, code in (((), 0), (("--strict",), 1)):
        monkeypatch.setenv(deliver.SUMMARY, f"summary-{code}")
        files = ("--output=sarif=a", "--output=junit=b", "--output=markdown=c", "--output=github=d")
        assert check(*files, *arguments)[0] == code
        assert (project / f"summary-{code}").read_text("utf-8") == "\n" + (project / "c").read_text("utf-8")
        assert exit_code(project / "a") == code
        assert readers.junit((project / "b").read_text("utf-8")).get("failures") == str(code)
        assert ("Not failing: 1" in (project / "c").read_text("utf-8")) is (code == 0)


def test_no_manifest_is_exit_3_in_every_format(project: Path, check: Check) -> None:
    write(project, "empty/x.txt")
    code, _, err = check("empty", *(f"--output={form}={form}" for form in deliver.FORMATS))
    assert code == 3
    assert err.startswith("error: no manifest found below empty\n")
    assert exit_code(project / "sarif") == 3
    for form in deliver.FORMATS:
        READERS[form]((project / form).read_text("utf-8"))


def test_the_step_summary_is_appended_with_annotations(
    project: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, **{"summary.md": "# before"})
    monkeypatch.setenv(deliver.SUMMARY, str(project / "summary.md"))
    check()
    check("--output", "markdown=x.md")
    assert (project / "summary.md").read_text("utf-8") == "# before"
    assert check("--format", "github")[0] == 1
    assert check("--output", "github=annotations")[0] == 1
    before, *pages = (project / "summary.md").read_text("utf-8").split("\n<!-- datapolicy -->\n")
    assert (before, len(pages)) == ("# before", 2)
    assert pages[0].strip() == pages[1].strip()
    assert len(readers.markdown(f"<!-- datapolicy -->\n{pages[0]}").rows) == 1


def test_a_step_summary_that_cannot_be_written_is_exit_4(
    project: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(deliver.SUMMARY, str(project / "gone" / "summary.md"))
    code, out, err = check("--format", "github", "--output", "sarif=a.sarif")
    assert code == 4
    assert "::error " in out
    assert re.fullmatch(r"error: '.*/gone/summary\.md' could not be written: No such file or directory\n", err)
    assert exit_code(project / "a.sarif") == 4


def test_paths_start_at_the_top_of_the_repository(project: Path, check: Check) -> None:
    git(project.parent, "init", "-q")
    run = readers.sarif(check("--format", "sarif")[1])
    artifact = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == "project/bad/dataset.yaml"
    assert readers.gitlab(check("--format", "gitlab")[1])[0]["location"]["path"] == "project/bad/dataset.yaml"
    assert readers.github(check("--format", "github")[1])[0][0].properties["file"] == "project/bad/dataset.yaml"
    assert str(project.parent) not in check("--format", "sarif")[1]


def test_sarif_has_the_page_of_every_rule(project: Path, check: Check) -> None:
    run = readers.sarif(check("--format", "sarif")[1])
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert {"DP001", "DP009", "DP101"} <= set(rules)
    assert [identity for identity, rule in rules.items() if "help" not in rule] == []


HOSTILE = "a\n::error::x\x1b[2J]]><script>@org|`##[x]\u202e"


@pytest.mark.parametrize("form", deliver.FORMATS)
def test_hostile_names_and_values_come_through_as_text(project: Path, check: Check, form: str) -> None:
    texts = (
        manifest("x", "simulation"),
        manifest("z").replace("stakes: low", 'stakes: "\\n::error::\\u001b##vso[task]<b>|`"'),
        manifest("z").replace("tickets", "a\u202eb"),
        "::error::x: [",
    )
    for number, text in enumerate(texts):
        write(project, **{f"{number}{HOSTILE}.dataset.yaml": text})
    with open(os.fsencode(project) + b"/caf\xe9.dataset.yaml", "wb") as file:
        file.write(b"\xff\xfe")
    code, out, err = check("--format", form)
    assert (code, err) == (1, "")
    READERS[form](out)
    for line in out.split("\n"):
        assert line.isprintable()
        assert form == "github" or not line.lstrip().startswith("::")
    assert not re.search(r"##[a-z]*\[", out)


LOADED = """
import sys
from pytest_datapolicy.cli import main
code = main(["check", "--output", sys.argv[1]])
sys.stderr.write(" ".join(sorted(sys.modules)))
sys.exit(code)
"""


def test_the_text_report_loads_none_of_the_others(project: Path) -> None:
    command = [sys.executable, "-c", LOADED, "report.txt"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    loaded = set(done.stderr.split())
    others = {f"pytest_datapolicy.render.{name}" for name in ("facts", "json", *deliver.FORMATS[2:])}
    assert "pytest_datapolicy.render.text" in loaded
    assert loaded & (others | {"html", "json", "urllib.parse", "xml", "typing_extensions"}) == set()
