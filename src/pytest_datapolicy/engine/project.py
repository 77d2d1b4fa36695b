"""What project rules may ask once all manifests are known. See the protocol `Project`."""

from __future__ import annotations

from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.rule import Clash, Expected, Uncovered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pytest_datapolicy.engine.covered import Covered
    from pytest_datapolicy.engine.index import Index
    from pytest_datapolicy.engine.lineage import ProjectLineage
    from pytest_datapolicy.engine.plan import Plan
    from pytest_datapolicy.model.data import Data, Verifier
    from pytest_datapolicy.model.format import Reading
    from pytest_datapolicy.model.places import Place, Pointer
    from pytest_datapolicy.model.rule import Shared


class ProjectFacts:
    """Clashes, cycles and what evaluation shares with training."""

    def __init__(
        self,
        index: Index,
        lineage: ProjectLineage | None,
        shared: Mapping[str, Sequence[Shared]],
        inventory: Iterable[tuple[str, Place]] = (),
        *,
        covered: Covered | None = None,
        unread: bool = False,
    ) -> None:
        """`lineage` is None when no manifest of the project holds references; `unread`: one could not be read."""
        self._index = index
        self._inventory = inventory
        self._lineage = lineage
        self._shared = shared
        self._covered = covered
        self._unread = unread

    def clashes(self) -> Iterable[Clash]:
        pairs = [(key, path, self._index.entries[key].path) for key, path in self._index.clashes]
        # It is told where somebody looks: a check of the first manifest alone must not pass over a second one.
        swap = [path in self._index.unasked and first not in self._index.unasked for _, path, first in pairs]
        return [
            Clash(key, first, path) if swapped else Clash(key, path, first)
            for swapped, (key, path, first) in zip(swap, pairs, strict=True)
        ]

    def shares(self, reference: str) -> bool:
        """Whether `shared` has anything to say of this data set."""
        return reference in self._shared

    def shared(self, reference: str) -> Iterable[Shared]:
        return self._shared.get(reference, ())

    def expected(self) -> tuple[Expected, ...]:
        if not self._inventory:
            return ()
        names = {reference.partition("@")[0] for reference in self._index.entries}
        return tuple(Expected(name, place, self._state(name, names)) for name, place in self._inventory)

    def _state(self, name: str, names: set[str]) -> str:
        if name in names:
            return "present"
        return "unreadable" if self._index.may_be_unreadable(name) else "absent"

    def uncovered(self, include: Sequence[str], exclude: Sequence[str]) -> Uncovered | None:
        if self._covered is None:
            return None
        return Uncovered(tuple(self._covered.uncovered(include, exclude)), self._unread)

    def cycles(self) -> Iterable[tuple[tuple[str, str, Pointer, str], ...]]:
        if self._lineage is None:
            return ()
        from pytest_datapolicy.engine.cycles import Cycles

        # The first member that somebody asks about leads.
        return [
            tuple(sorted(cycle, key=lambda member: member[1] in self._index.unasked))
            for cycle in Cycles(self._index, self._lineage).found()
        ]


class Known(NamedTuple):
    """What a run knows when all is decided, for whoever explains its decisions."""

    plan: Plan
    manifests: Index
    lineage: ProjectLineage
    project: ProjectFacts
    paths: tuple[str, ...]
    """The manifests that were read and judged, sorted."""
    reread: Callable[[str], Reading | None]
    """A manifest, read again; None when it is not the same any more."""
    verifier: Verifier | None = None
    """What opens the data files, when they are read."""

    def data(self, manifest: Manifest, path: str, *, left: int = 0) -> Data:
        """The data files of one data set; so many follow as `left` says."""
        if self.verifier is None:
            raise RuntimeError("no data files are read")
        return self.verifier.open(manifest, path, self._find, left=left)

    def _find(self, reference: str) -> tuple[Manifest, str] | None:
        """A manifest of the project with its path."""
        entry = self.manifests.entries.get(reference)
        reading = None if entry is None else self.reread(entry.path)
        return None if entry is None or reading is None else (Manifest(reading.tree), entry.path)
