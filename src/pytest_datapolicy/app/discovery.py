"""Which files are manifests: what git tracks or would track, outside git what is not hidden."""

from __future__ import annotations

import os

from pytest_datapolicy.app import git
from pytest_datapolicy.app.asked import empty, is_below, outermost, resolve
from pytest_datapolicy.catalogue import HEAD_BYTES, holds
from pytest_datapolicy.model.document import Problem
from pytest_datapolicy.model.globs import name_pattern, path_pattern
from pytest_datapolicy.model.places import START
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.syntax.files import read_head

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from pytest_datapolicy.app.settings import Settings
    from pytest_datapolicy.hooks import FormatEntry

LINK_ENTRIES = 10_000
"""So many files and folders are looked at behind a linked folder."""


class Found(NamedTuple):
    """The manifests of a project, as paths relative to its root with ``/``, sorted."""

    paths: tuple[str, ...]
    """All of them, for references; a path with an entry in `problems` cannot be read."""
    reported: Callable[[str], bool] | None
    """Whether a path was asked for; None when all were."""
    problems: Mapping[str, Problem]
    """Why a path is there that no file can be read from: absent, linked, not checked out."""
    skipped: int
    """Files with a manifest's name, and folders, that were passed over: ignored, hidden or excluded."""
    data: tuple[str, ...]
    """The data files below the roots, when they were asked for."""
    errors: tuple[RunError, ...]
    """For every named folder, root or glob without any manifest: exit 3."""


def find_manifests(
    settings: Settings,
    formats: Mapping[str, FormatEntry],
    named: Sequence[str] = (),
    data: re.Pattern[str] | None = None,
) -> Found:
    """The manifests below the roots of the settings, and the files that are `named` whatever their names.

    `named` holds files and folders relative to the working directory; `data` is what the names of data files match.
    Raises `RunError` (exit 2) for what is named and missing or outside the project root, and when git cannot be asked.
    """
    search = _Search(settings, _chosen(settings, formats), data=data)
    for root in outermost(settings.roots):
        search.root(root)
    search.look_behind_links()
    search.leave_described()
    files, folders = resolve(settings.root, named, search.found)
    paths = tuple(sorted(search.found | files))
    everything = not named or "" in folders
    prefixes = tuple(f"{folder}/" for folder in sorted(folders))
    return Found(
        paths,
        None if everything else lambda path: path in files or path in folders or path.startswith(prefixes),
        search.problems,
        search.skipped,
        tuple(search.data),
        tuple(empty(settings, paths, folders, asked=bool(named))),
    )


def find_listed(
    settings: Settings,
    formats: Mapping[str, FormatEntry],
    listed: Iterable[str],
    head: Callable[[str], bytes | None],
    named: Iterable[str] = (),
) -> tuple[str, ...]:
    """The manifests among files that are only listed, as those of a git revision are; `head` gives their first bytes.

    `named` holds the paths of files that are manifests whatever their names.
    """
    search = _Search(settings, _chosen(settings, formats), head)
    others = frozenset(named)
    roots = outermost(settings.roots)
    for path in listed:
        if path in others:
            search.found.add(path)
        elif _below_any(roots, path):
            search.take(path)
    search.leave_described(others)
    return tuple(sorted(search.found))


def find_data(settings: Settings, listed: Iterable[str], data: re.Pattern[str]) -> list[str]:
    """The data files among files that are only listed."""
    exclude = path_pattern(settings.exclude, folders=True, ignore_case=False)
    roots = outermost(settings.roots)
    meant = (path for path in listed if data.match(path) is not None and _below_any(roots, path))
    return [path for path in meant if exclude is None or exclude.match(path) is None]


def is_searched(settings: Settings, path: str) -> bool:
    """Whether what lies at a path is looked at: it is below a root, and not excluded."""
    exclude = path_pattern(settings.exclude, folders=True, ignore_case=False)
    return _below_any(outermost(settings.roots), path) and (exclude is None or exclude.match(path) is None)


def _below_any(folders: Iterable[str], path: str) -> bool:
    return any(not folder or path == folder or path.startswith(f"{folder}/") for folder in folders)


def _chosen(settings: Settings, formats: Mapping[str, FormatEntry]) -> list[FormatEntry]:
    """The formats that are looked for."""
    for name in settings.formats:
        if name not in formats:
            from pytest_datapolicy.app.suggest import did_you_mean

            raise RunError(
                f"formats: unknown format {name!r}",
                settings.places.get("formats"),
                remedy=did_you_mean(name, formats, f"the formats are {', '.join(sorted(formats))}"),
            )
    chosen = settings.formats or tuple(name for name, entry in formats.items() if entry.by_default)
    return [formats[name] for name in chosen]


class _Search:
    """What was found so far."""

    def __init__(
        self,
        settings: Settings,
        chosen: Sequence[FormatEntry],
        head: Callable[[str], bytes | None] | None = None,
        data: re.Pattern[str] | None = None,
    ) -> None:
        self._root = settings.root
        self._head = head or self._head_on_disk
        self._names = name_pattern([pattern for entry in chosen for pattern in entry.patterns])
        self._sure = name_pattern([pattern for entry in chosen if not entry.content for pattern in entry.patterns])
        self._told = [(name_pattern(entry.patterns), entry) for entry in chosen if entry.content]
        """Formats of general names: what a file holds tells whether it is one of theirs."""
        self._more = path_pattern(settings.manifests, folders=False, ignore_case=True)
        self._exclude = path_pattern(settings.exclude, folders=True, ignore_case=False)
        self._links: list[str] = []
        self._wanted = data
        self.data: list[str] = []
        self.found: set[str] = set()
        self.problems: dict[str, Problem] = {}
        self.skipped = 0

    def root(self, folder: str) -> None:
        """Look below one root of the project."""
        if git.in_work_tree(self._full(folder)):
            self._tracked(folder)
        else:
            self._walk(folder)

    def leave_described(self, named: Collection[str] = ()) -> None:
        """Leave out hosts that a sidecar describes: they are judged with it."""
        hosts = {path for path in self.found if not self._sure.search(path)} if self._told else set()
        if not hosts:
            return
        from pytest_datapolicy.app.described import described

        left = (hosts & described(self.found - hosts - self.problems.keys(), self._head)) - set(named)
        self.found -= left
        self.skipped += len(left)

    def look_behind_links(self) -> None:
        """Note linked folders through which alone a manifest can be reached: nothing else follows them."""
        real_root = os.path.realpath(self._root)
        known = {os.path.realpath(self._full(path)) for path in self.found} if self._links else set()
        for link in self._links:
            target = os.path.realpath(self._full(link))
            around = os.path.join(real_root, os.path.dirname(link), "")
            if is_below(target, real_root) and around.startswith(os.path.join(target, "")):
                continue  # it leads back to a folder that holds it
            hidden = self._behind(target, known)
            if hidden:
                self._refuse(
                    link,
                    f"this linked folder leads to {hidden}, and links to folders are not followed",
                    "put the manifests themselves below the project root, or exclude the link in the settings",
                )

    def _behind(self, target: str, known: set[str]) -> str:
        """What cannot be reached but through a link to the folder `target`, in words."""
        hidden = 0
        for seen, entry in enumerate(_entries_below(target)):
            if seen == LINK_ENTRIES:
                return f"more than {LINK_ENTRIES:,} files"
            if self._is_manifest(entry.name) and os.path.realpath(entry.path) not in known:
                hidden += 1
        return f"{hidden} manifest{'s' if hidden > 1 else ''} found nowhere else" if hidden else ""

    def _full(self, path: str) -> str:
        return os.path.join(self._root, path) if path else self._root

    def _is_manifest(self, path: str) -> bool:
        return self._names.search(path) is not None or (self._more is not None and self._more.match(path) is not None)

    def _passed_over(self, path: str) -> bool:
        if self._exclude is None or not self._exclude.match(path):
            return False
        self.skipped += 1
        return True

    def _refuse(self, path: str, message: str, remedy: str) -> None:
        self.found.add(path)
        self.problems[path] = Problem("DP001", message, remedy, START)

    def take(self, path: str) -> None:
        """Take a file if it is a manifest."""
        if self._is_manifest(path):
            self._add(path)

    def _take_data(self, path: str) -> None:
        """Take a data file that is there. Links to files count, as their targets may lie anywhere."""
        if self._wanted is None or self._wanted.match(path) is None or not os.path.isfile(self._full(path)):
            return
        if self._exclude is None or self._exclude.match(path) is None:
            self.data.append(path)

    def _head_on_disk(self, path: str) -> bytes | None:
        return read_head(self._full(path), HEAD_BYTES)

    def _add(self, path: str) -> None:
        """Take a path if it, or a folder on the way to it, has a manifest's name."""
        name = self._names.search(path)
        taken = path[: name.end()] if name else path
        if name and self._told and not self._sure.search(taken) and not self._holds(taken):
            self.skipped += 1
        elif not self._passed_over(taken):
            self.found.add(taken)

    def _holds(self, path: str) -> bool:
        """Whether a file of a general name holds what its format holds; reading tells of one that cannot be opened."""
        claims = [entry for names, entry in self._told if names.search(path)]
        head = self._head(path) if claims else None
        return head is None or any(holds(entry, head) for entry in claims)

    def _tracked(self, folder: str) -> None:
        """Take what git tracks or would track below a folder."""
        top = self._full(folder)
        entries = git.entries(top)
        if not entries and git.is_ignored(top):
            self._walk(folder)
            return
        prefix = f"{folder}/" if folder else ""
        for entry in entries:
            path = prefix + entry.path
            if entry.mode == git.SUBMODULE or path.endswith("/"):
                self._repository(path.rstrip("/"), submodule=not path.endswith("/"))
            elif self._is_manifest(path):
                self._tracked_manifest(path, entry)
            elif entry.mode in ("", git.LINK):
                self._maybe_link(path)
            if self._wanted is not None:
                self._take_data(path)
        ignored = git.ignored(top)
        self.skipped += sum(path.endswith("/") or self._is_manifest(prefix + path) for path in ignored)
        if self._wanted is not None:
            self._take_ignored_data(prefix, ignored)

    def _take_ignored_data(self, prefix: str, ignored: Iterable[str]) -> None:
        """Data is mostly kept out of git: take what lies below ignored folders too, as outside git."""
        for path in ignored:
            if not path.endswith("/"):
                self._take_data(prefix + path)
            elif not path.rstrip("/").rpartition("/")[2].startswith("."):
                for entry in _entries_below(self._full(prefix + path)):
                    self._take_data(os.path.relpath(entry.path, self._root).replace(os.sep, "/"))

    def _tracked_manifest(self, path: str, entry: git.Entry) -> None:
        if not entry.mode or os.path.lexists(self._full(path)):
            self._add(path)
        elif entry.kept_out and not self._passed_over(path):
            self._refuse(
                path,
                "git tracks this manifest, but was told to keep it out of the work tree",
                "check it out: `git sparse-checkout disable`, or `git update-index --no-skip-worktree`",
            )

    def _repository(self, path: str, *, submodule: bool) -> None:
        """Look into a submodule, or into a repository that lies in this one."""
        if self._passed_over(path):
            return
        full = self._full(path)
        if os.path.lexists(os.path.join(full, ".git")):
            self._tracked(path)
        elif os.path.isdir(full) and any(os.scandir(full)):
            self._walk(path)
        elif submodule:
            self._refuse(
                path,
                "this submodule is not checked out, so its manifests cannot be read",
                "run `git submodule update --init`, or exclude it in the settings",
            )

    def _maybe_link(self, path: str) -> None:
        full = self._full(path)
        if os.path.islink(full) and os.path.isdir(full) and not self._passed_over(path):
            self._links.append(path)

    def _walk(self, top: str) -> None:
        """Take everything below a folder but hidden folders and virtual environments."""
        pending = [top]
        while pending:
            folder = pending.pop()
            try:
                with os.scandir(self._full(folder)) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                self._refuse(folder or ".", f"this folder cannot be read: {error.strerror}", "let its files be read")
                continue
            names = {entry.name for entry in listed}
            if folder != top and "pyvenv.cfg" in names:
                self.skipped += 1
            elif folder != top and ".git" in names:
                self._tracked(folder)
            else:
                pending += self._taken(f"{folder}/" if folder else "", listed)

    def _taken(self, prefix: str, listed: Iterable[os.DirEntry[str]]) -> Iterator[str]:
        """Take the manifests of a listing and give the folders to look into."""
        for entry in listed:
            path = prefix + entry.name
            if self._wanted is not None:
                self._take_data(path)
            if entry.is_symlink() and not self._is_manifest(path):
                self._maybe_link(path)
                continue
            if self._is_manifest(path):
                self._add(path)
            if not entry.is_dir(follow_symlinks=False):
                continue
            if entry.name.startswith("."):
                self.skipped += 1
            elif not self._passed_over(path):
                yield path


def _entries_below(top: str) -> Iterator[os.DirEntry[str]]:
    """Files and folders below a folder, without hidden folders and virtual environments; links are not followed."""
    pending = [top]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        if any(entry.name == "pyvenv.cfg" for entry in listed):
            continue
        for entry in listed:
            yield entry
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                pending.append(entry.path)
