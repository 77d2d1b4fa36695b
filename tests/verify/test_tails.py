"""Rare categories that are kept, lost, or too rare to tell; and diversity on equal samples."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.model.data import Coverage, Diversity, Tails, Unmeasured
from pytest_datapolicy.verify import tails as checks
from pytest_datapolicy.verify.diversity import measured, share
from tests.verify.projects import manifest, opened, part, put, split

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_datapolicy.model.manifest import Manifest

CORE = {"flu": 500, "cold": 300, "sepsis": 100, "stroke": 95, "plague": 5}


def rows(counts: dict[str, int], source: str = "ward") -> list[dict[str, str]]:
    return [{"icd": name, "s": source} for name, count in counts.items() for _ in range(count)]


def data_of(*more: dict[str, Any], slices: dict[str, int] | None = None, **tree: Any) -> Manifest:
    real = part("a.parquet", name="ward", records=1000, where={"s": "ward"}, slices=slices or {})
    made = part("a.parquet", name="llm", origin="model", records=200, where={"s": "llm"})
    return manifest(split(real, made, columns={"category": "icd"}), *more, **tree)


def tails(root: Path, data: Manifest, column: str | None = None, **options: Any) -> Tails | Unmeasured:
    with opened(root, data, **options) as opens:
        return opens.tails(data.splits[0], column)


def test_the_rarer_half_and_what_cannot_be_told(tmp_path: Path) -> None:
    put(tmp_path, "a.parquet", [*rows(CORE), *rows({"flu": 150, "sepsis": 40, "other": 9, "": 1}, "llm")])
    assert tails(tmp_path, data_of()) == Tails(
        "icd",
        1000,
        (
            Coverage("whole", 1200, 3, 3, 0, (), 0),
            Coverage("synthetic", 200, 3, 1, 1, ("stroke",), 598),
        ),
        (
            Coverage("whole", 1200, 5, 5, 0, (), 0),
            Coverage("synthetic", 200, 5, 2, 1, ("cold", "stroke"), 598),
        ),
    )


def test_slices_name_the_rare_ones_when_the_column_knows_any(tmp_path: Path) -> None:
    put(tmp_path, "a.parquet", [*rows(CORE), *rows({"flu": 200}, "llm")])
    found = tails(tmp_path, data_of(slices={"cold": 300, "children": 20}))
    assert isinstance(found, Tails)
    assert found.rare[1] == Coverage("synthetic", 200, 1, 0, 0, ("cold",), 0)
    found = tails(tmp_path, data_of(slices={"children": 20}))
    assert isinstance(found, Tails)
    assert found.rare[1].categories == 3


def test_the_core_of_the_version_before_counts_too(tmp_path: Path) -> None:
    put(tmp_path, "a.parquet", [*rows({"flu": 500}), *rows({"flu": 200}, "llm")])
    put(tmp_path, "old/b.parquet", [{"code": "sepsis"}] * 500)
    before = manifest(
        split(part("b.parquet"), part("b.parquet", name="x", origin="model"), columns={"category": "code"}), name="old"
    )
    others = {"old@1": (before, "old/dataset.yaml")}
    found = tails(tmp_path, data_of(previous="old@1"), others=others)
    assert isinstance(found, Tails)
    assert (found.core, found.every[0]) == (1000, Coverage("whole", 700, 2, 1, 0, ("sepsis",), 0))
    named = manifest(
        split(part("b.parquet"), columns={"category": "code"}, name="fit"),
        split(part("b.parquet"), columns={"category": "code"}, name="test", purpose="evaluation"),
        name="old",
    )
    assert tails(tmp_path, data_of(previous="old@1"), others={"old@1": (named, "old/dataset.yaml")}) == found
    (tmp_path / "old/b.parquet").unlink()
    alone = tails(tmp_path, data_of(previous="old@1"), others=others)
    assert alone == tails(tmp_path, data_of())
    assert isinstance(alone, Tails)
    assert alone.core == 500


@pytest.mark.parametrize("count", [1, 7, 100, 999])
def test_support_is_what_chance_allows(count: int) -> None:
    enough = checks._enough(count, 1000)
    absent = 1 - count / 1000
    assert absent**enough <= 0.05 < absent ** (enough - 1)
    assert checks._enough(5, 5) == 1


def test_what_cannot_be_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.parquet", rows({"flu": 5}, "llm"))
    at = ("splits", "train", "components")
    lacking = Unmeasured(
        "split train has no real records to compare with", "name a real component with its files", at, "support"
    )
    assert tails(tmp_path, data_of()) == lacking
    made = manifest(split(part("a.parquet", origin="model"), columns={"category": "icd"}))
    assert tails(tmp_path, made) == lacking
    unsaid = manifest(split(part("a.parquet")))
    columns = ("splits", "train", "columns", "category")
    assert tails(tmp_path, unsaid) == Unmeasured(
        "split train does not say which column holds the category", "name it in columns.category", columns, "undeclared"
    )
    assert isinstance(tails(tmp_path, unsaid, "icd"), Tails)
    monkeypatch.setattr(checks, "MOST_CATEGORIES", 1)
    put(tmp_path, "a.parquet", rows({"flu": 5, "cold": 1}))
    assert tails(tmp_path, unsaid, "icd") == Unmeasured(
        'column "icd" has 2 values, so they are no categories', "name a column of categories", columns, "undeclared"
    )


def text(seed: int, records: int, vocabulary: int) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(f"w{draw.randrange(vocabulary)}" for _ in range(20)) for _ in range(records)]


def test_diversity_on_equal_samples(tmp_path: Path) -> None:
    put(tmp_path, "real.jsonl", [{"text": item} for item in text(1, 100, 5_000)])
    put(tmp_path, "made.jsonl", [{"text": item} for item in text(2, 400, 50)])
    data = manifest(
        split(part("real.jsonl"), part("made.jsonl", name="made", origin="model"), columns={"text": ["text"]})
    )
    with opened(tmp_path, data) as opens:
        one = opens.diversity(data.splits[0], "distinct-1")
        packed = opens.diversity(data.splits[0], "compression")
    assert isinstance(one, Diversity)
    assert isinstance(packed, Diversity)
    distinct = len({word for item in text(1, 100, 5_000) for word in item.split()})
    assert (one.real, one.tokens) == (Fraction(distinct, 2000), 2000)
    assert one.synthetic == Fraction(50, 2000)
    assert Fraction(1, 10) < packed.ratio < Fraction(9, 10)


def test_runs_of_words_do_not_cross_records() -> None:
    found = measured(["a b"] * 500, ["a b a"] * 400)
    assert found["tokens"] == 1000
    assert found["metrics"]["distinct-2"] == [[1, 500], [2, 666]]
    assert found["metrics"]["distinct-3"] == [[0, 0], [1, 333]]
    assert share([0, 0]) == 0


def test_samples_that_are_too_small(tmp_path: Path) -> None:
    put(tmp_path, "a.jsonl", [{"text": item} for item in text(1, 49, 9)])
    at = ("splits", "train", "components")
    both = manifest(split(part("a.jsonl"), part("a.jsonl", name="m", origin="model"), columns={"text": ["text"]}))
    alone = manifest(split(part("a.jsonl"), columns={"text": ["text"]}))
    with opened(tmp_path, both) as opens:
        assert opens.diversity(both.splits[0], "distinct-1") == Unmeasured(
            "the samples have 980 words each, at least 1,000 needed", "compare larger parts", at, "support"
        )
    with opened(tmp_path, alone) as opens:
        assert opens.diversity(alone.splits[0], "distinct-1") == Unmeasured(
            "split train has no synthetic records", "compare a split that has both", at, "support"
        )


def test_a_sample_is_a_draw_that_grows_until_it_suffices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pytest_datapolicy.verify import diversity

    monkeypatch.setattr(diversity, "ROWS", 4)
    put(tmp_path, "real.jsonl", [{"text": item} for item in text(1, 120, 5_000)])
    put(tmp_path, "made.jsonl", [{"text": "same words"} for _ in range(2_000)])
    data = manifest(
        split(part("real.jsonl"), part("made.jsonl", name="made", origin="model"), columns={"text": ["text"]})
    )
    with opened(tmp_path, data) as opens:
        found = opens.diversity(data.splits[0], "distinct-1")
    assert isinstance(found, Diversity)
    assert (found.tokens, found.synthetic) == (2400, Fraction(2, 2400))
