"""Manifests from files: of the disk, or of wherever else they are kept."""

from __future__ import annotations

import os

from pytest_datapolicy.model.document import Problem, Refused
from pytest_datapolicy.model.places import START
from pytest_datapolicy.syntax.files import read_regular
from pytest_datapolicy.syntax.limits import HOST_BYTES, MANIFEST_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.model.format import Reading, Sibling

    Get = Callable[[str, int], bytes | None]
    """From a path below the project root, and a limit, to the bytes of that file; None where there is none."""


def manifest_reader(
    root: str,
    catalogue: Catalogue,
    problems: Mapping[str, Problem] | None = None,
    seen: Callable[[str, str, bytes | None], None] | None = None,
) -> Callable[[str], Reading]:
    """A function from a path below `root` to what is read there; `problems` holds paths without a file to read.

    `seen` is told of every file that is read: the manifest that it is read for, its path and its bytes.
    """
    unreadable = problems or {}

    def read(path: str) -> Reading:
        if path in unreadable:
            raise Refused([unreadable[path]])
        return reading(path, get if seen is None else noted(path), catalogue)

    def get(path: str, limit: int) -> bytes | None:
        full = os.path.join(root, path)
        return read_regular(full, root=root, limit=limit) if os.path.lexists(full) else None

    def noted(manifest: str) -> Get:
        def noting(path: str, limit: int) -> bytes | None:
            data = get(path, limit)
            assert seen is not None
            seen(manifest, path, data)
            return data

        return noting

    return read


def reading(path: str, get: Get, catalogue: Catalogue) -> Reading:
    """The manifest at a path, with whatever its format needs from beside it. Raises `Refused`."""
    data = get(path, MANIFEST_BYTES if catalogue.format_name(path) is not None else HOST_BYTES)
    if data is None:
        raise Refused([Problem("DP001", "there is no such file", "restore it, or correct the path", START)])
    found = catalogue.reading(path, data, _beside(path, get, HOST_BYTES))
    if b"evidence" not in data:
        return found
    from pytest_datapolicy.formats.evidence import EVIDENCE_BYTES, evidence_beside

    return found._replace(evidence=evidence_beside(_beside(path, get, EVIDENCE_BYTES)))


def _beside(path: str, get: Get, limit: int) -> Sibling:
    """A function from a name to the bytes of that file in the folder of `path`; None where there is no such file."""
    folder = path[: path.rfind("/") + 1]
    return lambda name: get(folder + name, limit)
