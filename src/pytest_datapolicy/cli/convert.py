"""``datapolicy convert``: write a manifest in another format, and say what that format cannot hold."""

from __future__ import annotations

from pytest_datapolicy.cli.output import complain, write_stdout
from pytest_datapolicy.cli.parser import Parser
from pytest_datapolicy.model.report import RunError

EPILOG = """\
FILE is a manifest, or a host file that is whole with its own block. What both formats can say is written in the
other's own fields; the rest of a manifest goes into a datapolicy block there, so that the file reads back as the same
manifest. What has no place is named on standard error.

exit codes: 0 written, 2 FILE cannot be read as a whole manifest, or the output file exists, 4 not written
"""


def run(arguments: list[str]) -> int:
    """Write one manifest in another format. Raises `RunError`."""
    parser = Parser("convert", "Write a manifest in another format.", EPILOG)
    formats = ("native", "croissant", "huggingface", "frictionless", "odcs")
    parser.add_argument("--to", choices=formats, required=True, help="the format to write")
    parser.add_argument("file", metavar="FILE", help="what to convert")
    parser.add_argument("--output", metavar="FILE", help="a new file to write (default: standard output)")
    options = parser.parse(arguments)
    if options is None:
        return 0
    from pytest_datapolicy.app.converting import convert

    converted = convert(options.file, options.to)
    for item in converted.lost:
        complain(f"lost: {item}")
    if options.output is None:
        write_stdout(converted.text)
        return 0
    from pytest_datapolicy.fix.create import create_file

    try:
        create_file(options.output, converted.text.encode())
    except FileExistsError:
        raise RunError(f"{options.output} exists, and is left as it is", remedy="name another file") from None
    except OSError as error:
        raise RunError(f"{options.output!r} could not be written: {error.strerror}", code=4) from None
    return 0
