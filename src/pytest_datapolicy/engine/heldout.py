"""Data files that evaluation shares with training, over the whole project (rule DP204)."""

from __future__ import annotations

from array import array

from pytest_datapolicy.model.rule import EVALUATION, Shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.model.manifest import Component, File, Manifest


class HeldOut:
    """Hashes of all data files, eight bytes each; what collides is looked at again in full."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._keys = {purpose: (array("q"), array("I")) for purpose in ("training", "evaluation")}

    def add(self, manifest: Manifest, path: str) -> None:
        """Remember the files of one manifest's training, evaluation and validation splits."""
        owner = -1
        for split in manifest.tree["splits"].values():
            side = side_of(split["purpose"])
            if side is None:
                continue
            for component in split["components"]:
                if "files" not in component:
                    continue
                if owner < 0:
                    owner = len(self._paths)
                    self._paths.append(path)
                keys, owners = self._keys[side]
                for file in component["files"]:
                    for identity in _identities(file, path):
                        keys.append(hash(identity))
                        owners.append(owner)

    def suspects(self) -> tuple[str, ...]:
        """Paths of manifests that may share a file or a digest across the line."""
        held, held_owners = self._keys["evaluation"]
        used, used_owners = self._keys["training"]
        common = set(held)
        common.intersection_update(used)
        if not common:
            return ()
        owners = {owner for key, owner in zip(held, held_owners, strict=True) if key in common}
        owners.update(owner for key, owner in zip(used, used_owners, strict=True) if key in common)
        return tuple(sorted(self._paths[owner] for owner in owners))


def shared_files(manifests: Iterable[tuple[str, Manifest]]) -> dict[str, list[Shared]]:
    """Files and digests that stand on both sides, by the ``name@version`` of the evaluation side."""
    loaded = list(manifests)
    used: dict[str, tuple[Component, File]] = {}
    for path, component, file in _files(loaded, "training"):
        for identity in _identities(file.tree, path):
            used.setdefault(identity, (component, file))
    found: dict[str, list[Shared]] = {}
    for path, component, file in _files(loaded, "evaluation"):
        for identity in _identities(file.tree, path):
            if identity in used:
                other, other_file = used[identity]
                kind, _, thing = identity.partition(":")
                field = "sha256" if kind == "digest" else "path"
                shared = Shared(
                    kind,
                    thing,
                    file.at(field),
                    component.split.name,
                    component.name,
                    other.reference,
                    other_file.at(field),
                )
                found.setdefault(component.manifest.reference, []).append(shared)
                break  # a file with the same path has the same digest too: one finding is enough
    return found


def _files(loaded: list[tuple[str, Manifest]], side: str) -> Iterator[tuple[str, Component, File]]:
    for path, manifest in loaded:
        for component in manifest.components:
            if side_of(component.split.purpose) == side:
                for file in component.files:
                    yield path, component, file


def side_of(purpose: str) -> str | None:
    if purpose == "training":
        return "training"
    return "evaluation" if purpose in EVALUATION else None


def _identities(file: dict[str, str], manifest_path: str) -> Iterator[str]:
    """What tells a file from others. The schema allows no path with empty or dotted names, so that texts compare."""
    if "sha256" in file:
        yield "digest:" + file["sha256"]
    path = file["path"]
    yield "file:" + (path if "://" in path else manifest_path[: manifest_path.rfind("/") + 1] + path)
