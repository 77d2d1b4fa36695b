"""Whatever a change does to policy, waivers, baseline and settings, the verdict against its base stays the same."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_datapolicy import check
from tests.app.trees import repository, write

from .conftest import MORE, ORG, SETTINGS, commit, manifest
from .test_known import WAIVERS, WAIVING

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_datapolicy.model.report import Report

BASELINE = "baseline.yaml"
GATE = {
    "datapolicy.toml": SETTINGS,
    "policies/org.yaml": WAIVING,
    "policies/more.yaml": MORE,
    "policies/waivers.yaml": WAIVERS.format(allow="allow: {max: 0.5}"),
    BASELINE: "baseline: 1\nentries: []\n",
}
DATA = {
    "data/notes.dataset.yaml": manifest(made=900),
    "data/other.dataset.yaml": manifest("other", made=700),
    "data/fine.dataset.yaml": manifest("fine"),
}
ELSEWHERE = ("pyproject.toml", "data/datapolicy.toml", "data/pyproject.toml", "policies/datapolicy.toml", ".gitignore")

OTHERS = (
    ORG,
    ORG.replace("0.3", "1"),
    "",
    "policy: 1\n",
    "[tool.datapolicy]\nexclude = ['**']\n",
    'exclude = ["data"]\n',
    'policy = "builtin:baseline"\n',
    "waivers: 1\nentries: []\n",
    "data/\n*\n",
)
texts = st.sampled_from([*GATE.values(), *OTHERS]) | st.text(max_size=60)
changes = st.dictionaries(st.sampled_from([*GATE, *ELSEWHERE]), st.none() | texts, max_size=6)


def verdict(root: Path, only_new: bool) -> Report:
    return check([str(root)], base="HEAD", baseline=str(root / BASELINE), only_new=only_new, today="2026-11-01")


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report, Report]:
    """A work tree whose data sets are worse than its base, and the two verdicts on it."""
    root = repository(tmp_path_factory.mktemp("property") / "r")
    commit(root, **GATE, **{name: manifest(name[5:-13]) for name in DATA})
    write(root, **DATA)
    plain, only_new = verdict(root, False), verdict(root, True)
    assert [finding.rule for finding in plain.findings] == ["DP101", "DP101"]
    assert {finding.outcome for finding in plain.findings} == {"waived", "fail"}
    return root, plain, only_new


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=changes, linked=st.booleans(), only_new=st.booleans())
def test_the_verdict_does_not_depend_on_the_policy_in_the_working_tree(
    committed: tuple[Path, Report, Report], changes: dict[str, str | None], linked: bool, only_new: bool
) -> None:
    root, plain, reduced = committed
    try:
        for name, text in changes.items():
            path = root / name
            path.unlink(missing_ok=True)
            if text is not None and linked:
                path.symlink_to(os.devnull)
            elif text is not None:
                path.write_text(text, "utf-8", errors="replace", newline="")
        assert verdict(root, only_new) == (reduced if only_new else plain)
    finally:
        for name in ELSEWHERE:
            (root / name).unlink(missing_ok=True)
        shutil.rmtree(root / "policies")
        (root / "datapolicy.toml").unlink(missing_ok=True)
        (root / BASELINE).unlink(missing_ok=True)
        write(root, **GATE)
