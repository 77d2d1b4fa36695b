"""What a host file and its completion state differently, as findings of DP007, whole."""

from __future__ import annotations

import pytest

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.engine.findings import conflict_findings
from pytest_datapolicy.formats.native import FORMAT
from pytest_datapolicy.model.fingerprint import fingerprint
from pytest_datapolicy.model.format import Conflict
from pytest_datapolicy.model.places import Note, Place, Span
from pytest_datapolicy.model.report import Finding

MANIFEST = b"""\
manifest: 1
name: notes
version: "2"
stakes: low
task: {name: t, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: first, origin: human, records: 9}
      - {name: second, origin: human, records: 9}
"""
HERE = Place("dataset.yaml", Span(11, 9, 11, 14))
HOST = Place("README.md", Span(2, 1, 2, 9))


@pytest.mark.parametrize(
    ("at", "split", "component", "thing"),
    [
        (("splits", "train", "components", 1, "origin"), "train", "second", "origin"),
        (("splits", "train", "components", 0, "labels", "by"), "train", "first", "labels.by"),
        (("splits", "train", "components"), "train", None, "components"),
        (("splits", "train", "components", 1), "train", None, "components.1"),
        (("splits", "train", "purpose"), "train", None, "purpose"),
        (("splits", "train"), "train", None, "splits"),
        (("splits",), None, None, "splits"),
        (("task", "name"), None, None, "task.name"),
        (("version",), None, None, "version"),
    ],
)
@pytest.mark.parametrize("level", ["error", "advice"])
def test_a_conflict_is_about_the_part_that_states_it(
    at: tuple[str | int, ...], split: str | None, component: str | None, thing: str, level: str
) -> None:
    reading = FORMAT.read(MANIFEST, "dataset.yaml")
    stated = Conflict(at, "the host says model", "correct one of them", HERE, HOST, "the host says this", level)
    assert conflict_findings(reading._replace(conflicts=(stated,)), Catalogue()) == [
        Finding(
            rule="DP007",
            name="consistent-claims",
            level=level,
            outcome="fail",
            dataset="notes@2",
            split=split,
            component=component,
            message="the host says model",
            remedy="correct one of them",
            observed=None,
            limit=None,
            place=HERE,
            clause=None,
            thing=thing,
            related=(Note(HOST, "the host says this"),),
            fingerprint=fingerprint("DP007", "notes", split, component, thing),
        )
    ]


def test_where_nothing_differs_nothing_is_found() -> None:
    assert conflict_findings(FORMAT.read(MANIFEST, "dataset.yaml"), Catalogue()) == []
