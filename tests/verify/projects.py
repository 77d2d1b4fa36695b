"""Data sets of a few rows, and what measures them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.verify.options import Options
from pytest_datapolicy.verify.verification import Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pytest_datapolicy.verify.measures import DataSet

Row = dict[str, Any]
SUFFIXES = (
    ".parquet",
    ".jsonl",
    ".ndjson",
    ".jsonl.gz",
    ".jsonl.zst",
    ".csv",
    ".csv.gz",
    ".csv.zst",
    ".tsv",
    ".tsv.gz",
    ".arrow",
    ".feather",
    ".stream.arrow",
)


def encoded(rows: Sequence[Row], suffix: str) -> bytes:
    """Rows as a file of this suffix."""
    if suffix.endswith((".gz", ".zst")):
        plain = encoded(rows, suffix.rpartition(".")[0])
        if suffix.endswith(".gz"):
            return gzip.compress(plain)
        return pa.Codec("zstd").compress(plain, asbytes=True) if not plain else zstd(plain)
    if suffix == ".parquet":
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(list(rows)), sink)
        return sink.getvalue()
    if suffix.endswith((".arrow", ".feather")):
        table = pa.Table.from_pylist(list(rows))
        sink = io.BytesIO()
        writer = pa.ipc.new_stream if suffix == ".stream.arrow" else pa.ipc.new_file
        with writer(sink, table.schema) as file:
            file.write_table(table)
        return sink.getvalue()
    if suffix in (".jsonl", ".ndjson"):
        return "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    text = io.StringIO(newline="")
    made = csv.DictWriter(text, list(rows[0]), delimiter="\t" if suffix == ".tsv" else ",")
    made.writeheader()
    made.writerows(rows)
    return text.getvalue().encode()


def zstd(plain: bytes) -> bytes:
    """A whole frame, as ``zstd`` writes it."""
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(plain)
    return bytes(sink.getvalue())


def put(root: Path, name: str, data: bytes | Sequence[Row]) -> Path:
    """Write a file: bytes as they are, rows by the suffix of the name."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(data, bytes):
        suffix = next(suffix for suffix in reversed(SUFFIXES) if name.endswith(suffix))
        data = encoded(data, suffix)
    path.write_bytes(data)
    return path


def split(
    *components: Row, purpose: str = "training", columns: Row | None = None, name: str = "train"
) -> dict[str, Any]:
    """A split by its name."""
    tree: Row = {"purpose": purpose, "components": list(components)}
    return {name: tree if columns is None else tree | {"columns": columns}}


def part(*files: str, name: str = "notes", origin: str = "human", records: int = 1, **more: Any) -> Row:
    """A component."""
    tree = {"name": name, "origin": origin, "records": records, **more}
    return tree | {"files": [{"path": path} for path in files]} if files else tree


def manifest(*splits: dict[str, Any], name: str = "notes", **more: Any) -> Manifest:
    """A data set, of which only what matters here is given."""
    return Manifest(
        {"name": name, "version": "1", "splits": {k: v for item in splits for k, v in item.items()}, **more}
    )


@contextmanager
def opened(
    root: Path,
    data: Manifest,
    *,
    path: str = "dataset.yaml",
    others: dict[str, tuple[Manifest, str]] | None = None,
    options: Options | None = None,
    cached: bool = False,
    show: bool = False,
) -> Iterator[DataSet]:
    """The data of a data set whose manifest stands at `path`."""
    find: Callable[[str], tuple[Manifest, str] | None] = (others or {}).get
    chosen = options or Options()
    if chosen.cache is None:
        chosen = chosen._replace(cache=str(root / "results"))
    verification = Verification(str(root), chosen, cached=cached, show_records=show)
    try:
        yield verification.open(data, path, find, left=0)
    finally:
        verification.close()
