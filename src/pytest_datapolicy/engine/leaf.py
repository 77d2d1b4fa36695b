"""Lineage where there is none to look up: all that a manifest without references needs."""

from __future__ import annotations

from pytest_datapolicy.model.rule import Undecidable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.model.manifest import Component, ComponentKey, Manifest


class LeafLineage:
    """Lineage of a manifest without references: nothing to look up."""

    def __init__(self) -> None:
        self.memo: dict[str, Any] = {}

    def depth(self, component: Component) -> int | Undecidable:
        if component.is_real:
            return 0
        generator = component.generator
        return max(1, (generator.generation if generator is not None else None) or 0)

    def families(self, component: Component) -> frozenset[str] | Undecidable:
        generator = component.generator
        if generator is not None and generator.family is not None:
            return frozenset({generator.family.casefold()})
        if generator is not None:
            return Undecidable(f"{component.reference}: its generator names no family")
        if component.is_real or component.origin == "simulation":
            return frozenset()
        return Undecidable(f"{component.reference}: origin {component.origin} names no generator")

    def ancestors(self, component: Component) -> frozenset[tuple[str, ComponentKey]] | Undecidable:  # noqa: ARG002
        return frozenset()

    def resolve(self, reference: str) -> tuple[Component, ...] | Undecidable:
        return Undecidable(f"{reference} names no manifest of the project", reference, missing=True)

    def manifest(self, reference: str) -> Manifest | Undecidable | None:
        return Undecidable(f"{reference} names no manifest of the project", reference, missing=True)
