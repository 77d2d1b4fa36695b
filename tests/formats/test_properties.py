"""Whatever a foreign file holds: it is read or refused, and nothing absent or coarse ever reads as human."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_datapolicy.formats import croissant, huggingface
from pytest_datapolicy.formats.completion import complete, own_block
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.format import alone
from pytest_datapolicy.model.vocabulary import HUMAN_LABELLERS, REAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_datapolicy.formats.host import Stated

FEW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = ("crowdsourced", "expert-generated", "machine-generated", "found", "no-annotation", "other", "unknown", "human")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**6) | st.sampled_from(WORDS) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("train", "name", "splits", "path", "@id", "@type", "value", "num_examples")),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
CARD_KEYS = (
    *("annotations_creators", "language_creators", "license", "tags", "task_categories", "source_datasets"),
    *("size_categories", "dataset_info", "configs", "train-eval-index", "datapolicy", "version", "pretty_name"),
)
CROISSANT_KEYS = (
    *("name", "version", "license", "keywords", "description", "distribution", "recordSet", "rai:hasSyntheticData"),
    *("digitalSourceType", "rai:dataCollectionType", "prov:wasGeneratedBy", "prov:wasAttributedTo", "conformsTo"),
    *("rai:dataAnnotationPlatform", "rai:annotationsPerItem", "prov:wasDerivedFrom", "datapolicy", "url", "creator"),
)


def card(fields: dict[str, Any], body: str = "") -> bytes:
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in fields.items())
    return f"---\n{lines}---\n{body}".encode("utf-8", "replace")


def jsonld(fields: dict[str, Any]) -> bytes:
    return json.dumps({"@context": {"@vocab": "https://schema.org/"}, "@type": "sc:Dataset", **fields}).encode()


def stated(read: Callable[..., Stated], data: bytes) -> Stated | None:
    """What a file states; None when it is refused, alone or completed by its own block."""
    try:
        found = read(data, "x", alone)
        complete(found, own_block(found))
    except Refused as refused:
        if any(problem.rule != "DP002" for problem in refused.problems):
            return None
        found = read(data, "x", alone)
    return found


def said(found: Stated, field: str) -> set[Any]:
    return {fact.value for pointer, fact in found.facts.items() if pointer[-1] == field}


def mentions(value: Any, words: set[str]) -> bool:
    return any(word in json.dumps(value).lower() for word in words)


@FEW
@given(st.dictionaries(st.sampled_from(CARD_KEYS), VALUES, max_size=6))
def test_a_card_is_human_only_by_a_field_that_says_so(fields: dict[str, Any]) -> None:
    found = stated(huggingface.state, card(fields, body="All of it was written by people.\n"))
    if found is None:
        return
    if said(found, "origin") & REAL:
        assert mentions(fields["language_creators"], {"crowdsourced"})
    if said(found, "by") & HUMAN_LABELLERS:
        assert mentions(fields["annotations_creators"], {"crowdsourced", "expert-generated"})


@FEW
@given(st.dictionaries(st.sampled_from(CROISSANT_KEYS), VALUES, max_size=6))
def test_a_croissant_without_a_source_type_is_never_real_nor_labelled_by_people(fields: dict[str, Any]) -> None:
    fields.pop("digitalSourceType", None)
    found = stated(croissant.state, jsonld(fields))
    if found is not None:
        assert not said(found, "origin") & REAL
        assert not said(found, "by") & HUMAN_LABELLERS


@FEW
@given(
    st.dictionaries(st.sampled_from(CARD_KEYS), VALUES, max_size=5),
    st.sampled_from(("language_creators", "annotations_creators")),
)
def test_taking_a_field_away_never_makes_anything_human(fields: dict[str, Any], key: str) -> None:
    without = {name: value for name, value in fields.items() if name != key}
    found = stated(huggingface.state, card(without))
    field = "origin" if key == "language_creators" else "by"
    if found is not None:
        assert not said(found, field) & (REAL | HUMAN_LABELLERS)


@FEW
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
def test_any_machine_among_the_creators_keeps_the_origin_unknown(words: list[str]) -> None:
    found = stated(huggingface.state, card({"language_creators": [*words, "machine-generated"]}))
    assert found is not None
    assert said(found, "origin") == {"unknown"}


BLOCKS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.just("a") | VALUES,
        "license": VALUES,
        "domains": VALUES,
        "task": VALUES,
        "splits": st.dictionaries(
            st.sampled_from(("train", "test")),
            st.fixed_dictionaries(
                {},
                optional={
                    "purpose": VALUES,
                    "components": VALUES
                    | st.lists(
                        VALUES
                        | st.fixed_dictionaries(
                            {},
                            optional={
                                "name": VALUES,
                                "origin": VALUES,
                                "records": VALUES,
                                "labels": VALUES,
                                "files": VALUES,
                            },
                        ),
                        max_size=3,
                    ),
                },
            )
            | VALUES,
            max_size=2,
        )
        | VALUES,
    },
)


@FEW
@given(BLOCKS)
def test_any_block_completes_a_card_or_is_refused(block: dict[str, Any]) -> None:
    fields = {
        "license": "mit",
        "tags": ["synthetic", "medical"],
        "language_creators": ["machine-generated"],
        "annotations_creators": ["crowdsourced"],
        "dataset_info": {"splits": [{"name": "train", "num_examples": 5}]},
        "configs": [{"data_files": [{"split": "train", "path": ["a.csv", "b.csv"]}]}],
        "datapolicy": block,
    }
    assert stated(huggingface.state, card(fields)) is not None or block


@FEW
@given(st.binary(max_size=200))
@pytest.mark.parametrize("read", [huggingface.state, croissant.state])
def test_any_bytes_are_read_or_refused(read: Callable[..., Stated], data: bytes) -> None:
    for text in (data, b"---\n" + data + b"\n---\n", b'{"@context": {}, "@type": "Dataset", "name": ' + data + b"}"):
        stated(read, text)


@FEW
@given(st.dictionaries(st.sampled_from(CARD_KEYS), VALUES, max_size=6))
def test_every_fact_has_a_place_in_the_file(fields: dict[str, Any]) -> None:
    data = card(fields)
    found = stated(huggingface.state, data)
    lines = data.decode().splitlines()
    for fact in (*(found.facts.values() if found else ()), *(found.left.values() if found else ())):
        place = fact.source.place()
        assert place.path == "x"
        assert 1 < place.line < len(lines)
