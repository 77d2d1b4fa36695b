"""Native manifests: what is read, what is refused, where and with which words."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_datapolicy.formats.native import FORMAT
from pytest_datapolicy.model.document import Problem, Refused
from pytest_datapolicy.syntax.reader import read as read_document

HERE = Path(__file__).parent
EVERY_FIELD = (HERE / "every_field.yaml").read_text("utf-8")
CASES: list[Any] = [
    pytest.param(case, id=case["case"])
    for path in sorted((HERE / "faults").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]
MINIMAL = """\
manifest: 1
name: a
version: "1"
stakes: low
task: {judgment: objective}
novelty: novel
splits: {train: {purpose: training, components: [{name: a, origin: human, records: 0}]}}
"""


def problems(text: str, path: str = "a.dataset.yaml") -> tuple[Problem, ...]:
    try:
        FORMAT.read(text.encode(), path)
    except Refused as refused:
        return refused.problems
    return ()


def swapped(case: dict[str, Any]) -> str:
    old, new = case["swap"]
    assert EVERY_FIELD.count(old) == 1
    return EVERY_FIELD.replace(old, new)


def as_json(value: Any) -> str:
    """JSON text of values that hold exact decimals."""
    if isinstance(value, dict):
        return "{" + ",\n".join(f"{json.dumps(key)}: {as_json(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_json, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)


def tree(text: str) -> Any:
    return read_document(text.encode(), "a.yaml", as_json=False).tree


def said(found: tuple[Problem, ...]) -> list[tuple[object, ...]]:
    """Faults without their places in the text."""
    told = [(p.rule, p.pointer, re.sub("on lines .*", "", p.message), p.remedy) for p in found]
    return sorted(told, key=str)


@pytest.mark.parametrize("text", [EVERY_FIELD, MINIMAL], ids=["every field", "minimal"])
def test_valid_manifests_are_read_as_yaml_and_json(text: str) -> None:
    from_yaml = FORMAT.read(text.encode(), "a.dataset.yaml")
    from_json = FORMAT.read(as_json(from_yaml.tree).encode(), "a.dataset.json")
    assert from_json.tree == from_yaml.tree
    assert from_yaml.place(("splits", "train", "purpose")).path == "a.dataset.yaml"


@pytest.mark.parametrize("case", CASES)
def test_fault(case: dict[str, Any]) -> None:
    found = problems(swapped(case))
    assert [[f"{p.span.line}:{p.span.column}", p.message, p.remedy] for p in found] == case["faults"]
    assert {p.rule for p in found} == {"DP002"}
    related = [f"{span.line}:{span.column} {note}" for p in found for span, note in p.related]
    assert related == case.get("related", [])


@pytest.mark.parametrize("case", CASES)
def test_the_json_twin_has_the_same_faults(case: dict[str, Any]) -> None:
    text = swapped(case)
    assert said(problems(as_json(tree(text)), "a.dataset.json")) == said(problems(text))


@pytest.mark.parametrize("case", CASES)
def test_messages_are_calm_and_short(case: dict[str, Any]) -> None:
    for _, message, remedy in case["faults"]:
        assert len(message) < 320
        assert not message.endswith((".", "!"))
        assert not remedy.endswith((".", "!")) or remedy.endswith("...")
        assert (message + remedy).isprintable()


def test_places_in_json() -> None:
    lines = [
        '{"manifest": 1, "name": "a",',
        '"version": 3, "stakes": "low", "novelty": "novel",',
        '"task": {},',
        ' "splits": []}',
    ]
    text = "\n".join(lines)
    assert [(p.span.line, p.span.column, p.message) for p in problems(text, "dataset.json")] == [
        (2, 12, "version is 3; it must be ASCII characters without spaces, '#' and '@'"),
        (3, 1, "required field judgment is missing in this task"),
        (4, 2, "splits is an empty list; it must be a mapping"),
    ]


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("{}", "this is no manifest: required field manifest is missing", "start with manifest: 1"),
        ("name: a", "required field manifest is missing in this manifest", "add manifest: 1"),
        ("title: a\nlicense: b", "this is no manifest: required field manifest is missing", "start with manifest: 1"),
    ],
    ids=["empty mapping", "a manifest without its mark", "another kind of file"],
)
def test_files_that_may_be_something_else(text: str, message: str, remedy: str) -> None:
    first = problems(text)[0]
    assert (first.message, first.remedy, first.span[:2]) == (message, remedy, (1, 1))


def test_faults_of_text_come_alone() -> None:
    assert [p.rule for p in problems(EVERY_FIELD.replace("stakes: high", "stakes: no"))] == ["DP004"]


def test_a_name_given_many_times_is_told_a_bounded_number_of_times() -> None:
    entries = ", ".join(["{name: a, origin: human, records: 1}"] * 500)
    text = MINIMAL.replace("{name: a, origin: human, records: 0}", entries)
    assert len(problems(text)) == 50


def test_the_same_name_in_two_splits_is_fine() -> None:
    split = "{purpose: training, components: [{name: a, origin: human, records: 1}]}"
    assert problems(re.sub("splits:.*", f"splits: {{one: {split}, two: {split}}}", MINIMAL)) == ()


@pytest.mark.parametrize(
    "path",
    [
        "a",
        "data/a b.csv",
        ".cache/a",
        "..a/b",
        "a~",
        "données/é.csv",
        "s3://bucket/a.parquet",
        "abfss://files@account.dfs.core.windows.net/a",
        "hf://datasets/acme/notes/train.parquet",
        "https://example.org/a.csv",
    ],
)
def test_paths_that_are_taken(path: str) -> None:
    entry = f"records: 0, files: [{{path: {json.dumps(path, ensure_ascii=False)}}}]"
    assert problems(MINIMAL.replace("records: 0", entry)) == ()


@pytest.mark.parametrize("path", ["", ".", "..", "/", "a/", "a//b", "a/./b", "a/..", "~", "s3://b", "s3://../b", "a "])
def test_paths_that_are_refused(path: str) -> None:
    found = problems(MINIMAL.replace("records: 0", f"records: 0, files: [{{path: {json.dumps(path)}}}]"))
    assert [(p.pointer[-2:], p.rule) for p in found] == [((0, "path"), "DP002")]


def test_reading_a_valid_manifest_loads_nothing_that_only_explanations_need() -> None:
    script = (
        "import sys; from pytest_datapolicy.formats.native import FORMAT;"
        "FORMAT.read(sys.stdin.buffer.read(), 'dataset.yaml');"
        "print(sorted({'json', 'difflib', 'unicodedata', 'pytest_datapolicy.syntax.explain'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], input=EVERY_FIELD.encode(), capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"
