"""A git revision to judge against: its files by name, as git stores them, and nothing of the working tree."""

from __future__ import annotations

import os
import re

from pytest_datapolicy.app import git
from pytest_datapolicy.model.document import Problem, Refused
from pytest_datapolicy.model.places import START
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen
    from typing import IO, NoReturn

MOST_LINKS = 40
CHUNK = 1 << 20
_OBJECT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Blob(NamedTuple):
    """One file of a revision."""

    mode: str
    """As git has it: ``100644``, ``120000`` for a link, ``160000`` for a submodule."""
    oid: str


class Revision:
    """The files of one commit, by absolute path in the work tree. Close it when done: a git process may be running."""

    def __init__(self, name: str, commit: str, tops: tuple[str, ...]) -> None:
        self.name = name
        """As it was asked for."""
        self.commit = commit
        self.top = tops[0]
        """The top of the work tree, as its paths are written."""
        self._tops = tops
        self._files: dict[str, Blob] | None = None
        self._process: Popen[bytes] | None = None

    def close(self) -> None:
        """End the git process, if one was started."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def relative(self, path: str) -> str | None:
        """An absolute path of the work tree as git names it, with ``/``; empty for the top, None outside of it."""
        for top in self._tops:
            if path == top:
                return ""
            if path.startswith(os.path.join(top, "")):
                return path[len(os.path.join(top, "")) :].replace(os.sep, "/")
        real = os.path.realpath(path)
        if any(real == top or real.startswith(os.path.join(top, "")) for top in map(os.path.realpath, self._tops)):
            # What a link of the work tree leads to is for the change to choose.
            raise RunError(
                f"{path!r} leads into the work tree {self.top} by a detour",
                remedy="with --base, name files of the repository by their own paths",
            )
        return None

    def files(self) -> dict[str, Blob]:
        """Every file of the commit by its path below the top. Submodules are single entries."""
        if self._files is None:
            self._files = listed(self.top, self.commit, self.name)
        return self._files

    def read(self, path: str, *, root: str = "", limit: int) -> bytes:
        """The bytes of a file below the top; links within the folder `root` are followed.

        Raises `FileNotFoundError` for what the revision does not hold and `Refused` for what is no file of its own.
        """
        target = self._resolved(path, root)
        blob = self.files().get(target)
        if blob is None:
            if any(name.startswith(f"{target}/") for name in self.files()):
                _refuse(f"in {self.name} this is a directory, not a regular file")
            raise FileNotFoundError(path)
        if blob.mode == git.SUBMODULE:
            _refuse(f"in {self.name} this is a submodule, not a regular file")
        return self.bytes_of(blob.oid, limit)

    def bytes_of(self, oid: str, limit: int) -> bytes:
        """The bytes of one object. Raises `Refused` when there are more than `limit`."""
        size, stream = self._asked(oid)
        if size > limit:
            left = size + 1
            while left:
                left -= len(stream.read(min(left, CHUNK)))
            _refuse(f"in {self.name} the file has {size:,} bytes, at most {limit:,} allowed")
        data = stream.read(size)
        stream.read(1)
        return data

    def _asked(self, oid: str) -> tuple[int, IO[bytes]]:
        if self._process is None:
            self._process = git.start(self.top, "cat-file", "--batch")
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{oid}\n".encode())
        self._process.stdin.flush()
        header = self._process.stdout.readline().split()
        if len(header) != 3 or header[1] != b"blob":
            raise RunError(
                f"the repository does not hold all files of {self.name} (object {oid[:12]} is missing)", remedy=FETCH
            )
        return int(header[2]), self._process.stdout

    def _resolved(self, path: str, root: str) -> str:
        """The path that `path` leads to, every link on the way followed."""
        waiting = path.split("/")[::-1]
        done: list[str] = []
        links = 0
        while waiting:
            part = waiting.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not done:
                    _refuse(f"in {self.name} this leads out of the project root")
                done.pop()
                continue
            done.append(part)
            blob = self.files().get("/".join(done))
            if blob is not None and blob.mode == git.LINK:
                links += 1
                if links > MOST_LINKS:
                    _refuse(f"in {self.name} the link leads back to itself")
                target = os.fsdecode(self.bytes_of(blob.oid, CHUNK))
                if target.startswith("/"):
                    _refuse(f"in {self.name} this leads out of the project root")
                done.pop()
                waiting += target.split("/")[::-1]
        found = "/".join(done)
        if links and root and not found.startswith(f"{root}/"):
            _refuse(f"in {self.name} this leads out of the project root")
        return found


FETCH = "fetch more of its history: `git fetch --deepen=100` or `git fetch --unshallow`"


def open_revision(folder: str, name: str) -> Revision:
    """The commit that `name` means in the repository around `folder`. Raises `RunError` (exit 2) for anything else."""
    start = os.path.abspath(folder)
    while not os.path.isdir(start):
        start = os.path.dirname(start)
    if not git.in_work_tree(start):
        raise RunError(
            f"--base needs a git work tree, and {start} is in none",
            remedy="run it in a clone of the repository, or leave --base out",
        )
    commit = _commit(start, name)
    top, prefix = _told(start, "--show-toplevel"), _told(start, "--show-prefix").rstrip("/")
    tops = [os.path.normpath(top)]
    # The same folder as the user spells it, when a link stands above the work tree.
    if not prefix:
        tops.insert(0, start)
    elif start.replace(os.sep, "/").endswith(f"/{prefix}"):
        tops.insert(0, start[: -len(prefix) - 1])
    return Revision(name, commit, tuple(dict.fromkeys(tops)))


def _told(folder: str, what: str) -> str:
    code, out, err = git.ask(folder, "rev-parse", what)
    if code:
        raise RunError(f"git cannot tell the work tree of {folder}: {git.first_line(err, code)}", remedy="repair it")
    return os.fsdecode(out).removesuffix("\n")


def _commit(folder: str, name: str) -> str:
    if not name.strip() or "\0" in name:
        raise RunError("--base names no revision", remedy="name a commit, a branch or a tag: --base origin/main")
    if name.startswith("-"):
        raise RunError(f"--base {name!r} is no revision", remedy="name a commit, a branch or a tag: --base origin/main")
    code, out, err = git.ask(folder, "-c", "core.warnAmbiguousRefs=true", "rev-parse", "--verify", name)
    if b"is ambiguous" in err and (code or b"refname" in err):
        raise RunError(
            f"--base {name!r} can mean more than one revision",
            remedy="write it out: refs/heads/<branch>, refs/remotes/<remote>/<branch>, refs/tags/<tag> or the commit",
        )
    found = os.fsdecode(out).strip()
    if not code and _OBJECT.fullmatch(found):
        # A tag leads on to its commit. Asked for in two steps: what follows a search (`:/text`) is part of the text.
        commit = os.fsdecode(git.ask(folder, "rev-parse", "--verify", "--quiet", f"{found}^{{commit}}")[1]).strip()
        if _OBJECT.fullmatch(commit):
            return commit
        kind = git.ask(folder, "cat-file", "-t", found)[1].strip().decode("ascii", "replace")
        if kind in ("blob", "tree"):
            raise RunError(f"--base {name!r} is a {kind}, not a commit", remedy="name a commit, a branch or a tag")
    if b"not a git repository" in err or b"ownership" in err:
        raise RunError(f"git cannot be asked in {folder}: {git.first_line(err, code)}", remedy="repair the work tree")
    if git.ask(folder, "rev-parse", "--is-shallow-repository")[1].strip() == b"true":
        raise RunError(f"--base {name!r} is not in this repository, which is a shallow clone", remedy=FETCH)
    raise RunError(
        f"--base {name!r} is no commit of this repository",
        remedy="name a commit, a branch or a tag that `git log` knows, or `git fetch` it first",
    )


def listed(folder: str, commit: str, name: str) -> dict[str, Blob]:
    """Every file of a commit by its path from the top."""
    code, out, err = git.ask(folder, "ls-tree", "-r", "-z", "--full-tree", commit)
    if code:
        raise RunError(f"git cannot list the files of {name}: {git.first_line(err, code)}", remedy=FETCH)
    found = {}
    for line in os.fsdecode(out).split("\0"):
        head, tab, path = line.partition("\t")
        if tab:
            mode, _, oid = head.split(" ")
            found[path] = Blob(mode, oid)
    return found


def _refuse(message: str) -> NoReturn:
    raise Refused([Problem("DP001", message, "repair it there first, in a change of its own", START)])
