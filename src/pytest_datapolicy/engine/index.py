"""What a run remembers of each manifest: enough for references, lineage and held-out checks, and little more.

A manifest that passes is dropped as soon as its own decisions are made. What stays is a pruned copy of its tree, packed
into bytes, so that memory grows by a few hundred bytes a manifest.
"""

from __future__ import annotations

import marshal

from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pytest_datapolicy.engine.plan import Base
    from pytest_datapolicy.model.blocks import Tree
    from pytest_datapolicy.model.policy import External

_NAMES = r"""["']?name["']?\s*:\s*["']?([a-z0-9][a-z0-9._-]{0,127})"""
_KEPT = ("name", "version", "previous", "evaluated_by")
_KEPT_ONCE = ("stakes", "task", "novelty", "domains", "stage", "bootstrap_until", "models")
"""Fields that many data sets of a project agree on: equal ones are kept once."""
_KEPT_OF_COMPONENT = ("name", "origin", "records", "derived_from", "generator", "privacy", "slices")
"""Slices come last: they are kept only where a policy asks for them."""
_KEPT_OF_LABELS = ("by", "model")


class Entry(NamedTuple):
    """One readable manifest."""

    path: str
    shared: bytes
    """What it packs of `_KEPT_ONCE`, one object for all manifests that say the same."""
    packed: bytes
    linked: bool
    """The manifest holds references, so that some of its decisions wait until all manifests are known."""
    base: Base

    def manifest(self, tainted: frozenset[tuple[str, str]] = frozenset()) -> Manifest:
        """The pruned manifest."""
        return Manifest(unpack(self.shared, self.packed), tainted)


class Index:
    """All manifests of the project by reference."""

    def __init__(self, externals: Mapping[str, External], *, keep_slices: bool = False) -> None:
        self._keep_slices = keep_slices
        self._shared: dict[bytes, bytes] = {}
        self.entries: dict[str, Entry] = {}
        self.linked = False
        """Any of the entries holds references."""
        self.externals = externals
        self.clashes: list[tuple[str, str]] = []
        """Paths of manifests whose ``name@version`` another one has too, with that reference."""
        self.unasked: set[str] = set()
        """Paths of manifests that are known but not judged."""
        self._unreadable: set[str] = set()

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        return iter(self.entries.items())

    def add(self, manifest: Manifest, path: str, base: Base) -> Entry:
        """Remember a manifest. The first one with a reference keeps it; later ones are clashes (DP008)."""
        tree = manifest.tree
        shared, packed = pack(tree, keep_slices=self._keep_slices)
        entry = Entry(path, self._shared.setdefault(shared, shared), packed, has_references(tree), base)
        reference = manifest.reference
        if reference in self.entries:
            self.clashes.append((reference, path))
        else:
            self.entries[reference] = entry
            self.linked = self.linked or entry.linked
        return entry

    def add_unreadable(self, text: str) -> None:
        """Remember the names that stand in a file that cannot be judged: references to them are undecidable."""
        import re

        self._unreadable.update(re.findall(_NAMES, text))

    @property
    def unreadable(self) -> set[str]:
        """Names that stand in files that cannot be judged."""
        return self._unreadable

    def may_be_unreadable(self, reference: str) -> bool:
        """Whether a reference that names nothing may name a manifest that could not be read."""
        return reference.partition("@")[0] in self._unreadable


def pack(tree: Tree, *, keep_slices: bool = False) -> tuple[bytes, bytes]:
    """The part of a manifest's tree that decisions about other manifests need: what many share, and its own.

    Values stand without their keys, and None for those that are absent: no value of a manifest is null.
    """
    fields = _KEPT_OF_COMPONENT if keep_slices else _KEPT_OF_COMPONENT[:-1]
    splits = [
        (name, split["purpose"], tuple([_packed(item, fields) for item in split["components"]]))
        for name, split in tree["splits"].items()
    ]
    shared = marshal.dumps(tuple(map(tree.get, _KEPT_ONCE)))
    return shared, marshal.dumps((tuple(map(tree.get, _KEPT)), tuple(splits)))


def unpack(shared: bytes, packed: bytes) -> Tree:
    """The pruned tree."""
    values, splits = marshal.loads(packed)  # noqa: S302 - packed by this process
    tree = _named(_KEPT, values)
    tree.update(_named(_KEPT_ONCE, marshal.loads(shared)))  # noqa: S302 - packed by this process
    tree["splits"] = {
        name: {"purpose": purpose, "components": [_unpacked(item) for item in components]}
        for name, purpose, components in splits
    }
    return tree


def _packed(tree: Tree, fields: tuple[str, ...]) -> tuple[Any, ...]:
    """The values of a component's fields, those of its labels last."""
    labels = tree.get("labels")
    return (*map(tree.get, fields), None if labels is None else tuple(map(labels.get, _KEPT_OF_LABELS)))


def _unpacked(values: tuple[Any, ...]) -> Tree:
    tree = _named(_KEPT_OF_COMPONENT, values[:-1])
    if values[-1] is not None:
        tree["labels"] = _named(_KEPT_OF_LABELS, values[-1])
    return tree


def _named(fields: tuple[str, ...], values: tuple[Any, ...]) -> Tree:
    return {field: value for field, value in zip(fields, values, strict=False) if value is not None}


def has_references(tree: Tree) -> bool:
    """Whether any decision about this manifest needs another one."""
    if "previous" in tree or "evaluated_by" in tree:
        return True
    return any(
        "derived_from" in item or "trained_on" in item.get("generator", ())
        for split in tree["splits"].values()
        for item in split["components"]
    )
