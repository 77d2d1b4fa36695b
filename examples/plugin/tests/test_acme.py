"""What a plugin tests, with nothing but the public helpers."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.testing import example_faults, faults, judge_text, read_cases

CASES = read_cases(str(Path(__file__).parent / "cases" / "told_summary.yaml"))
HEAD = "# name: notes\n# version: 1\n# stakes: low\n# judgment: objective\n# novelty: established\n"
TABLE = HEAD + "split\tpurpose\tcomponent\torigin\trecords\tlabels\ntrain\ttraining\tnotes\thuman\t6000\texpert\n"
SHARES = {"max-synthetic-ratio": {"limits": [{"max": 0}]}}


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_rule(case: dict[str, object]) -> None:
    assert faults(case, "ACME101") == []


def test_examples_of_the_page() -> None:
    assert example_faults("ACME101") == []


def test_pack_extends_baseline() -> None:
    policy = 'policy: 1\nname: p\nversion: "1"\nextends: [builtin:acme]\n'
    report = judge_text({"notes.dataset.tsv": TABLE}, policy)
    assert [source.path for source in report.policy][:2] == ["builtin:baseline", "builtin:acme"]
    assert "ACME101" in {finding.rule for finding in report.findings}


def test_table_is_a_manifest() -> None:
    report = judge_text({"notes.dataset.tsv": TABLE}, SHARES)
    assert (report.manifests, report.findings) == (1, ())


def test_findings_point_into_the_table() -> None:
    table = TABLE + "train\ttraining\tguess\tunknown\t50\t\n"
    finding = judge_text({"notes.dataset.tsv": table}, SHARES).findings[0]
    assert (finding.rule, finding.place.line, finding.place.column) == ("DP101", 8, 30)


@pytest.mark.parametrize(
    ("old", "new", "rule", "place", "message"),
    [
        ("# stakes: low\n", "", "DP002", (1, 1), "stakes"),
        ("human", "humna", "DP002", (7, 22), "humna"),
        ("6000", "many", "DP002", (7, 28), "many"),
        ("# version: 1\n", "# version: 1\n# version: 2\n", "DP003", (3, 1), "version is given twice"),
        ("\texpert", "", "DP001", (7, 1), "the row has 5 cells, 6 expected"),
        ("split\tpurpose", "purpose\tsplit", "DP001", (6, 1), "the columns are"),
    ],
)
def test_faults_of_tables(old: str, new: str, rule: str, place: tuple[int, int], message: str) -> None:
    finding = judge_text({"notes.dataset.tsv": TABLE.replace(old, new, 1)}, SHARES).findings[0]
    assert (finding.rule, (finding.place.line, finding.place.column)) == (rule, place)
    assert message in finding.message


def test_everything_is_listed() -> None:
    catalogue = Catalogue()
    assert catalogue.id_of("told-summary") == "ACME101"
    assert "acme" in catalogue.packs
    assert "listing" in catalogue.formats
