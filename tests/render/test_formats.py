"""What holds for every format: valid whatever the run was, the same bytes for the same report, one idea of failing."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.model.report import BaseName, Report, RunError
from pytest_datapolicy.render.facts import by_severity, fails
from pytest_datapolicy.testing import judge_text
from tests.app.trees import POLICY, manifest
from tests.render import readers
from tests.render.reports import finding, place, report
from tests.render.test_hostile import RENDERERS, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

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
CRASH = finding(rule="DP000", name="internal-error", message="rule DP999 crashed", observed=None, limit=None)
ERRORS = {code: RunError(f"error {code}", place("policy.yaml", 4), remedy="mend it", code=code) for code in (2, 3, 4)}
RUNS = {
    "nothing failed": (report(), 0),
    "a finding": (report(finding()), 1),
    "indeterminate": (report(finding(outcome="indeterminate", observed=None)), 1),
    "nothing judged": (report(manifests=0, subjects=0, rules=(), policy=()), 0),
    "usage": (report(manifests=0, subjects=0, rules=(), policy=(), errors=(ERRORS[2],)), 2),
    "no manifest": (report(manifests=0, subjects=0, errors=(ERRORS[3],)), 3),
    "no manifest in one place": (report(finding(), errors=(ERRORS[3],)), 3),
    "internal error": (report(errors=(ERRORS[4],)), 4),
    "a rule that crashed": (report(CRASH), 4),
    "a crash about no file": (report(CRASH._replace(place=place(""))), 4),
    "everything at once": (report(finding(), CRASH, errors=tuple(ERRORS.values())), 4),
}


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("form", RENDERERS)
def test_every_run_gives_a_valid_document(form: str, run: str) -> None:
    made, code = RUNS[run]
    assert made.exit_code() == code
    output = RENDERERS[form](made)
    read = READERS[form](output)
    assert output.endswith("\n")
    if form == "sarif":
        assert read["invocations"][0]["executionSuccessful"] is (code < 2)
    if form == "junit":
        assert (int(read.get("errors")) > 0) is (code > 1)
        assert (int(read.get("errors")) + int(read.get("failures")) > 0) is (code > 0)
    if form == "github":
        assert bool(read[0]) is (code > 0)
    if form == "gitlab":
        assert ("blocker" in [entry["severity"] for entry in read]) is bool(made.errors)
    if form in ("text", "markdown", "html"):
        assert ("nothing failed" in output) is (code == 0 and made.manifests > 0) or bool(made.errors)
        assert all(error.message in output for error in made.errors)


def test_errors_of_the_run_are_told_whole_and_the_gravest_first() -> None:
    nested = RunError("a", code=2, others=(RunError("b"), RunError("c")))
    made = report(errors=(nested, ERRORS[3], ERRORS[4]))
    entries = readers.gitlab(RENDERERS["gitlab"](made))
    assert [entry["description"].partition(".")[0] for entry in entries] == ["error 4", "a", "b", "c", "error 3"]


def test_a_finding_fails_in_every_format_when_it_makes_the_run_fail() -> None:
    base = BaseName("main", "ab" * 20)
    for level, outcome, known, only_new, strict, rule in itertools.product(
        ("error", "warning", "advice"),
        ("fail", "indeterminate", "waived", "baselined"),
        (False, True),
        (False, True),
        (False, True),
        ("DP101", "DP702"),
    ):
        one = finding(level=level, outcome=outcome, known=known, rule=rule)
        made = report(one, base=base, only_new=only_new)
        assert fails(one, made, strict=strict) is (made.exit_code(strict=strict) == 1)


def test_the_order_of_severity() -> None:
    kinds = [
        finding(),
        finding(outcome="indeterminate"),
        finding(known=True),
        finding(level="warning"),
        finding(level="advice"),
        finding(outcome="waived"),
        finding(outcome="baselined", level="warning"),
    ]
    for seed in range(20):
        shuffled = random.Random(seed).sample(kinds, len(kinds))
        ordered = by_severity(shuffled)
        ranks = [kinds.index(one) for one in ordered]
        assert [0 if rank < 2 else rank for rank in ranks] == [0, 0, 2, 3, 4, 5, 6]


def judged(seed: int) -> Report:
    """The same project with its manifests in some order."""
    manifests = {
        f"data/{number}/dataset.yaml": manifest(f"set-{number}", "simulation" if number % 2 else "human")
        for number in range(8)
    }
    manifests["data/broken/dataset.yaml"] = "manifest: [\n"
    names = random.Random(seed).sample(sorted(manifests), len(manifests))
    return judge_text({name: manifests[name] for name in names}, POLICY)


@pytest.mark.parametrize("form", RENDERERS)
def test_the_order_of_input_makes_no_difference(form: str) -> None:
    first, *others = (RENDERERS[form](judged(seed)) for seed in range(3))
    assert "DP101" in first
    assert others == [first, first]


SCRIPT = """
import hashlib, sys
from tests.render.test_formats import RENDERERS, judged
for form, render in RENDERERS.items():
    print(form, hashlib.sha256(render(judged(int(sys.argv[1]))).encode()).hexdigest())
"""


def test_every_process_writes_the_same_bytes() -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LC_")}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, seed],
            cwd=ROOT,
            env=environment | {"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone, "COLUMNS": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, locale, zone in (("1", "C", "UTC"), ("2", "C.UTF-8", "Asia/Tokyo"))
    ]
    outputs = [process.communicate()[0] for process in running]
    assert outputs[0] == outputs[1]
    assert outputs[0].count("\n") == len(RENDERERS)


@pytest.mark.parametrize("form", RENDERERS)
def test_rendering_changes_nothing(form: str) -> None:
    made = RUNS["everything at once"][0]
    before = repr(made)
    assert RENDERERS[form](made) == RENDERERS[form](made)
    assert repr(made) == before
