"""What the entries of ``files`` stand for: regular files below the project root, or objects that settings allow."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, NamedTuple

from pytest_datapolicy.model.data import Unmeasured

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from pytest_datapolicy.verify.objects import Store

KINDS = {
    ".parquet": "parquet",
    ".parq": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
"""How a file is read, by the last suffix of its name; those of text may be followed by one of `PACKED`."""
PACKED = {".gz": "gzip", ".zst": "zstd"}
SEALED = re.compile(
    r"\.(7z|avro|bz2|db|dta|gz|h5|hdf5|npz|orc|pickle|pkl|rar|rds|sas7bdat|sav|sqlite3?|tar|tfrecord|tgz|xlsx?|xz|zip|zst)"
)
"""Suffixes of files that hold many records in a form that is not read: counting such a file as one would be wrong."""
AMBIGUOUS = re.compile(r"\.(json|txt|ya?ml|xml)$", re.IGNORECASE)
WILD = re.compile(r"[*?]")
MOST_MEMBERS = 1_000_000
NO_CHANGE = "let nothing write to it while it is checked, and run the check again"


class Member(NamedTuple):
    """One file."""

    name: str
    """Relative to the manifest's folder, with ``/``; the address of an object."""
    path: str
    """What to open: the absolute path with all links resolved, or the address."""
    kind: str
    """``parquet``, ``jsonl``, ``csv``, ``tsv``, ``arrow``; ``media`` for a record of its own; ``sealed``."""
    packing: str
    """``gzip``, ``zstd`` or nothing."""
    size: int
    state: tuple[Any, ...]
    """What differs when the file is another or has been written to."""
    store: Store | None = None
    """Where an object is; None for a file."""


class Entry(NamedTuple):
    """An entry of ``files``."""

    path: str
    members: tuple[Member, ...] = ()
    fault: Unmeasured | None = None
    listing: bool = False

    @property
    def holds_rows(self) -> bool:
        """Whether rows are counted; else each file counts one."""
        return any(member.kind not in ("media", "sealed") for member in self.members)

    @property
    def counted(self) -> tuple[Member, ...]:
        """The files that hold the records: beside tables, other files of a folder are none."""
        if not self.holds_rows:
            return self.members
        return tuple(member for member in self.members if member.kind != "media")


class Sources:
    """Finds the files of one project, each entry once."""

    def __init__(self, root: str, roots: Sequence[str] = ()) -> None:
        self.root = os.path.realpath(root)
        self._roots = tuple(roots)
        self._entries: dict[tuple[str, str], Entry] = {}

    def entry(self, folder: str, path: str) -> Entry:
        """What an entry of a manifest in `folder` (relative to the root) stands for."""
        key = (folder, path)
        if key not in self._entries:
            try:
                self._entries[key] = self._remote(path) if "://" in path else self._local(folder, path)
            except _Fault as fault:
                self._entries[key] = Entry(path, (), fault.unmeasured)
        return self._entries[key]

    def _remote(self, address: str) -> Entry:
        dotted = any(part in (".", "..") for part in address.split("/"))
        if dotted or not any(address.startswith(root) for root in self._roots):
            raise _Fault(
                f"{address} is below none of the addresses that may be read",
                "name the address above it in `roots` of [tool.datapolicy.verify] to allow it",
                "outside",
            )
        from pytest_datapolicy.verify.objects import Missing, open_store

        try:
            store, listing, found = open_store(address)
        except Missing as missing:
            raise _Fault(missing.reason, missing.remedy, missing.kind) from None
        members = tuple(
            Member(name, name, *kind_of(name), size=size, state=state, store=store) for name, size, state in found
        )
        return Entry(address, members, None, listing)

    def _local(self, folder: str, path: str) -> Entry:
        base = os.path.join(self.root, folder)
        if "\0" in path:
            raise _Fault(f"{path!r} is no path", "name a file below the manifest's folder", "absent")
        if WILD.search(path):
            members = [self._member(base, name) for name in self._matching(base, path)]
            if not members:
                raise _Fault(f"no file matches {path}", "correct the pattern, or restore the files", "absent")
            return Entry(path, _in_order(members), None, listing=True)
        full = os.path.join(base, path)
        real = self._inside(full, path)
        if os.path.isdir(real):
            prefix = path.rstrip("/")
            members = [self._member(base, f"{prefix}/{name}") for name in self._below(real, prefix)]
            if not members:
                raise _Fault(f"{path} holds no file", "restore the files, or take it out of `files`", "absent")
            return Entry(path, _in_order(members), None, listing=True)
        member = self._member(base, path)
        # Alone, such a file holds many records in a form that is not read; in a folder each may be a record.
        return Entry(path, (member._replace(kind="sealed") if AMBIGUOUS.search(path) else member,))

    def _inside(self, full: str, name: str) -> str:
        """The path with all links resolved, which is below the project root."""
        real = os.path.realpath(full)
        top = os.path.join(self.root, "")
        if real != self.root and not real.startswith(top):
            how = "a link that leads out" if os.path.normpath(full).startswith(top) else "outside"
            raise _Fault(f"{name} is {how} of the project root", "put the file itself below the root", "outside")
        return real

    def _member(self, base: str, name: str) -> Member:
        full = os.path.join(base, name)
        real = self._inside(full, name)
        try:
            found = os.stat(real)
        except OSError as error:
            raise _fault_of(error, name, full) from None
        if not stat.S_ISREG(found.st_mode):
            raise _Fault(f"{name} is {_what(found.st_mode)}, not a regular file", "name a regular file", "irregular")
        if not os.access(real, os.R_OK):
            raise _Fault(f"{name} may not be read", "give read permission", "unreadable")
        kind, packing = kind_of(name)
        return Member(name.replace(os.sep, "/"), real, kind, packing, found.st_size, state_of(found))

    def _below(self, folder: str, name: str) -> Iterator[str]:
        """The files below a folder, relative to it, links to folders refused. `name` is for messages."""
        open_folders = [""]
        seen = 0
        while open_folders:
            inner = open_folders.pop()
            where = f"{name}/{inner}".rstrip("/")
            try:
                with os.scandir(os.path.join(folder, inner)) as scanned:
                    entries = sorted(scanned, key=lambda entry: entry.name)
            except OSError as error:
                raise _fault_of(error, where, os.path.join(folder, inner)) from None
            for entry in entries:
                if _is_hidden(entry.name):
                    continue
                path = f"{inner}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    open_folders.append(f"{path}/")
                    continue
                if entry.is_symlink() and entry.is_dir():
                    at = f"{name}/{path}".lstrip("/")
                    raise _Fault(f"{at} is a link to a folder", "name the folder that it leads to", "irregular")
                seen += 1
                if seen > MOST_MEMBERS:
                    remedy = "name folders with fewer files, or pack the records into larger files"
                    raise _Fault(f"{name or 'the folder'} holds more than {MOST_MEMBERS:,} files", remedy, "unreadable")
                yield path

    def _matching(self, base: str, glob: str) -> Iterator[str]:
        """The files that a glob matches, relative to the manifest's folder."""
        parts = glob.split("/")
        fixed = next(index for index, part in enumerate(parts) if WILD.search(part))
        prefix = "/".join(parts[:fixed])
        start = self._inside(os.path.join(base, prefix), prefix or ".")
        if not os.path.isdir(start):
            return
        wanted = pattern_of("/".join(parts[fixed:]))
        for name in self._below(start, prefix):
            if wanted.fullmatch(name):
                yield f"{prefix}/{name}" if prefix else name


class _Fault(Exception):  # noqa: N818 - a message on its way
    def __init__(self, reason: str, remedy: str, kind: str) -> None:
        super().__init__(reason)
        self.unmeasured = Unmeasured(reason, remedy, kind=kind)


def kind_of(name: str) -> tuple[str, str]:
    """How a file of this name is read, and how it is packed."""
    rest, suffix = os.path.splitext(name.lower())
    if suffix in PACKED:
        kind = KINDS.get(os.path.splitext(rest)[1], "")
        return (kind, PACKED[suffix]) if kind in ("jsonl", "csv", "tsv") else ("sealed", "")
    return KINDS.get(suffix, "sealed" if SEALED.fullmatch(suffix) else "media"), ""


def state_of(found: os.stat_result) -> tuple[int, ...]:
    """What differs when a file is another or has been written to; the time of the last change cannot be set back."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev


def changed(members: Sequence[Member]) -> Unmeasured | None:
    """The first file that is not what it was when it was found; None when all are."""
    for member in members:
        try:
            now = state_of(os.stat(member.path)) if member.store is None else member.store.state(member.path)
        except OSError:
            now = ()
        if now != member.state:
            return Unmeasured(f"{member.name} changed while it was read", NO_CHANGE, kind="changed")
    return None


def pattern_of(glob: str) -> re.Pattern[str]:
    """``*`` and ``?`` stay within one name, ``**`` crosses folders; nothing else is special."""
    parts = []
    for index, part in enumerate(pieces := glob.split("/")):
        last = index == len(pieces) - 1
        if part == "**":
            parts.append(".*" if last else "(?:.*/)?")
        else:
            wild = {"*": "[^/]*", "?": "[^/]"}
            parts.append("".join(wild.get(char, re.escape(char)) for char in part) + ("" if last else "/"))
    return re.compile("".join(parts), re.DOTALL)


def _is_hidden(name: str) -> bool:
    """Bookkeeping of systems and engines, in no listing: ``.DS_Store``, ``.part.crc``, ``_SUCCESS``, ``_metadata``."""
    return name.startswith(".") or (name.startswith("_") and "." not in name)


def _in_order(members: Sequence[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=lambda member: os.fsencode(member.name)))


def _what(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"))
    return next((name for is_kind, name in kinds if is_kind(mode)), "a device")


def _fault_of(error: OSError, name: str, full: str) -> _Fault:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        if os.path.islink(full):
            return _Fault(f"{name} is a link that leads nowhere", "restore what it leads to", "absent")
        return _Fault(f"{name} is not there", "restore it, or correct the path", "absent")
    if isinstance(error, PermissionError):
        return _Fault(f"{name} may not be read", "give read permission", "unreadable")
    reason = os.strerror(error.errno) if error.errno else "unknown error"
    return _Fault(f"{name} cannot be read: {reason.lower()}", "make it readable", "unreadable")
