"""What a policy file says besides its rules: domains, externals, inventory and the terms of waivers."""

from __future__ import annotations

import os
import posixpath

from pytest_datapolicy.model.policy import DomainFloor, External, WaiverTerms
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.vocabulary import REAL
from pytest_datapolicy.policy.faults import named
from pytest_datapolicy.policy.sources import below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.policy.faults import Faults
    from pytest_datapolicy.policy.merge import Demands
    from pytest_datapolicy.policy.sources import Source
    from pytest_datapolicy.policy.text import PolicyText


class Terms(NamedTuple):
    """The terms of one policy file."""

    floors: Mapping[Place, DomainFloor]
    externals: Mapping[Place, External]
    inventory: Mapping[str, Place]
    waiver_files: Mapping[str, Place]
    days: Mapping[Place, int]
    approvers: Mapping[Place, Mapping[str, Place]]


def terms(source: Source, text: PolicyText, faults: Faults) -> Terms:
    """The terms of one policy file, checked."""
    tree = text.tree
    floors = {}
    for domain, body in tree.get("domains", {}).items():
        place = text.value("domains", domain, "stakes")
        floors[place] = DomainFloor(domain, body["stakes"], place)
    waivers = tree.get("waivers", {})
    days = {text.entry(("waivers", "max_days")): waivers["max_days"]} if "max_days" in waivers else {}
    approvers: dict[Place, dict[str, Place]] = {}
    if "approvers" in waivers:
        names = waivers["approvers"]
        approvers[text.key("waivers", "approvers")] = {
            name: text.value("waivers", "approvers", index) for index, name in enumerate(names)
        }
    return Terms(
        floors,
        _externals(text, faults),
        {name: text.value("inventory", index) for index, name in enumerate(tree.get("inventory", ()))},
        _waiver_files(source, text, waivers.get("files", ()), faults),
        days,
        approvers,
    )


def _externals(text: PolicyText, faults: Faults) -> dict[Place, External]:
    found = {}
    for index, body in enumerate(text.tree.get("externals", ())):
        place = text.value("externals", index, "ref")
        origin = body["origin"]
        generation = body.get("generation", 0 if origin in REAL else None)
        if generation is None:
            message = f"{body['ref']} is synthetic ({origin}) and gives no generation"
            faults.add(message, place, "add generation: 1, or more if its generator was trained on synthetic data")
        elif (origin in REAL) != (generation == 0):
            kind, allowed = ("real", "0") if origin in REAL else ("synthetic", "1 or more")
            message = f"{body['ref']} is {kind} ({origin}), and its generation is {generation}"
            faults.add(message, text.value("externals", index, "generation"), f"write {allowed}")
        else:
            found[place] = External(body["ref"], origin, generation, place)
    return found


def _waiver_files(source: Source, text: PolicyText, names: Iterable[str], faults: Faults) -> dict[str, Place]:
    found = {}
    for index, name in enumerate(names):
        place = text.value("waivers", "files", index)
        if source.kind != "file":
            message = f"a policy of a package cannot name waiver files, and this names {named(name)}"
            faults.add(message, place, "name waiver files in a policy of the project")
            continue
        path = os.path.normpath(os.path.join(os.path.dirname(source.path), name))
        if os.path.isabs(name) or name.startswith("~") or not below(path, source.root):
            faults.add(f"the waiver file {named(name)} is not below the project root", place, "move it there")
            continue
        found[posixpath.normpath(posixpath.join(posixpath.dirname(source.label), name))] = place
    return found


def externals(demands: Demands, faults: Faults) -> dict[str, External]:
    """All external data sets by reference; two that differ are a fault."""
    found: dict[str, External] = {}
    for place in sorted(demands.externals):
        item = demands.externals[place]
        first = found.setdefault(item.reference, item)
        if (first.origin, first.generation) != (item.origin, item.generation):
            message = (
                f"{item.reference} has origin {item.origin} and generation {item.generation} here, and "
                f"{first.origin} and {first.generation} at {first.place.path}:{first.place.line}"
            )
            faults.add(message, place, "give both the same facts")
    return found


def floors(demands: Demands) -> dict[str, tuple[DomainFloor, ...]]:
    """All floors by domain."""
    found: dict[str, tuple[DomainFloor, ...]] = {}
    for place in sorted(demands.floors):
        floor = demands.floors[place]
        found[floor.domain] = (*found.get(floor.domain, ()), floor)
    return found


def waiver_terms(demands: Demands) -> WaiverTerms:
    """What all policies together allow waivers: the shortest time, and approvers whom every list names."""
    lists = [demands.approvers[place] for place in sorted(demands.approvers)]
    approvers = None
    if lists:
        common = set(lists[0]).intersection(*lists[1:])
        approvers = tuple((name, lists[-1][name]) for name in sorted(common))
    return WaiverTerms(
        tuple(sorted(demands.waiver_files.items())),
        min(((days, place) for place, days in demands.days.items()), default=None),
        approvers,
    )
