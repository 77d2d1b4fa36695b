"""Evaluation records in training, duplicates, and the texts that are compared."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from pytest_datapolicy.model.data import Duplicates, Evaluation, Overlap, Unmeasured
from pytest_datapolicy.verify import overlap as checks
from pytest_datapolicy.verify import statements
from pytest_datapolicy.verify.duck import Duck
from pytest_datapolicy.verify.normal import normalised
from pytest_datapolicy.verify.options import Options
from tests.verify.projects import manifest, opened, part, put, split

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_datapolicy.model.manifest import Manifest

WORDS = " ".join(f"word{index}" for index in range(30)).split()
TRAIN: list[dict[str, Any]] = [
    {"id": "t1", "text": "Fever  since\tMonday", "more": ""},
    {"id": "t2", "text": "STRASSE ﬁne", "more": None},
    {"id": "t3", "text": f"before {' '.join(WORDS[:20]).upper()} after", "more": ""},
    {"id": "t4", "text": "question", "more": "answer"},
    {"id": "t5", "text": "", "more": ""},
]
TEST = [
    {"id": "e7", "text": " fever since monday "},
    {"id": "e2", "text": "straße\u00a0ﬁne"},
    {"id": "e3", "text": f"other {' '.join(WORDS[4:17])} other"},
    {"id": "e4", "text": "Question\nAnswer"},
    {"id": "e5", "text": ""},
    {"id": "e6", "text": f"other {' '.join(WORDS[4:16])} other"},
    {"id": "e1", "text": f"unlike {' '.join(WORDS[20:])} and some more"},
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Duck]:
    made = Duck(Options(), str(tmp_path_factory.mktemp("root")))
    yield made
    made.close()


def held_out() -> dict[str, Any]:
    return split(part("test.csv"), purpose="evaluation", name="test", columns={"text": ["text"], "id": "id"})


def trained(*files: str, **more: Any) -> dict[str, Any]:
    return split(part(*files or ("train.jsonl",), **more), columns={"text": ["text", "more"]})


def overlap(root: Path, data: Manifest, **options: Any) -> list[Overlap | Unmeasured | None]:
    with opened(root, data, **options) as opens:
        return [opens.overlap(evaluation) for evaluation in opens.evaluations()]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    put(tmp_path, "train.jsonl", TRAIN)
    put(tmp_path, "test.csv", TEST)
    return tmp_path


def test_whole_texts_and_runs_of_thirteen_words(project: Path) -> None:
    assert overlap(project, manifest(trained(), held_out())) == [Overlap(6, 3, 1, ("e2", "e3", "e4"), (), ("train",))]


def test_records_are_shown_when_asked_for(project: Path) -> None:
    (found,) = overlap(project, manifest(trained(), held_out()), show=True, cached=True)
    assert isinstance(found, Overlap)
    assert found.ids == ("e2", "e3", "e4")
    assert found.texts == (TEST[1]["text"], TEST[2]["text"], TEST[3]["text"])
    assert not (project / "results").exists()


def test_without_ids(project: Path) -> None:
    data = manifest(trained(), split(part("test.csv"), purpose="validation", columns={"text": ["text"]}, name="dev"))
    assert overlap(project, data) == [Overlap(6, 3, 1, (), (), ("train",))]


def test_only_the_rows_of_the_split(project: Path) -> None:
    put(
        project,
        "all.csv",
        [
            *({"id": r["id"], "text": r["text"], "s": "test"} for r in TEST),
            {"id": "x", "text": "Question Answer", "s": "train"},
        ],
    )
    columns = {"text": ["text"], "id": "id"}
    data = manifest(
        split(part("all.csv", where={"s": "train"}), columns=columns),
        split(part("all.csv", where={"s": "test"}), purpose="evaluation", name="test", columns=columns),
    )
    assert overlap(project, data) == [Overlap(6, 1, 0, ("e4",), (), ("train",))]


def test_preference_is_training_and_evaluation_may_be_another_data_set(project: Path) -> None:
    other = manifest(held_out(), name="benchmark")
    put(project, "bench/test.csv", TEST)
    data = manifest(
        trained(),
        split(part("pairs.jsonl"), name="pairs", purpose="preference", columns={"text": ["text"]}),
        evaluated_by=["benchmark@1#test", "gone@1#test", "notes@1#train"],
    )
    put(project, "pairs.jsonl", [{"text": TEST[6]["text"].upper()}])
    others = {"benchmark@1": (other, "bench/dataset.yaml")}
    with opened(project, data, others=others) as opens:
        (evaluation,) = opens.evaluations()
        assert evaluation == Evaluation("benchmark@1#test", ("evaluated_by", 0), other.splits[0])
        assert opens.overlap(evaluation) == Overlap(6, 4, 1, ("e1", "e2", "e3"), (), ("train", "pairs"))
    (project / "bench/test.csv").unlink()
    with opened(project, data, others=others) as opens:
        found = opens.overlap(next(iter(opens.evaluations())))
    assert found == Unmeasured(
        "test.csv is not there", "restore it, or correct the path", ("evaluated_by", 0), "absent"
    )


def test_nothing_to_look_through(project: Path) -> None:
    assert overlap(project, manifest(held_out())) == [None]
    assert overlap(project, manifest(split(part("train.jsonl"), purpose="diagnostic"), held_out())) == [None]


def test_what_the_manifest_must_say(project: Path) -> None:
    columns = ("splits", "train", "columns", "text")
    assert overlap(project, manifest(split(part("train.jsonl")), held_out())) == [
        Unmeasured(
            "split train does not say which columns hold its text", "name them in columns.text", columns, "undeclared"
        )
    ]
    data = manifest(split(part(name="web"), columns={"text": ["text"]}), held_out())
    at = ("splits", "train", "components", 0, "files")
    assert overlap(project, data) == [
        Unmeasured("component web of split train names no data file", "name them in `files`", at, "undeclared")
    ]
    data = manifest(split(part("train.jsonl"), columns={"text": ["txet"]}), held_out())
    (found,) = overlap(project, data)
    assert isinstance(found, Unmeasured)
    assert (found.kind, found.reason) == ("undeclared", 'no row of train.jsonl has a value in the column "txet"')
    put(project, "images/a.png", b"x")
    (found,) = overlap(project, manifest(trained("images"), held_out()))
    assert isinstance(found, Unmeasured)
    assert (found.kind, found.reason) == ("undeclared", "images holds no rows that can be read")


def test_the_file_at_fault_is_named_among_many(project: Path) -> None:
    for index in range(4):
        put(project, f"train/{index}.jsonl.gz", TRAIN)
    path = project / "train/2.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-20])
    (found,) = overlap(project, manifest(trained("train"), held_out()))
    assert isinstance(found, Unmeasured)
    assert found.reason == "train/2.jsonl.gz cannot be read as gzip"


def test_many_copies_and_long_texts(tmp_path: Path) -> None:
    long = " ".join(WORDS * 300)
    put(tmp_path, "train.parquet", [{"text": long}, {"text": "a"}] * 10)
    put(tmp_path, "test.parquet", [{"text": f"{long} end"}, {"text": "A"}, {"text": "b"}, {"text": "A"}])
    data = manifest(
        split(part("train.parquet"), columns={"text": ["text"]}),
        split(part("test.parquet"), columns={"text": ["text"]}, name="test", purpose="evaluation"),
    )
    assert overlap(tmp_path, data) == [Overlap(4, 2, 1, (), (), ("train",))]


def test_a_collision_of_hashes_is_no_overlap(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def constant(self: Duck, text: exp.Expression) -> exp.Expression:
        return exp.Literal.number(7)

    monkeypatch.setattr(Duck, "hash64", constant)
    assert overlap(project, manifest(trained(), held_out())) == [Overlap(6, 3, 1, ("e2", "e3", "e4"), (), ("train",))]


def test_nothing_is_left_in_the_engine(engine: Duck) -> None:
    def texts(*values: str) -> checks.Texts:
        def rows() -> exp.Select:
            made = [exp.select(f"'{value}' AS x", f"'{value}' AS raw", "'' AS id") for value in values]
            return exp.select("x", "raw", "id").from_(exp.union(made[0], *made[1:], distinct=False).subquery("t"))

        return checks.Texts(lambda: exp.select("x").from_(rows().subquery("s")), rows)

    found = checks.overlap(texts("a", "b", "b"), texts("b", "c"), engine, show=True)
    assert found == {"records": 3, "exact": 2, "grams": 0, "first": [["", "b"]]}
    found = checks.duplicates(texts("a", "b", "b"), engine, show=False)
    assert found == {"records": 3, "duplicates": 1, "first": [["", ""]]}
    assert engine.rows(exp.select("count(*)").from_("duckdb_tables()")) == [(0,)]


def test_duplicates(tmp_path: Path) -> None:
    rows = [
        {"id": "5", "text": "One two"}, {"id": "1", "text": "one  TWO"}, {"id": "9", "text": "ONE TWO"},
        {"id": "2", "text": ""}, {"id": "4", "text": " "}, {"id": "3", "text": "alone"}, {"id": "6", "text": "ÉTÉ"},
        {"id": "7", "text": "e\u0301te\u0301"},
    ]  # fmt: skip
    put(tmp_path, "a.parquet", rows)
    data = manifest(split(part("a.parquet"), columns={"text": ["text"], "id": "id"}))
    with opened(tmp_path, data) as opens:
        assert opens.duplicates(data.splits[0]) == Duplicates(8, 4, ("4", "5", "7"))
    with opened(tmp_path, data, show=True) as opens:
        assert opens.duplicates(data.splits[0]) == Duplicates(
            8, 4, ("4", "5", "7"), (" ", "One two", "e\u0301te\u0301")
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A  b\tc\n", "a b c"),
        ("\x1c\x1da\x1e\x1fb\x0b\x0c\r", "a b"),
        ("ﬁne Straße", "fine strasse"),
        ("\u00a0\u2003x\u3000", "x"),
        ("ＡＢＣ", "abc"),
        ("İ", "i̇"),
        ("a\u0345b", "aιb"),
        ("a §¤ b", "a §¤ b"),
        ("a\u200bb", "a\u200bb"),
        ("", ""),
        ("   ", ""),
        (" ", ""),
        ("\u2003", ""),
    ],
)
def test_texts_as_they_are_compared(engine: Duck, text: str, expected: str) -> None:
    assert normalised(text) == expected
    assert by_engine(engine, text) == expected


def by_engine(engine: Duck, text: str) -> str:
    value = exp.select(exp.alias_(exp.Literal.string(text), "raw")).subquery("r")
    query = exp.select(statements.normal(exp.column("raw"), engine)).from_(value)
    (row,) = engine.rows(query)
    return str(row[0])


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | st.text(
    "aB \t\n\v\f\r\x1c\x1f\x7f\x01-", max_size=12
)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_engine_and_python_agree(engine: Duck, text: str) -> None:
    once = normalised(text)
    assert by_engine(engine, text) == once
    assert normalised(once) == once
    assert unicodedata.is_normalized("NFKC", once)
