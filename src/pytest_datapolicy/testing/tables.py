"""Data files for cases: written to a temporary folder, and opened there."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_datapolicy.model.data import Verifier


@contextmanager
def opened(files: Mapping[str, Any], verify: Callable[[str], Verifier] | bool) -> Iterator[Verifier | None]:
    """What reads the files, once they are on disk; None when nothing is to be read."""
    if not verify:
        yield None
        return
    from tempfile import TemporaryDirectory

    from pytest_datapolicy.verify import open_verifier

    with TemporaryDirectory() as folder:
        for path, content in files.items():
            full = os.path.join(folder, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as file:
                file.write(file_bytes(path, content))
        if verify is not True:
            yield verify(folder)
            return
        verifier = open_verifier(folder, cached=False)
        try:
            yield verifier
        finally:
            verifier.close()


def file_bytes(path: str, content: Any) -> bytes:
    """A file's bytes: a text or bytes as they are, rows in the form that the path's suffix names."""
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        return content.encode("utf-8", "surrogatepass")
    return _written(path, [row for item in content for row in _rows(item)])


def _rows(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """One row; with ``each`` and ``row`` so many, in which ``{n}`` stands for a number that goes round with ``of``."""
    if item.keys() - {"of"} != {"each", "row"}:
        yield item
        return
    for index in range(item["each"]):
        number = str(index % item.get("of", item["each"]))
        yield {
            key: value.replace("{n}", number) if isinstance(value, str) else value for key, value in item["row"].items()
        }


def _written(path: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    suffix = path.rpartition(".")[2]
    if suffix == "gz":
        import gzip

        return gzip.compress(_written(path.removesuffix(".gz"), rows), mtime=0)
    if suffix == "csv":
        return _as_csv(rows)
    if suffix in ("jsonl", "ndjson"):
        import json

        return "".join(json.dumps(row, ensure_ascii=False, default=float) + "\n" for row in rows).encode()
    if suffix in ("parquet", "arrow"):
        return _as_arrow(rows, suffix)
    raise ValueError(f"{path}: rows are written as csv, jsonl (both also .gz), parquet or arrow")


def _as_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    import csv
    import io

    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _as_arrow(rows: Sequence[Mapping[str, Any]], suffix: str) -> bytes:
    import io

    import pyarrow
    import pyarrow.parquet

    table = pyarrow.Table.from_pylist([dict(row) for row in rows])
    out = io.BytesIO()
    if suffix == "parquet":
        pyarrow.parquet.write_table(table, out)
    else:
        with pyarrow.ipc.new_file(out, table.schema) as writer:
            writer.write_table(table)
    return out.getvalue()
