"""Command lines of ``check`` that are read without argparse: never otherwise than argparse reads them."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_datapolicy.cli.check import OPTIONS, parser
from pytest_datapolicy.cli.options import plain
from pytest_datapolicy.model.report import RunError

WORDS = [*OPTIONS, "--policy=a", "--output=", "--format=json", "--strict=", "--color=never", "--jobs=2", "--nonsense"]
WORDS += ["a", "b.yaml", "", "-", "--", "-h", "-1", "json", "auto", "a=b", "--pol"]
PARSER = parser()


@settings(max_examples=500, deadline=None)
@given(arguments=st.lists(st.sampled_from(WORDS), max_size=6))
@example(arguments=[])
@example(arguments=["a", "--strict", "b"])
@example(arguments=["--select", "DP101", "--select=DP102", "a", "b"])
def test_what_is_read_is_what_argparse_reads(arguments: list[str]) -> None:
    found = plain(arguments, OPTIONS)
    if found is None:
        return
    full = PARSER.parse(arguments)
    assert full is not None
    assert vars(found) == vars(full)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["."],
        ["a", "b"],
        ["--strict", "a"],
        ["--policy", "policy.yaml", "--format=json"],
        ["a", "--only-new", "--base", "x"],
    ],
)
def test_plain_lines_need_no_argparse(arguments: list[str]) -> None:
    found, full = plain(arguments, OPTIONS), PARSER.parse(arguments)
    assert found is not None
    assert full is not None
    assert vars(found) == vars(full)


@pytest.mark.parametrize("arguments", [["--nonsense"], ["--format", "xml"], ["--policy"], ["a", "--strict", "b"]])
def test_wrong_usage_is_left_to_argparse(arguments: list[str]) -> None:
    assert plain(arguments, OPTIONS) is None
    with pytest.raises(RunError):
        PARSER.parse(arguments)


@pytest.mark.parametrize("arguments", [["--jobs", "2"], ["--write-baseline"], ["--help"]])
def test_what_needs_more_is_left_to_argparse(arguments: list[str]) -> None:
    assert plain(arguments, OPTIONS) is None
