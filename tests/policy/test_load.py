"""Policies from the file system: roots, links, packages, digests; and what a loaded policy holds."""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.model.places import Span
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.policy.load import load_policy
from tests.policy.bench import CATALOGUE, error_lines, load, spot, whole

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_datapolicy.model.policy import Policy


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(whole(name, text), "utf-8")


def load_from(root: Path, *names: str) -> Policy:
    return load_policy([str(root / name) for name in names], root=str(root), catalogue=CATALOGUE)


def errors(root: Path, *names: str) -> list[str]:
    with pytest.raises(RunError) as caught:
        load_from(root, *names)
    assert caught.value.code == 2
    return error_lines(caught.value)


def test_files_are_read_from_the_disk(tmp_path: Path) -> None:
    write(
        tmp_path, {"org/policy.yaml": "extends: [../base.yaml, builtin:basic]\n", "base.yaml": "rules: {DP707: {}}\n"}
    )
    policy = load_from(tmp_path, "org/policy.yaml")
    assert [source.path for source in policy.sources] == ["base.yaml", "builtin:basic", "org/policy.yaml"]
    assert [(source.name, source.version) for source in policy.sources] == [
        ("base", "1"),
        ("basic", "3"),
        ("policy", "1"),
    ]
    assert policy.sources[0].sha256 == hashlib.sha256((tmp_path / "base.yaml").read_bytes()).hexdigest()


def test_names_are_relative_to_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"org/policy.yaml": "rules: {DP707: {}}\n"})
    monkeypatch.chdir(tmp_path / "org")
    policy = load_policy(["policy.yaml"], root=str(tmp_path), catalogue=CATALOGUE)
    assert [source.path for source in policy.sources] == ["org/policy.yaml"]


def test_a_clause_holds_its_source_line_and_reason(tmp_path: Path) -> None:
    text = 'rules:\r\n  DP101:\r\n    limits:\r\n      - {max: 0.30, because: "board"}\r\n'
    (tmp_path / "policy.yaml").write_bytes(b'policy: 1\r\nname: acme\r\nversion: "1"\r\n' + text.encode())
    (clause,) = load_from(tmp_path, "policy.yaml").clauses
    assert clause.place is not None
    assert (clause.place.path, clause.place.span) == ("policy.yaml", Span(7, 10, 7, 19))
    assert clause.place.source == '      - {max: 0.30, because: "board"}'
    assert (clause.because, clause.policy, clause.limits["max"]) == ("board", "acme", Fraction(3, 10))


def test_missing_file_with_a_neighbour(tmp_path: Path) -> None:
    write(tmp_path, {"policy.yaml": "extends: [./org/privcy.yaml]\n", "org/privacy.yaml": "", "org/privacy.txt": ""})
    assert errors(tmp_path, "policy.yaml") == [
        'policy.yaml:4:11 | there is no file "org/privcy.yaml" | did you mean privacy.yaml?'
    ]
    assert errors(tmp_path, "polcy.yaml") == [
        "polcy.yaml:1:1 | there is no file polcy.yaml | did you mean policy.yaml?"
    ]


def test_a_folder_is_no_policy(tmp_path: Path) -> None:
    write(tmp_path, {"policy.yaml": "extends: [./org]\n", "org/x.yaml": ""})
    (line,) = errors(tmp_path, "policy.yaml")
    assert line.startswith("policy.yaml:4:11 | org: ")
    (line,) = errors(tmp_path, "org")
    assert line.startswith("org:1:1 | ")


def test_a_file_that_is_not_text_is_named_where_it_is_extended(tmp_path: Path) -> None:
    write(tmp_path, {"policy.yaml": "extends: [./org.yaml]\n"})
    (tmp_path / "org.yaml").write_bytes(b"policy: 1\nname: \xff\xfe\n")
    (line,) = errors(tmp_path, "policy.yaml")
    assert line.startswith(("org.yaml:2:", "policy.yaml:4:11 | org.yaml: "))


def test_a_link_within_the_project_is_its_target(tmp_path: Path) -> None:
    write(
        tmp_path, {"policy.yaml": "extends: [./link.yaml, ./org/base.yaml]\n", "org/base.yaml": "rules: {DP707: {}}\n"}
    )
    (tmp_path / "link.yaml").symlink_to("org/base.yaml")
    policy = load_from(tmp_path, "policy.yaml")
    assert [source.path for source in policy.sources] == ["org/base.yaml", "policy.yaml"]
    assert [spot(clause.place) for clause in policy.clauses] == ["org/base.yaml:4:9"]


@pytest.mark.parametrize("way", ["extends", "named", "folder"])
def test_a_link_out_of_the_project_is_refused(tmp_path: Path, way: str) -> None:
    project = tmp_path / "project"
    write(tmp_path, {"outside/secret.yaml": "rules: {DP707: {}}\nsummary: hush\n"})
    write(project, {"policy.yaml": f"extends: [./{'linked/secret' if way == 'folder' else 'link'}.yaml]\n"})
    (project / "link.yaml").symlink_to(tmp_path / "outside" / "secret.yaml")
    (project / "linked").symlink_to(tmp_path / "outside")
    (line,) = errors(project, "link.yaml" if way == "named" else "policy.yaml")
    assert line.startswith("link.yaml:1:1 | " if way == "named" else "policy.yaml:4:11 | ")
    assert "hush" not in line


def test_the_root_itself_may_be_reached_by_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real", {"policy.yaml": "extends: [./org/base.yaml]\n", "org/base.yaml": "rules: {DP707: {}}\n"})
    (tmp_path / "link").symlink_to("real")
    policy = load_from(tmp_path / "link", "policy.yaml")
    assert [source.path for source in policy.sources] == ["org/base.yaml", "policy.yaml"]
    other = load_policy([str(tmp_path / "real/policy.yaml")], root=str(tmp_path / "link"), catalogue=CATALOGUE)
    assert other == policy


def test_a_policy_outside_the_project_extends_below_its_own_root(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "org/pyproject.toml": "policy:",
            "org/policies/policy.yaml": "extends: [../base.yaml]\n",
            "org/base.yaml": "rules: {DP707: {}}\n",
            "org/bad.yaml": "extends: [../other.yaml]\n",
            "other.yaml": "",
            "project/x.yaml": "",
        },
    )
    policy = load_from(tmp_path / "project", "../org/policies/policy.yaml")
    assert [source.path for source in policy.sources] == ["../org/base.yaml", "../org/policies/policy.yaml"]
    assert errors(tmp_path / "project", "../org/bad.yaml") == [
        '../org/bad.yaml:4:11 | "../other.yaml" leads out of the project root | move the policy into the project'
    ]


def test_a_package_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path / "site",
        {"acme_trap/inner/org.yaml": "extends: [../base.yaml]\n", "acme_trap/base.yaml": "rules: {DP707: {}}\n"},
    )
    (tmp_path / "site" / "acme_trap" / "__init__.py").write_text("raise SystemExit('imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    for name in ("package:acme_trap/inner/org.yaml", "package:acme_trap.inner/org.yaml"):
        if name.startswith("package:acme_trap/"):
            policy = load_policy([name], root=str(tmp_path), catalogue=CATALOGUE)
            assert [source.path for source in policy.sources] == ["package:acme_trap/base.yaml", name]
        else:
            (line,) = errors_of(name, tmp_path)
            assert (
                line
                == f'{name}:4:11 | "../base.yaml" leads out of the package acme_trap.inner | name a file of the package'
            )
    assert "acme_trap" not in sys.modules


def errors_of(name: str, root: Path) -> list[str]:
    with pytest.raises(RunError) as caught:
        load_policy([name], root=str(root), catalogue=CATALOGUE)
    return error_lines(caught.value)


@pytest.mark.parametrize("name", ["", "policy\0.yaml"])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunError, match="names no policy") as caught:
        load_policy([name], root=str(tmp_path), catalogue=CATALOGUE)
    assert caught.value.place is None


def test_a_link_out_of_a_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"secret.yaml": "rules: {DP707: {}}\nsummary: hush\n"})
    package = tmp_path / "site" / "acme_linked"
    package.mkdir(parents=True)
    (package / "org.yaml").symlink_to(tmp_path / "secret.yaml")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    (line,) = errors_of("package:acme_linked/org.yaml", tmp_path)
    assert line.startswith("package:acme_linked/org.yaml:1:1 | ")
    assert "hush" not in line


def test_a_package_in_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "acme.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("acme_zipped/__init__.py", "")
        file.writestr("acme_zipped/org.yaml", whole("org", "rules: {DP707: {}}\n"))
        file.writestr("acme_zipped/huge.yaml", "#" * ((1 << 20) + 1))
    monkeypatch.syspath_prepend(str(archive))
    policy = load_policy(["package:acme_zipped/org.yaml"], root=str(tmp_path), catalogue=CATALOGUE)
    assert [spot(clause.place) for clause in policy.clauses] == ["package:acme_zipped/org.yaml:4:9"]
    assert errors_of("package:acme_zipped/gone.yaml", tmp_path) == [
        "package:acme_zipped/gone.yaml:1:1 | the package acme_zipped has no file gone.yaml"
    ]
    assert errors_of("package:acme_zipped/huge.yaml", tmp_path) == [
        "package:acme_zipped/huge.yaml:1:1 | the file has 1,048,577 bytes, at most 1,048,576 allowed | split the policy"
    ]


def test_a_policy_that_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("#" * ((1 << 20) + 1))
    (line,) = errors(tmp_path, "policy.yaml")
    assert line.startswith("policy.yaml:1:1 | ")
    assert "1,048,577 bytes" in line


def chain(length: int) -> dict[str, str]:
    files = {f"p{number}.yaml": f"extends: [./p{number + 1}.yaml]\n" for number in range(1, length)}
    return {**files, f"p{length}.yaml": "rules: {DP707: {}}\n"}


def test_a_chain_of_eight() -> None:
    assert [source.path for source in load(chain(8), ["p1.yaml"]).sources] == [f"p{n}.yaml" for n in range(8, 0, -1)]


@pytest.mark.parametrize("length", [9, 10_000])
def test_a_longer_chain(length: int) -> None:
    with pytest.raises(RunError) as caught:
        load(chain(length), ["p1.yaml"])
    assert error_lines(caught.value) == [
        "p8.yaml:4:11 | extending p9.yaml makes a chain of more than 8 policies | extend fewer policies in a row"
    ]


def test_a_longer_chain_of_policies_that_were_read_before() -> None:
    with pytest.raises(RunError) as caught:
        load({**chain(8), "top.yaml": "extends: [./p1.yaml]\n"}, ["p1.yaml", "top.yaml"])
    assert error_lines(caught.value) == [
        "top.yaml:4:11 | extending p1.yaml makes a chain of more than 8 policies | extend fewer policies in a row"
    ]


def test_a_lattice_is_read_once_a_file() -> None:
    files = {
        f"{side}{level}.yaml": f"extends: [./a{level + 1}.yaml, ./b{level + 1}.yaml]\n"
        for level in range(7)
        for side in "ab"
    }
    files |= {"a7.yaml": "rules: {DP707: {}}\n", "b7.yaml": "rules: {DP101: {limits: [{max: 0.3}]}}\n"}
    policy = load(files, ["a0.yaml"])
    assert len(policy.sources) == 15
    assert [clause.rule for clause in policy.clauses] == ["DP101", "DP707"]


def test_inventory_and_externals() -> None:
    policy = load(
        {
            "policy.yaml": "extends: [./org.yaml]\ninventory: [b, a]\nexternals: [{ref: web@1, origin: observed}]\n",
            "org.yaml": "inventory: [a]\n"
            "externals: [{ref: web@1, origin: observed, generation: 0}, {ref: m@2, origin: model, generation: 2}]\n",
        }
    )
    assert [(name, spot(place)) for name, place in policy.inventory] == [
        ("a", "org.yaml:4:13"),
        ("b", "policy.yaml:5:13"),
    ]
    assert {name: (item.origin, item.generation, spot(item.place)) for name, item in policy.externals.items()} == {
        "web@1": ("observed", 0, "org.yaml:5:19"),
        "m@2": ("model", 2, "org.yaml:5:66"),
    }


def test_effective_never_falls_below_the_parents_level() -> None:
    policy = load(
        {
            "policy.yaml": "extends: [./org.yaml]\n"
            "rules:\n"
            "  DP101: {limits: [{max: 0.2, effective: 2027-03-01}]}\n"
            "  DP102: {limits: [{min: 200, effective: 2027-03-01}]}\n"
            "  DP707: {limits: [{effective: 2027-03-01}]}\n",
            "org.yaml": "rules:\n  DP101: {limits: [{max: 0.3}]}\n  DP102: {level: warning, limits: [{min: 100}]}\n",
        }
    )
    mine = {clause.rule: clause for clause in policy.clauses if clause.policy == "policy"}
    assert {rule: clause.floor_level for rule, clause in mine.items()} == {
        "DP101": "error",
        "DP102": "warning",
        "DP707": "disabled",
    }
    before = {rule: clause.level_on("2027-02-28") for rule, clause in mine.items()}
    assert before == {"DP101": "error", "DP102": "warning", "DP707": "warning"}
    assert {clause.level_on("2027-03-01") for clause in mine.values()} == {"error"}


def test_findings_are_complete() -> None:
    policy = load(
        {
            "policy.yaml": "extends: [./org.yaml]\nrules: {DP101: {limits: [{max: 0.4, when: {stakes: critical}}]}}\n",
            "org.yaml": "rules: {DP101: {limits: [{max: 0.3, when: {stakes: critical}}]}}\n",
        }
    )
    (finding,) = policy.findings
    assert (finding.rule, finding.name, finding.level, finding.outcome) == ("DP701", "tighter-only", "error", "fail")
    assert (finding.dataset, finding.split, finding.component) == (None, None, None)
    assert (finding.observed, finding.limit) == (Fraction(2, 5), Fraction(3, 10))
    assert finding.thing == "policy max-synthetic-ratio max stakes=critical"
    assert finding.place.source == "rules: {DP101: {limits: [{max: 0.4, when: {stakes: critical}}]}}"
    assert finding.fails


def test_no_names_demand_nothing() -> None:
    with pytest.raises(RunError, match="no rule is on"):
        load({}, [])


def test_reading_a_policy_needs_no_dates_and_no_difflib(tmp_path: Path) -> None:
    import subprocess

    write(tmp_path, {"policy.yaml": "extends: [builtin:baseline]\nrules: {DP101: {limits: [{max: 0.2}]}}\n"})
    code = (
        "import sys\n"
        "from pytest_datapolicy.catalogue import Catalogue\n"
        "from pytest_datapolicy.policy.load import load_policy\n"
        "policy = load_policy(['policy.yaml'], root='.', catalogue=Catalogue())\n"
        "heavy = {'difflib', 'dataclasses', 'pathlib', 'importlib.metadata', 'importlib.resources'}\n"
        "print(len(policy.clauses) > 20, sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert (done.stderr, done.stdout) == ("", "True []\n")
