"""Where text goes: the terminal, a file, or the one line that says why it went nowhere."""

from __future__ import annotations

import os
import sys

from pytest_datapolicy.model.report import RunError


def write_stdout(text: str) -> None:
    """Print `text`, all of it. Raises `RunError` (exit 4) when it could not be written."""
    stream = sys.stdout
    if stream is None:
        raise RunError("the output could not be written: standard output is closed", code=4)
    try:
        raw = getattr(stream, "buffer", None)
        if raw is None:
            stream.write(text)
        else:
            stream.flush()
            raw.write(text.encode(stream.encoding or "utf-8", "backslashreplace"))
        stream.flush()
    except (OSError, ValueError) as error:
        _silence()
        raise RunError(f"the output could not be written: {_reason(error)}", code=4) from None


def write_file(path: str, text: str) -> None:
    """Put `text` into a file at once or not at all. Raises `RunError` (exit 4) when it could not be written."""
    from pytest_datapolicy.fix.files import replace_file

    try:
        replace_file(path, text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        raise RunError(f"{path!r} could not be written: {_reason(error)}", code=4) from None


def append_file(path: str, text: str) -> None:
    """Put `text` at the end of a file. Raises `RunError` (exit 4) when it could not be written."""
    try:
        with open(path, "ab") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        raise RunError(f"{path!r} could not be written: {_reason(error)}", code=4) from None


def complain(text: str) -> None:
    """Print `text` to standard error; when that is closed, the exit code has to do."""
    stream = sys.stderr
    if stream is None:
        return
    try:
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        stream.flush()
    except (OSError, ValueError):
        return


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _silence() -> None:
    """Keep the interpreter from writing to the broken stream once more when it ends."""
    try:
        descriptor = sys.stdout.fileno()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, descriptor)
        os.close(null)
    except (OSError, ValueError):
        return
