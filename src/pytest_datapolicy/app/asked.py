"""What was asked for: the paths that were named, and what was expected to hold manifests."""

from __future__ import annotations

import os

from pytest_datapolicy.model.globs import path_pattern
from pytest_datapolicy.model.report import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_datapolicy.app.settings import Settings


def outermost(roots: Iterable[str]) -> list[str]:
    """Roots without those that lie in another one; the project root is an empty string."""
    normal = [os.path.normpath(root).replace(os.sep, "/") for root in roots]
    plain = sorted({"" if root == "." else root for root in normal})
    kept: list[str] = []
    for root in plain:
        if not any(other == "" or root.startswith(f"{other}/") for other in kept):
            kept.append(root)
    return kept


def resolve(root: str, named: Sequence[str], found: set[str]) -> tuple[set[str], set[str]]:
    """The files and folders that were named, relative to the root."""
    files: set[str] = set()
    folders: set[str] = set()
    for name in named:
        full = os.path.abspath(name)
        if not name or not os.path.lexists(full):
            raise RunError(f"there is no file or folder {name!r}", remedy="name one that exists")
        path = _relative(full, root)
        if path not in found:
            # A linked folder on the way: the file counts where it really is.
            real = _relative(os.path.realpath(full), os.path.realpath(root))
            if path is None or (real is not None and (real in found or os.path.isdir(full))):
                path = real
        if path is None:
            raise RunError(f"{name!r} is outside the project root {root}", remedy="run the check once for each project")
        (folders if os.path.isdir(full) else files).add(path)
    return files, folders


def is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(os.path.join(root, ""))


def _relative(full: str, root: str) -> str | None:
    """`full` relative to `root` with ``/``, an empty string for the root itself, None outside of it."""
    if not is_below(full, root):
        return None
    return full[len(root) :].replace(os.sep, "/").strip("/")


def empty(settings: Settings, paths: Sequence[str], folders: Iterable[str], *, asked: bool) -> Iterator[RunError]:
    """What was expected to hold manifests and holds none."""
    remedy = "add one there, or name what holds manifests"
    if asked:
        for folder in sorted(folders):
            if not any(not folder or path == folder or path.startswith(f"{folder}/") for path in paths):
                yield RunError(f"no manifest found below {folder or '.'}", remedy=remedy, code=3)
        return
    if not paths:
        return  # one message for the whole project says it all
    for root in settings.roots:
        folder = outermost([root])[0]
        if not any(not folder or path.startswith(f"{folder}/") for path in paths):
            place = settings.places.get("roots")
            yield RunError(f"roots: no manifest found below {root}", place, remedy=remedy, code=3)
    for glob in settings.manifests:
        pattern = path_pattern([glob], folders=False, ignore_case=True)
        if pattern is not None and not any(pattern.match(path) for path in paths):
            place = settings.places.get("manifests")
            yield RunError(f"manifests: no file matches {glob}", place, remedy="repair the glob or remove it", code=3)
