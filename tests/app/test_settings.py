"""The project root and its settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.app.settings import Settings, load_settings
from pytest_datapolicy.model.report import RunError
from tests.app.trees import repository, write

if TYPE_CHECKING:
    from pathlib import Path


def refused(folder: Path) -> RunError:
    """The error that the settings of `folder` are; exit 2."""
    with pytest.raises(RunError) as caught:
        load_settings(str(folder))
    assert caught.value.code == 2
    return caught.value


def told(error: RunError) -> tuple[str, str, str]:
    """Message, ``path:line:column`` and remedy."""
    place = error.place
    return error.message, f"{place.path}:{place.line}:{place.column}" if place else "", error.remedy


def test_own_file(tmp_path: Path) -> None:
    text = """\
policy = "org.yaml"
manifests = ["cards/*.yaml"]
exclude = ["third_party/"]
formats = ["native"]
roots = ["cards"]
"""
    write(tmp_path, "cards/a.yaml", **{"datapolicy.toml": text})
    settings = load_settings(str(tmp_path / "cards" / "a.yaml"))
    places = settings.places
    assert settings._replace(places={}) == Settings(
        root=str(tmp_path),
        file="datapolicy.toml",
        policy=(str(tmp_path / "org.yaml"),),
        manifests=("cards/*.yaml",),
        exclude=("third_party/",),
        formats=("native",),
        roots=("cards",),
    )
    assert {key: (place.line, place.column) for key, place in places.items()} == {
        "policy": (1, 1),
        "manifests": (2, 1),
        "exclude": (3, 1),
        "formats": (4, 1),
        "roots": (5, 1),
    }


def test_shared_file_and_several_policies(tmp_path: Path) -> None:
    policy = '["builtin:high-stakes", "package:acme/p.yaml", "sub/p.yaml"]'
    write(tmp_path, **{"pyproject.toml": f'[project]\nname = "x"\n[tool.datapolicy]\npolicy = {policy}\n'})
    settings = load_settings(str(tmp_path))
    assert (settings.root, settings.file) == (str(tmp_path), "pyproject.toml")
    assert settings.policy == ("builtin:high-stakes", "package:acme/p.yaml", os.path.join(str(tmp_path), "sub/p.yaml"))
    assert (settings.places["policy"].line, settings.places["policy"].source[:6]) == (4, "policy")


def test_an_empty_own_file_makes_a_root(tmp_path: Path) -> None:
    write(tmp_path, "a/b/x.txt", **{"datapolicy.toml": ""})
    assert load_settings(str(tmp_path / "a" / "b"))._replace(places={}) == Settings(str(tmp_path), "datapolicy.toml")


def test_the_nearest_settings_win_over_farther_ones_and_over_git(tmp_path: Path) -> None:
    repository(tmp_path)
    write(tmp_path, "a/b/x.txt", **{"datapolicy.toml": "", "a/pyproject.toml": "[tool.datapolicy]\n"})
    assert load_settings(str(tmp_path / "a" / "b")).root == str(tmp_path / "a")
    assert load_settings(str(tmp_path)).root == str(tmp_path)


def test_settings_above_the_repository_count(tmp_path: Path) -> None:
    write(tmp_path, **{"datapolicy.toml": ""})
    repository(tmp_path / "repo")
    assert load_settings(str(tmp_path / "repo")).root == str(tmp_path)


def test_without_settings_the_top_of_the_work_tree(tmp_path: Path) -> None:
    repository(tmp_path)
    write(tmp_path, "a/x.txt", **{"a/pyproject.toml": '[project]\ndependencies = ["pytest-datapolicy"]\n'})
    assert load_settings(str(tmp_path / "a" / "x.txt")) == Settings(str(tmp_path))


def test_without_settings_and_git_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a/x.txt")
    monkeypatch.chdir(tmp_path)
    assert load_settings("a/x.txt") == Settings(str(tmp_path))


def test_a_pyproject_that_does_not_concern_us_may_be_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, **{"pyproject.toml": "[project\n"})
    monkeypatch.chdir(tmp_path)
    assert load_settings(".").file is None


FAULTS = {
    "unknown key": (
        "polcy = 1\n",
        "unknown setting 'polcy'",
        "1:1",
        "did you mean policy?",
    ),
    "unknown key with nothing near": (
        "\n# x\nlevel = 1\n",
        "unknown setting 'level'",
        "3:1",
        "the settings are policy, manifests, exclude, formats, roots, verify",
    ),
    "unknown table": (
        '[manifest]\na = "b"\n',
        "unknown setting 'manifest'",
        "1:2",
        "did you mean manifests?",
    ),
    "quoted unknown key": ('  "exlude" = []\n', "unknown setting 'exlude'", "1:3", "did you mean exclude?"),
    "policy of a wrong type": (
        "policy = 7\n",
        "policy is not a path or a list of paths",
        "1:1",
        'write policy = ["...", "..."]',
    ),
    "policy of mixed types": (
        'policy = ["a", 1]\n',
        "policy is not a path or a list of paths",
        "1:1",
        'write policy = ["...", "..."]',
    ),
    "a string for a list": (
        'policy = "a"\nexclude = "old"\n',
        "exclude is not a list of strings",
        "2:1",
        'write exclude = ["old"]',
    ),
    "no policy": ("policy = []\n", "policy lists nothing", "1:1", "name at least one, or leave policy out"),
    "no roots": ("roots = []\n", "roots lists nothing", "1:1", "name at least one, or leave roots out"),
    "empty string": (
        'exclude = [""]\n',
        "exclude holds an empty string or a control character",
        "1:1",
        "remove that item",
    ),
    "control character": (
        'exclude = ["a\\u001b"]\n',
        "exclude holds an empty string or a control character",
        "1:1",
        "remove that item",
    ),
    "a way out": (
        'exclude = ["../other/*.yaml"]\n',
        "exclude: '../other/*.yaml' does not stay inside the project root",
        "1:1",
        "write it relative to the settings file, with /, and without ..",
    ),
    "an absolute glob": (
        'manifests = ["/etc/*.yaml"]\n',
        "manifests: '/etc/*.yaml' does not stay inside the project root",
        "1:1",
        "write it relative to the settings file, with /, and without ..",
    ),
    "backslashes": (
        "exclude = ['a\\b']\n",
        "exclude: 'a\\\\b' does not stay inside the project root",
        "1:1",
        "write it relative to the settings file, with /, and without ..",
    ),
    "a missing root": (
        'roots = ["data", "dta"]\n',
        "roots: there is no folder 'data' in the project",
        "1:1",
        "name a folder of the project",
    ),
    "no TOML": ("policy = \n", "datapolicy.toml is not TOML: invalid value", "1:10", "see https://toml.io"),
    "no TOML, at the end": ('policy = "a', "datapolicy.toml is not TOML: ", "1:", "see https://toml.io"),
    "a key twice": (
        'policy = "a"\npolicy = "b"\n',
        "datapolicy.toml is not TOML: cannot overwrite a value",
        "2:13",
        "see https://toml.io",
    ),
    "too deep": ("roots = " + "[" * 9000, "datapolicy.toml is nested too deeply", "1:1", "flatten it"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_faults_have_a_place_and_a_remedy(tmp_path: Path, case: str) -> None:
    text, message, at, remedy = FAULTS[case]
    write(tmp_path, **{"datapolicy.toml": text})
    found = told(refused(tmp_path))
    assert found[0].startswith(message)
    assert found[1].startswith(f"datapolicy.toml:{at}")
    assert found[2] == remedy


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('[project]\nroot = 1\n[tool.datapolicy]\nroot = ["a"]\n', "4:1"),
        ('[tool]\ndatapolicy = {root = ["a"]}\n', "2:15"),
        ('tool.datapolicy.root = ["a"]\n', "1:17"),
        ('[ tool . "datapolicy" ]\n"root" = ["a"]\n', "2:1"),
    ],
)
def test_keys_are_found_however_the_table_is_written(tmp_path: Path, text: str, at: str) -> None:
    write(tmp_path, **{"pyproject.toml": text})
    assert told(refused(tmp_path)) == ("unknown setting 'root'", f"pyproject.toml:{at}", "did you mean roots?")


def test_the_table_must_be_one(tmp_path: Path) -> None:
    write(tmp_path, **{"pyproject.toml": "[tool]\ndatapolicy = 3\n"})
    assert told(refused(tmp_path)) == (
        "tool.datapolicy is not a table",
        "pyproject.toml:2:1",
        "write the settings below [tool.datapolicy]",
    )


def test_settings_in_both_files_are_refused(tmp_path: Path) -> None:
    write(tmp_path, **{"pyproject.toml": "\n[tool.datapolicy]\n", "datapolicy.toml": ""})
    assert told(refused(tmp_path)) == (
        "settings stand in datapolicy.toml and in pyproject.toml",
        "pyproject.toml:2:7",
        "keep them in one of the two files",
    )


def test_text_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "datapolicy.toml").write_bytes(b"# ok\npolicy = 'caf\xe9'\n")
    assert told(refused(tmp_path)) == ("datapolicy.toml is not UTF-8", "datapolicy.toml:2:1", "save it as UTF-8")


def test_a_pipe_in_place_of_settings_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pyproject.toml")
    message, at, _ = told(refused(tmp_path))
    assert (message, at) == ("pyproject.toml: this is a named pipe, not a regular file", "pyproject.toml:1:1")


def test_a_dangling_link_is_no_absence(tmp_path: Path) -> None:
    (tmp_path / "datapolicy.toml").symlink_to("gone.toml")
    assert refused(tmp_path).message == "datapolicy.toml: the link leads nowhere"


def test_links_may_not_lead_out_of_the_root(tmp_path: Path) -> None:
    write(tmp_path, "root/conf/x", **{"outside.toml": ""})
    link = tmp_path / "root" / "datapolicy.toml"
    link.symlink_to("../outside.toml")
    assert refused(tmp_path / "root").message == "datapolicy.toml is a link that leads out of the project root"
    link.unlink()
    write(tmp_path, **{"root/conf/inside.toml": ""})
    link.symlink_to("conf/inside.toml")
    assert load_settings(str(tmp_path / "root")).file == "datapolicy.toml"


def test_a_root_may_not_be_a_link_that_leads_out(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere/x", **{"root/datapolicy.toml": 'roots = ["data"]\n'})
    (tmp_path / "root" / "data").symlink_to("../elsewhere")
    assert refused(tmp_path / "root").message == "roots: there is no folder 'data' in the project"


def test_a_folder_outside_the_working_directory_is_its_own_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert load_settings(str(tmp_path / "there")).root == str(tmp_path / "there")
    assert load_settings(str(tmp_path / "there" / "dataset.yaml")).root == str(tmp_path / "there")
    monkeypatch.chdir(tmp_path)
    assert load_settings(str(tmp_path / "there")).root == str(tmp_path)
