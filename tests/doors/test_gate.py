"""``--datapolicy-strict``: the whole tree decides, whatever the session collected. And what no plugin can promise."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

import pytest_datapolicy.collection
import pytest_datapolicy.gate
from pytest_datapolicy.testing import judge_text
from tests.plugin.conftest import BAD, GOOD, project  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from pathlib import Path

LOADED = (yaml, pytest_datapolicy.collection, pytest_datapolicy.gate, judge_text(GOOD.format(name="loaded")))
"""Sessions in this process share these modules: the parser of PyYAML cannot be loaded twice."""
BAD_ITEM = "data/bad.dataset.yaml::DP201"
STRICT = "--datapolicy-strict"
TEST = "def test_one(): pass\n"

NARROWED = {
    "-k": ["-k", "test_one"],
    "-m": ["-m", "slow"],
    "--deselect": ["--deselect", BAD_ITEM],
    "--ignore": ["--ignore=data"],
    "--ignore-glob": ["--ignore-glob=*.yaml"],
    "path argument": ["test_one.py"],
    "node id": ["test_one.py::test_one"],
    "--co": ["--collect-only"],
    "--setup-plan": ["--setup-plan"],
    "--setup-only": ["--setup-only"],
    "--no-summary": ["--no-summary", "-k", "test_one"],
    "no terminal": ["-p", "no:terminal", "-k", "test_one"],
    "norecursedirs": ["-o", "norecursedirs=data"],
    "python_files": ["-o", "testpaths=nowhere", "test_one.py"],
    "runxfail off": ["-o", "xfail_strict=false", "-k", "test_one"],
    "--maxfail": ["--maxfail=1", "test_one.py"],
    "quiet": ["-qq", "-k", "test_one"],
}
CONFTESTS = {
    "drops items": "def pytest_collection_modifyitems(items): items[:] = []",
    "marks xfail": (
        "import pytest\n"
        "def pytest_collection_modifyitems(items):\n"
        "    for item in items: item.add_marker(pytest.mark.xfail(strict=False))"
    ),
    "marks skip": (
        "import pytest\ndef pytest_collection_modifyitems(items):\n    for item in items: item.add_marker('skip')"
    ),
    "collect_ignore": "collect_ignore = ['data']",
    "collect_ignore_glob": "collect_ignore_glob = ['*.yaml', '*.yml', '*.json']",
    "ignores the folder": "def pytest_ignore_collect(collection_path): return 'data' in collection_path.parts or None",
    "collects nothing": (
        "import pytest\n@pytest.hookimpl(wrapper=True)\ndef pytest_collect_file():\n    yield\n    return []"
    ),
    "runs nothing": "def pytest_runtest_protocol(item): return True",
    "reports a pass": (
        "import pytest\n"
        "@pytest.hookimpl(wrapper=True)\n"
        "def pytest_runtest_makereport():\n"
        "    report = yield\n"
        "    report.outcome = 'passed'\n"
        "    return report"
    ),
    "empties the items": ("def pytest_itemcollected(item):\n    item.runtest = lambda: None"),
    "replaces the verdict": (
        "def pytest_collection_finish(session):\n"
        "    from pytest_datapolicy import session as mine\n"
        "    found = mine.found_in(session.config)\n"
        "    found.report = found.report._replace(findings=())\n"
        "    found._findings.clear()"
    ),
    "ends the session with 0": ("import pytest\ndef pytest_runtest_setup(): pytest.exit('done', returncode=0)"),
    "sets the exit status": "def pytest_sessionfinish(session): session.exitstatus = 0",
    "sets the exit status last": (
        "import pytest\n@pytest.hookimpl(trylast=True)\ndef pytest_sessionfinish(session): session.exitstatus = 0"
    ),
}


def judged(project: pytest.Pytester, *options: str) -> pytest.RunResult:  # noqa: F811
    project.makepyfile(test_one=TEST)
    return project.runpytest_inprocess("-p", "no:cacheprovider", STRICT, *options)


def judged_apart(project: pytest.Pytester, *options: str) -> pytest.RunResult:  # noqa: F811
    """The same in a process of its own."""
    project.makepyfile(test_one=TEST)
    return project.runpytest_subprocess("-p", "no:cacheprovider", STRICT, *options)


def refuses(result: pytest.RunResult) -> None:
    """The session fails, and says why."""
    text = result.stdout.str() + result.stderr.str()
    assert result.ret == 1, text
    assert "error[DP201 human-only-evaluation]" in text
    assert "data/bad.dataset.yaml:16:17" in text
    assert "2 manifests, 10 subjects" in text


@pytest.mark.parametrize("options", NARROWED.values(), ids=NARROWED)
def test_whatever_the_command_line_leaves_out(project: pytest.Pytester, options: list[str]) -> None:  # noqa: F811
    refuses(judged(project, *options))


@pytest.mark.parametrize("text", CONFTESTS.values(), ids=CONFTESTS)
def test_whatever_a_conftest_does_to_items(project: pytest.Pytester, text: str) -> None:  # noqa: F811
    project.makeconftest(text)
    refuses(judged(project))


def test_last_failed_with_a_made_cache(project: pytest.Pytester) -> None:  # noqa: F811
    project.makepyfile(test_one=TEST)
    cache = project.mkdir(".pytest_cache") / "v" / "cache"
    cache.mkdir(parents=True)
    (cache / "lastfailed").write_text(json.dumps({"test_one.py::test_one": True}), "utf-8")
    result = project.runpytest_inprocess(STRICT, "--lf")
    refuses(result)
    result.assert_outcomes(passed=1)


def test_two_workers(project: pytest.Pytester) -> None:  # noqa: F811
    result = judged_apart(project, "-n", "2", "-k", "test_one")
    refuses(result)
    assert result.stdout.str().count("error[DP201 ") == 1


def test_a_worker_that_dies(project: pytest.Pytester) -> None:  # noqa: F811
    project.makepyfile(test_dies="import os\ndef test_dies(): os._exit(0)\n")
    result = judged_apart(project, "-n", "2", "-k", "test_dies")
    refuses(result)


def test_python_without_asserts(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    refuses(judged_apart(project, "-k", "test_one"))


def test_the_tree_counts_as_it_is_when_the_session_finishes(project: pytest.Pytester) -> None:  # noqa: F811
    (project.path / "data" / "bad.dataset.yaml").write_text(GOOD.format(name="bad"), "utf-8")
    text = BAD.format(name="bad")
    project.makepyfile(
        test_writes=f"from pathlib import Path\ndef test_writes(): Path('data/bad.dataset.yaml').write_text({text!r})\n"
    )
    refuses(judged(project))


def test_a_tree_that_passes_leaves_the_session_alone(project: pytest.Pytester) -> None:  # noqa: F811
    (project.path / "data" / "bad.dataset.yaml").unlink()
    result = judged(project)
    assert result.ret == 0
    result.stdout.no_fnmatch_line("*= datapolicy =*")
    assert judged(project, "-k", "nothing").ret == pytest.ExitCode.NO_TESTS_COLLECTED
    project.makepyfile(test_fails="def test_fails(): assert False\n")
    assert judged(project).ret == 1


def test_warnings_fail_as_they_do_on_the_command_line(project: pytest.Pytester) -> None:  # noqa: F811
    (project.path / "data" / "bad.dataset.yaml").unlink()
    (project.path / "org.yaml").write_text(
        'policy: 1\nname: house\nversion: "3"\nrules: {named-owner: {level: warning}}\n', "utf-8"
    )
    assert project.runpytest_inprocess("--datapolicy", "-W", "default").ret == 0
    result = judged(project, "-k", "test_one")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["*= datapolicy =*", "warning[[]DP707 named-owner[]]:*", "1 manifest, 5 subjects, *: 2 warnings"]
    )


def test_a_waiver_that_is_not_needed_any_more_fails(project: pytest.Pytester) -> None:  # noqa: F811
    (project.path / "data" / "bad.dataset.yaml").unlink()
    policy = (project.path / "org.yaml").read_text("utf-8")
    (project.path / "org.yaml").write_text(policy + "waivers: {files: [waivers.yaml]}\n", "utf-8")
    (project.path / "waivers.yaml").write_text(
        "waivers: 1\nentries:\n"
        "  - {rule: DP101, dataset: good@1, reason: none, owner: ada@example.org, approved_by: eve@example.org,\n"
        "     granted: 2026-10-01, expires: 2026-12-31}\n",
        "utf-8",
    )
    day = "--datapolicy-today=2026-11-01"
    assert project.runpytest_inprocess("--datapolicy", day, "-W", "default").ret == 0
    result = judged(project, day, "-k", "test_one")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["warning[[]DP704 needed-waiver[]]:*covers no finding"])


def test_a_run_that_is_not_valid(project: pytest.Pytester) -> None:  # noqa: F811
    (project.path / "org.yaml").unlink()
    result = judged(project, "-k", "test_one", "--datapolicy-output=out.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: datapolicy: *there is no file org.yaml"])
    report = json.loads((project.path / "out.json").read_text("utf-8"))
    assert report["error"]["message"] == "there is no file org.yaml"


def test_no_manifest(pytester: pytest.Pytester) -> None:
    result = judged(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: datapolicy: no manifest found*"])


def test_a_report_that_cannot_be_written(project: pytest.Pytester) -> None:  # noqa: F811
    (project.path / "data" / "bad.dataset.yaml").unlink()
    result = project.runpytest_inprocess("--datapolicy", "--datapolicy-output=nowhere/out.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["datapolicy: 'nowhere/out.json' could not be written: No such file or directory"])


def test_the_report_replaces_an_earlier_one_whole(project: pytest.Pytester) -> None:  # noqa: F811
    (project.path / "out.json").write_text("x" * 100_000, "utf-8")
    result = project.runpytest_subprocess("--datapolicy", "--datapolicy-output=out.json", "-n", "2")
    result.assert_outcomes(failed=1, passed=result.parseoutcomes()["passed"])
    assert json.loads((project.path / "out.json").read_text("utf-8"))["summary"]["fail"] == 1
    assert sorted(path.name for path in project.path.iterdir() if "out.json" in path.name) == ["out.json"]


def test_the_root_of_another_folder_is_named(project: pytest.Pytester) -> None:  # noqa: F811
    sub = project.mkdir("sub")
    (sub / "pytest.ini").write_text("[pytest]\n", "utf-8")
    (sub / "test_one.py").write_text(TEST, "utf-8")
    refuses(project.runpytest_inprocess("-p", "no:cacheprovider", STRICT, "--rootdir=sub", "sub"))
    refuses(project.runpytest_inprocess("-p", "no:cacheprovider", STRICT, "-c", "sub/pytest.ini", "sub"))


def test_a_blocked_plugin_is_missed_by_required_plugins(
    project: pytest.Pytester,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project.makepyfile(test_one=TEST)
    blocked = ["-p", "no:datapolicy", "test_one.py"]
    assert project.runpytest_subprocess(*blocked).ret == 0
    project.makeini("[pytest]\nrequired_plugins = pytest-datapolicy\n")
    refused = project.runpytest_subprocess(*blocked)
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines(["*Missing required plugins: pytest-datapolicy*"])
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:datapolicy")
    assert project.runpytest_subprocess("test_one.py").ret == pytest.ExitCode.USAGE_ERROR
    monkeypatch.delenv("PYTEST_ADDOPTS")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    assert project.runpytest_subprocess("test_one.py").ret == pytest.ExitCode.USAGE_ERROR


BEYOND = {
    "os._exit in conftest": "import os\nos._exit(0)",
    "os._exit when pytest ends": "import os\ndef pytest_unconfigure(): os._exit(0)",
    "os._exit at exit": "import atexit, os\natexit.register(os._exit, 0)",
    "unregisters the plugins": (
        "def pytest_sessionstart(session):\n"
        "    for name in ('datapolicy-gate', 'datapolicy-collection'):\n"
        "        session.config.pluginmanager.unregister(name=name)"
    ),
    "replaces the engine": (
        "from pytest_datapolicy import gate, session\n"
        "made = session.inspect\n"
        "def inspect(**options):\n"
        "    report, policy = made(**options)\n"
        "    return report._replace(findings=()), policy\n"
        "gate.inspect = session.inspect = inspect"
    ),
    "has the last word": (
        "import pytest\n"
        "class Last:\n"
        "    @pytest.hookimpl(wrapper=True, tryfirst=True)\n"
        "    def pytest_sessionfinish(self, session):\n"
        "        yield\n"
        "        session.exitstatus = 0\n"
        "def pytest_sessionstart(session): session.config.pluginmanager.register(Last())"
    ),
    "mends the tree for the session": ("from pathlib import Path\nPath('data/bad.dataset.yaml').unlink()"),
}


def second_process(root: Path) -> subprocess.CompletedProcess[str]:
    """The command line in a process that takes no modules and no variables from the tree."""
    command = [sys.executable, "-I", "-m", "pytest_datapolicy", "check"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("text", BEYOND.values(), ids=BEYOND)
def test_what_no_plugin_can_promise_a_second_process_does(project: pytest.Pytester, text: str) -> None:  # noqa: F811
    first = second_process(project.path)
    project.makeconftest(text)
    assert judged_apart(project).ret == 0
    if "unlink" in text:
        (project.path / "data" / "bad.dataset.yaml").write_text(BAD.format(name="bad"), "utf-8")
    second = second_process(project.path)
    assert (first.returncode, second.returncode) == (1, 1)
    assert "error[DP201 human-only-evaluation]" in second.stdout


@pytest.mark.parametrize(
    "name", ["pytest_datapolicy.py", "pytest_datapolicy/__init__.py", "yaml.py", "sitecustomize.py"]
)
def test_modules_of_the_tree_do_not_reach_an_isolated_process(
    project: pytest.Pytester,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    file = project.path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("import os\nos._exit(0)\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(project.path))
    shadowed = [sys.executable, "-m", "pytest_datapolicy", "check"]
    assert subprocess.run(shadowed, cwd=project.path, capture_output=True, check=False).returncode == 0
    assert second_process(project.path).returncode == 1


def test_entry_points_of_the_tree_do_not_reach_an_isolated_process(project: pytest.Pytester) -> None:  # noqa: F811
    made = project.mkdir("evil-1.dist-info")
    (made / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1\n", "utf-8")
    (made / "entry_points.txt").write_text("[datapolicy]\nevil = evil\n", "utf-8")
    project.makepyfile(evil="import os\nos._exit(0)\n")
    in_tree = [sys.executable, "-m", "pytest_datapolicy", "check"]
    assert subprocess.run(in_tree, cwd=project.path, capture_output=True, check=False).returncode == 0
    assert second_process(project.path).returncode == 1
