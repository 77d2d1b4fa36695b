"""``--base REV``: the change under test has no say in the policy that it is judged by."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy import check
from pytest_datapolicy.render import json as render_json
from tests.app.trees import git, repository, write

from .conftest import MORE, ORG, SETTINGS, commit, manifest
from .judging import against, told

if TYPE_CHECKING:
    from pathlib import Path

WORSE = manifest(made=900)
FAILS = ["DP101 notes@1 data/notes.dataset.yaml:12 fail new"]
LOOSER = ORG.replace("0.3", "0.99")
HARMLESS = 'policy: 1\nname: org\nversion: "2"\nrules: {named-owner: {level: advice}}\n'


def sources(root: Path, revision: str, *names: str) -> list[tuple[str, bytes]]:
    from hashlib import sha256

    texts = [git(root, "show", f"{revision}:{name}").encode() for name in names]
    return [(name, sha256(text).hexdigest().encode()) for name, text in zip(names, texts, strict=True)]


def test_a_tree_like_the_base_passes(project: Path) -> None:
    report = against()
    assert (told(report), report.exit_code(strict=True)) == ([], 0)
    assert report.base is not None
    assert (report.base.revision, report.base.commit) == ("HEAD", git(project, "rev-parse", "HEAD").strip())
    assert [(item.path, item.sha256.encode()) for item in report.policy] == sources(
        project, "HEAD", "policies/more.yaml", "policies/org.yaml"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"policies/org.yaml": LOOSER},
        {"policies/org.yaml": HARMLESS},
        {"policies/org.yaml": None},
        {"policies/more.yaml": None},
        {"policies/org.yaml": "not: [yaml"},
        {"datapolicy.toml": None},
        {"datapolicy.toml": 'policy = "weak.yaml"\n', "weak.yaml": HARMLESS},
        {"datapolicy.toml": SETTINGS + 'exclude = ["data/**"]\n'},
        {"datapolicy.toml": SETTINGS + 'roots = ["policies"]\n'},
        {"datapolicy.toml": SETTINGS + 'formats = ["croissant"]\n'},
        {"datapolicy.toml": "broken = ["},
        {"pyproject.toml": '[tool.datapolicy]\npolicy = "policies/org.yaml"\nexclude = ["**"]\n'},
        {".gitignore": "data/\n*.dataset.yaml\n"},
        {".gitattributes": "*.dataset.yaml export-ignore\npolicies/* export-subst\n"},
    ],
    ids=lambda change: ", ".join(f"{'no ' if text is None else ''}{name}" for name, text in change.items()),
)
def test_what_the_change_does_to_its_gate_has_no_effect(project: Path, change: dict[str, str | None]) -> None:
    write(project, **{"data/notes.dataset.yaml": WORSE})
    expected = against()
    assert told(expected) == FAILS
    for name, text in change.items():
        if text is None:
            (project / name).unlink()
        else:
            write(project, **{name: text})
    assert against() == expected
    git(project, "add", "-A", "-f")
    assert against() == expected
    commit(project)
    assert told(against("HEAD~1")) == FAILS


def test_settings_of_a_subfolder_that_the_change_adds_do_not_make_it_a_project(project: Path) -> None:
    files = {"data/datapolicy.toml": 'policy = "weak.yaml"\n', "data/weak.yaml": HARMLESS}
    write(project, **files, **{"data/notes.dataset.yaml": WORSE})
    report = against("HEAD", "data")
    assert (told(report), report.root) == (FAILS, str(project))
    assert not [line for line in told(against(None, "data")) if "DP101" in line]


def test_links_that_the_change_puts_in_place_of_policies_do_not_count(project: Path) -> None:
    write(project, **{"data/notes.dataset.yaml": WORSE, "weak/org.yaml": HARMLESS})
    commit(project, **{"weak/org.yaml": HARMLESS, "data/notes.dataset.yaml": manifest()})
    write(project, **{"data/notes.dataset.yaml": WORSE})
    (project / "policies" / "org.yaml").unlink()
    (project / "policies" / "org.yaml").symlink_to("../weak/org.yaml")
    assert told(against()) == FAILS
    for name in ("org.yaml", "more.yaml"):
        (project / "policies" / name).unlink()
    (project / "policies").rmdir()
    (project / "policies").symlink_to("weak")
    assert told(against()) == FAILS


def test_a_policy_option_names_a_file_of_the_base(project: Path) -> None:
    write(project, **{"data/notes.dataset.yaml": WORSE, "policies/org.yaml": LOOSER, "new.yaml": HARMLESS})
    assert told(against(policy="policies/org.yaml")) == FAILS
    assert told(against(policy=str(project / "policies" / "org.yaml"))) == FAILS
    report = against(policy="new.yaml")
    assert (told(report), report.exit_code()) == (["exit 2: there is no file new.yaml"], 2)


def test_a_policy_outside_of_the_repository_is_read_from_there(project: Path) -> None:
    write(project.parent, **{"trusted/org.yaml": "X", "trusted/more/more.yaml": MORE, "trusted/datapolicy.toml": ""})
    write(project.parent, **{"trusted/org.yaml": ORG.replace("./more.yaml", "more/more.yaml").replace("0.3", "0.05")})
    report = against(policy="../trusted/org.yaml")
    assert told(report) == [
        "DP101 notes@1 data/notes.dataset.yaml:12 fail known",
        "DP101 other@1 data/other.dataset.yaml:12 fail known",
    ]
    assert [source.path for source in report.policy] == ["../trusted/more/more.yaml", "../trusted/org.yaml"]


def test_a_base_from_before_there_was_a_policy_is_judged_by_the_pack_and_says_so(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    commit(root, **{"data/notes.dataset.yaml": manifest()})
    write(root, **{"datapolicy.toml": SETTINGS, "policies/org.yaml": HARMLESS})
    report = against("HEAD", str(root))
    assert report.policy_default
    assert [source.path for source in report.policy] == ["builtin:baseline"]


def test_the_root_of_the_base_without_settings_is_the_top_of_the_repository(project: Path) -> None:
    git(project, "rm", "-q", "datapolicy.toml")
    commit(project)
    write(project, **{"data/datapolicy.toml": ""})
    report = against("HEAD", "data", policy="policies/org.yaml")
    assert (told(report), report.root) == ([], str(project))


def test_settings_above_the_repository_are_refused(project: Path) -> None:
    git(project, "rm", "-q", "datapolicy.toml")
    commit(project)
    write(project.parent, **{"datapolicy.toml": ""})
    report = against()
    message = f"the project root {project.parent} lies outside of the repository that --base is about"
    assert told(report) == [f"exit 2: {message}"]


def test_a_project_in_a_subfolder_and_in_a_worktree(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = {f"sub/{name}": text for name, text in (("datapolicy.toml", SETTINGS), ("policies/org.yaml", ORG))}
    commit(project, **inner, **{"sub/policies/more.yaml": MORE, "sub/deep/notes.dataset.yaml": manifest()})
    git(project, "worktree", "add", "-q", str(project.parent / "tree"), "-b", "side")
    for top in (project, project.parent / "tree"):
        write(top, **{"sub/deep/notes.dataset.yaml": WORSE, "sub/policies/org.yaml": LOOSER})
        found = ["DP101 notes@1 deep/notes.dataset.yaml:12 fail new"]
        assert told(against("main", str(top / "sub"))) == found
        monkeypatch.chdir(top / "sub" / "deep")
        report = against("main")
        assert (told(report), report.root) == (found, str(top / "sub"))


def test_the_working_directory_may_be_elsewhere(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, **{"data/notes.dataset.yaml": WORSE})
    monkeypatch.chdir(project.parent)
    assert told(against("HEAD", "project")) == FAILS
    (project.parent / "alias").symlink_to("project")
    monkeypatch.chdir(project.parent / "alias")
    assert told(against("HEAD")) == FAILS


def test_paths_choose_what_is_reported(project: Path) -> None:
    write(project, **{"data/notes.dataset.yaml": WORSE})
    (project / "data" / "other.dataset.yaml").unlink()
    assert told(against("HEAD", "data/notes.dataset.yaml")) == FAILS
    assert told(against("HEAD", "data")) == [*FAILS, "DP706 other@1 data/other.dataset.yaml:2 fail new"]


def test_not_a_repository(tmp_path: Path) -> None:
    write(tmp_path, **{"a.dataset.yaml": manifest()})
    report = against("HEAD", str(tmp_path))
    assert told(report) == [f"exit 2: --base needs a git work tree, and {tmp_path} is in none"]
    assert report.exit_code() == 2


def test_a_path_that_is_not_there(project: Path) -> None:
    report = against("HEAD", "nowhere/dataset.yaml")
    assert told(report) == ["exit 2: there is no file or folder 'nowhere/dataset.yaml'"]


def test_odd_names_reach_the_json_whole(project: Path) -> None:
    names = [os.fsdecode(b"data/caf\xe9.dataset.yaml"), "data/new\nline.dataset.yaml", 'data/quo"te.dataset.yaml']
    commit(project, **{name: manifest(f"odd-{number}") for number, name in enumerate(names)})
    for name in names:
        (project / name).unlink()
    report = against()
    assert [finding.place.path for finding in report.findings] == sorted(names)
    paths = [finding["path"] for finding in json.loads(render_json.render(report))["findings"]]
    assert len(paths) == 3
    assert all("\udce9" not in path for path in paths)


def test_a_manifest_that_moves_is_not_gone(project: Path) -> None:
    (project / "new").mkdir()
    git(project, "mv", "data/notes.dataset.yaml", "new/place.dataset.yaml")
    assert told(against()) == []
    write(project, **{"new/place.dataset.yaml": manifest().replace("high", "low")})
    assert told(against()) == ["DP706 notes@1 new/place.dataset.yaml:4 fail new"]


GONE = ["DP710 - policies/org.yaml:5 fail new", "DP706 notes@1 data/notes.dataset.yaml:2 fail new"]


@pytest.mark.parametrize("how", ["deleted", "renamed", "excluded", "emptied", "ignored"])
def test_a_data_set_that_vanishes_is_told_where_the_base_has_it(project: Path, how: str) -> None:
    commit(project, **{"datapolicy.toml": SETTINGS + 'exclude = ["attic/**"]\n'})
    file = project / "data" / "notes.dataset.yaml"
    text = file.read_text("utf-8")
    if how == "deleted":
        git(project, "rm", "-q", "data/notes.dataset.yaml")
    elif how == "renamed":
        git(project, "mv", "data/notes.dataset.yaml", "data/notes.yaml")
    elif how == "excluded":
        (project / "attic").mkdir()
        git(project, "mv", "data/notes.dataset.yaml", "attic/notes.dataset.yaml")
    elif how == "emptied":
        file.write_text(manifest("third"), "utf-8")
    else:
        git(project, "rm", "-q", "--cached", "data/notes.dataset.yaml")
        write(project, **{".gitignore": "notes.dataset.yaml\n"})
    report = against()
    assert told(report) == sorted(GONE)
    (gone,) = (finding for finding in report.findings if finding.rule == "DP706")
    assert gone.message == "no manifest describes notes any more, and HEAD has one"
    assert gone.place.source == text.splitlines()[1]
    assert report.exit_code() == 1


def test_a_link_out_of_the_tree_is_no_manifest(project: Path) -> None:
    write(project.parent, **{"outside.yaml": manifest()})
    (project / "data" / "notes.dataset.yaml").unlink()
    (project / "data" / "notes.dataset.yaml").symlink_to("../../outside.yaml")
    assert told(against()) == [
        "DP001 - data/notes.dataset.yaml:1 fail new",
        "DP706 notes@1 data/notes.dataset.yaml:2 fail new",
        "DP710 - policies/org.yaml:5 fail new",
    ]


def test_a_manifest_that_is_broken_on_purpose_hides_nothing(project: Path) -> None:
    write(project, **{"data/notes.dataset.yaml": manifest() + "more: 1\n"})
    assert told(against(only_new=True)) == [
        "DP706 notes@1 data/notes.dataset.yaml:2 indeterminate new",
        "DP002 - data/notes.dataset.yaml:13 fail new",
        "DP710 - policies/org.yaml:5 indeterminate new",
    ]


def test_what_a_submodule_declares_is_compared_too(project: Path) -> None:
    part = repository(project.parent / "part")
    commit(part, **{"inner.dataset.yaml": manifest("inner")})
    git(project, "submodule", "add", "-q", f"file://{part}", "vendor/part")
    commit(project)
    assert told(against()) == []
    inside = project / "vendor" / "part"
    commit(inside, **{"inner.dataset.yaml": manifest("inner").replace("high", "low")})
    assert told(against()) == ["DP706 inner@1 vendor/part/inner.dataset.yaml:4 fail new"]
    git(inside, "rm", "-q", "inner.dataset.yaml")
    assert told(against()) == ["DP706 inner@1 vendor/part/inner.dataset.yaml:2 fail new"]


def test_a_submodule_that_is_removed_cannot_be_compared(project: Path) -> None:
    part = repository(project.parent / "part")
    commit(part, **{"inner.dataset.yaml": manifest("inner")})
    git(project, "submodule", "add", "-q", f"file://{part}", "part")
    commit(project)
    git(project, "rm", "-qf", "part")
    message = "HEAD has the submodule 'part', which is not in the work tree: its data sets are not known"
    assert told(against()) == [f"exit 2: {message}"]


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 300\n"


@pytest.mark.parametrize("stored", [POINTER, "\0GITCRYPT\0and more"])
def test_a_manifest_that_git_does_not_hold_itself_cannot_be_compared(project: Path, stored: str) -> None:
    commit(project, **{"data/notes.dataset.yaml": stored})
    write(project, **{"data/notes.dataset.yaml": manifest().replace("high", "low")})
    message = (
        "HEAD holds 'data/notes.dataset.yaml' only as a pointer of Git LFS or encrypted: what it declares is not known"
    )
    assert told(against()) == [f"exit 2: {message}"]


def test_a_manifest_that_the_repository_lacks_cannot_be_compared(project: Path) -> None:
    oid = git(project, "rev-parse", "HEAD:data/notes.dataset.yaml").strip()
    (project / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    assert told(against()) == []
    write(project, **{"data/notes.dataset.yaml": manifest().replace("high", "low")})
    assert told(against()) == [f"exit 2: the repository does not hold all files of HEAD (object {oid[:12]} is missing)"]


def test_other_roots_that_the_base_names(project: Path) -> None:
    commit(project, **{"datapolicy.toml": SETTINGS + 'roots = ["data"]\n', "more/x.dataset.yaml": manifest("x")})
    (project / "more" / "x.dataset.yaml").unlink()
    assert told(against()) == []
    git(project, "mv", "data", "elsewhere")
    assert told(against()) == ["exit 2: roots: there is no folder 'data' in the project"]


def test_a_sidecar_is_compared_with_what_it_described(project: Path) -> None:
    card = "---\nlicense: mit\nsize_categories:\n- n<1K\n---\n# Notes\n"
    sidecar = manifest("card").replace(
        "stakes: high\n", "stakes: high\ndescribes: {path: README.md, format: huggingface}\n"
    )
    commit(project, **{"card/README.md": card, "card/dataset.yaml": sidecar})
    assert not [line for line in told(against()) if "DP706" in line]
    write(project, **{"card/dataset.yaml": sidecar.replace("high", "low")})
    assert "DP706 card@1 card/dataset.yaml:4 fail new" in told(against())


def test_a_demanded_comparison_without_a_base_is_shown_as_empty(tmp_path: Path) -> None:
    (tmp_path / "notes.dataset.yaml").write_text(manifest())
    (tmp_path / "p.yaml").write_text('policy: 1\nname: p\nversion: "1"\nrules: {DP706: {level: warning}, DP707: {}}\n')
    report = check(policy=str(tmp_path / "p.yaml"), root=str(tmp_path))
    assert [(rule.level, rule.subjects) for rule in report.rules if rule.rule == "DP706"] == [("warning", 0)]
