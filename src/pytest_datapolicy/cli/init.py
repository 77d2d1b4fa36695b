"""``datapolicy init``: write a first manifest, with what is known filled in and the rest left open."""

from __future__ import annotations

from pytest_datapolicy.cli.output import write_stdout
from pytest_datapolicy.cli.parser import Parser
from pytest_datapolicy.model.report import RunError

EPILOG = """\
For a dataset card, Croissant file, data package or data contract a sidecar is written beside it: a manifest that
describes the file and fills its gaps. For a folder of data files the manifest lists them. Stakes, judgment and novelty
of the data set and the purpose of each split are left open, and the next check asks for exactly these. Nothing is ever
overwritten.

exit codes: 0 written, 2 nothing to write a manifest for, or a file is in the way, 4 the file could not be written
"""


def run(arguments: list[str]) -> int:
    """Write one manifest and say what is in it. Raises `RunError`."""
    parser = Parser("init", "Write a first manifest for a host file or a folder of data files.", EPILOG)
    parser.add_argument("path", metavar="PATH", help="a card, Croissant file, data package, contract, or a folder")
    parser.add_argument("--output", metavar="FILE", help="where to write (default: beside PATH)")
    options = parser.parse(arguments)
    if options is None:
        return 0
    from pytest_datapolicy.app.starting import start
    from pytest_datapolicy.fix.create import create_file

    started = start(options.path, options.output)
    try:
        create_file(started.path, started.text.encode())
    except FileExistsError:
        raise RunError(f"{started.path} exists, and is left as it is", remedy="name another with --output") from None
    except OSError as error:
        raise RunError(f"{started.path!r} could not be written: {error.strerror}", code=4) from None
    write_stdout(f"wrote {started.path}\nopen: {', '.join(started.open)}\n")
    return 0
