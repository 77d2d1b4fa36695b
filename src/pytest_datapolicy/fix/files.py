"""Writing a file at once or not at all."""

from __future__ import annotations

import os


def replace_file(path: str, data: bytes) -> None:
    """Put `data` into the file at `path`, or at what a link there leads to. Raises OSError or ValueError."""
    target = os.path.realpath(path)
    if os.path.lexists(target) and not os.path.isfile(target):
        with open(target, "wb") as stream:  # a device or a pipe cannot be replaced
            stream.write(data)
        return
    temporary = f"{target}.{os.getpid()}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
        if os.path.exists(target):
            os.chmod(temporary, os.stat(target).st_mode & 0o7777)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
