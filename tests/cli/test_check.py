"""``datapolicy check``: what is judged and what is printed."""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING

import pytest

from tests.app.trees import POLICY, manifest, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Check = Callable[..., tuple[int, str, str]]

from tests.cli.reports import DAY, parsed, plain, run


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
