"""What the data files of one data set hold: the protocol `Data`, independent of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_datapolicy.model.data import DataFile, Unmeasured
from pytest_datapolicy.verify.counting import Claims
from pytest_datapolicy.verify.digests import listing_digest
from pytest_datapolicy.verify.sources import changed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_datapolicy.model.data import Counts
    from pytest_datapolicy.model.manifest import Component, Manifest
    from pytest_datapolicy.verify.reading import Files

Find = "Callable[[str], tuple[Manifest, str] | None]"


class DataSet:
    """See the protocol `Data`."""

    def __init__(self, manifest: Manifest, files: Files, find: Callable[[str], tuple[Manifest, str] | None]) -> None:
        self._manifest = manifest
        self._files = files
        self._find = find
        self._claims = Claims(manifest, files)
        self._counts: dict[tuple[str, str], Counts | Unmeasured] = {}

    def files(self, component: Component) -> tuple[DataFile, ...]:
        made = []
        for index, entry in enumerate(self._claims.entries(component)):
            at = component.at("files", index, "path")
            fault = None if entry.fault is None else entry.fault._replace(at=at)
            size = sum(member.size for member in entry.members)
            made.append(DataFile(entry.path, at, fault, entry.listing, len(entry.members), size))
        return tuple(made)

    def sha256(self, component: Component, index: int) -> str | Unmeasured:
        entry = self._claims.entries(component)[index]
        at = component.at("files", index, "path")
        if entry.fault is not None:
            return entry.fault._replace(at=at)
        digests = self._files.digests(entry.members)
        fault = next((digest for digest in digests if isinstance(digest, Unmeasured)), None) or changed(entry.members)
        if fault is not None:
            return fault._replace(at=at)
        known = [str(digest) for digest in digests]
        return listing_digest(entry.members, known) if entry.listing else known[0]

    def counts(self, component: Component) -> Counts | Unmeasured:
        key = component.split.name, component.name
        if key not in self._counts:
            self._counts[key] = self._claims.counts(component)
        return self._counts[key]
