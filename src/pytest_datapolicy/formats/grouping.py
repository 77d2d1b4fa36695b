"""A host's facts by what they are about, so that joining a host of thousands of splits takes time in proportion."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_datapolicy.formats.host import Fact, Source
    from pytest_datapolicy.model.places import Pointer

Part = tuple[str, str]
"""A split and a component; ``"*"`` for every one."""


class Groups(NamedTuple):
    """Facts about splits, components and files, by the path within each."""

    dataset: dict[Pointer, Fact]
    splits: dict[str, dict[Pointer, Fact]]
    components: dict[Part, dict[Pointer, Fact]]
    files: dict[Part, dict[str, dict[Pointer, Fact]]]
    """By the path of each file; what is stated of the file itself has an empty pointer."""
    named: dict[str, dict[str, Source]]
    """By split, the components that the host names."""


def grouped(facts: Mapping[Pointer, Fact]) -> Groups:
    """Sort facts by what they are about."""
    groups = Groups({}, {}, {}, {}, {})
    for pointer, fact in facts.items():
        if pointer[0] != "splits":
            groups.dataset[pointer] = fact
        elif len(pointer) > 3 and pointer[2] == "components":
            split, component = str(pointer[1]), str(pointer[3])
            if component != "*":
                groups.named.setdefault(split, {}).setdefault(component, fact.source)
            if len(pointer) > 5 and pointer[4] == "files":
                files = groups.files.setdefault((split, component), {})
                files.setdefault(str(pointer[5]), {})[pointer[6:]] = fact
            elif len(pointer) > 4:
                groups.components.setdefault((split, component), {})[pointer[4:]] = fact
        else:
            groups.splits.setdefault(str(pointer[1]), {})[pointer[2:]] = fact
    return groups
