"""The command ``datapolicy``. One module a verb, imported when it is asked for; here exceptions become exit codes."""

from __future__ import annotations

import gc
import sys

from pytest_datapolicy import __version__
from pytest_datapolicy.cli.output import complain, write_stdout
from pytest_datapolicy.model.report import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

GARBAGE = 50_000
"""After so many new objects cycles are looked for: imports make many, and no garbage."""
VERBS = {
    "check": "judge the manifests of a project against its policy",
    "rules": "list all rules, what each pack asks, and the controls they support evidence for",
    "explain": "show the page of one rule, or how it came to its decisions about a manifest",
    "schema": "print the JSON Schema of manifests, policies, waiver files, baselines or reports",
    "init": "write a first manifest for a card, Croissant file, data package, contract or folder of data files",
    "convert": "write a manifest in another format",
    "waive": "write a permission to miss one demand for a time",
    "policy": "show, lint, test and compare policies",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 to 4, as ``datapolicy --help`` lists them."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    before = gc.get_threshold()
    gc.set_threshold(GARBAGE)
    try:
        return _run(arguments)
    except RunError as error:
        return _fail(error, arguments)
    except KeyboardInterrupt:
        return _fail(RunError("interrupted", remedy="nothing was decided; run it again", code=4), arguments)
    except Exception as error:
        from pytest_datapolicy.cli.crash import crashed

        return _fail(crashed(error), arguments)
    finally:
        gc.set_threshold(*before)


def _run(arguments: list[str]) -> int:
    verb = arguments[0] if arguments else ""
    if verb in VERBS:
        from importlib import import_module

        code: int = import_module(f"pytest_datapolicy.cli.{verb}").run(arguments[1:])
        return code
    if verb in ("-h", "--help"):
        write_stdout(_help())
        return 0
    if verb in ("-V", "--version"):
        write_stdout(f"datapolicy {__version__}\n")
        return 0
    if not verb:
        complain(_help().rstrip())
        return 2
    raise RunError(f"unknown command {verb!r}", remedy=_meant(verb, arguments[1:]))


def _meant(verb: str, rest: list[str]) -> str:
    import os

    from pytest_datapolicy.app.suggest import did_you_mean

    if os.path.lexists(verb) or verb.startswith("-"):
        return f"did you mean `datapolicy check {' '.join([verb, *rest])}`?"
    return did_you_mean(verb, VERBS, f"the commands are {', '.join(VERBS)}")


def _fail(error: RunError, arguments: list[str]) -> int:
    """Say why the run is not valid, wherever and in whatever format the report was asked for."""
    if arguments[:1] == ["check"]:
        from pytest_datapolicy.cli.check import empty_report
        from pytest_datapolicy.cli.deliver import Run, asked, deliver

        where = asked(arguments)
        if where.files or where.form != "text":
            try:
                return deliver(empty_report(error), where, Run(error.code))
            except Exception as fault:
                from pytest_datapolicy.cli.crash import crashed

                error = crashed(fault)
    from pytest_datapolicy.render.text import describe_error

    complain("\n".join(line for item in (error, *error.others) for line in describe_error(item)))
    return error.code


def _help() -> str:
    verbs = "\n".join(f"  {verb:<9}{summary}" for verb, summary in VERBS.items())
    return f"""usage: datapolicy COMMAND [OPTION]...

Keep synthetic and human data in their places: data set manifests against policies.

commands:
{verbs}

options:
  -h, --help     show this text, or with a command its own
  -V, --version  show the version

exit codes:
  0  nothing failed
  1  a finding at level error, or a decision that could not be made
  2  the run itself is not valid: usage, settings or policy
  3  no manifest found
  4  internal error, or output that could not be written
"""
