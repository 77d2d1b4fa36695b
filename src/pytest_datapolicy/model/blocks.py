"""The blocks that components and splits of a manifest hold: typed, read-only views (see `model.manifest`)."""

from __future__ import annotations

from pytest_datapolicy.model.record import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from typing import Any

    from pytest_datapolicy.model.places import Pointer

Tree = dict[str, "Any"]


class View:
    """A mapping of a document, and where it stands."""

    __slots__ = ("pointer", "tree")

    def __init__(self, tree: Tree, pointer: Pointer) -> None:
        self.tree = tree
        self.pointer = pointer

    def at(self, *path: str | int) -> Pointer:
        """The pointer of a field of this view, whether the field is given or not."""
        return (*self.pointer, *path)


class Model(View):
    """A model that the data trains, that labels it or that judges it."""

    __slots__ = ()

    @property
    def name(self) -> str | None:
        return cast("str | None", self.tree.get("name"))

    @property
    def family(self) -> str | None:
        return cast("str | None", self.tree.get("family"))


class Generator(Model):
    """The model that made a component's content."""

    __slots__ = ()

    @property
    def version(self) -> str | None:
        return cast("str | None", self.tree.get("version"))

    @property
    def generation(self) -> int | None:
        """The generation that the generator itself is said to be of."""
        return cast("int | None", self.tree.get("generation"))

    @property
    def trained_on(self) -> tuple[str, ...] | None:
        """References to what the generator was trained on; None when the manifest does not say."""
        value = self.tree.get("trained_on")
        return None if value is None else tuple(value)


class Agreement(View):
    """Agreement of annotators, measured on ``records`` records that were labelled twice or more."""

    __slots__ = ()

    @property
    def metric(self) -> str:
        return cast("str", self.tree["metric"])

    @property
    def value(self) -> int | Decimal:
        return cast("int | Decimal", self.tree["value"])

    @property
    def records(self) -> int | None:
        return cast("int | None", self.tree.get("records"))


class Labels(View):
    """Who labelled a component, and how well they agreed."""

    __slots__ = ()

    @property
    def by(self) -> str:
        return cast("str", self.tree.get("by", "unknown"))

    @property
    def annotators(self) -> int | None:
        """Annotators a record."""
        return cast("int | None", self.tree.get("annotators"))

    @property
    def adjudicated(self) -> bool | None:
        return cast("bool | None", self.tree.get("adjudicated"))

    @property
    def agreement(self) -> Agreement | None:
        value = self.tree.get("agreement")
        return None if value is None else Agreement(value, self.at("agreement"))

    @property
    def model(self) -> Model | None:
        value = self.tree.get("model")
        return None if value is None else Model(value, self.at("model"))


class Reviewer(View):
    """One reviewer: an id and a kind (human, model or program)."""

    __slots__ = ()

    @property
    def id(self) -> str:
        return cast("str", self.tree["id"])

    @property
    def kind(self) -> str:
        return cast("str", self.tree["kind"])


class Evidence(View):
    """The file in which a review is recorded."""

    __slots__ = ()

    @property
    def path(self) -> str:
        return cast("str", self.tree["path"])

    @property
    def format(self) -> str | None:
        return cast("str | None", self.tree.get("format"))

    @property
    def sha256(self) -> str | None:
        return cast("str | None", self.tree.get("sha256"))


class Review(View):
    """A review of a sample of one component by people. All counts are records."""

    __slots__ = ()

    @property
    def method(self) -> str | None:
        return cast("str | None", self.tree.get("method"))

    @property
    def seed(self) -> int | str | None:
        return cast("int | str | None", self.tree.get("seed"))

    @property
    def looks(self) -> int:
        """How often the sample was topped up and judged again."""
        return cast("int", self.tree.get("looks", 1))

    @property
    def sampled(self) -> int | None:
        return cast("int | None", self.tree.get("sampled"))

    @property
    def accepted(self) -> int | None:
        return cast("int | None", self.tree.get("accepted"))

    @property
    def corrected(self) -> int | None:
        return cast("int | None", self.tree.get("corrected"))

    @property
    def rejected(self) -> int | None:
        return cast("int | None", self.tree.get("rejected"))

    @property
    def defects(self) -> int | None:
        """Corrected plus rejected; None when either is missing."""
        corrected, rejected = self.corrected, self.rejected
        return None if corrected is None or rejected is None else corrected + rejected

    @property
    def population(self) -> int | None:
        """The records that the sample was drawn from, when they are not the component's records."""
        return cast("int | None", self.tree.get("population"))

    @property
    def resolution(self) -> str | None:
        return cast("str | None", self.tree.get("resolution"))

    @property
    def reviewers(self) -> tuple[Reviewer, ...] | None:
        value = self.tree.get("reviewers")
        if value is None:
            return None
        return tuple(Reviewer(item, self.at("reviewers", index)) for index, item in enumerate(value))

    @property
    def date(self) -> str | None:
        return cast("str | None", self.tree.get("date"))

    @property
    def of(self) -> str | None:
        """The version that was reviewed, as ``name@version``."""
        return cast("str | None", self.tree.get("of"))

    @property
    def slices(self) -> Mapping[str, int]:
        """Reviewed records of each slice."""
        return cast("Mapping[str, int]", self.tree.get("slices", {}))

    @property
    def evidence(self) -> Evidence | None:
        value = self.tree.get("evidence")
        return None if value is None else Evidence(value, self.at("evidence"))


class File(View):
    """A data file of a component; the path is relative to the manifest."""

    __slots__ = ()

    @property
    def path(self) -> str:
        return cast("str", self.tree["path"])

    @property
    def records(self) -> int | None:
        return cast("int | None", self.tree.get("records"))

    @property
    def sha256(self) -> str | None:
        return cast("str | None", self.tree.get("sha256"))
