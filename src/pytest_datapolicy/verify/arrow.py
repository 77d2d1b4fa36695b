"""Files of Arrow IPC, in both of its forms: read batch by batch, and as often as an engine asks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.ipc

from pytest_datapolicy.verify.engine import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_datapolicy.verify.sources import Member

MAGIC = b"ARROW1"
FILE = "file_index"


class Batches:
    """The rows of files whose columns are alike, with `FILE` to tell the files apart: a stream of Arrow (PyCapsule)."""

    def __init__(self, members: Sequence[Member], columns: Sequence[int], schema: Any) -> None:
        """`columns` are positions in `schema`."""
        self._members = members
        self._columns = columns
        fields = [pa.field(f"c{index}", schema.field(column).type) for index, column in enumerate(columns)]
        self._schema = pa.schema([*fields, pa.field(FILE, pa.int64())])

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        reader = pa.RecordBatchReader.from_batches(self._schema, self._batches())
        return reader.__arrow_c_stream__(requested_schema)

    def _batches(self) -> Iterator[Any]:
        for index, member in enumerate(self._members):
            with opened(member) as batches:
                for batch in batches:
                    place = pa.repeat(pa.scalar(index, pa.int64()), batch.num_rows)
                    cells = [batch.column(column) for column in self._columns]
                    yield pa.record_batch([*cells, place], schema=self._schema)


def schema_of(member: Member) -> Any:
    """The columns of a file. Raises `Unreadable`."""
    try:
        with _reader(member) as reader:
            return reader.schema
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = f"{member.name} cannot be read as its suffix says"
        raise Unreadable(reason, "restore the file", member) from error


@contextmanager
def opened(member: Member) -> Iterator[Iterator[Any]]:
    """The batches of a file."""
    with _reader(member) as reader:
        if isinstance(reader, pa.ipc.RecordBatchFileReader):
            yield (reader.get_batch(index) for index in range(reader.num_record_batches))
        else:
            yield iter(reader)


@contextmanager
def _reader(member: Member) -> Iterator[Any]:
    file = pa.PythonFile(member.store.open(member.path), "r") if member.store else pa.memory_map(member.path, "r")
    with file:
        start = file.read(len(MAGIC))
        file.seek(0)
        with pa.ipc.open_file(file) if start == MAGIC else pa.ipc.open_stream(file) as reader:
            yield reader
