"""The schema of sidecars: what a host may say can be left out, everything else is as in manifests."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from pytest_datapolicy.schemas import load
from pytest_datapolicy.schemas.sidecar import sidecar

HEAD = {"manifest": 1, "describes": {"path": "README.md"}}
GAPS = {**HEAD, "splits": {"train": {"components": [{"origin": "model"}]}}}


def _valid(schema: dict[str, Any], tree: dict[str, Any]) -> bool:
    return jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(tree)


@pytest.mark.parametrize("tree", [HEAD, GAPS, {**GAPS, "corrects": {"license": "it changed"}}])
def test_gaps_are_allowed(tree: dict[str, Any]) -> None:
    assert _valid(sidecar(), tree)


@pytest.mark.parametrize(
    "tree",
    [
        {"manifest": 1},
        {"describes": {"path": "README.md"}},
        {**HEAD, "describes": {"path": "../README.md"}},
        {**HEAD, "colour": "red"},
        {**HEAD, "splits": {"train": {"components": [{"origin": "people"}]}}},
        {**HEAD, "splits": {"train": {"components": [{"kind": "human"}]}}},
        {**HEAD, "stage": "bootstrap"},
    ],
)
def test_what_is_given_is_checked(tree: dict[str, Any]) -> None:
    assert not _valid(sidecar(), tree)


def test_manifests_keep_their_demands() -> None:
    assert sidecar() != load("manifest")
    assert not _valid(load("manifest"), GAPS)
