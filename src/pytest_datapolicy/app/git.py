"""What git knows of a folder."""

from __future__ import annotations

import os

from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from subprocess import Popen

# A hook of git sets these for its own repository and index; they would be taken for any folder that is asked about.
FOREIGN = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)
LINK = "120000"
SUBMODULE = "160000"


class Entry(NamedTuple):
    """One path that git tracks or would track."""

    path: str
    """Relative to the folder asked about, with ``/``; an untracked repository within ends with ``/``."""
    mode: str
    """As in the index; empty for what is not tracked."""
    kept_out: bool
    """Git was told not to look whether the file is there (skip-worktree, sparse checkout, assume-unchanged)."""


def in_work_tree(folder: str) -> bool:
    """Whether `folder` (absolute) lies in a git work tree."""
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return True
        parent = os.path.dirname(folder)
        if parent == folder:
            return False
        folder = parent


def entries(folder: str) -> list[Entry]:
    """What git tracks or would track below `folder`."""
    found = []
    for line in _lines(folder, "ls-files", "-z", "-v", "-s", "-c", "-o", "--exclude-standard"):
        if line[0] == "?":
            found.append(Entry(line[2:], "", False))
        else:
            head, _, path = line.partition("\t")
            found.append(Entry(path, head[2:8], head[0] in "Ss" or head[0].islower()))
    return found


def ignored(folder: str) -> list[str]:
    """What git ignores below `folder`; a folder that is ignored as a whole ends with ``/`` and is not looked into."""
    return _lines(folder, "ls-files", "-z", "-o", "-i", "--exclude-standard", "--directory")


def is_ignored(folder: str) -> bool:
    """Whether git ignores the folder itself."""
    return _run(folder, "check-ignore", "-q", ".")[0] == 0


def ask(folder: str, *arguments: str) -> tuple[int, bytes, bytes]:
    """Exit code, standard output and standard error of git, which speaks plainly and takes objects as they are."""
    return _captured(folder, "--no-replace-objects", *arguments)


def start(folder: str, *arguments: str) -> Popen[bytes]:
    """A git process that answers what is written to it."""
    from subprocess import DEVNULL, PIPE, Popen

    command = ["git", "-C", folder, "--no-replace-objects", *arguments]
    return Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_environment())  # noqa: S603


def first_line(err: bytes, code: int) -> str:
    """What git complains of, in one line."""
    return os.fsdecode(err).strip().partition("\n")[0].removeprefix("fatal: ") or f"exit {code}"


def _lines(folder: str, *arguments: str) -> list[str]:
    code, out, err = _run(folder, *arguments)
    if code:
        raise RunError(
            f"git cannot list {folder}: {first_line(err, code)}",
            remedy="make `git ls-files` work in that folder; discovery takes what git tracks or would track",
        )
    return [line for line in os.fsdecode(out).split("\0") if line]


def _run(folder: str, *arguments: str) -> tuple[int, bytes, bytes]:
    """Exit code, standard output and standard error of git."""
    if hasattr(os, "posix_spawnp"):
        try:
            code, out = _spawn(_command(folder, arguments), _environment())
        except OSError as error:
            raise _not_run(folder, error) from None
        if code == 0:
            return code, out, b""
    return _captured(folder, *arguments)


def _captured(folder: str, *arguments: str) -> tuple[int, bytes, bytes]:
    import subprocess

    command, environment = _command(folder, arguments), _environment()
    try:
        done = subprocess.run(command, capture_output=True, env=environment, stdin=subprocess.DEVNULL, check=False)  # noqa: S603
    except OSError as error:
        raise _not_run(folder, error) from None
    return done.returncode, done.stdout, done.stderr


def _command(folder: str, arguments: Sequence[str]) -> list[str]:
    # A file system monitor is a program that the repository's own configuration may name.
    return ["git", "-C", folder, "-c", "core.fsmonitor=false", *arguments]


def _environment() -> dict[str, str]:
    # Messages of git are looked at, so it is to speak the language that they are known in.
    return {key: value for key, value in os.environ.items() if key not in FOREIGN} | {"LC_ALL": "C"}


def _not_run(folder: str, error: OSError) -> RunError:
    return RunError(
        f"git cannot be run in {folder}: {error.strerror}",
        remedy="install git; the folder is a git work tree, and discovery takes what git tracks or would track",
    )


def _spawn(command: list[str], environment: dict[str, str]) -> tuple[int, bytes]:
    """Exit code and standard output. Importing subprocess takes longer than git does; it is for when git fails."""
    reading, writing = os.pipe()
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, writing, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    try:
        process = os.posix_spawnp(command[0], command, environment, file_actions=actions)
    except OSError:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    with open(reading, "rb") as stream:
        out = stream.read()
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), out
