"""Records by component, origin and file: one pass, whatever the format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.model.data import Counts, Unmeasured
from tests.verify.projects import SUFFIXES, manifest, opened, part, put, split

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_datapolicy.model.manifest import Manifest

ROWS = [
    {"id": "1", "source": "ward", "note": "Fever since Monday"},
    {"id": "2", "source": "ward", "note": 'He said "no", then, yes'},
    {"id": "3", "source": "llm", "note": "two\nlines"},
    {"id": "4", "source": "", "note": "naïve ﬁne"},
    {"id": "5", "source": "web", "note": ""},
    {"id": "6", "source": "app", "note": "x"},
]
COLUMNS = {"id": "id", "text": ["note"], "origin": "source", "origins": {"ward": "human", "llm": "rewritten"}}


def counts(root: Path, data: Manifest, **options: Any) -> list[Counts | Unmeasured]:
    with opened(root, data, **options) as opens:
        return [opens.counts(component) for component in data.components]


def told(found: Counts | Unmeasured) -> str:
    assert isinstance(found, Unmeasured)
    return f"{found.kind}: {found.reason} ({found.remedy})"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_one_file_of_two_components(tmp_path: Path, suffix: str) -> None:
    name = f"data/all{suffix}"
    put(tmp_path, name, ROWS)
    data = manifest(
        split(
            part(name, name="ward", where={"source": "ward"}),
            part(name, name="other", where={"source": ["llm", "web", ""]}),
            columns=COLUMNS,
        )
    )
    assert counts(tmp_path, data) == [
        Counts(2, (6,), {"ward": 2}, (), (1,), (2,)),
        Counts(3, (6,), {"": 1, "llm": 1, "web": 1}, (), (0,), (3,)),
    ]


def test_values_that_stand_for_no_origin_go_together_under_the_first_of_them(tmp_path: Path) -> None:
    put(tmp_path, "all.csv", ROWS)
    data = manifest(split(part("all.csv"), columns=COLUMNS))
    assert counts(tmp_path, data) == [Counts(6, (6,), {"": 1, "app": 2, "llm": 1, "ward": 2}, (), (0,), (6,))]


def test_without_a_mapping_the_column_holds_origins(tmp_path: Path) -> None:
    put(tmp_path, "all.csv", [{"source": value} for value in ("human", "human", "model", "robot", "zebra")])
    data = manifest(split(part("all.csv"), columns={"origin": "source"}))
    assert counts(tmp_path, data) == [Counts(5, (5,), {"human": 2, "model": 1, "robot": 2}, (), (0,), (5,))]


def test_rows_that_two_components_claim(tmp_path: Path) -> None:
    put(tmp_path, "all.csv", ROWS)
    data = manifest(
        split(part("all.csv", name="a", where={"source": ["ward", "llm"]})),
        split(part("all.csv", name="b", where={"source": ["llm", "web"]}), name="test", purpose="evaluation"),
    )
    first, second = counts(tmp_path, data)
    assert isinstance(first, Counts)
    assert isinstance(second, Counts)
    assert (first.shared, second.shared) == ((("test/b", 1),), (("train/a", 1),))
    assert (first.unclaimed, second.unclaimed) == ((2,), (0,))


def test_a_file_that_a_folder_and_a_glob_hold_too_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, "data/a.csv", ROWS)
    put(tmp_path, "data/deep/b.parquet", ROWS[:2])
    put(tmp_path, "data/LICENSE.md", b"CC0")
    data = manifest(
        split(
            part("data/a.csv", "data", "data/**/*.parquet", name="a", where={"source": "ward"}),
            part("data/*.csv", name="b", where={"source": "llm"}),
        )
    )
    assert counts(tmp_path, data) == [
        Counts(4, (6, 8, 2), {}, (), (3, 0, 0), (2, 4, 2)),
        Counts(1, (6,), {}, (), (0,), (1,)),
    ]


def test_values_are_compared_as_text(tmp_path: Path) -> None:
    rows = [{"flag": True, "n": 1, "x": 1.5}, {"flag": False, "n": 1, "x": 1.5}, {"flag": True, "n": 10, "x": 2.0}]
    for name in ("a.parquet", "a.jsonl", "a.arrow"):
        put(tmp_path, name, rows)
        data = manifest(split(part(name, where={"flag": True, "n": [1, 2], "x": 1.5})))
        assert counts(tmp_path, data) == [Counts(1, (3,), {}, (), (2,), (1,))], name


def test_files_of_one_kind_with_other_columns_and_types(tmp_path: Path) -> None:
    put(tmp_path, "data/a.parquet", [{"k": 1, "more": 2}])
    put(tmp_path, "data/b.parquet", [{"other": "x", "k": "01"}, {"other": "x", "k": "1"}])
    put(tmp_path, "data/c.csv", b"k,a\n1,2\n")
    put(tmp_path, "data/d.csv", b"a,k\n1,2\n1,1\n")
    put(tmp_path, "data/e.arrow", [{"z": 0, "k": 1}])
    data = manifest(split(part("data", where={"k": 1})))
    assert counts(tmp_path, data) == [Counts(5, (7,), {}, (), (2,), (5,))]


def test_lists_and_structures_are_text_as_json(tmp_path: Path) -> None:
    for name in ("a.parquet", "a.arrow", "a.jsonl"):
        put(tmp_path, name, [{"turns": [{"role": "user", "n": 1}], "id": "1"}, {"turns": [], "id": "2"}])
        data = manifest(split(part(name, where={"turns": ['[{"role":"user","n":1}]']})))
        assert counts(tmp_path, data) == [Counts(1, (2,), {}, (), (1,), (1,))], name


def test_images_count_one_each(tmp_path: Path) -> None:
    for name in ("a.png", "b.PNG", "deep/c.jpeg", ".DS_Store", "_SUCCESS"):
        put(tmp_path, f"images/{name}", b"x")
    data = manifest(split(part("images", name="a"), part("images/a.png", name="b")))
    assert counts(tmp_path, data) == [
        Counts(3, (3,), {}, (("train/b", 1),), (0,), (3,)),
        Counts(1, (1,), {}, (("train/a", 1),), (0,), (1,)),
    ]


FORM = "(write them as Parquet, JSON lines, CSV or Arrow)"
LACKS = "(correct `columns` or `where`)"
NO_OBJECT = "unreadable: line 2 of a.jsonl is no JSON object (correct the line)"
OTHERWISE = "cannot be read as its suffix says (restore the file)"
K = {"k": "1"}
WRONG: list[tuple[str, Any, dict[str, str], str]] = [
    ("a.zip", b"PK", {}, f"unreadable: the records of a.zip cannot be counted in this form {FORM}"),
    ("a.json", b"[]", {}, f"unreadable: the records of a.json cannot be counted in this form {FORM}"),
    ("a.png", b"x", K, 'undeclared: a.png has no column "k": it is counted as one record '
                       "(take the column out of `where` and `columns`)"),
    ("a.csv", b"K\n1\n", K, f'undeclared: a.csv has no column "k" {LACKS}'),
    ("a.csv", b"k,k\n1,2\n", K, 'undeclared: a.csv names 2 columns "k" (give each column a name of its own)'),
    ("a.parquet", [{"K": 1}], K, f'undeclared: a.parquet has no column "k" {LACKS}'),
    ("a.arrow", [{"K": 1}], K, f'undeclared: a.arrow has no column "k" {LACKS}'),
    ("a.jsonl", [{"K": 1}], K, f'undeclared: no row of a.jsonl has a value in the column "k" {LACKS}'),
    ("a.parquet", [{"k": b"x"}], K, 'unreadable: column "k" of a.parquet holds bytes, not text (write it as strings)'),
    ("a.arrow", [{"k": b"x"}], K, 'unreadable: column "k" of a.arrow holds bytes, not text (write it as strings)'),
    ("a.csv", b"", {}, "unreadable: a.csv has no header row (write the names of its columns in the first row)"),
    ("a.csv", b'"k\n1\n', {}, "unreadable: the header of a.csv is no row of a CSV file (write one row of names)"),
    ("a.csv", b'"k\nl"\r\n1\r\n', {}, "unreadable: the header of a.csv has a name with a line break "
                                     "(give that column another name)"),
    ("a.csv", b"k\xff\n1\n", {}, "unreadable: a.csv is not UTF-8 (save it as UTF-8)"),
    ("a.csv", b"k,l\n1,2\n3\n", {}, "unreadable: line 3 of a.csv has 1 cells where the header has 2 "
                                   "(correct the row, or quote what it holds)"),
    ("a.csv.gz", b"k,l\n1,2\n", {}, "unreadable: a.csv.gz cannot be read as gzip (restore the file)"),
    ("a.csv.zst", b"k,l\n1,2\n", {}, "unreadable: a.csv.zst cannot be read as zstd (restore the file)"),
    ("a.jsonl", b'{"k": 1}\n{"k": \n', K, NO_OBJECT),
    ("a.jsonl", b'{"k": 1}\n[1, 2]\n', K, NO_OBJECT),
    ("a.jsonl", b'{"k": 1}\nprivate text\n', {}, NO_OBJECT),
    ("a.jsonl.gz", b'{"k": 1}\n', {}, "unreadable: a.jsonl.gz cannot be read as gzip (restore the file)"),
    ("a.parquet", b"PAR1 private", {}, f"unreadable: a.parquet {OTHERWISE}"),
    ("a.parquet", b"", {}, f"unreadable: a.parquet {OTHERWISE}"),
    ("a.arrow", b"private", {}, f"unreadable: a.arrow {OTHERWISE}"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "where", "expected"), WRONG)
def test_what_cannot_be_counted(tmp_path: Path, name: str, data: Any, where: dict[str, str], expected: str) -> None:
    put(tmp_path, name, data)
    (found,) = counts(tmp_path, manifest(split(part(name, where=where) if where else part(name))))
    assert told(found) == expected
    assert isinstance(found, Unmeasured)
    assert found.at == ("splits", "train", "components", 0, "files", 0, "path")


@pytest.mark.parametrize("suffix", [suffix for suffix in SUFFIXES if "stream" not in suffix])
def test_no_rows(tmp_path: Path, suffix: str) -> None:
    empty = {".jsonl": b"", ".ndjson": b"", ".csv": b"k\n", ".tsv": b"k\n"}
    base = suffix.removesuffix(".gz").removesuffix(".zst")
    if base in empty:
        put(tmp_path, f"plain{base}", empty[base])
        import gzip

        from tests.verify.projects import zstd

        packed = gzip.compress(empty[base]) if suffix.endswith(".gz") else zstd(empty[base])
        put(tmp_path, f"a{suffix}", packed if suffix != base else empty[base])
    else:
        import io

        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.table({"k": pa.array([], pa.string())})
        sink = io.BytesIO()
        if suffix == ".parquet":
            pq.write_table(table, sink)
        else:
            with pa.ipc.new_file(sink, table.schema) as file:
                file.write_table(table)
        put(tmp_path, f"a{suffix}", sink.getvalue())
    data = manifest(split(part(f"a{suffix}", where={"k": "1"}, records=0)))
    assert counts(tmp_path, data) == [Counts(0, (0,), {}, (), (0,), (0,))]


def test_one_broken_file_takes_no_other_with_it(tmp_path: Path) -> None:
    for index in range(7):
        put(tmp_path, f"data/{index}.jsonl", ROWS)
    put(tmp_path, "data/3.jsonl", b'{"id": \n')
    names = [f"data/{index}.jsonl" for index in range(7)]
    data = manifest(split(*[part(name, name=name) for name in names], part("data", name="all")))
    found = counts(tmp_path, data)
    assert [item.records if isinstance(item, Counts) else told(item) for item in found] == [
        6, 6, 6, "unreadable: line 1 of data/3.jsonl is no JSON object (correct the line)", 6, 6, 6,
        "unreadable: line 1 of data/3.jsonl is no JSON object (correct the line)",
    ]  # fmt: skip


def test_a_column_that_one_file_of_a_folder_lacks(tmp_path: Path) -> None:
    put(tmp_path, "data/a.parquet", ROWS)
    put(tmp_path, "data/b.parquet", [{"id": "1"}])
    (found,) = counts(tmp_path, manifest(split(part("data", where={"source": "ward"}))))
    assert told(found) == 'undeclared: data/b.parquet has no column "source" (correct `columns` or `where`)'


def test_three_hundred_files_of_rows_and_ten_thousand_of_none(tmp_path: Path) -> None:
    for folder, files, suffix in (("rows", 300, "jsonl"), ("images", 10_000, "png")):
        (tmp_path / folder).mkdir()
        for index in range(files):
            (tmp_path / folder / f"{index}.{suffix}").write_bytes(b'{"k":"a"}\n' if index % 3 else b'{"k":"b"}\n')
    data = manifest(split(part("rows", name="rows", where={"k": "a"}), part("images", name="images")))
    assert counts(tmp_path, data) == [
        Counts(200, (300,), {}, (), (100,), (200,)),
        Counts(10_000, (10_000,), {}, (), (0,), (10_000,)),
    ]
