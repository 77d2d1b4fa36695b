"""What a change declares of its data sets against what the base revision declares of them (``--base``).

Data sets are paired by name: the latest version here with the latest version there, every new version that is later
than that with it too, and every version that both have with itself. The rules that need the base revision then judge
each pair; a data set that is gone comes as the base revision has it, and is told at its place there.
"""

from __future__ import annotations

import re

from pytest_datapolicy.engine.findings import Located
from pytest_datapolicy.engine.index import pack, unpack
from pytest_datapolicy.engine.subjects import drafts_of
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.model.record import NamedTuple, Protocol
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.model.rule import Context, Earlier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pytest_datapolicy.engine.findings import Maker
    from pytest_datapolicy.engine.index import Index
    from pytest_datapolicy.engine.plan import Plan, Selected
    from pytest_datapolicy.model.format import Reading
    from pytest_datapolicy.model.places import Place, Pointer
    from pytest_datapolicy.model.report import Finding

CRASHES = (Exception, SystemExit, GeneratorExit)
_PARTS = re.compile(r"\d+|\D+")


class BaseTree(Protocol):
    """The manifests of the base revision."""

    @property
    def name(self) -> str:
        """The revision as the user names it."""
        ...

    @property
    def paths(self) -> Sequence[str]:
        """Its manifests, sorted, as paths below the project root."""
        ...

    def read(self, path: str) -> Reading:
        """One of them. Raises `Refused`."""
        ...

    def same(self, path: str) -> bool:
        """Whether what the working tree holds at a path was read from the same bytes."""
        ...


class Version(NamedTuple):
    """One version of a data set in the base revision."""

    reference: str
    path: str
    packed: tuple[bytes, bytes]
    same: bool
    """The working tree has it unchanged."""

    def manifest(self) -> Manifest:
        """Its pruned manifest."""
        return Manifest(unpack(*self.packed))


class Pair(NamedTuple):
    """A data set here (None: it is gone) and there."""

    reference: str | None
    before: Version


class Claims:
    """The comparison of one run."""

    def __init__(self, tree: BaseTree, index: Index, plan: Plan, maker: Maker, today: str) -> None:
        self._tree = tree
        self._index = index
        self._plan = plan
        self._maker = maker
        self._today = today
        self._there = _by_name(tree, index)
        self.subjects = len(self._there)
        """Data sets that the base revision has."""

    @property
    def rules(self) -> list[str]:
        """The ids of the rules that compare."""
        return [identity for identity, rule in self._plan.rules.items() if rule.needs == "base"]

    def pairs(self) -> Iterator[Pair]:
        """What is to be compared, by name."""
        here: dict[str, list[str]] = {}
        for reference in self._index.entries:
            here.setdefault(reference.partition("@")[0], []).append(reference)
        for name, there in sorted(self._there.items()):
            before = there[latest({reference: item.manifest for reference, item in there.items()})]
            references = here.get(name, [])
            if not references:
                yield Pair(None, before)
                continue
            last = latest({reference: self._index.entries[reference].manifest for reference in references})
            for reference in sorted(references):
                own = there.get(reference)
                if own is not None and not own.same:
                    yield Pair(reference, own)
                later = own is None and order(reference) > order(before.reference)
                if (later or reference == last) and reference != before.reference:
                    yield Pair(reference, before)

    def findings(
        self, pair: Pair, read: Callable[[str], Reading | None], elsewhere: Callable[[str, Pointer], Place | None]
    ) -> list[Finding]:
        """What the rules say of one pair. `read` gives a manifest of the working tree."""
        before = pair.before.manifest()
        if pair.reference is None:
            manifest, reading = before, self._tree.read(pair.before.path)
            lost = "unreadable" if self._index.may_be_unreadable(before.name) else "gone"
        else:
            entry = self._index.entries[pair.reference]
            manifest, lost = entry.manifest(), ""
        target = f"{self._tree.name}:{pair.before.path}"
        stakes = self._plan.stakes(manifest)
        earlier = Earlier(self._tree.name, before, target, lost)
        context = Context(self._today, stakes, self._plan.floors, earlier=earlier)
        located = list(self._located(manifest, before, context))
        if not any(item.error or item.drafts for item in located):
            return []
        found = reading if pair.reference is None else read(entry.path)
        if found is None:
            return []

        def place(other: str, pointer: Pointer) -> Place | None:
            return self._tree.read(pair.before.path).place(pointer) if other == target else elsewhere(other, pointer)

        return self._maker.findings(located, found, place)

    def _located(self, manifest: Manifest, before: Manifest, context: Context) -> Iterator[Located]:
        """What the clauses say that match the data set as it is declared here or there."""
        for rule, clauses in self._selected((before, manifest)):
            for clause in clauses:
                try:
                    drafts = drafts_of(rule.check(manifest, clause, context))
                except CRASHES as error:
                    yield Located(rule, manifest, clause, (), error)
                else:
                    yield Located(rule, manifest, clause, drafts, context=context)

    def _selected(self, manifests: Iterable[Manifest]) -> list[Selected]:
        chosen: dict[tuple[str, tuple[int, ...]], Selected] = {}
        for manifest in manifests:
            for item in self._plan.base(manifest).dataset(manifest).claims:
                chosen[item.rule.id, tuple(map(id, item.clauses))] = item
        return list(chosen.values())


def _by_name(tree: BaseTree, index: Index) -> dict[str, dict[str, Version]]:
    """The versions of every data set of the base revision. What cannot be read there declares nothing."""
    by_path = {entry.path: reference for reference, entry in index}
    found: dict[str, dict[str, Version]] = {}
    for path in tree.paths:
        reference = by_path.get(path) if tree.same(path) else None
        if reference is not None:
            entry = index.entries[reference]
            version = Version(reference, path, (entry.shared, entry.packed), same=True)
        else:
            try:
                manifest = Manifest(tree.read(path).tree)
            except RunError:
                raise  # the revision cannot be read at all, and nobody knows what it declares
            except (Refused, *CRASHES):
                continue
            version = Version(manifest.reference, path, pack(manifest.tree), same=False)
        found.setdefault(version.reference.partition("@")[0], {}).setdefault(version.reference, version)
    return found


def latest(versions: Mapping[str, Callable[[], Manifest]]) -> str:
    """The reference of the latest version: one that no other replaces; of several, the highest."""
    if len(versions) == 1:
        return next(iter(versions))
    replaced = {manifest().previous for manifest in versions.values()}
    return max([reference for reference in versions if reference not in replaced] or versions, key=order)


def order(reference: str) -> tuple[tuple[int, int, str], ...]:
    """A version as a sort key: numbers in it compare as numbers."""
    parts = _PARTS.findall(reference.partition("@")[2])
    return tuple((1, len(part.lstrip("0")), part.lstrip("0")) if part.isdecimal() else (0, 0, part) for part in parts)
