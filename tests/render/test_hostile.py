"""No text gets through: every hostile text at every door of every format, read back by strict readers."""

from __future__ import annotations

import json
import os
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.render import github, gitlab, html, junit, markdown, sarif, text
from pytest_datapolicy.render import json as plain
from pytest_datapolicy.render.neutral import neutral
from tests.render import readers
from tests.render.doors import DOORS, PATHS, PROSE, VALUES, around, errors
from tests.render.reports import finding, report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_datapolicy.model.report import Report

HOSTILE: dict[str, str] = json.loads((Path(__file__).parent / "hostile.json").read_text("utf-8"))
RENDERERS: dict[str, Callable[[Report], str]] = {
    "text": text.render,
    "json": plain.render,
    "sarif": sarif.render,
    "junit": junit.render,
    "github": github.render,
    "gitlab": gitlab.render,
    "markdown": markdown.render,
    "html": html.render,
}
ROOT = Path(__file__).resolve().parents[2]
LOG_COMMAND = re.compile(r"##[A-Za-z]*\[")


def whole(hostile: str) -> Report:
    """A report with the text at every door."""
    return around(hostile, *(door(hostile) for door in DOORS.values()))._replace(errors=errors(hostile))


def shown(form: str, made: Report) -> str:
    """What a format makes of a report; it may hold nothing that a log or a terminal acts on."""
    output = RENDERERS[form](made)
    output.encode()
    for line in output.split("\n"):
        assert line.isprintable(), line
        assert form == "github" or not line.lstrip().startswith("::")
    assert not LOG_COMMAND.search(output)
    return output


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_text_is_only_text(case: str) -> None:
    made = whole(HOSTILE[case])
    outputs = {form: shown(form, made) for form in RENDERERS}
    told = len(DOORS) + 3  # findings, and errors of the run
    as_json = readers.plain_json(outputs["json"])
    assert [len(as_json[key]) for key in ("findings", "rules", "policy")] == [len(DOORS), 2, 2]
    check_sarif(readers.sarif(outputs["sarif"]), made)
    cases = readers.junit(outputs["junit"]).findall("testcase")
    assert len(cases) == told + 2  # a rule without subject, and one left out
    assert are_visible(word for item in cases for word in (*item.attrib.values(), *item.itertext()))
    commands, _ = readers.github(outputs["github"])
    assert len(commands) == github.MOST
    entries = readers.gitlab(outputs["gitlab"])
    assert len(entries) == told
    assert are_visible(readers.texts(entries))
    assert len(readers.markdown(outputs["markdown"]).rows) == len(DOORS)
    assert outputs["markdown"].split("\n").count(markdown.MARKER) == 1
    assert readers.Html(outputs["html"]).tags.count("article") == told


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=30))
def test_any_text_is_only_text(hostile: str) -> None:
    made = whole(hostile)._replace(findings=tuple(door(hostile) for door in list(DOORS.values())[::4]))
    told = len(made.findings) + 3
    outputs = {form: shown(form, made) for form in RENDERERS}
    check_sarif(readers.sarif(outputs["sarif"]), made)
    assert len(readers.junit(outputs["junit"]).findall("testcase")) == told + 2
    assert len(readers.github(outputs["github"])[0]) <= github.MOST
    assert len(readers.gitlab(outputs["gitlab"])) == told
    assert len(readers.markdown(outputs["markdown"]).rows) == len(made.findings)
    assert readers.Html(outputs["html"]).tags.count("article") == told


def are_visible(words: Iterable[str]) -> bool:
    """Whether nothing but line ends of ours is hidden."""
    return all(line.isprintable() for word in words for line in word.split("\n"))


def check_sarif(run: dict[str, Any], made: Report) -> None:
    assert are_visible(readers.texts(run))
    results = run["results"]
    for result, found in zip(results, [one for one in made.findings if one.place.path], strict=True):
        location = result["locations"][0]["physicalLocation"]
        path = posixpath.normpath(found.place.path)
        inside = not path.startswith(("/", "../")) and path != ".."
        expected = path if inside else posixpath.basename(found.place.path)
        assert unquote_to_bytes(location["artifactLocation"]["uri"]) == encoded(expected)
        assert location["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert location["region"]["startLine"] == found.place.line


def encoded(path: str) -> bytes:
    try:
        return os.fsencode(path)
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("case", HOSTILE)
def test_each_annotation_is_one_command(case: str) -> None:
    hostile = HOSTILE[case]
    for door in DOORS.values():
        found = door(hostile)
        commands, _ = readers.github(shown("github", report(found)))
        assert len(commands) == (found.outcome != "waived")
        for command in commands:
            assert command.name == "error"
            assert command.text.startswith(neutral(found.message, 1000))
            path = posixpath.normpath(found.place.path)
            if not path.startswith(("/", "../")):
                assert command.properties["file"] == neutral(path)
    for error in errors(hostile):
        commands, _ = readers.github(shown("github", report(errors=(error,))))
        assert len(commands) == 1 + len(error.others)


def longest(output: str) -> int:
    return max((len(run) for run in re.findall("Q+", output)), default=0)


PEOPLE = [form for form in RENDERERS if form != "json"]
"""Programs that read JSON need names and values whole; the schema of manifests bounds them."""


@pytest.mark.parametrize("form", PEOPLE)
def test_no_more_is_shown_of_a_value_than_80_characters(form: str) -> None:
    for name, door in VALUES.items():
        made = report(door("Q" * 5000))
        assert longest(RENDERERS[form](made)) <= 80, name


@pytest.mark.parametrize("form", PEOPLE)
def test_sentences_are_cut_too(form: str) -> None:
    for name, door in PROSE.items():
        limit = 300 if name.startswith("reason") else 100 if "source" in name else 1000
        assert longest(RENDERERS[form](report(door("Q" * 5000)))) <= limit, name
    error = RunError("Q" * 5000, remedy="Q" * 5000)
    assert longest(RENDERERS[form](around("Q" * 5000)._replace(errors=(error,)))) <= 1000


@pytest.mark.parametrize("form", ["markdown", "html", "text"])
def test_a_long_path_is_cut_where_people_read_it(form: str) -> None:
    for name, door in PATHS.items():
        assert longest(RENDERERS[form](report(door("Q" * 5000)))) <= 300, name


def test_what_is_cut_says_so() -> None:
    long = finding(dataset="Q" * 5000, because="R" * 5000, message="S" * 5000)
    page = readers.markdown(markdown.render(report(long))).words
    assert "Q" * 77 + "..." in page
    assert "R" * 297 + "..." in page
    assert "S" * 497 + "..." in page
