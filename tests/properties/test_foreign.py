"""Foreign formats: what is converted decides the same, and nothing that no field says reads as people's work."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_datapolicy.app.converting import write
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.fix.layout import dump
from pytest_datapolicy.formats.writing import WRITERS
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.format import alone, no_hosts
from pytest_datapolicy.model.vocabulary import HUMAN_LABELLERS, REAL
from pytest_datapolicy.testing import judge_text
from tests.properties.strategies import manifests

CATALOGUE = Catalogue()
NAMES = {"croissant": "croissant.json", "frictionless": "datapackage.json", "huggingface": "README.md"}
POLICY = "policy: 1\nname: p\nversion: '1'\nextends: [builtin:high-stakes]\nrules: {}\n"
LINES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp", "Mn")), min_size=1).map(
    lambda text: f"a{text[:40]}z"
)


@st.composite
def whole(draw: st.DrawFn) -> dict[str, Any]:
    """A manifest with the fields that other formats have names for."""
    tree = draw(manifests())
    if not tree["domains"]:
        del tree["domains"]
    for key in draw(st.sets(st.sampled_from(("license", "owner", "summary")))):
        tree[key] = draw(LINES) * draw(st.sampled_from((1, 5)))
    if draw(st.booleans()):
        tree["splits"] = {f"Eval_{name}.X": split for name, split in tree["splits"].items()}
    for number, split in enumerate(tree["splits"].values()):
        for index, component in enumerate(split["components"]):
            if draw(st.booleans()):
                path = f"data/{number}-{index}.csv"
                component["files"] = [{"path": path, "sha256": "0" * 64} if draw(st.booleans()) else {"path": path}]
    return tree


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(tree=whole())
def test_what_is_converted_decides_the_same(form: str, tree: dict[str, Any]) -> None:
    path = NAMES.get(form, "contract.odcs.yaml")
    text, _ = write(tree, form, CATALOGUE)
    reading = CATALOGUE.format_named(form).reading(text.encode(), path, alone, no_hosts)
    assert reading.tree == tree
    told = [
        [(item.rule, item.outcome, item.split, item.component, item.thing, item.observed, item.limit) for item in found]
        for found in (
            judge_text({"dataset.yaml": dump(tree)}, POLICY, catalogue=CATALOGUE).findings,
            judge_text({path: text}, POLICY, catalogue=CATALOGUE).findings,
        )
    ]
    assert sorted(told[0], key=repr) == sorted(told[1], key=repr)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(whole())
def test_what_is_written_reads_as_it_was(tree: dict[str, Any]) -> None:
    native = CATALOGUE.format_named("native")
    assert native.read(dump(tree).encode(), "dataset.yaml").tree == tree


WORDS = st.sampled_from(
    ("human", "expert", "crowd", "annotator", "synthetic", "train", "test", "origin", "labels", "by", "x", "1.0")
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 10**6) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
PACKAGE_KEYS = ["name", "version", "licenses", "license", "contributors", "keywords", "sources", "profile", "title"]
CONTRACT_KEYS = ["name", "version", "team", "tags", "domain", "schema", "customProperties", "description", "id"]
PACKAGE = st.fixed_dictionaries(
    {
        "resources": st.lists(
            st.dictionaries(
                st.sampled_from(("name", "path", "hash", "bytes", "rows", "stats", "sources", "origin", "labels")),
                VALUES,
            )
            | VALUES,
            max_size=3,
        )
    },
    optional=dict.fromkeys(
        ("name", "version", "licenses", "license", "contributors", "keywords", "sources", "profile", "title"), VALUES
    ),
)
CONTRACT = st.fixed_dictionaries(
    {"kind": st.just("DataContract"), "apiVersion": st.just("v3.1.0")},
    optional=dict.fromkeys(
        ("name", "version", "team", "tags", "domain", "schema", "customProperties", "description", "id"), VALUES
    ),
)


@pytest.mark.parametrize(("form", "hosts"), [("frictionless", PACKAGE), ("odcs", CONTRACT)])
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_reads_as_the_work_of_people(form: str, hosts: Any, data: st.DataObject) -> None:
    tree = data.draw(hosts)
    state = CATALOGUE.format_named(form).state
    assert state is not None
    try:
        stated = state(json.dumps(tree).encode(), "host.json", alone)
    except Refused:
        return
    for pointer, fact in stated.facts.items():
        if pointer[4:] == ("origin",):
            assert fact.value not in REAL
        if pointer[4:] == ("labels", "by"):
            assert fact.value not in HUMAN_LABELLERS
