"""``datapolicy waive``: what a check accepts is written, and everything else in the file stays as it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.waivers.bench import MANIFEST, POLICY, waiver, waivers
from tests.waivers.conftest import DAY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.waivers.conftest import Command

FILE = "policies/waivers.yaml"
WAIVE = ("waive", "DP101", "intents@1", "--split", "train")
TERMS = ("--reason", "cleared: in December", "--owner", "ada@example.org", "--approved-by", "board@example.org")
UNTIL = ("--expires", "2026-12-15", *DAY)


def test_an_entry_is_appended_and_works(project: Path, datapolicy: Command) -> None:
    code, out, err = datapolicy(*WAIVE, *TERMS, *UNTIL, "--allow", "max=0.45")
    assert (code, err) == (0, "")
    assert out == f"{FILE}:3: wrote the waiver of DP101 for intents@1\n"
    assert (project / FILE).read_text() == (
        "waivers: 1\n"
        "entries:\n"
        "  - rule: DP101\n"
        "    dataset: intents@1\n"
        "    split: train\n"
        '    reason: "cleared: in December"\n'
        "    owner: ada@example.org\n"
        "    approved_by: board@example.org\n"
        "    granted: 2026-11-01\n"
        "    expires: 2026-12-15\n"
        "    allow: {max: 0.45}\n"
    )
    _, out, _ = datapolicy("check", *DAY)
    assert ": 1 fail, 1 waived\n" in out
    assert datapolicy("waive", "DP102", "intents@1", *TERMS, *UNTIL)[0] == 0
    assert datapolicy("check", *DAY)[0] == 0


def test_comments_order_and_layout_of_the_file_stay(project: Path, datapolicy: Command) -> None:
    before = (
        "# Who may waive: see the wiki.\n"
        "\n"
        "entries:   # newest last\n"
        "\n"
        "    # tickets\n"
        "    -   rule:    max-synthetic-ratio\n"
        "        dataset: 'intents@1'   # the only one\n"
        "        reason: >-\n"
        "            folded\n"
        "            text\n"
        "        owner: ada@example.org\n"
        "        approved_by: board@example.org\n"
        "        granted:   2026-10-01\n"
        "        expires: 2026-12-15   # soon\n"
    )
    after = "\n# the end\nwaivers: 1\n"
    (project / FILE).write_text(before + after)
    assert datapolicy("waive", "min-real-records", "intents@1", *TERMS, *UNTIL, "--granted", "2026-10-20")[0] == 0
    text = (project / FILE).read_text()
    assert text.startswith(before)
    assert text.endswith(after)
    assert text[len(before) : -len(after)] == (
        "    -   rule: min-real-records\n"
        "        dataset: intents@1\n"
        '        reason: "cleared: in December"\n'
        "        owner: ada@example.org\n"
        "        approved_by: board@example.org\n"
        "        granted: 2026-10-20\n"
        "        expires: 2026-12-15\n"
    )
    assert datapolicy("check", *DAY)[0] == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("waivers: 1\r\nentries: []\r\n", "waivers: 1\r\nentries:\r\n  - rule: DP101\r\n"),
        ("waivers: 1\nentries: [] # none yet\n# end\n", "waivers: 1\nentries: # none yet\n  - rule: DP101\n"),
        ("waivers: 1\nentries:\n- {}\n", "waivers: 1\nentries:\n- {}\n- rule: DP101\n"),
        ("waivers: 1\nentries:\n- {}\n\n# b\n- {}\n", "waivers: 1\nentries:\n- {}\n\n# b\n- {}\n\n- rule: DP101\n"),
        ("waivers: 1\nentries:\n  -\n    rule: DP101", "waivers: 1\nentries:\n  -\n    rule: DP101\n  - rule: DP101\n"),
        ("waivers: 1  # one\nentries: [{}] # two\n", "waivers: 1  # one\nentries: [{}, {rule: DP101,"),
        ("\ufeffwaivers: 1\nentries: []\n", "\ufeffwaivers: 1\nentries:\n  - rule: DP101\n"),
    ],
)
def test_any_layout(project: Path, datapolicy: Command, before: str, after: str) -> None:
    (project / FILE).write_bytes(before.encode())
    code, _, err = datapolicy(*WAIVE, *TERMS, *UNTIL)
    assert (code, err) == (0, "")
    text = (project / FILE).read_bytes().decode()
    assert text.startswith(after)
    assert [line for line in ("# one", "# two", "# none yet", "# end") if line in before and line not in text] == []
    _, out, _ = datapolicy("check", *DAY)
    assert "waived[DP101" in out


def test_a_file_that_is_not_there_yet_is_made(project: Path, datapolicy: Command) -> None:
    (project / FILE).unlink()
    assert datapolicy("check", *DAY)[0] == 2
    assert datapolicy(*WAIVE, *TERMS, *UNTIL)[0] == 0
    assert (project / FILE).read_text().startswith("waivers: 1\nentries:\n  - rule: DP101\n")
    assert datapolicy("check", *DAY)[0] == 1


REFUSED = [
    # arguments, then what is said of each fault
    (
        ["DP1O1", "intents@1", *TERMS, *UNTIL],
        [("there is no rule DP1O1", f"{FILE}:3:5", "did you mean DP101?")],
    ),
    (
        ["DP009", "intents@1", *TERMS, *UNTIL],
        [("DP009 (consistent-counts) is always on, and no waiver covers it", f"{FILE}:3:5", None)],
    ),
    (
        ["DP101", "intents@2", *TERMS, *UNTIL],
        [("there is no manifest of intents@2", f"{FILE}:4:5", "did you mean intents@1?")],
    ),
    (
        ["DP101", "intents@1", "--split", "trian", *TERMS, *UNTIL],
        [("intents@1 has no split trian", f"{FILE}:5:5", "did you mean train?")],
    ),
    (
        ["DP101", "int*@1", *TERMS, *UNTIL],
        [('dataset is "int*@1", and a waiver has no wildcards', f"{FILE}:4:5", None)],
    ),
    (
        ["DP101", "intents@1", *TERMS[:4], "--approved-by", "ada@example.org", "--expires", "2027-03-01", *DAY],
        [
            ("ada@example.org is the owner, and nobody approves a waiver of their own", f"{FILE}:7:5", None),
            ("the waiver lasts 120 days, at most 90 allowed", f"{FILE}:9:5", "let it expire on 2027-01-30 or before"),
        ],
    ),
    (
        ["DP101", "intents@1", *TERMS, *UNTIL, "--allow", "max=0.3"],
        [("max 0.3 is not looser than 0.3, which the clause sets", f"{FILE}:10:5", None)],
    ),
    (
        ["DP101", "intents@1", *TERMS, *UNTIL, "--allow", "max=lots"],
        [('max is "lots"; it must be a share from 0 to 1', f"{FILE}:10:5", None)],
    ),
    (
        ["DP101", "intents@1", "--reason", " ", *TERMS[2:], *UNTIL],
        [('reason is " "; it must be a text that says why; character 1 is U+0020 SPACE', f"{FILE}:5:5", None)],
    ),
]


@pytest.mark.parametrize(("arguments", "faults"), REFUSED)
def test_what_a_check_would_refuse_is_refused_in_the_same_words(
    project: Path, datapolicy: Command, arguments: list[str], faults: list[tuple[str, str, str | None]]
) -> None:
    code, out, err = datapolicy("waive", *arguments)
    assert (code, out) == (2, "")
    assert [line for line in err.split("\n") if line.startswith("error: ")] == [
        f"error: {said}" for said, _, _ in faults
    ]
    assert [line.strip() for line in err.split("\n") if "-->" in line] == [f"--> {place}" for _, place, _ in faults]
    assert all(f"= help: {remedy}\n" in err for _, _, remedy in faults if remedy is not None)
    assert (project / FILE).read_text() == waivers()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["waive", "DP101"],
            "the following arguments are required: DATASET, --reason, --owner, --approved-by, --expires",
        ),
        ([*WAIVE, *TERMS, "--expires", "2026-02-30"], "'2026-02-30' is not a day"),
        ([*WAIVE, *TERMS, *UNTIL, "--granted", "now"], "'now' is not a day"),
        ([*WAIVE, *TERMS, *UNTIL, "--today", "now"], "'now' is not a day"),
        ([*WAIVE, *TERMS, *UNTIL, "--allow", "max"], "--allow 'max' is no limit"),
        ([*WAIVE, *TERMS, *UNTIL, "--allow", "max=1", "--allow", "max=2"], "--allow names max twice"),
        (
            [*WAIVE, *TERMS, *UNTIL, "--file", "x.yaml"],
            "the policy does not name x.yaml, so that no check would read it",
        ),
        ([*WAIVE, *TERMS, *UNTIL, "--policy", "builtin:baseline"], "the policy names no waiver file"),
    ],
)
def test_wrong_usage_is_exit_2(project: Path, datapolicy: Command, arguments: list[str], message: str) -> None:
    code, out, err = datapolicy(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}\n")
    assert (project / FILE).read_text() == waivers()


def test_one_of_several_files_is_chosen(project: Path, datapolicy: Command) -> None:
    text = POLICY.replace("[waivers.yaml]", "[waivers.yaml, late.yaml]")
    (project / "policies/org.yaml").write_text(text)
    (project / "policies/late.yaml").write_text(waivers())
    code, _, err = datapolicy(*WAIVE, *TERMS, *UNTIL)
    assert (code, err) == (
        2,
        "error: the policy names several waiver files\n"
        "  = help: choose with --file: policies/late.yaml, policies/waivers.yaml\n",
    )
    assert datapolicy(*WAIVE, *TERMS, *UNTIL, "--file", "policies/late.yaml")[0] == 0
    assert (project / FILE).read_text() == waivers()
    assert "rule: DP101" in (project / "policies/late.yaml").read_text()


def test_what_a_check_says_of_the_new_waiver_is_noted(project: Path, datapolicy: Command) -> None:
    code, out, _ = datapolicy("waive", "DP201", "intents@1", *TERMS, *UNTIL)
    assert (code, out.splitlines()[1:]) == (
        0,
        [f"{FILE}:3: note: the waiver of DP201 for intents@1 covers no finding"],
    )


def test_other_entries_with_faults_do_not_stand_in_the_way(project: Path, datapolicy: Command) -> None:
    (project / FILE).write_text(waivers(waiver("DP101", "gone@1")))
    assert datapolicy(*WAIVE, *TERMS, *UNTIL)[0] == 0
    assert datapolicy("check", *DAY)[0] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("waivers: 1\n", "required field entries is missing in this waiver file"),
        ("waivers: 1\nentries: [\n", None),
        ("waivers: 1\nentries: {}\n", "entries is an empty mapping; it must be a list"),
    ],
)
def test_a_file_that_is_no_waiver_file_is_left_alone(
    project: Path, datapolicy: Command, text: str, message: str | None
) -> None:
    (project / FILE).write_text(text)
    code, out, err = datapolicy(*WAIVE, *TERMS, *UNTIL)
    assert (code, out) == (2, "")
    assert message is None or err.startswith(f"error: {message}\n")
    assert (project / FILE).read_text() == text


def test_json_is_not_written(project: Path, datapolicy: Command) -> None:
    (project / "policies/org.yaml").write_text(POLICY.replace("waivers.yaml", "waivers.json"))
    (project / "policies/waivers.json").write_text('{"waivers": 1, "entries": []}\n')
    code, _, err = datapolicy(*WAIVE, *TERMS, *UNTIL)
    assert (code, err) == (
        2,
        "error: policies/waivers.json is JSON, and waivers are added to YAML files\n  = help: add the entry by hand\n",
    )


def test_a_manifest_that_is_not_there_is_exit_3(project: Path, datapolicy: Command) -> None:
    (project / "data/intents/dataset.yaml").unlink()
    assert datapolicy(*WAIVE, *TERMS, *UNTIL)[0] == 3


def test_a_folder_that_cannot_be_written_is_exit_4(
    project: Path, datapolicy: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    code, out, err = datapolicy(*WAIVE, *TERMS, *UNTIL)
    assert (code, out) == (4, "")
    assert err == f"error: {FILE} could not be written: No space left on device\n"
    assert sorted(os.listdir(project / "policies")) == ["org.yaml", "waivers.yaml"]
    assert (project / FILE).read_text() == waivers()


def test_the_manifest_is_never_touched(project: Path, datapolicy: Command) -> None:
    datapolicy(*WAIVE, *TERMS, *UNTIL)
    assert (project / "data/intents/dataset.yaml").read_text() == MANIFEST
