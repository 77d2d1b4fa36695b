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
    from pytest_datapolicy.model.manifest import Tree
    from pytest_datapolicy.model.policy import External

_NAMES = r"""["']?name["']?\s*:\s*["']?([a-z0-9][a-z0-9._-]{0,127})"""
_KEPT = (
    "name",
    "version",
    "stakes",
    "task",
    "novelty",
    "domains",
    "stage",
    "bootstrap_until",
    "models",
    "previous",
    "evaluated_by",
)
_KEPT_OF_COMPONENT = ("name", "origin", "records", "derived_from", "generator", "labels", "privacy")


class Entry(NamedTuple):
    """One readable manifest."""

    path: str
    packed: bytes
    linked: bool
    """The manifest holds references, so that some of its decisions wait until all manifests are known."""
    base: Base

    def manifest(self, tainted: frozenset[tuple[str, str]] = frozenset()) -> Manifest:
        """The pruned manifest."""
        return Manifest(marshal.loads(self.packed), tainted)  # noqa: S302 - packed by this process


class Index:
    """All manifests of the project by reference."""

    def __init__(self, externals: Mapping[str, External], *, keep_slices: bool = False) -> None:
        self._of_component = (*_KEPT_OF_COMPONENT, "slices") if keep_slices else _KEPT_OF_COMPONENT
        self.entries: dict[str, Entry] = {}
        self.linked = False
        """Any of the entries holds references."""
        self.externals = externals
        self.clashes: list[tuple[str, str]] = []
        """Paths of manifests whose ``name@version`` another one has too, with that reference."""
        self._unreadable: set[str] = set()

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        return iter(self.entries.items())

    def add(self, manifest: Manifest, path: str, base: Base) -> Entry:
        """Remember a manifest. The first one with a reference keeps it; later ones are clashes (DP008)."""
        tree = prune(manifest.tree, self._of_component)
        entry = Entry(path, marshal.dumps(tree), has_references(tree), base)
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


def prune(tree: Tree, of_component: tuple[str, ...] = _KEPT_OF_COMPONENT) -> Tree:
    """The part of a manifest's tree that decisions about other manifests need."""
    kept: Tree = {key: tree[key] for key in _KEPT if key in tree}
    kept["splits"] = {
        name: {
            "purpose": split["purpose"],
            "components": [_prune_component(item, of_component) for item in split["components"]],
        }
        for name, split in tree["splits"].items()
    }
    return kept


def _prune_component(tree: Tree, fields: tuple[str, ...]) -> Tree:
    kept: Tree = {key: tree[key] for key in fields if key in tree}
    labels: dict[str, Any] | None = kept.get("labels")
    if labels is not None:
        kept["labels"] = {key: labels[key] for key in ("by", "model") if key in labels}
    return kept


def has_references(tree: Tree) -> bool:
    """Whether any decision about this manifest needs another one."""
    if "previous" in tree or "evaluated_by" in tree:
        return True
    return any(
        "derived_from" in item or "trained_on" in item.get("generator", ())
        for split in tree["splits"].values()
        for item in split["components"]
    )
