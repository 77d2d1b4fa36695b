"""Every case of recounted evidence, hostile bytes, and files of any text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_datapolicy.formats.evidence import recount
from pytest_datapolicy.formats.evidence.entries import VERDICTS, Entry, tally
from pytest_datapolicy.model.evidence import Recount, Unread
from pytest_datapolicy.testing import read_cases

CASES = read_cases(str(Path(__file__).with_name("cases.yaml")))
NONE = {"sampled": 0, "accepted": 0, "corrected": 0, "rejected": 0}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["case"]) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = recount(case["text"].encode(), case["path"], case.get("form"))
    if isinstance(found, Unread):
        assert found.reason == case.get("unread")
        return
    expected = {**NONE, **case["counts"]}
    assert {key: getattr(found, key) for key in expected} == expected | {"reviewers": frozenset(expected["reviewers"])}
    assert found.aside == case["aside"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe[]", "it cannot be read: byte 0 is not UTF-8"),
        (b"[" * 200_000, "it cannot be read: the JSON holds a number too long, or is nested too deep"),
        (
            b'[{"record": ' + b"9" * 5000 + b"}]",
            "it cannot be read: the JSON holds a number too long, or is nested too deep",
        ),
        (
            b"record,verdict\na," + b"x" * 200_000,
            "it cannot be read: the CSV is broken near row 2: field larger than field limit (131072)",
        ),
    ],
    ids=["not UTF-8", "deep", "long number", "long field"],
)
def test_hostile_bytes(data: bytes, reason: str) -> None:
    found = recount(data, "log.csv")
    assert isinstance(found, Unread)
    assert found.reason == reason


@given(st.binary(max_size=200), st.sampled_from(["label-studio", "argilla", "jsonl", "csv", None]))
def test_any_bytes_are_counted_or_refused(data: bytes, form: str | None) -> None:
    assert isinstance(recount(data, "log.csv", form), Recount | Unread)


ENTRIES = st.lists(
    st.builds(Entry, st.sampled_from("abc"), st.sampled_from(["r", "s", ""]), st.sampled_from(VERDICTS), st.just(""))
)


@given(ENTRIES, st.randoms())
def test_order_never_matters_and_more_verdicts_never_make_fewer_defects(entries: list[Entry], random: Any) -> None:
    mixed = list(entries)
    random.shuffle(mixed)
    assert tally(mixed) == tally(entries)
    accepted, corrected, rejected, *_ = tally(entries)
    assert accepted + corrected + rejected == len({entry.record for entry in entries})
    more = tally([*entries, Entry("a", "t", "rejected")])
    assert more[2] >= rejected
