"""The first bytes of data files: the header of a CSV file, the keys of JSON lines."""

from __future__ import annotations

import csv
import io
import json
import os
import zlib
from typing import TYPE_CHECKING, cast

from pytest_datapolicy.verify.digests import FLAGS
from pytest_datapolicy.verify.engine import Unreadable

if TYPE_CHECKING:
    from typing import IO

    from pytest_datapolicy.verify.sources import Member

HEAD = 1 << 20
"""So much of a file is looked at, unpacked."""
SEARCHED = 1 << 28
"""In so much of a file, unpacked, is a line looked for that the engine refuses."""
DELIMITERS = {"csv": ",", "tsv": "\t"}


def head(member: Member) -> bytes:
    """The first bytes, unpacked; no more than `HEAD` are ever held. Raises `Unreadable`."""
    try:
        with opened(member) as file:
            return _unpacked(file, member.packing)
    except (OSError, EOFError, zlib.error) as error:
        raise _unpackable(member, error) from error


def header(member: Member) -> tuple[str, ...]:
    """The names in the first row of a CSV or TSV file. Raises `Unreadable`."""
    start = head(member)
    text = _decoded(start, member).removeprefix("\ufeff")
    whole = len(start) < HEAD
    if not text.strip():
        raise Unreadable(f"{member.name} has no header row", "write the names of its columns in the first row", member)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[member.kind], strict=True)
    try:
        names = next(reader)
        if not whole and reader.line_num >= text.count("\n"):
            raise csv.Error
    except (csv.Error, StopIteration):
        raise Unreadable(
            f"the header of {member.name} is no row of a {member.kind.upper()} file", "write one row of names", member
        ) from None
    if any("\n" in name or "\r" in name for name in names):
        # DuckDB 2.0 takes some of these files for empty.
        raise Unreadable(
            f"the header of {member.name} has a name with a line break", "give that column another name", member
        )
    return tuple(names)


def keys(member: Member) -> frozenset[str]:
    """The keys that the first lines of a file of JSON lines have. A broken line is left to the engine."""
    start = head(member)
    lines = start.split(b"\n")
    found: set[str] = set()
    for line in lines if len(start) < HEAD else lines[:-1]:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            found.update(row)
    return frozenset(found)


def refused(member: Member) -> Unreadable:
    """Why an engine refuses a file of JSON lines: the first line that is no object, as far as is looked."""
    where = f"a line of {member.name}"
    number = 0
    left = SEARCHED
    try:
        with opened(member) as file, _stream(file, member.packing) as unpacked:
            while left > 0 and (line := unpacked.readline(left)):
                number += 1
                left -= len(line)
                if left > 0 and line.strip() and not _is_object(line):
                    where = f"line {number} of {member.name}"
                    break
    except (OSError, EOFError, zlib.error) as error:
        return _unpackable(member, error)
    return Unreadable(f"{where} is no JSON object", "correct the line", member)


def _unpackable(member: Member, error: Exception) -> Unreadable:
    what = f" as {member.packing}" if member.packing else ""
    made = Unreadable(f"{member.name} cannot be read{what}", "restore the file", member)
    made.__cause__ = error
    return made


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def opened(member: Member) -> IO[bytes]:
    """The bytes of a file or an object. Raises `OSError`."""
    if member.store is not None:
        return member.store.open(member.path)
    return os.fdopen(os.open(member.path, FLAGS), "rb")


def _unpacked(file: IO[bytes], packing: str) -> bytes:
    with _stream(file, packing) as stream:
        parts, size = [], 0
        while size < HEAD and (part := stream.read(HEAD - size)):
            parts.append(part)
            size += len(part)
        return b"".join(parts)


def _stream(file: IO[bytes], packing: str) -> IO[bytes]:
    """What a file holds, unpacked as it is read."""
    if not packing:
        return file
    if packing == "gzip":
        import gzip

        return cast("IO[bytes]", gzip.GzipFile(fileobj=file))
    import pyarrow as pa

    return cast("IO[bytes]", io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(file, "r"), packing)))


def _decoded(start: bytes, member: Member) -> str:
    try:
        return start.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(start) >= HEAD:
            return start[: error.start].decode("utf-8")
        raise Unreadable(f"{member.name} is not UTF-8", "save it as UTF-8", member) from None
