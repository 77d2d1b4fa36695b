"""A data set as its manifest declares it: typed, read-only views over a document's values.

The views hold no copy: reading a field looks it up in the document's tree, so that a manifest that passes costs little
more than its parse. Every view knows its pointer; ``at(...)`` gives the pointer of a field. A tree is valid against the
manifest schema before a view is made of it.
"""

from __future__ import annotations

from pytest_datapolicy.model.blocks import File, Generator, Labels, Model, Review
from pytest_datapolicy.model.record import cast
from pytest_datapolicy.model.vocabulary import REAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Set
    from decimal import Decimal

    from pytest_datapolicy.model.blocks import Tree
    from pytest_datapolicy.model.places import Pointer

ComponentKey = tuple[str, str]
"""The split's name and the component's name: a component within its data set."""


class Component:
    """Records of one split that share origin, generator, labels and review."""

    __slots__ = ("index", "split", "tainted", "tree")

    def __init__(self, split: Split, index: int, tree: Tree, *, tainted: bool) -> None:
        self.split = split
        self.index = index
        self.tree = tree
        self.tainted = tainted
        """A declared real origin that descends from a synthetic component (DP007): it counts as synthetic."""

    @property
    def pointer(self) -> Pointer:
        return ("splits", self.split.name, "components", self.index)

    def at(self, *path: str | int) -> Pointer:
        """The pointer of a field of this component, whether the field is given or not."""
        return ("splits", self.split.name, "components", self.index, *path)

    @property
    def manifest(self) -> Manifest:
        return self.split.manifest

    @property
    def name(self) -> str:
        return cast("str", self.tree["name"])

    @property
    def reference(self) -> str:
        """``name@version#split/component``."""
        return f"{self.manifest.reference}#{self.split.name}/{self.name}"

    @property
    def origin(self) -> str:
        """As declared. Ask ``is_synthetic`` to decide."""
        return cast("str", self.tree["origin"])

    @property
    def is_synthetic(self) -> bool:
        return self.tainted or self.tree["origin"] not in REAL

    @property
    def is_real(self) -> bool:
        return not self.tainted and self.tree["origin"] in REAL

    @property
    def records(self) -> int:
        return cast("int", self.tree["records"])

    def amount(self, measure: str) -> int | None:
        """Records, tokens or bytes as declared; None when the component does not give that measure."""
        return cast("int | None", self.tree.get(measure))

    @property
    def weight(self) -> int | Decimal:
        """Draws per pass relative to the other components of the split."""
        return cast("int | Decimal", self.tree.get("weight", 1))

    @property
    def slices(self) -> Mapping[str, int]:
        """Records of each rare case. Slices may overlap."""
        return cast("Mapping[str, int]", self.tree.get("slices", {}))

    @property
    def labelled_by(self) -> str:
        labels = self.tree.get("labels")
        return "unknown" if labels is None else cast("str", labels.get("by", "unknown"))

    @property
    def labels(self) -> Labels | None:
        value = self.tree.get("labels")
        return None if value is None else Labels(value, self.at("labels"))

    @property
    def generator(self) -> Generator | None:
        value = self.tree.get("generator")
        return None if value is None else Generator(value, self.at("generator"))

    @property
    def derived_from(self) -> tuple[str, ...] | None:
        """References to what the content was made from; None when the manifest does not say."""
        value = self.tree.get("derived_from")
        return None if value is None else tuple(value)

    @property
    def review(self) -> Review | None:
        value = self.tree.get("review")
        return None if value is None else Review(value, self.at("review"))

    @property
    def files(self) -> tuple[File, ...]:
        return tuple(File(item, self.at("files", index)) for index, item in enumerate(self.tree.get("files", ())))

    @property
    def privacy(self) -> Tree | None:
        return cast("Tree | None", self.tree.get("privacy"))

    @property
    def where(self) -> Tree | None:
        return cast("Tree | None", self.tree.get("where"))


class Split:
    """A named part of a data set with one purpose."""

    __slots__ = ("components", "manifest", "name", "tree")

    def __init__(self, manifest: Manifest, name: str, tree: Tree, tainted: Set[ComponentKey]) -> None:
        self.manifest = manifest
        self.name = name
        self.tree = tree
        self.components = tuple(
            [
                Component(self, index, item, tainted=bool(tainted) and (name, item["name"]) in tainted)
                for index, item in enumerate(tree["components"])
            ]
        )

    @property
    def pointer(self) -> Pointer:
        return ("splits", self.name)

    def at(self, *path: str | int) -> Pointer:
        """The pointer of a field of this split, whether the field is given or not."""
        return ("splits", self.name, *path)

    @property
    def purpose(self) -> str:
        return cast("str", self.tree["purpose"])

    @property
    def scored_by(self) -> str | None:
        return cast("str | None", self.tree.get("scored_by"))

    @property
    def judge(self) -> Model | None:
        value = self.tree.get("judge")
        return None if value is None else Model(value, self.at("judge"))

    @property
    def records(self) -> int:
        return sum([component.tree["records"] for component in self.components])

    @property
    def real_records(self) -> int:
        return sum([component.records for component in self.components if component.is_real])

    def component(self, name: str) -> Component | None:
        return next((item for item in self.components if item.name == name), None)


class Manifest:
    """One version of one data set."""

    __slots__ = ("splits", "tree")

    def __init__(self, tree: Tree, tainted: Set[ComponentKey] = frozenset()) -> None:
        self.tree = tree
        self.splits = tuple([Split(self, name, split, tainted) for name, split in tree["splits"].items()])

    @property
    def pointer(self) -> Pointer:
        return ()

    def at(self, *path: str | int) -> Pointer:
        """The pointer of a field of the data set, whether the field is given or not."""
        return path

    @property
    def name(self) -> str:
        return cast("str", self.tree["name"])

    @property
    def version(self) -> str:
        return cast("str", self.tree["version"])

    @property
    def reference(self) -> str:
        """``name@version``."""
        return f"{self.tree['name']}@{self.tree['version']}"

    @property
    def stakes(self) -> str:
        """As declared; decisions use the higher of these and the floors of the domains."""
        return cast("str", self.tree["stakes"])

    @property
    def judgment(self) -> str:
        return cast("str", self.tree["task"]["judgment"])

    @property
    def novelty(self) -> str:
        return cast("str", self.tree["novelty"])

    @property
    def domains(self) -> tuple[str, ...]:
        return tuple(self.tree.get("domains", ()))

    @property
    def stage(self) -> str:
        return cast("str", self.tree.get("stage", "production"))

    @property
    def bootstrap_until(self) -> str | None:
        return cast("str | None", self.tree.get("bootstrap_until"))

    @property
    def models(self) -> tuple[Model, ...] | None:
        """The models that the data trains or grades; None when the manifest does not say."""
        value = self.tree.get("models")
        return None if value is None else tuple(Model(item, ("models", index)) for index, item in enumerate(value))

    @property
    def owner(self) -> str | None:
        return cast("str | None", self.tree.get("owner"))

    @property
    def license(self) -> str | None:
        return cast("str | None", self.tree.get("license"))

    @property
    def previous(self) -> str | None:
        """The version that this one replaces, as ``name@version``."""
        return cast("str | None", self.tree.get("previous"))

    @property
    def evaluated_by(self) -> tuple[str, ...]:
        """References to evaluation splits of other data sets."""
        return tuple(self.tree.get("evaluated_by", ()))

    @property
    def components(self) -> tuple[Component, ...]:
        return tuple([component for split in self.splits for component in split.components])

    def split(self, name: str) -> Split | None:
        return next((item for item in self.splits if item.name == name), None)

    def let_go(self) -> None:
        """Part the views, which hold each other: memory is free at once, not when garbage is searched for."""
        for split in self.splits:
            split.components = ()
        self.splits = ()


Subject = Manifest | Split | Component
