"""Data files that evaluation shares with training, over the whole project (rule DP204).

An entry of ``files`` is a file, a folder or a glob, and nothing but its text is looked at: a path may be the folder
that holds another.
"""

from __future__ import annotations

from array import array

from pytest_datapolicy.model.globs import WILD, meet
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.rule import EVALUATION, Shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.model.blocks import File
    from pytest_datapolicy.model.manifest import Component, Manifest

LITERAL = {ord("*"): "\ue000", ord("?"): "\ue001"}
"""Wildcards in the names of folders of manifests, which are none."""
READABLE = {ord(made): chr(char) for char, made in LITERAL.items()}
PART = 4096
"""So many hashes, at least, are compared at a time."""
PARTS = 16
"""In so many parts, at most, they are compared."""


class HeldOut:
    """Hashes of all data files and of the folders above them, eight bytes each; what collides is looked at in full."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._keys = {purpose: (array("q"), array("I")) for purpose in ("training", "evaluation")}
        self._folders = {purpose: (array("q"), array("I")) for purpose in ("training", "evaluation")}

    def add(self, manifest: Manifest, manifest_path: str) -> None:
        """Remember the files of one manifest's training, evaluation and validation splits."""
        owner = -1
        prefix = prefix_of(manifest_path)
        top = prefix[:-1]
        above: dict[str, set[str]] = {}
        for split in manifest.tree["splits"].values():
            side = side_of(split["purpose"])
            if side is None:
                continue
            for component in split["components"]:
                if "files" not in component:
                    continue
                if owner < 0:
                    owner = len(self._paths)
                    self._paths.append(manifest_path)
                keys, owners = self._keys[side]
                known = above.setdefault(side, {top})
                for file in component["files"]:
                    if "sha256" in file:
                        keys.append(hash("digest:" + file["sha256"]))
                        owners.append(owner)
                    path = file["path"]
                    if "://" not in path:
                        path = prefix + path
                    if "*" in path or "?" in path:
                        path = _base(path)
                    keys.append(hash(path))
                    owners.append(owner)
                    folder = path[: path.rfind("/")] if "/" in path else ""
                    if folder not in known:
                        _add_folders(known, folder)
        for side, known in above.items():
            hashes, owners = self._folders[side]
            known.discard(top)
            for folder in known:
                hashes.append(hash(folder))
                owners.append(owner)

    def suspects(self) -> tuple[str, ...]:
        """Paths of manifests that may share a file or a digest across the line."""
        held, used = self._keys["evaluation"][0], self._keys["training"][0]
        above_held, above_used = self._folders["evaluation"][0], self._folders["training"][0]
        common = _common(held, used) | _common(above_used, held) | _common(above_held, used)
        found = self._in_folders()
        for hashes, owners in (*self._keys.values(), *self._folders.values()) if common else ():
            found.update([self._paths[owner] for key, owner in zip(hashes, owners, strict=True) if key in common])
        return tuple(sorted(found))

    def _in_folders(self) -> set[str]:
        """Manifests that lie where an entry of another one may mean a folder, and those others."""
        places: set[str] = set()
        for path in self._paths:
            _add_folders(places, prefix_of(path)[:-1])
        hashes = {hash(place): place for place in places}
        named = {key for keys, _ in self._keys.values() for key in keys if key in hashes}
        if not named:
            return set()
        inside = tuple(f"{hashes[key]}/" if hashes[key] else "" for key in named)
        found = {path for path in self._paths if path.translate(LITERAL).startswith(inside)}
        keys = (pair for keys in self._keys.values() for pair in zip(*keys, strict=True))
        return found | {self._paths[owner] for key, owner in keys if key in named}


def _common(one: array[int], other: array[int]) -> set[int]:
    """What stands in both. A set of all of one would be the peak of a whole run's memory, so it is done in parts."""
    part = max(PART, len(one) // PARTS + 1)
    found = (set(one[start : start + part]).intersection(other) for start in range(0, len(one), part))
    return set().union(*found)


def _add_folders(known: set[str], folder: str) -> None:
    """Add a folder and those above it, the root last, up to one that is known."""
    while folder not in known:
        known.add(folder)
        folder = folder[: folder.rfind("/")] if "/" in folder else ""


def _base(glob: str) -> str:
    """The folder that holds all that a glob stands for."""
    start = WILD.split(glob, maxsplit=1)[0]
    return start[: start.rfind("/")] if "/" in start else ""


class _Entry(NamedTuple):
    """An entry of ``files`` in one manifest."""

    component: Component
    file: File
    path: str
    """From the project root, or an address."""


def shared_files(manifests: Iterable[tuple[str, Manifest]]) -> dict[str, list[Shared]]:
    """Files and digests that stand on both sides, by the ``name@version`` of the evaluation side."""
    used = _Used(manifests := list(manifests))
    found: dict[str, list[Shared]] = {}
    for entry in _entries(manifests, "evaluation"):
        shared = used.shared(entry)
        if shared is not None:
            found.setdefault(entry.component.manifest.reference, []).append(shared)
    return found


class _Used:
    """What training uses."""

    def __init__(self, manifests: Iterable[tuple[str, Manifest]]) -> None:
        self._digests: dict[str, _Entry] = {}
        self._plain: dict[str, _Entry] = {}
        self._below: dict[str, _Entry] = {}
        """By folder, the first entry below it."""
        self._globs: list[_Entry] = []
        for entry in _entries(manifests, "training"):
            if entry.file.sha256 is not None:
                self._digests.setdefault(entry.file.sha256, entry)
            if WILD.search(entry.path):
                self._globs.append(entry)
                continue
            self._plain.setdefault(entry.path, entry)
            for folder in _above(entry.path):
                if folder in self._below:
                    break
                self._below[folder] = entry

    def shared(self, entry: _Entry) -> Shared | None:
        """What an entry of an evaluation has in common with training; a digest says most."""
        digest = entry.file.sha256
        if digest is not None and digest in self._digests:
            return _shared("digest", digest, entry, self._digests[digest], "sha256")
        if entry.path in self._plain:
            return _shared("file", entry.path.translate(READABLE), entry, self._plain[entry.path], "path")
        other = self._around(entry.path)
        return None if other is None else _shared("files", entry.path.translate(READABLE), entry, other, "path")

    def _around(self, path: str) -> _Entry | None:
        """The first entry of training that holds, lies in or overlaps an entry of an evaluation."""
        if WILD.search(path) is not None:
            candidates: Iterable[_Entry] = (*self._plain.values(), *self._globs)
            return next((entry for entry in candidates if overlap(path, entry.path)), None)
        if path in self._below:
            return self._below[path]
        holding = next((self._plain[folder] for folder in _above(path) if folder in self._plain), None)
        return holding or next((entry for entry in self._globs if overlap(entry.path, path)), None)


def overlap(glob: str, other: str) -> bool:
    """Whether some file can be meant by a glob and by another entry: a file, a folder or a glob."""
    start = WILD.split(glob, maxsplit=1)[0]
    fixed = WILD.split(other, maxsplit=1)[0]
    if not (fixed.startswith(start) or start.startswith(fixed)):
        return False
    return meet(glob, other) or (fixed == other and meet(glob, f"{other}/**"))


def _shared(kind: str, thing: str, entry: _Entry, other: _Entry, field: str) -> Shared:
    component = entry.component
    at, other_at = entry.file.at(field), other.file.at(field)
    return Shared(
        kind, thing, at, component.split.name, component.name, other.component.reference, other_at, other.file.path
    )


def _entries(manifests: Iterable[tuple[str, Manifest]], side: str) -> Iterator[_Entry]:
    for path, manifest in manifests:
        prefix = prefix_of(path)
        for component in manifest.components:
            if side_of(component.split.purpose) == side:
                for file in component.files:
                    yield _Entry(component, file, full_path(file.path, prefix))


def _above(path: str) -> Iterator[str]:
    """The folders above a path, the nearest first."""
    while "/" in path:
        path = path[: path.rfind("/")]
        yield path


def side_of(purpose: str) -> str | None:
    if purpose == "training":
        return "training"
    return "evaluation" if purpose in EVALUATION else None


def prefix_of(manifest_path: str) -> str:
    """What stands before the entries of a manifest's ``files`` to make paths from the project root."""
    prefix = manifest_path[: manifest_path.rfind("/") + 1]
    return prefix.translate(LITERAL) if WILD.search(prefix) else prefix


def full_path(path: str, prefix: str) -> str:
    """An entry of ``files`` from the project root; an address as it is.

    The schema allows no path with empty or dotted names, so that texts compare.
    """
    return path if "://" in path else prefix + path
