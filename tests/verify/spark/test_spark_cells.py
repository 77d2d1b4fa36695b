"""Cells of odd files: Spark reads what DuckDB reads, and refuses what is broken, naming the file."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pytest_datapolicy.verify.duck import Duck
from pytest_datapolicy.verify.engine import Unreadable
from pytest_datapolicy.verify.options import Options
from pytest_datapolicy.verify.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pytest_datapolicy.verify.engine import Engine
    from pytest_datapolicy.verify.sources import Member

pytestmark = pytest.mark.spark

JSON = {
    "numbers": b"\n".join(
        b'{"a":%s}' % cell
        for cell in (
            b"1.10 1e3 12345678901234567890123 true null -0.0 1e20 12345678.5 0.0001 0.0000012 1e-300 -1.5e16 NaN"
        ).split()
    ),
    "nested": b'{"a":{"b": [1, 2.50], "k\\u00e9":"\xc3\xa9\\n\\/"}}\n{"a":[1,  "x"]}\n',
    "escapes": b'{"a":"\\ud83d\\ude00\\u0000z"}\n{"a":"a\\\\ud800"}\n{"a":"\xef\xbf\xbd"}\n',
    "blank": b' \n\t\r\n{"a":1}\r\n\n{}\n{"b":2}',
    "empty": b"",
}
BROKEN_JSON = {
    "list": b'[{"a":1},{"a":2}]\n',
    "two": b'{"a":1} {"a":2}\n',
    "comma": b'{"a":1},{"a":2}\n',
    "behind": b'{"a":1}xx\n',
    "bracket": b'{"a":1}]\n',
    "brackets": b'{"a":1}],[{"a":1}\n',
    "scalar": b"1\n",
    "cut": b'{"a":1}\n{"a":',
    "returns": b'{"a":1}\r{"a":2}\r',
    "latin": b'{"a":"\xe9"}\n',
    "half": b'{"a":"\\ud800"}\n',
    "halves": b'{"a":"\\ude00\\ud83d"}\n',
    "single": b"{'a':1}\n",
    "nul": b'{"a":1}\n\0\0\0\n',
    "elsewhere": b'{"a":1,"b":{]}\n',
}
CSV = {
    "quoted": b'a,b\r\n1,"x ""q"" y"\r\n2,\r\n3,""\r\n"l\nm",z',
    "mark": b"\xef\xbb\xbfa,b\n1,x\n",
    "blank": b"a,b\n\n1,x\n\n",
    "one": b"a\n1\n\n2\n\n",
    "one-quoted": b'a\n1\n"x\n\ny"\n""\n',
    "spaces": b"a,b\n 1 , x\n  ,  \n",
    "middle": b'a,b\n1,x"y\n',
    "odd": b'a,b\n1,"x\\"\n#2,null\n',
    "header": b"a,b",
    "letters": 'a,b\n"é😀",ß\n'.encode(),
}
BROKEN_CSV = {
    "short": b"a,b\n1\n",
    "long": b"a,b\n1,2,3\n",
    "behind": b'a,b\n1,"x"y\n',
    "open": b'a,b\n1,"xy\n2,z\n',
    "latin": b"a,b\n\xe9,1\n",
    "nothing": b"",
}
HOSTILE = ("a`b", 'a"b', "a'b", "a\\b", "a.b", " ", "ü😀", "select", "${x}", ":p", "a,b", "a\tb", "*", "f", "_metadata")
NOW = datetime(2020, 1, 2, 3, 4, 5, 600_000)
TYPES: dict[str, Any] = {
    "whole": pa.array([1, None], pa.int64()),
    "small": pa.array([255, 0], pa.uint8()),
    "large": pa.array([2**63 + 1, 0], pa.uint64()),
    "double": [1e20, 12345678.9],
    "tiny": [-1.5e-7, 0.001],
    "odd": [float("nan"), float("-inf")],
    "float": pa.array([0.1, 1e10], pa.float32()),
    "decimal": [Decimal("-0.05"), Decimal("100.00")],
    "truth": [True, None],
    "day": [date(2020, 1, 1), date(1500, 1, 1)],
    "time": pa.array([NOW, None], pa.timestamp("us")),
    "zone": pa.array([NOW.replace(tzinfo=UTC), None], pa.timestamp("us", "Europe/Berlin")),
    "nano": pa.array([-1, 1_600_000_000_120_000_000], pa.timestamp("ns")),
    "list": [['a"', None], []],
    "struct": [{"x": 1, "y": "é/\n"}, {"x": None, "y": None}],
    "category": pa.array(["u", None]).dictionary_encode(),
    "null": pa.nulls(2),
    "_metadata": ["m", None],
}


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Any:
    engine = Duck(Options(), str(tmp_path_factory.getbasetemp()))
    yield engine
    engine.close()


def members(folder: Path, *names: str) -> list[Member]:
    return [Sources(str(folder)).entry("", name).members[0] for name in names]


def cells(engine: Engine, found: Sequence[Member], columns: Sequence[str]) -> list[Any]:
    """The rows of files, each with the place of its file."""
    table = engine.table(found, columns, by_file=True)
    return sorted(((*row[:-1], table.place(row[-1])) for row in engine.rows(table.query)), key=repr)


def write(folder: Path, suffix: str, files: dict[str, bytes]) -> list[Member]:
    for name, data in files.items():
        (folder / f"{name}.{suffix}").write_bytes(data)
    return members(folder, *[f"{name}.{suffix}" for name in files])


def test_json_lines(tmp_path: Path, duck: Engine, spark: Engine) -> None:
    found = write(tmp_path, "jsonl", JSON)
    assert cells(spark, found, ["a"]) == cells(duck, found, ["a"])
    assert cells(spark, found, []) == cells(duck, found, [])


@pytest.mark.parametrize("name", BROKEN_JSON)
def test_a_broken_line_is_told_with_its_file(name: str, tmp_path: Path, local: Engine) -> None:
    found = write(tmp_path, "jsonl", {"sound": b'{"a":1}\n', name: BROKEN_JSON[name]})
    for columns in (["a"], []):
        with pytest.raises(Unreadable, match=f"^a line of {name}.jsonl is no JSON object$") as raised:
            cells(local, found, columns)
        assert raised.value.member == found[1]


def test_csv(tmp_path: Path, duck: Engine, spark: Engine) -> None:
    found = write(tmp_path, "csv", CSV)
    assert cells(spark, found, ["a"]) == cells(duck, found, ["a"])
    two = [member for member in found if not member.name.startswith("one")]
    assert cells(spark, two, ["b", "a"]) == cells(duck, two, ["b", "a"])
    assert cells(spark, found, []) == cells(duck, found, [])


@pytest.mark.parametrize("name", BROKEN_CSV)
def test_a_broken_csv_file_is_named(name: str, tmp_path: Path, local: Engine) -> None:
    found = write(tmp_path, "csv", {name: BROKEN_CSV[name]})
    with pytest.raises(Unreadable) as raised:
        cells(local, found, ["a"])
    expected = {"latin": "latin.csv is not UTF-8", "nothing": "nothing.csv has no header row"}
    assert raised.value.reason == expected.get(name, f"{name}.csv cannot be read as its suffix says")
    assert raised.value.member == found[0]


def test_types_of_parquet_and_arrow(tmp_path: Path, duck: Engine, spark: Engine) -> None:
    table = pa.table(TYPES)
    pq.write_table(table, tmp_path / "types.parquet")
    with pa.OSFile(str(tmp_path / "types.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    parquet, arrow = members(tmp_path, "types.parquet", "types.arrow")
    assert cells(spark, [parquet], list(TYPES)) == cells(duck, [parquet], list(TYPES))
    assert cells(spark, [arrow], list(TYPES)) == cells(duck, [arrow], list(TYPES))


def test_damaged_and_lacking_parquet_files_are_named(tmp_path: Path, local: Engine) -> None:
    pq.write_table(
        pa.table({"a": ["x"], "bytes": [b"x"], "time": pa.array([1], pa.time64("us"))}), tmp_path / "a.parquet"
    )
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[:-20])
    told = {
        ("cut.parquet", "a"): "cut.parquet cannot be read as its suffix says",
        ("a.parquet", "b"): 'a.parquet has no column "b"',
        ("a.parquet", "bytes"): 'column "bytes" of a.parquet holds bytes, not text',
        (
            "a.parquet",
            "time",
        ): 'column "time" of a.parquet is of the type time64[us], which Spark does not write as text',
    }
    for (name, column), reason in told.items():
        with pytest.raises(Unreadable) as raised:
            cells(local, members(tmp_path, name), [column])
        assert raised.value.reason == reason


def test_hostile_columns_and_names(tmp_path: Path, duck: Engine, spark: Engine) -> None:
    rows = [{column: f"{column}!{index}\\" for column in HOSTILE} for index in range(3)]
    names = ["it's {a,b} [1] %20 $x ${y} ü😀;--.jsonl", "back\\slash.parquet", "x=1.jsonl"]
    for name in names[::2]:
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / names[1])
    found = members(tmp_path, *names)
    assert cells(spark, found, HOSTILE) == cells(duck, found, HOSTILE)
    assert len(cells(spark, found, HOSTILE)) == 9


def test_names_that_spark_would_pass_over_or_unpack(tmp_path: Path, duck: Engine, local: Engine) -> None:
    (tmp_path / "_y.jsonl.gz").write_bytes(gzip.compress(b'{"a":1}\n'))
    (tmp_path / "Z.JSONL.GZ").write_bytes(gzip.compress(b'{"a":2}\n'))
    (tmp_path / "a=3").mkdir()
    (tmp_path / "a=3" / ".hidden.jsonl").write_bytes(b'{"a":4}\n')
    found = members(tmp_path, "_y.jsonl.gz", "Z.JSONL.GZ", "a=3/.hidden.jsonl")
    assert cells(local, found, ["a"]) == cells(duck, found, ["a"]) == [("1", 0), ("2", 1), ("4", 2)]


def test_what_is_kept_can_be_asked_again_and_dropped(tmp_path: Path, spark: Engine) -> None:
    from sqlglot import exp

    (tmp_path / "a.jsonl").write_bytes(b'{"a":"x"}\n{"a":"y"}\n')
    table = spark.table(members(tmp_path, "a.jsonl"), ["a"])
    kept = spark.keep(exp.select("c0").from_(table.query.subquery("t")).where("c0 > 'x'"))
    assert spark.rows(exp.select("*").from_(kept)) == [("y",)]
    spark.drop(kept)
    with pytest.raises(Unreadable):
        spark.rows(exp.select("*").from_(kept))
