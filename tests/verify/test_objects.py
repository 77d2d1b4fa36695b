"""Objects of an object store, below the addresses that the settings allow and nowhere else."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from pytest_datapolicy.model.data import Counts, Overlap, Unmeasured
from pytest_datapolicy.verify.options import Options
from tests.verify.projects import encoded, manifest, opened, part, split

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPTIONS = Options(roots=("gs://acme/data/",))
ROWS = [{"text": "one", "k": "x"}, {"text": "two", "k": "y"}]


class Bucket(MemoryFileSystem):  # type: ignore[misc]
    """A store of its own, with the errors of one."""

    protocol = "gs"
    root_marker = ""
    store: dict[str, Any] = {}  # noqa: RUF012
    pseudo_dirs = [""]  # noqa: RUF012
    refuses = False

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(path).removeprefix("gs://").strip("/")

    def info(self, path: str, **options: Any) -> dict[str, Any]:
        if Bucket.refuses:
            raise RuntimeError("token of somebody expired")
        if self._strip_protocol(path) in self.store:
            data = self.store[self._strip_protocol(path)].getvalue()
            return {"name": self._strip_protocol(path), "size": len(data), "type": "file", "etag": hash(data)}
        below = f"{self._strip_protocol(path)}/"
        if any(name.startswith(below) for name in self.store):
            return {"name": self._strip_protocol(path), "size": 0, "type": "directory"}
        raise FileNotFoundError(path)

    def ls(self, path: str, detail: bool = True, **options: Any) -> list[Any]:
        below = f"{self._strip_protocol(path)}/".lstrip("/")
        found = {below + name.removeprefix(below).split("/")[0] for name in self.store if name.startswith(below)}
        return [self.info(name) if detail else name for name in sorted(found)]


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    fsspec.register_implementation("gs", Bucket, clobber=True)
    made = Bucket()
    Bucket.refuses = False
    for name, rows in (("data/a.parquet", ROWS), ("data/b.jsonl", ROWS), ("data/c.csv", ROWS), ("data/d.arrow", ROWS)):
        made.pipe_file(f"acme/{name}", encoded(rows, f".{name.rpartition('.')[2]}"))
    made.pipe_file("acme/other/a.csv", b"k\n1\n")
    yield made
    Bucket.store.clear()
    fsspec.register_implementation("gs", "gcsfs.GCSFileSystem", clobber=True)


def counts(root: Path, name: str, options: Options = OPTIONS) -> Counts | Unmeasured:
    data = manifest(split(part(name, where={"k": "x"})))
    with opened(root, data, options=options) as opens:
        return opens.counts(data.components[0])


@pytest.mark.parametrize("name", ["a.parquet", "b.jsonl", "c.csv", "d.arrow"])
def test_one_object(tmp_path: Path, bucket: Bucket, name: str) -> None:
    address = f"gs://acme/data/{name}"
    assert counts(tmp_path, address) == Counts(1, (2,), {}, (), (1,), (1,))
    data = manifest(split(part(address)))
    with opened(tmp_path, data, options=OPTIONS, cached=True) as opens:
        (file,) = opens.files(data.components[0])
        assert (file.fault, file.listing, file.members, file.bytes) == (
            None,
            False,
            1,
            bucket.size(f"acme/data/{name}"),
        )
        expected = hashlib.sha256(bucket.cat_file(f"acme/data/{name}")).hexdigest()
        assert opens.sha256(data.components[0], 0) == expected


@pytest.mark.parametrize("name", ["data", "data/*", "data/**"])
def test_folders_and_globs(tmp_path: Path, bucket: Bucket, name: str) -> None:
    options = Options(roots=("gs://acme/",))
    assert counts(tmp_path, f"gs://acme/{name}", options) == Counts(4, (8,), {}, (), (4,), (4,))


def test_overlap_of_objects(tmp_path: Path, bucket: Bucket) -> None:
    columns = {"text": ["text"]}
    data = manifest(
        split(part("gs://acme/data/a.parquet"), columns=columns),
        split(part("gs://acme/data/c.csv"), columns=columns, name="test", purpose="evaluation"),
    )
    with opened(tmp_path, data, options=OPTIONS) as opens:
        (evaluation,) = opens.evaluations()
        assert opens.overlap(evaluation) == Overlap(2, 2, 0, (), (), ("train",))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gs://acme/other/a.csv", "outside: gs://acme/other/a.csv is below none of the addresses that may be read"),
        ("gs://acme/data", "outside: gs://acme/data is below none of the addresses that may be read"),
        ("gs://acme/data/../other/a.csv", "outside: gs://acme/data/../other/a.csv is below none of the addresses "
                                          "that may be read"),
        ("s3://acme/data/a.csv", "outside: s3://acme/data/a.csv is below none of the addresses that may be read"),
        ("gs://acme/data/gone.csv", "absent: gs://acme/data/gone.csv is not there"),
        ("gs://acme/data/*.tsv", "absent: no object matches gs://acme/data/*.tsv"),
    ],
)  # fmt: skip
def test_what_is_not_fetched(tmp_path: Path, bucket: Bucket, name: str, expected: str) -> None:
    found = counts(tmp_path, name)
    assert isinstance(found, Unmeasured)
    assert f"{found.kind}: {found.reason}" == expected


def test_errors_of_a_store_are_told_by_their_kind_alone(tmp_path: Path, bucket: Bucket) -> None:
    Bucket.refuses = True
    found = counts(tmp_path, "gs://acme/data/a.parquet")
    assert isinstance(found, Unmeasured)
    assert found.reason == "gs://acme/data/a.parquet cannot be read: RuntimeError"


def test_a_store_whose_package_is_not_installed(tmp_path: Path) -> None:
    found = counts(tmp_path, "az://acme/data/a.parquet", Options(roots=("az://acme/",)))
    assert isinstance(found, Unmeasured)
    assert found.reason.startswith("az://acme/data/a.parquet needs a package that is not installed: ")
    assert found.remedy == "install the package that reads az:// for fsspec"


def test_an_object_that_changes_while_it_is_read(tmp_path: Path, bucket: Bucket) -> None:
    data = manifest(split(part("gs://acme/data/c.csv")))
    with opened(tmp_path, data, options=OPTIONS) as opens:
        opens.files(data.components[0])
        bucket.pipe_file("acme/data/c.csv", b"k\n1\n")
        for found in (opens.counts(data.components[0]), opens.sha256(data.components[0], 0)):
            assert isinstance(found, Unmeasured)
            assert (found.kind, found.reason) == ("changed", "gs://acme/data/c.csv changed while it was read")
