"""What a baseline absorbs: findings that were there, no worse than they were; and nothing that must not be hidden."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.engine.baseline import absorb, record
from pytest_datapolicy.fix.baseline import baseline_text
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.model.waivers import Recorded
from pytest_datapolicy.policy.baseline import load_baseline
from tests.render.reports import finding

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_datapolicy.model.report import Finding

ALWAYS_ON = frozenset({"DP005", "DP009"})


def found(observed: Any = Fraction(2, 5), limit: Any = Fraction(3, 10), **changes: Any) -> Finding:
    return finding(observed=observed, limit=limit, **changes)


def outcomes(findings: list[Finding], entries: list[Recorded]) -> tuple[list[str], int]:
    """The outcome of each finding, and how many entries are left over."""
    absorbed, stale = absorb(findings, entries, ALWAYS_ON)
    return [item.outcome for item in absorbed], len(stale)


COMPARED = [
    # recorded, its limit, found, its limit, absorbed
    (Fraction(2, 5), Fraction(3, 10), Fraction(2, 5), Fraction(3, 10), True),
    (Fraction(2, 5), Fraction(3, 10), Fraction(31, 100), Fraction(3, 10), True),
    (Fraction(2, 5), Fraction(3, 10), Fraction(4000001, 10000000), Fraction(3, 10), False),
    (Fraction(2, 5), Fraction(3, 10), Fraction(2, 5), Fraction(1, 10), True),
    (10, 100, 10, 100, True),
    (10, 100, 11, 100, True),
    (10, 100, 9, 100, False),
    (10, 100, 10, 200, True),
    (3, 2, 3, 2, True),
    (3, 2, 4, 2, False),
    (1, Fraction(3, 10), Fraction(1), Fraction(3, 10), True),
    # a share that was too high says nothing of a count that is too low
    (Fraction(13, 250), Fraction(1, 20), 400, 4000, False),
    (400, 4000, Fraction(13, 250), Fraction(1, 20), False),
    # what is no number must be the same
    ("model", "human, observed", "model", "human", True),
    ("model", "human, observed", "simulation", "human, observed", False),
    (None, None, None, None, True),
    (None, None, 1, 0, False),
    (1, 0, None, None, False),
    ("1", None, 1, 0, False),
    (5, None, 4, 3, False),
    (5, 5, 4, 3, False),
]


@pytest.mark.parametrize(("recorded", "its_limit", "observed", "limit", "absorbed"), COMPARED)
def test_no_worse_than_recorded(recorded: Any, its_limit: Any, observed: Any, limit: Any, absorbed: bool) -> None:
    (entry,) = record([found(recorded, its_limit)], ALWAYS_ON)
    expected = (["baselined"], 0) if absorbed else (["fail"], 1)
    assert outcomes([found(observed, limit)], [entry]) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": "DP102"},
        {"dataset": "other@2026.11"},
        {"split": "more"},
        {"split": None},
        {"component": "made"},
        {"thing": "sepsis"},
    ],
)
def test_another_subject_is_a_new_finding(changes: dict[str, Any]) -> None:
    assert outcomes([found(**changes)], record([found()], ALWAYS_ON)) == (["fail"], 1)


@pytest.mark.parametrize(
    "changes", [{"dataset": "triage-notes@2027.1"}, {"message": "m", "remedy": "r"}, {"clause": None}]
)
def test_versions_words_and_places_do_not_matter(changes: dict[str, Any]) -> None:
    moved = found(**changes)._replace(place=found().place._replace(path="elsewhere/dataset.yaml"))
    assert outcomes([moved], record([found()], ALWAYS_ON)) == (["baselined"], 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "indeterminate"},
        {"outcome": "waived"},
        {"rule": "DP009"},
        {"rule": "DP005"},
        {"rule": "DP704", "dataset": None, "split": None},
    ],
)
def test_what_a_baseline_never_holds(changes: dict[str, Any]) -> None:
    hidden = found(**changes)
    assert record([hidden], ALWAYS_ON) == []
    entry = Recorded(hidden.rule, "triage-notes", hidden.split, None, "", hidden.observed, hidden.limit)
    assert outcomes([hidden], [entry]) == ([hidden.outcome], 1)


def test_advice_is_not_recorded_and_warnings_are() -> None:
    assert record([found(level="advice")], ALWAYS_ON) == []
    assert len(record([found(level="warning")], ALWAYS_ON)) == 1


def test_one_entry_absorbs_one_finding() -> None:
    (entry,) = record([found()], ALWAYS_ON)
    assert outcomes([found(dataset="triage-notes@1"), found(dataset="triage-notes@2")], [entry]) == (
        ["baselined", "fail"],
        0,
    )


def test_several_findings_of_one_subject_take_the_entries_that_just_suffice() -> None:
    entries = record([found(Fraction(n, 10)) for n in (4, 6)], ALWAYS_ON)
    shares = (Fraction(55, 100), Fraction(35, 100))
    for order in (shares, shares[::-1]):
        assert outcomes([found(share) for share in order], entries) == (["baselined", "baselined"], 0)
    assert outcomes([found(Fraction(7, 10)), found(Fraction(5, 10))], entries) == (["fail", "baselined"], 1)
    assert outcomes([found(Fraction(5, 10)), found(Fraction(5, 10))], entries) == (["baselined", "fail"], 1)


WRITTEN = [
    Recorded("DP101", "a-set", "train", None, "", Fraction(2, 5), Fraction(3, 10)),
    Recorded("DP101", "a-set", "train", "made", "", Fraction(2, 3), Fraction(1, 2)),
    Recorded("DP102", "a-set", "train", None, "", 0, 10**17),
    Recorded("DP104", "b-set", "train", None, 'a "slice": #1', -3, 30),
    Recorded("DP201", "b-set", "no", "1_000", "", "model", "human, observed"),
    Recorded("DP206", "b-set", "test", "c", "b.csv", None, None),
    Recorded("DP502", "b-set", None, None, "", 10**19 + 1, 10**20),
    Recorded("DP707", "null", None, None, "owner", Fraction(123456789012345678, 1000), Fraction(1, 3)),
]


@pytest.mark.parametrize("name", ["baseline.json", "baseline.yaml", "baseline.yml"])
@pytest.mark.parametrize("entries", [WRITTEN, []], ids=["entries", "none"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str, entries: list[Recorded]) -> None:
    text = baseline_text(entries, as_json=name.endswith(".json"))
    (tmp_path / name).write_text(text, "utf-8")
    loaded = load_baseline(str(tmp_path / name), root=str(tmp_path))
    assert loaded.path == name
    assert [entry._replace(place=None) for entry in loaded.entries] == entries
    assert [entry.place is not None and entry.rule in entry.place.source for entry in loaded.entries] == [
        True for _ in entries
    ]


def test_the_text_is_an_entry_a_line() -> None:
    assert baseline_text(WRITTEN[:2], as_json=True) == (
        "{\n"
        '  "baseline": 1,\n'
        '  "entries": [\n'
        '    {"rule": "DP101", "dataset": "a-set", "split": "train", "observed": 0.4, "limit": 0.3},\n'
        '    {"rule": "DP101", "dataset": "a-set", "split": "train", "component": "made", '
        '"observed": "2/3", "limit": 0.5}\n'
        "  ]\n"
        "}\n"
    )
    assert baseline_text(WRITTEN[:1], as_json=False) == (
        'baseline: 1\nentries:\n  - {rule: "DP101", dataset: "a-set", split: "train", observed: 0.4, limit: 0.3}\n'
    )
    assert baseline_text([], as_json=True) == '{\n  "baseline": 1,\n  "entries": []\n}\n'
    assert baseline_text([], as_json=False) == "baseline: 1\nentries: []\n"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('{"baseline": 2, "entries": []}', (1, 14), "baseline is 2; this release reads version 1 of a baseline"),
        ('{"baseline": 1}', (1, 1), "required field entries is missing in this baseline"),
        (
            '{"baseline": 1, "entries": [{"rule": "DP101"}]}',
            (1, 29),
            "required field dataset is missing in this baseline entry",
        ),
        ('{"baseline": 1, "entries": [], "entries": []}', (1, 32), None),
        ("[]", (1, 1), "the file holds a list, not a mapping of fields"),
    ],
)
def test_a_file_that_is_no_baseline(tmp_path: Path, text: str, place: tuple[int, int], message: str | None) -> None:
    (tmp_path / "b.json").write_text(text, "utf-8")
    with pytest.raises(RunError) as caught:
        load_baseline(str(tmp_path / "b.json"), root=str(tmp_path))
    assert caught.value.code == 2
    assert caught.value.place is not None
    assert (caught.value.place.path, caught.value.place.line, caught.value.place.column) == ("b.json", *place)
    assert message in (None, caught.value.message)


def test_a_baseline_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        load_baseline(str(tmp_path / "ci" / "b.json"), root=str(tmp_path))
    assert (caught.value.code, caught.value.message) == (2, 'there is no baseline "ci/b.json"')


def test_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "b.json").write_text(baseline_text([], as_json=True), "utf-8")
    (root / "b.json").symlink_to(tmp_path / "b.json")
    with pytest.raises(RunError) as caught:
        load_baseline(str(root / "b.json"), root=str(root))
    assert caught.value.message == "this leads out of the project root"
