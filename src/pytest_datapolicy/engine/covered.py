"""Which data files of the tree no manifest names (rule DP605)."""

from __future__ import annotations

from pytest_datapolicy.engine.heldout import READABLE, full_path, prefix_of
from pytest_datapolicy.model.globs import WILD, entry_pattern, path_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.policy import Policy


class Covered:
    """The data files of the tree, and what manifests name."""

    def __init__(self, files: Iterable[str], others: Iterable[str]) -> None:
        """`files` are paths from the project root; `others` are manifests, policies and waiver files, no data."""
        self._files = set(files).difference(others)
        self._named: set[str] = set()
        self._globs: set[str] = set()

    def add(self, manifest: Manifest, path: str) -> None:
        """Remember what a manifest names: data, evidence, attestations and the file that it describes."""
        prefix = prefix_of(path)
        for name in _names(manifest.tree):
            full = full_path(name, prefix)
            if WILD.search(full):
                self._globs.add(full)
            else:
                self._named.add(full.translate(READABLE))

    def uncovered(self, include: Sequence[str], exclude: Sequence[str]) -> Iterator[str]:
        """The data files that a policy means and no manifest names, in order."""
        meant = path_pattern(include, folders=False, ignore_case=True)
        left = path_pattern(exclude, folders=True, ignore_case=False)
        globs = [entry_pattern(glob) for glob in sorted(self._globs)]
        for path in sorted(self._files):
            if meant is None or meant.match(path) is None or (left is not None and left.match(path) is not None):
                continue
            escaped = f"{prefix_of(path)}{path[path.rfind('/') + 1 :]}"
            if not self._is_named(path) and not any(glob.match(escaped) for glob in globs):
                yield path

    def _is_named(self, path: str) -> bool:
        """Whether the file, or a folder that holds it, is named."""
        while path not in self._named:
            if "/" not in path:
                return False
            path = path[: path.rfind("/")]
        return True


def wanted(policy: Policy) -> re.Pattern[str] | None:
    """The paths that a policy takes for data files; None when it does not ask."""
    clauses = [clause for clause in policy.clauses if clause.rule == "DP605" and clause.level != "disabled"]
    if not clauses:
        return None
    globs = sorted({glob for clause in clauses for glob in clause.limits["include"]})
    return path_pattern(globs, folders=False, ignore_case=True)


def covered(files: Iterable[str], manifests: Iterable[str], policy: Policy) -> Covered:
    """What is to be named of the tree's data files."""
    waivers = (path for path, _ in policy.waivers.files)
    return Covered(files, (*manifests, *(source.path for source in policy.sources), *waivers))


def _names(tree: dict[str, Any]) -> Iterator[str]:
    """Every path of a manifest, relative to its folder."""
    if "describes" in tree:
        yield tree["describes"]["path"]
    for split in tree["splits"].values():
        for component in split["components"]:
            for file in component.get("files", ()):
                yield file["path"]
            for holder, field in (("review", "evidence"), ("privacy", "attestation")):
                document = component.get(holder, {}).get(field)
                if document is not None:
                    yield document["path"]
