"""Fixtures and the marker: no metric on data that breaks the policy, with collection on or off."""

from __future__ import annotations

import pytest

PASSING = """
import pytest

@pytest.mark.dataset("good@1", split="test", purpose="evaluation")
def test_metric(dataset):
    assert (dataset.manifest.reference, dataset.split.name, dataset.split.records) == ("good@1", "test", 900)
    assert dataset.folder.name == "data"

def test_all(datapolicy):
    assert datapolicy.manifest("good").version == "1"
    assert [f.rule for f in datapolicy.check("data").findings] == ["DP201"]
    assert datapolicy.check("data/good.dataset.yaml").findings == ()
"""


@pytest.mark.parametrize("options", [[], ["--datapolicy", "-k", "test_metric or test_all"], ["-n", "2"]])
def test_marker_and_fixtures(project: pytest.Pytester, options: list[str]) -> None:
    project.makepyfile(test_metrics=PASSING)
    assert project.runpytest_subprocess(*options, "test_metrics.py").parseoutcomes()["passed"] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ('"bad@1", split="test"', "*bad@1 does not meet its policy:*"),
        ('"good@1", split="dev"', "*good@1 has no split dev; it has train, test*"),
        ('"good@2"', "*no manifest of good@2 in * can be read*"),
        (
            '"good@1", split="train", purpose="evaluation"',
            "*split train of good@1 has purpose training, not evaluation*",
        ),
    ],
)
def test_marker_errors_at_set_up(project: pytest.Pytester, arguments: str, said: str) -> None:
    project.makepyfile(test_metrics=f"import pytest\n\n@pytest.mark.dataset({arguments})\ndef test_metric(): pass\n")
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([said])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_other_splits_do_not_matter(project: pytest.Pytester) -> None:
    text = 'import pytest\n\n@pytest.mark.dataset("bad@1", split="train")\ndef test_metric(): pass\n'
    project.makepyfile(test_metrics=text)
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_fixture_without_marker_says_what_to_write(project: pytest.Pytester) -> None:
    project.makepyfile(test_metrics="def test_metric(dataset): pass\n")
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the fixture dataset needs the marker: @pytest.mark.dataset(*"])
    result.stdout.no_fnmatch_line("*collection.py*")


def test_marker_with_wrong_arguments(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_metrics='import pytest\n\n@pytest.mark.dataset("good@1", slit="test")\ndef test_metric(): pass\n'
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*@pytest.mark.dataset: dataset got an unexpected keyword argument 'slit'*"])
    result.stdout.no_fnmatch_line("*collection.py*")
