"""Values of a tree by pointer, whatever shape the tree has."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

    from pytest_datapolicy.model.blocks import Tree
    from pytest_datapolicy.model.places import Pointer


class _Nothing:
    __slots__ = ()


MISSING: Final = _Nothing()


def copied(value: Any) -> Any:
    """`value` with every mapping and list anew."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def value_at(tree: Any, pointer: Pointer) -> Any:
    """The value that a pointer leads to, or `MISSING`."""
    for step in pointer:
        if isinstance(step, str):
            tree = tree.get(step, MISSING) if isinstance(tree, dict) else MISSING
        else:
            tree = tree[step] if isinstance(tree, list) and step < len(tree) else MISSING
    return tree


def mappings(value: Any) -> list[tuple[int, Tree]]:
    """The mappings of a list with their indexes; none of anything else."""
    entries = enumerate(value) if isinstance(value, list) else ()
    return [(index, item) for index, item in entries if isinstance(item, dict)]
