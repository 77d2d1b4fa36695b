"""SHA-256 of files, streamed and in parallel: hashlib lets other threads run while it works."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pytest_datapolicy.model.data import Unmeasured
from pytest_datapolicy.verify.sources import NO_CHANGE, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pytest_datapolicy.verify.sources import Member

BLOCK = 1 << 20
FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY", "O_NOINHERIT", "O_NOFOLLOW"):
    FLAGS |= getattr(os, _name, 0)


class Digests:
    """The digests of one run's files, each made once."""

    def __init__(self, threads: int, told: Callable[[int], None]) -> None:
        """`told` is called with every number of bytes that were read."""
        self._threads = threads
        self._told = told
        self._known: dict[tuple[str, tuple[object, ...]], str | Unmeasured] = {}

    def of(self, members: Sequence[Member]) -> list[str | Unmeasured]:
        """The digests of some files, in their order."""
        missing = {(member.path, member.state): member for member in members}
        for key in self._known.keys() & missing.keys():
            del missing[key]
        # The largest first, so that no thread is left alone with one in the end.
        todo = sorted(missing.values(), key=lambda member: -member.size)
        if len(todo) > 1 and self._threads > 1:
            with ThreadPoolExecutor(min(self._threads, len(todo)), "sha256") as pool:
                found: Iterable[str | Unmeasured] = list(pool.map(self._digest, todo))
        else:
            found = map(self._digest, todo)
        for member, digest in zip(todo, found, strict=True):
            self._known[member.path, member.state] = digest
        return [self._known[member.path, member.state] for member in members]

    def _digest(self, member: Member) -> str | Unmeasured:
        try:
            return self._of_object(member) if member.store is not None else self._of_file(member)
        except OSError as error:
            reason = os.strerror(error.errno).lower() if error.errno else "unknown error"
            return Unmeasured(f"{member.name} cannot be read: {reason}", "make it readable")

    def _of_file(self, member: Member) -> str | Unmeasured:
        digest = hashlib.sha256()
        buffer = memoryview(bytearray(min(BLOCK, member.size + 1)))
        with open(os.open(member.path, FLAGS), "rb", buffering=0) as file:
            same = state_of(os.fstat(file.fileno())) == member.state
            while same and (read := file.readinto(buffer)):
                digest.update(buffer[:read])
                self._told(read)
            same = same and state_of(os.fstat(file.fileno())) == member.state
        return digest.hexdigest() if same else _changed(member)

    def _of_object(self, member: Member) -> str | Unmeasured:
        assert member.store is not None
        digest = hashlib.sha256()
        for block in member.store.blocks(member.path):
            digest.update(block)
            self._told(len(block))
        return digest.hexdigest() if member.store.state(member.path) == member.state else _changed(member)


def listing_digest(members: Sequence[Member], digests: Iterable[str]) -> str:
    """The digest of the listing of files, as ``sha256sum`` writes it of their names."""
    lines = hashlib.sha256()
    for member, digest in zip(members, digests, strict=True):
        name = os.fsencode(member.name)
        plain = name.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
        mark = b"" if plain == name else b"\\"
        lines.update(mark + digest.encode("ascii") + b"  " + plain + b"\n")
    return lines.hexdigest()


def _changed(member: Member) -> Unmeasured:
    return Unmeasured(f"{member.name} changed while it was read", NO_CHANGE, kind="changed")
