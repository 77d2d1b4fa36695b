"""A run over some manifests of a project: what is told, and where."""

from __future__ import annotations

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.engine.run import judge
from pytest_datapolicy.formats.native import FORMAT
from pytest_datapolicy.model.policy import EMPTY_POLICY

MANIFEST = b"""\
manifest: 1
name: notes
version: "2"
stakes: low
task: {name: t, judgment: objective}
novelty: established
splits: {train: {purpose: training, components: [{name: c, origin: human, records: 9}]}}
"""


def told(*asked: str) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    found = judge(
        ["a.dataset.yaml", "b.dataset.yaml"],
        lambda path: FORMAT.read(MANIFEST, path),
        EMPTY_POLICY,
        Catalogue(),
        today="2026-11-01",
        reported=lambda path: path in asked,
    )
    return [
        (
            item.place.path,
            item.message,
            item.thing,
            [(note.place.path, note.text) for note in item.related],
        )
        for item in found.findings
        if item.rule == "DP008"
    ]


def test_a_second_description_is_told_at_the_second() -> None:
    expected = [
        (
            "b.dataset.yaml",
            "notes@2 is described by a.dataset.yaml already",
            "b.dataset.yaml",
            [("a.dataset.yaml", "first described here")],
        )
    ]
    assert told("a.dataset.yaml", "b.dataset.yaml") == expected
    assert told("b.dataset.yaml") == expected


def test_it_is_told_at_the_first_when_that_alone_is_asked_for() -> None:
    assert told("a.dataset.yaml") == [
        (
            "a.dataset.yaml",
            "notes@2 is described by b.dataset.yaml already",
            "b.dataset.yaml",
            [("b.dataset.yaml", "described again here")],
        )
    ]
