"""Waivers and baselines through ``datapolicy check``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from pytest_datapolicy import check
from pytest_datapolicy.schemas import load
from tests.waivers.bench import MANIFEST, POLICY, waiver, waivers
from tests.waivers.conftest import DAY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.waivers.conftest import Command

VALIDATOR = jsonschema_rs.validator_for(load("report"))


def report_of(datapolicy: Command, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and report, valid against its schema."""
    code, out, _ = datapolicy(
        "check", "--format", "json", *(arguments if "--today" in arguments else (*arguments, *DAY))
    )
    report = json.loads(out)
    VALIDATOR.validate(report)
    return code, report


def told(report: dict[str, Any]) -> list[str]:
    return [f"{f['rule']} {f['level']} {f['outcome']} {f['path']}:{f['line']}" for f in report["findings"]]


BOTH = [
    "DP102 error {} data/intents/dataset.yaml:8",
    "DP101 error {} data/intents/dataset.yaml:12",
]
WAIVE_BOTH = waivers(waiver("DP101", split="train"), waiver("DP102", allow="{min: 50}"))


def test_waived_findings_are_counted_and_pass(project: Path, datapolicy: Command) -> None:
    (project / "policies/waivers.yaml").write_text(WAIVE_BOTH)
    code, report = report_of(datapolicy)
    assert code == 0
    assert told(report) == [line.format("waived") for line in BOTH]
    assert (report["summary"]["waived"], report["summary"]["fail"]) == (2, 0)
    assert report["findings"][0]["waiver"] == {
        "owner": "ada@example.org",
        "approved_by": "board@example.org",
        "reason": "r",
        "granted": "2026-10-01",
        "expires": "2026-12-15",
        "days_left": 44,
        "allow": {"min": 50},
        "path": "policies/waivers.yaml",
        "line": 4,
    }
    assert report["findings"][1]["waiver"]["allow"] is None


def test_text_shows_who_stands_behind_a_waiver(project: Path, datapolicy: Command) -> None:
    (project / "policies/waivers.yaml").write_text(WAIVE_BOTH)
    code, out, err = datapolicy("check", *DAY)
    assert (code, err) == (0, "")
    assert (
        "waived[DP101 max-synthetic-ratio]: 40% of the records are synthetic, at most 30% allowed\n"
        "  --> data/intents/dataset.yaml:12:51\n"
    ) in out
    assert (
        "   = waiver: until 2026-12-15 (44 days left), owner ada@example.org, approved by board@example.org "
        "(policies/waivers.yaml:3): r\n"
    ) in out
    assert ": 2 waived\n" in out


def test_the_end_of_a_waiver_is_announced_and_fails_nothing(project: Path, datapolicy: Command) -> None:
    (project / "policies/waivers.yaml").write_text(WAIVE_BOTH)
    code, report = report_of(datapolicy, "--today", "2026-12-10", "--strict")
    assert code == 0
    assert told(report)[2:] == [
        "DP702 warning fail policies/waivers.yaml:3",
        "DP702 warning fail policies/waivers.yaml:4",
    ]
    assert report["summary"]["warning"] == 2
    code, report = report_of(datapolicy, "--today", "2026-12-16")
    assert code == 1
    assert told(report) == [
        *(line.format("fail") for line in BOTH),
        "DP702 error fail policies/waivers.yaml:3",
        "DP702 error fail policies/waivers.yaml:4",
    ]


def test_a_waiver_without_need_is_a_warning_that_strict_raises(project: Path, datapolicy: Command) -> None:
    (project / "policies/waivers.yaml").write_text(waivers(waiver("DP201")))
    (project / "data/intents/dataset.yaml").write_text(MANIFEST.replace("40", "20").replace("60", "100"))
    code, report = report_of(datapolicy)
    assert (code, told(report)) == (0, ["DP704 warning fail policies/waivers.yaml:3"])
    assert report_of(datapolicy, "--strict")[0] == 1
    assert report_of(datapolicy, "--strict", "--ignore", "DP704")[0] == 0


def test_a_fault_of_an_entry_is_exit_1_at_its_line(project: Path, datapolicy: Command) -> None:
    (project / "policies/waivers.yaml").write_text(waivers(waiver("DP101", "intents@9"), waiver("DP102")))
    code, report = report_of(datapolicy)
    assert (code, told(report)) == (
        1,
        [
            "DP102 error waived data/intents/dataset.yaml:8",
            "DP101 error fail data/intents/dataset.yaml:12",
            "DP703 error fail policies/waivers.yaml:3",
        ],
    )
    (finding,) = [item for item in report["findings"] if item["rule"] == "DP703"]
    assert (finding["dataset"], finding["split"], finding["waiver"]) == (None, None, None)


def test_a_waiver_file_that_is_not_there_is_exit_2_where_the_policy_names_it(
    project: Path, datapolicy: Command
) -> None:
    (project / "policies/waivers.yaml").unlink()
    code, report = report_of(datapolicy)
    assert code == 2
    assert report["error"] == {
        "message": 'there is no waiver file "policies/waivers.yaml"',
        "path": "policies/org.yaml",
        "line": 4,
        "column": 19,
    }


def test_a_link_out_of_the_project_is_no_waiver_file(project: Path, datapolicy: Command) -> None:
    file = project / "policies/waivers.yaml"
    outside = project.parent / "waivers.yaml"
    outside.write_text(WAIVE_BOTH)
    file.unlink()
    file.symlink_to(outside)
    code, report = report_of(datapolicy)
    assert code == 2
    assert report["error"]["message"] == "policies/waivers.yaml: this leads out of the project root"


def test_paths_choose_what_is_told_of_waivers_too(project: Path, datapolicy: Command) -> None:
    other = project / "data/other/dataset.yaml"
    other.parent.mkdir()
    other.write_text(MANIFEST.replace("intents", "other"))
    (project / "policies/waivers.yaml").write_text(
        waivers(waiver("DP101"), waiver("DP102"), waiver("DP201", "other@1"), waiver("DP101", "gone@1"))
    )
    code, report = report_of(datapolicy, "data/intents")
    assert (code, told(report)) == (
        1,
        [*(line.format("waived") for line in BOTH), "DP703 error fail policies/waivers.yaml:6"],
    )


def test_write_use_prune(project: Path, datapolicy: Command) -> None:
    code, out, err = datapolicy("check", *DAY, "--write-baseline", "ci.json")
    assert (code, err) == (0, "wrote ci.json: 2 entries, 2 new, 0 removed\n")
    assert ": 2 baselined\n" in out
    assert "note: 2 findings absorbed by the baseline ci.json\n" in out
    assert (project / "ci.json").read_text() == (
        '{\n  "baseline": 1,\n  "entries": [\n'
        '    {"rule": "DP101", "dataset": "intents", "split": "train", "observed": 0.4, "limit": 0.3},\n'
        '    {"rule": "DP102", "dataset": "intents", "split": "train", "observed": 60, "limit": 100}\n'
        "  ]\n}\n"
    )
    code, report = report_of(datapolicy, "--baseline", "ci.json")
    assert (code, told(report)) == (0, [line.format("baselined") for line in BOTH])
    assert (report["summary"]["baselined"], report["run"]["baseline"]) == (2, "ci.json")

    better = MANIFEST.replace("records: 60", "records: 80").replace("records: 40", "records: 20")
    (project / "data/intents/dataset.yaml").write_text(better)
    code, report = report_of(datapolicy, "--baseline", "ci.json")
    assert (code, told(report)) == (0, ["DP704 warning fail ci.json:4", BOTH[0].format("baselined")])
    (finding,) = [item for item in report["findings"] if item["rule"] == "DP704"]
    assert finding["message"] == "the baseline entry of DP101 for intents, split train covers no finding"
    assert finding["remedy"] == "remove it, for instance with --prune-baseline"
    assert (finding["column"], finding["dataset"]) == (5, None)

    code, _, err = datapolicy("check", *DAY, "--baseline", "ci.json", "--prune-baseline")
    assert (code, err) == (0, "wrote ci.json: 1 entry, 0 new, 1 removed\n")
    assert report_of(datapolicy, "--baseline", "ci.json", "--strict")[0] == 0

    worse = MANIFEST.replace("records: 60", "records: 59")
    (project / "data/intents/dataset.yaml").write_text(worse)
    code, report = report_of(datapolicy, "--baseline", "ci.json")
    assert code == 1
    assert told(report) == ["DP704 warning fail ci.json:4", *(line.format("fail") for line in BOTH)]
    assert report["findings"][0]["message"] == (
        "the baseline entry of DP102 for intents, split train covers no finding: found 59, recorded 60"
    )
    assert report["findings"][0]["remedy"] == "go back to what was recorded, or meet the demand and remove the entry"


def test_moving_and_renaming_files_keeps_a_baseline(project: Path, datapolicy: Command) -> None:
    datapolicy("check", *DAY, "--write-baseline", "ci.yaml")
    (project / "elsewhere").mkdir()
    (project / "data/intents/dataset.yaml").rename(project / "elsewhere/intents.dataset.yaml")
    text = (project / "elsewhere/intents.dataset.yaml").read_text().replace('version: "1"', 'version: "2"')
    (project / "elsewhere/intents.dataset.yaml").write_text(f"# moved\n\n{text}")
    code, report = report_of(datapolicy, "--baseline", "ci.yaml", "--strict")
    assert (code, report["summary"]["baselined"]) == (0, 2)


def test_a_new_fault_of_the_same_rule_elsewhere_is_never_absorbed(project: Path, datapolicy: Command) -> None:
    datapolicy("check", *DAY, "--write-baseline", "ci.json")
    text = MANIFEST + MANIFEST[MANIFEST.index("  train:") :].replace("train:", "more:")
    (project / "data/intents/dataset.yaml").write_text(text)
    code, report = report_of(datapolicy, "--baseline", "ci.json")
    assert code == 1
    assert [f"{f['rule']} {f['outcome']} {f['split']}" for f in report["findings"]] == [
        "DP102 baselined train",
        "DP101 baselined train",
        "DP102 fail more",
        "DP101 fail more",
    ]


def test_what_stays_failing_is_shown_while_a_baseline_is_written(project: Path, datapolicy: Command) -> None:
    text = MANIFEST.replace("records: 40,", "records: 40, slices: {rare: 41},")
    (project / "data/intents/dataset.yaml").write_text(text)
    code, out, _ = datapolicy("check", *DAY, "--write-baseline", "ci.json")
    assert code == 0
    assert "error[DP009 consistent-counts]: " in out
    code, report = report_of(datapolicy, "--baseline", "ci.json")
    assert code == 1
    assert [finding["rule"] for finding in report["findings"] if finding["outcome"] == "fail"] == ["DP009"]


def test_writing_anew_keeps_what_this_run_cannot_tell(project: Path, datapolicy: Command) -> None:
    other = project / "data/other/dataset.yaml"
    other.parent.mkdir()
    other.write_text(MANIFEST.replace("intents", "other"))
    datapolicy("check", *DAY, "--write-baseline", "ci.json")
    (project / "data/intents/dataset.yaml").write_text(MANIFEST.replace("records: 60", "records: 50"))
    _, _, err = datapolicy("check", "data/intents", *DAY, "--write-baseline", "ci.json", "--ignore", "DP102")
    assert err == "wrote ci.json: 4 entries, 1 new, 1 removed\n"
    entries = json.loads((project / "ci.json").read_text())["entries"]
    assert [(entry["dataset"], entry["rule"], entry["observed"]) for entry in entries] == [
        ("intents", "DP101", "4/9"),
        ("intents", "DP102", 60),
        ("other", "DP101", 0.4),
        ("other", "DP102", 60),
    ]
    code, report = report_of(datapolicy, "data/other", "--baseline", "ci.json", "--strict")
    assert (code, len(report["findings"])) == (0, 2)


def test_entries_of_what_is_gone_are_stale(project: Path, datapolicy: Command) -> None:
    entry = '{{"rule": "{}", "dataset": "{}", "split": "{}", "observed": 0.5, "limit": 0.3}}'
    lines = [("DP101", "gone", "train"), ("DP101", "intents", "gone"), ("XY001", "intents", "train")]
    body = ",\n".join(entry.format(*line) for line in lines)
    (project / "ci.json").write_text(f'{{"baseline": 1, "entries": [\n{body}\n]}}\n')
    _, report = report_of(datapolicy, "--baseline", "ci.json", "--ignore", "DP101,DP102")
    assert told(report) == ["DP704 warning fail ci.json:4"]
    _, report = report_of(datapolicy, "--baseline", "ci.json")
    assert [line for line in told(report) if "DP704" in line] == [
        "DP704 warning fail ci.json:2",
        "DP704 warning fail ci.json:3",
        "DP704 warning fail ci.json:4",
    ]


def test_a_waived_finding_needs_no_baseline(project: Path, datapolicy: Command) -> None:
    datapolicy("check", *DAY, "--write-baseline", "ci.json")
    (project / "policies/waivers.yaml").write_text(WAIVE_BOTH)
    _, report = report_of(datapolicy, "--baseline", "ci.json")
    assert [line.split(" ")[:3] for line in told(report)] == [
        ["DP704", "warning", "fail"],
        ["DP704", "warning", "fail"],
        ["DP102", "error", "waived"],
        ["DP101", "error", "waived"],
    ]


def test_an_expired_waiver_is_told_beside_a_baseline(project: Path, datapolicy: Command) -> None:
    """A baseline never holds what is about waivers."""
    datapolicy("check", *DAY, "--write-baseline", "ci.json")
    (project / "policies/waivers.yaml").write_text(WAIVE_BOTH)
    code, report = report_of(datapolicy, "--baseline", "ci.json", "--today", "2026-12-16")
    assert code == 1
    assert [line.split(" ")[:3] for line in told(report)] == [
        ["DP102", "error", "baselined"],
        ["DP101", "error", "baselined"],
        ["DP702", "error", "fail"],
        ["DP702", "error", "fail"],
    ]


USAGE = [
    (["--write-baseline"], "--write-baseline needs a file", "name it: --baseline FILE"),
    (["--prune-baseline"], "--prune-baseline needs a file", "name it: --baseline FILE"),
    (
        ["--baseline", "a", "--write-baseline", "--prune-baseline"],
        "--write-baseline and --prune-baseline exclude each other",
        "use one of them",
    ),
    (
        ["--baseline", "a", "--write-baseline", "b"],
        "--baseline and --write-baseline name two files",
        "name the file once",
    ),
    (
        ["--baseline", "gone.json"],
        "there is no baseline gone.json",
        "write it: datapolicy check --write-baseline gone.json",
    ),
    (["--baseline", "gone.json", "--prune-baseline"], "there is no baseline gone.json", None),
    (
        ["--write-baseline", "data/intents/dataset.yaml"],
        "data/intents/dataset.yaml is there already, and is no baseline: "
        "this is no baseline: required field baseline is missing",
        "name another file, or remove this one",
    ),
    (
        ["--write-baseline", "data"],
        "data is there already, and is no baseline: this is a directory, not a regular file",
        None,
    ),
]


@pytest.mark.parametrize(("arguments", "message", "remedy"), USAGE)
def test_wrong_usage_of_baselines_is_exit_2(
    project: Path, datapolicy: Command, arguments: list[str], message: str, remedy: str | None
) -> None:
    code, out, err = datapolicy("check", *DAY, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}\n")
    assert remedy is None or err.endswith(f"= help: {remedy}\n")
    assert (project / "data/intents/dataset.yaml").read_text() == MANIFEST


def test_the_file_of_baseline_is_written_when_none_is_named(project: Path, datapolicy: Command) -> None:
    code, _, err = datapolicy("check", *DAY, "--baseline", "ci.json", "--write-baseline")
    assert (code, err) == (0, "wrote ci.json: 2 entries, 2 new, 0 removed\n")


def test_a_run_that_is_not_valid_writes_nothing(project: Path, datapolicy: Command) -> None:
    (project / "policies/org.yaml").write_text("policy: 1\n")
    assert datapolicy("check", *DAY, "--write-baseline", "ci.json")[0] == 2
    assert not (project / "ci.json").exists()


def test_a_file_that_cannot_be_written_is_exit_4(project: Path, datapolicy: Command) -> None:
    code, out, err = datapolicy("check", *DAY, "--write-baseline", "no/such/folder/ci.json")
    assert (code, out) == (4, "")
    assert err.startswith("error: no/such/folder/ci.json could not be written: ")
    assert sorted(os.listdir(project)) == ["data", "datapolicy.toml", "policies"]


def test_the_library_takes_a_baseline_too(project: Path, datapolicy: Command) -> None:
    datapolicy("check", *DAY, "--write-baseline", "ci.json")
    report = check(baseline="ci.json", today=DAY[1])
    assert (report.baseline, report.exit_code(), report.count("baselined")) == ("ci.json", 0, 2)
    missing = check(baseline="gone.json", today=DAY[1])
    assert (missing.exit_code(), missing.errors[0].message) == (2, "there is no baseline gone.json")


LAZY = (
    "pytest_datapolicy.policy.waivers",
    "pytest_datapolicy.engine.waivers",
    "pytest_datapolicy.policy.baseline",
    "pytest_datapolicy.engine.baseline",
    "pytest_datapolicy.app.adoption",
    "pytest_datapolicy.fix",
)


def test_a_tree_without_waivers_pays_for_none(project: Path) -> None:
    (project / "policies/org.yaml").write_text(POLICY.replace("waivers: {files: [waivers.yaml], ", "waivers: {"))
    code = (
        "import sys; from pytest_datapolicy.cli import main; "
        "code = main(['check', '--policy', 'policies/org.yaml', 'data']); "
        f"print(code, sorted(set(sys.modules) & set({LAZY!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "1 []"
