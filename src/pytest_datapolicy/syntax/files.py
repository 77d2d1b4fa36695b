"""Reading a file from disk: only a regular file below the root, of a bounded size, through one descriptor."""

from __future__ import annotations

import errno
import os
import stat

from pytest_datapolicy.model.document import Problem, Refused
from pytest_datapolicy.model.places import START

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

# Not every platform has every flag. O_NONBLOCK keeps a named pipe from blocking the open, O_BINARY Windows from
# rewriting line ends.
_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY", "O_NOINHERIT"):
    _FLAGS |= getattr(os, _name, 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)

_KINDS = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def read_regular(path: str, *, root: str | None, limit: int) -> bytes:
    """The bytes of the regular file at `path`; raises `Refused` for anything else, or if a link leads out of `root`."""
    try:
        descriptor = _open(path, root)
    except OSError as error:
        _refuse_error(path, error)
    except ValueError:  # a NUL or a lone surrogate in the name
        _refuse("the file name is not one that this system can hold", "rename the file")
    try:
        return _read(descriptor, path, root, limit)
    except OSError as error:
        _refuse_error(path, error)
    finally:
        os.close(descriptor)


def read_head(path: str, size: int) -> bytes | None:
    """The first bytes of a regular file, to tell what it is; None for anything else."""
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError):
        return None
    try:
        return os.read(descriptor, size) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _open(path: str, root: str | None) -> int:
    """A descriptor of `path`, which was below `root` before anything was opened."""
    if root is None:
        return os.open(path, _FLAGS)
    if os.path.islink(path):
        target = os.path.realpath(path)
        _below(target, root)
        return os.open(target, _FLAGS | _NO_LINK)
    return os.open(path, _FLAGS | _NO_LINK)


def _read(descriptor: int, path: str, root: str | None, limit: int) -> bytes:
    state = os.fstat(descriptor)
    _regular(state.st_mode)
    if root is not None:
        try:
            real = _opened(descriptor)
        except OSError:
            real = os.path.realpath(path)
        _below(real, root)
    if state.st_size > limit:
        _refuse(f"the file has {state.st_size:,} bytes, at most {limit:,} allowed", "split the file")
    parts = []
    left = state.st_size + 1
    while left > 0 and (part := os.read(descriptor, left)):
        parts.append(part)
        left -= len(part)
    if left != 1:
        _refuse("the file changed while it was read", "run again when nothing writes to it")
    return b"".join(parts)


def _regular(mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "something else")
        _refuse(f"this is {kind}, not a regular file", "put a regular file in its place, or rename it")


def _opened(descriptor: int) -> str:
    """The path that was opened, with every link on the way resolved, where the system tells."""
    return os.readlink(f"/proc/self/fd/{descriptor}")


def _below(real: str, root: str) -> None:
    for top in (root, os.path.realpath(root)):
        if os.path.normcase(real).startswith(os.path.join(os.path.normcase(top), "")):
            return
    _refuse("this leads out of the project root", "put the file itself below the root")


def _refuse_error(path: str, error: OSError) -> NoReturn:
    if error.errno == errno.ENOENT and os.path.islink(path):
        _refuse("the link leads nowhere", "remove it, or restore what it leads to")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        _refuse("there is no such file", "restore it, or correct the path")
    if error.errno == errno.ELOOP:
        _refuse("the link leads back to itself", "put a regular file in its place")
    try:  # nobody can open a socket, and Windows opens no directory
        mode = os.stat(path).st_mode
    except OSError:
        mode = stat.S_IFREG
    _regular(mode)
    if error.errno in (errno.EACCES, errno.EPERM):
        _refuse("the file may not be read", "give read permission")
    if error.errno == errno.ENAMETOOLONG:
        _refuse("the path is too long", "shorten the path")
    reason = os.strerror(error.errno) if error.errno else "unknown error"
    _refuse(f"the file cannot be read: {reason.lower()}", "make it readable")


def _refuse(message: str, remedy: str) -> NoReturn:
    raise Refused([Problem("DP001", message, remedy, START)]) from None
