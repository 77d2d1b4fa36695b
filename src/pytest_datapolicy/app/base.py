"""``--base REV``: policy, waivers, baseline and settings as a git revision has them, and its manifests to compare with.

The change under test has no say in any of them. Manifests are those of the working tree.
"""

from __future__ import annotations

import hashlib
import os

from pytest_datapolicy.app import git
from pytest_datapolicy.app.discovery import find_data, find_listed, is_searched
from pytest_datapolicy.app.reading import reading
from pytest_datapolicy.app.revision import Revision, open_revision
from pytest_datapolicy.app.settings import SETTINGS_BYTES, load_settings
from pytest_datapolicy.catalogue import HEAD_BYTES
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.report import BaseName, RunError
from pytest_datapolicy.syntax.files import read_regular
from pytest_datapolicy.syntax.limits import HOST_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from pytest_datapolicy.app.discovery import Found
    from pytest_datapolicy.app.settings import Settings
    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.engine.judged import Judged
    from pytest_datapolicy.model.format import Reading

POLICY_BYTES = 8 << 20
"""Of a policy, a waiver file or a baseline; each reader has a lower limit of its own."""
GIT = ".git"
STAND_INS = (b"version https://git-lfs.github.com/spec/", b"\0GITCRYPT\0")
"""How git stores what it does not hold as it is."""


class Base:
    """The files of a revision in place of those on disk."""

    def __init__(self, start: str, name: str) -> None:
        self.revision = open_revision(start, name)
        self._root = ""
        self._tree: Tree | None = None

    @property
    def name(self) -> BaseName:
        """The revision as it was asked for, and the commit that it is."""
        return BaseName(self.revision.name, self.revision.commit)

    def close(self) -> None:
        """Let go of git."""
        self.revision.close()
        if self._tree is not None:
            self._tree.close()

    def settings(self, start: str) -> Settings:
        """The settings of the revision that hold for `start`. Raises `RunError` for a project beyond the repository."""
        settings = load_settings(start, self._settings_file)
        root = self.revision.relative(settings.root)
        if root is None:
            raise RunError(
                f"the project root {settings.root} lies outside of the repository that --base is about",
                remedy=f"keep the settings below {self.revision.top}",
            )
        self._root = root
        return settings

    def _settings_file(self, path: str) -> bytes | None:
        inside = self.revision.relative(path)
        if inside is None:
            # Above the repository: a project root there is refused, not passed over.
            return read_regular(path, root=None, limit=SETTINGS_BYTES) if os.path.lexists(path) else None
        try:
            return self.revision.read(inside, limit=SETTINGS_BYTES)
        except FileNotFoundError:
            return None

    def bytes_of(self, path: str) -> bytes | None:
        """A policy, waiver file or baseline by its absolute path; None for one outside of the repository.

        Raises `FileNotFoundError` for what the revision does not hold.
        """
        inside = self.revision.relative(path)
        if inside is None:
            return None
        if inside == GIT:
            return b""  # the top of a work tree is the root of a project
        root = self._root if inside.startswith(f"{self._root}/") else ""
        return self.revision.read(inside, root=root, limit=POLICY_BYTES)

    def file(self, path: str) -> bytes:
        """Like `bytes_of`, for files that may only be of the repository."""
        data = self.bytes_of(path)
        if data is None:
            raise RunError(
                f"{path!r} is outside of the repository, so {self.revision.name} does not hold it",
                remedy="keep it in the repository",
            )
        return data

    def tree(self, settings: Settings, catalogue: Catalogue, found: Found) -> Tree:
        """The manifests of the revision, by the revision's own settings."""
        self._tree = Tree(self.revision, self._root, settings, catalogue, found)
        return self._tree

    def mark(self, judged: Judged, there: Judged, tree: Tree) -> Judged:
        """What was judged, with the findings marked that are `there`, in the tree of the revision, too."""
        from pytest_datapolicy.engine.known import mark

        return judged._replace(findings=mark(judged.findings, there.findings, tree.unchanged, self.revision.name))


class Tree:
    """The manifests of a revision below the project root. See the protocol `BaseTree`."""

    def __init__(self, revision: Revision, root: str, settings: Settings, catalogue: Catalogue, found: Found) -> None:
        self.name = revision.name
        self._catalogue = catalogue
        self._settings = settings
        self._revision = revision
        self._root = root
        self._parts: dict[str, Revision] = {}
        """Submodules by path."""
        self._files: dict[str, tuple[Revision, str]] = {}
        """Where each file below the project root is: its repository, and its path there."""
        self._list(revision, root, "", found)
        self.paths: Sequence[str] = find_listed(settings, catalogue.formats, self._files, self._head, named=found.paths)
        self._read_from: dict[str, dict[str, str]] = {}

    def close(self) -> None:
        """Let go of the submodules' git."""
        for part in self._parts.values():
            part.close()

    def _list(self, revision: Revision, root: str, prefix: str, found: Found) -> None:
        """Note the files of a repository that lie below the folder `root` of it, as paths that start with `prefix`."""
        start = f"{root}/" if root else ""
        for path, blob in revision.files().items():
            if path.startswith(start):
                here = prefix + path[len(start) :]
                if blob.mode == git.SUBMODULE:
                    self._submodule(here, blob.oid, found)
                else:
                    self._files[here] = (revision, path)

    def _submodule(self, path: str, commit: str, found: Found) -> None:
        """Look into a submodule, at the commit that the revision has of it."""
        folder = os.path.join(self._settings.root, path)
        if path in found.problems or not is_searched(self._settings, path):
            return
        if not os.path.lexists(os.path.join(folder, GIT)):
            raise RunError(
                f"{self.name} has the submodule {path!r}, which is not in the work tree: its data sets are not known",
                remedy="restore it, or exclude it in the settings first",
            )
        part = self._parts[path] = Revision(f"{self.name}, submodule {path}", commit, (folder,))
        self._list(part, "", f"{path}/", found)

    def _get(self, path: str, limit: int) -> bytes | None:
        """A file by its path below the project root; None when there is none."""
        revision, inside = self._files.get(path) or self._place(path)
        try:
            data = revision.read(inside, root=self._root if revision is self._revision else "", limit=limit)
        except FileNotFoundError:
            return None
        if data.startswith(STAND_INS):
            raise RunError(
                f"{self.name} holds {path!r} only as a pointer of Git LFS or encrypted: what it declares is not known",
                remedy="keep manifests out of Git LFS and git-crypt",
            )
        return data

    def _place(self, path: str) -> tuple[Revision, str]:
        """Where a path is looked for that may lead through a link."""
        for folder in sorted(self._parts, key=len, reverse=True):
            if path.startswith(f"{folder}/"):
                return self._parts[folder], path[len(folder) + 1 :]
        return self._revision, f"{self._root}/{path}" if self._root else path

    def data(self, meant: re.Pattern[str]) -> list[str]:
        """The data files of the revision."""
        return find_data(self._settings, self._files, meant)

    def _head(self, path: str) -> bytes | None:
        try:
            data = self._get(path, HOST_BYTES)
        except Refused:
            return None
        return None if data is None else data[:HEAD_BYTES]

    def read(self, path: str) -> Reading:
        return reading(path, self._get, self._catalogue)

    def seen(self, path: str, file: str, data: bytes | None) -> None:
        """Note what was read in the working tree, of `file` for the manifest at `path`."""
        self._read_from.setdefault(path, {})[file] = "" if data is None else self._oid(data)

    def same(self, path: str) -> bool:
        files = self._read_from.get(path)
        return bool(files) and all(self._oid_of(file) == oid for file, oid in (files or {}).items())

    def unchanged(self, path: str) -> bool:
        """Whether the file at a path, which may be one that nobody can read, is the same in both trees."""
        full = os.path.join(self._settings.root, path)
        try:
            if os.path.islink(full):
                oid = self._oid(os.fsencode(os.readlink(full)))
            elif os.path.isfile(full):
                with open(full, "rb") as stream:
                    oid = self._oid(stream.read())
            else:
                return False
        except OSError:
            return False
        return oid == self._oid_of(path)

    def _oid_of(self, path: str) -> str:
        revision, inside = self._files.get(path) or (None, "")
        return "" if revision is None else revision.files()[inside].oid

    def _oid(self, data: bytes) -> str:
        """The name that git gives these bytes."""
        digest = hashlib.sha1(usedforsecurity=False) if len(self._revision.commit) == 40 else hashlib.sha256()
        digest.update(b"blob %d\0" % len(data))
        digest.update(data)
        return digest.hexdigest()
