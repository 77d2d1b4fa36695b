"""``--datapolicy-base``: a session against a revision, with items for what has no file any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.trees import git, repository
from tests.base.conftest import commit
from tests.plugin.conftest import BAD, GOOD, POLICY

if TYPE_CHECKING:
    from pathlib import Path

GONE = "data/good.dataset.yaml::DP706"


@pytest.fixture
def tree(pytester: pytest.Pytester) -> Path:
    """A committed project with one data set that passes and one that fails."""
    root = repository(pytester.path)
    files = {"data/good.dataset.yaml": GOOD.format(name="good"), "data/bad.dataset.yaml": BAD.format(name="bad")}
    commit(root, **files, **{"org.yaml": POLICY, "datapolicy.toml": 'policy = "org.yaml"\n'})
    return root


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "--datapolicy", *options)


def test_a_vanished_manifest_is_an_item(pytester: pytest.Pytester, tree: Path) -> None:
    git(tree, "rm", "-q", "data/good.dataset.yaml")
    (tree / "org.yaml").write_text(POLICY.replace("0.5", "1"), "utf-8")
    result = run(pytester, "--datapolicy-base=HEAD", "-v")
    assert result.parseoutcomes()["failed"] == 2
    result.stdout.fnmatch_lines(
        [
            f"{GONE} FAILED*",
            "*no manifest describes good any more, and HEAD has one*",
            " --> data/good.dataset.yaml:2:7",
        ]
    )
    chosen = run(pytester, "--datapolicy-base=HEAD", "-k", "DP706", "data").parseoutcomes()
    assert chosen == {"failed": 1, "deselected": 9}
    assert "DP706" not in run(pytester, "--datapolicy-base=HEAD", "data/bad.dataset.yaml", "-v").stdout.str()


def test_known_findings_xfail(pytester: pytest.Pytester, tree: Path) -> None:
    result = run(pytester, "--datapolicy-base=HEAD", "--datapolicy-only-new", "-rx")
    assert (result.ret, result.parseoutcomes()["xfailed"]) == (0, 1)
    result.stdout.fnmatch_lines(["XFAIL data/bad.dataset.yaml::DP201 - *DP201 known in HEAD: content of component*"])
    assert run(pytester, "--datapolicy-base=HEAD").ret == 1
    strict = run(pytester, "--datapolicy-base=HEAD", "--datapolicy-only-new", "--datapolicy-strict")
    assert strict.ret == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--datapolicy-only-new"], "ERROR: --datapolicy-only-new needs --datapolicy-base"),
        (["--datapolicy-base=nope"], "ERROR: datapolicy: --base 'nope' is no commit of this repository*"),
        (["--datapolicy-base=-x"], "ERROR: datapolicy: --base '-x' is no revision*"),
    ],
)
def test_wrong_usage(pytester: pytest.Pytester, tree: Path, options: list[str], message: str) -> None:
    result = run(pytester, *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
