"""Writing a file that is not there yet, at once or not at all."""

from __future__ import annotations

import os


def create_file(path: str, data: bytes) -> None:
    """Put `data` into a new file at `path`. Raises FileExistsError when there is one, and other kinds of OSError."""
    temporary = f"{path}.{os.getpid()}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
        _name(temporary, path)
    finally:
        if os.path.lexists(temporary):
            os.unlink(temporary)


def _name(temporary: str, path: str) -> None:
    """Give a whole file its name, unless something has that name: a link is made or it is not."""
    if os.path.lexists(path):
        raise FileExistsError(17, "File exists", path)
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except (AttributeError, NotImplementedError, OSError):  # this system or this file system has no links
        _claim(temporary, path)


def _claim(temporary: str, path: str) -> None:
    """Give the name by way of an empty file that nobody else can have made, so that no other file is replaced."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        os.replace(temporary, path)
    except OSError:
        os.unlink(path)
        raise
