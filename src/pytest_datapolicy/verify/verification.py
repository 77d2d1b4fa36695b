"""What opens the data files of a run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pytest_datapolicy.verify.cache import Cache
from pytest_datapolicy.verify.digests import Digests
from pytest_datapolicy.verify.engines import start, version_of
from pytest_datapolicy.verify.measures import DataSet
from pytest_datapolicy.verify.progress import Progress, is_watched
from pytest_datapolicy.verify.reading import Files, Workshop
from pytest_datapolicy.verify.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.verify.engine import Engine
    from pytest_datapolicy.verify.options import Options

CACHE = "pytest-datapolicy"


class Verification:
    """Opens the data of the data sets of one run. See the protocol `Verifier`."""

    def __init__(self, root: str, options: Options, *, cached: bool, show_records: bool) -> None:
        self._root = root
        self._options = options
        self._engine: Engine | None = None
        threads = options.threads or os.cpu_count() or 1
        folder = options.cache or default_cache()
        progress = Progress(watched=is_watched())
        self._workshop = Workshop(
            Sources(root, options.roots),
            Digests(threads, progress.read),
            # Text of records is no result to leave behind.
            Cache(folder if cached and not show_records else None),
            progress,
            self._started,
            self._version,
            show_records,
        )

    def open(
        self, manifest: Manifest, path: str, find: Callable[[str], tuple[Manifest, str] | None], *, left: int
    ) -> DataSet:
        title = f"{manifest.reference} ({left} more)" if left else manifest.reference
        return DataSet(manifest, Files(self._workshop, path, title), find)

    def _started(self) -> Engine:
        if self._engine is None:
            self._engine = start(self._options, self._root)
        return self._engine

    def _version(self) -> str:
        return version_of(self._options)

    def close(self) -> None:
        """End the engine, if one was started."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def default_cache() -> str | None:
    """The folder for results among the user's caches: never in a project, where a change could bring forged ones."""
    if os.name == "nt":
        top = os.environ.get("LOCALAPPDATA", "")
    else:
        top = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(top, CACHE) if os.path.isabs(top) else None
