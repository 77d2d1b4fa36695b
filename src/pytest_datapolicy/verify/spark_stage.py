"""Files that Spark does not read, or not without doubt, written anew as Parquet."""

from __future__ import annotations

import csv
import io
import os
import zlib
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pytest_datapolicy.verify import heads
from pytest_datapolicy.verify.engine import Exhausted, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_datapolicy.verify.sources import Member

ROWS = 1 << 14
"""So many rows are held at a time."""
MORE = "raise temp_limit in [tool.datapolicy.verify]"


class Stage:
    """A folder for files written anew, with a limit."""

    def __init__(self, folder: str, limit: int) -> None:
        self._folder = folder
        self._left = limit
        self._files: dict[tuple[object, ...], str] = {}

    def parquet(self, member: Member, columns: Sequence[int]) -> str:
        """Columns of a file, by their positions, as those of a Parquet file: ``0``, ``1``, ...

        Raises `Unreadable` or `Exhausted`.
        """
        key = member.path, member.state, tuple(columns)
        if key not in self._files:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            path = os.path.join(self._folder, f"{len(self._files)}.parquet")
            batches = _arrow(member, columns) if member.kind == "arrow" else _csv(member, columns)
            try:
                self._write(path, batches)
            except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error, pa.ArrowException) as error:
                reason = f"{member.name} cannot be read as its suffix says"
                raise Unreadable(reason, "restore the file", member) from error
            self._files[key] = path
        return self._files[key]

    def _write(self, path: str, batches: Iterator[pa.RecordBatch]) -> None:
        first = next(batches)
        with pq.ParquetWriter(path, first.schema) as writer:
            writer.write_batch(first)
            for batch in batches:
                writer.write_batch(batch)
                if os.path.getsize(path) > self._left:
                    raise Exhausted("room for temporary files ran out", MORE)
        self._left -= os.path.getsize(path)


def arrow_schema(member: Member) -> pa.Schema:
    """The columns of an Arrow IPC file or stream. Raises `Unreadable`."""
    try:
        with heads.opened(member) as file:
            schema, _ = _ipc(file)
            return schema
    except (OSError, pa.ArrowException) as error:
        reason = f"{member.name} cannot be read as its suffix says"
        raise Unreadable(reason, "restore the file", member) from error


def _ipc(file: IO[bytes]) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    source = pa.PythonFile(file, "r")
    try:
        whole: Any = pa.ipc.open_file(source)
    except pa.ArrowInvalid:
        file.seek(0)
        stream: Any = pa.ipc.open_stream(pa.PythonFile(file, "r"))
        return stream.schema, iter(stream)
    return whole.schema, (whole.get_batch(index) for index in range(whole.num_record_batches))


def _arrow(member: Member, columns: Sequence[int]) -> Iterator[pa.RecordBatch]:
    with heads.opened(member) as file:
        schema, batches = _ipc(file)
        yield _batch([pa.array([], schema.field(column).type) for column in columns], 0)
        for batch in batches:
            yield _batch([batch.column(column) for column in columns], batch.num_rows)


def _batch(arrays: list[pa.Array], rows: int) -> pa.RecordBatch:
    if not arrays:  # rows have to be counted all the same
        arrays = [pa.nulls(rows, pa.bool_())]
    return pa.record_batch(arrays, names=[str(index) for index in range(len(arrays))])


def _csv(member: Member, columns: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """Cells as texts, empty ones as NULL. Raises what `csv` does for a quotation that does not end."""
    yield _batch([pa.array([], pa.string()) for _ in columns], 0)
    with heads.opened(member) as file, io.TextIOWrapper(_unpacked(file, member), "utf-8-sig", newline="") as text:
        reader = csv.reader(text, delimiter=heads.DELIMITERS[member.kind], strict=True)
        width = len(next(reader))
        rows: list[list[str]] = []
        for row in reader:
            if not row and width > 1:
                continue
            if len(row or [""]) != width:
                reason = f"line {reader.line_num} of {member.name} has {len(row)} cells where the header has {width}"
                raise Unreadable(reason, "correct the row, or quote what it holds", member)
            rows.append(row or [""])
            if len(rows) == ROWS:
                yield _texts(rows, columns)
                rows = []
        yield _texts(rows, columns)


def _texts(rows: list[list[str]], columns: Sequence[int]) -> pa.RecordBatch:
    return _batch([pa.array([row[column] or None for row in rows], pa.string()) for column in columns], len(rows))


def _unpacked(file: IO[bytes], member: Member) -> Any:
    if not member.packing:
        return file
    if member.packing == "gzip":
        import gzip

        return gzip.GzipFile(fileobj=file)
    return pa.CompressedInputStream(pa.PythonFile(file, "r"), member.packing)
