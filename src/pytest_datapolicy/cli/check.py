"""``datapolicy check``: judge manifests, print or write the report, end with its exit code."""

from __future__ import annotations

import os

from pytest_datapolicy import __version__
from pytest_datapolicy.cli.deliver import FORMATS, Run, deliver, wanted
from pytest_datapolicy.cli.options import plain
from pytest_datapolicy.cli.output import complain
from pytest_datapolicy.model.report import Report, RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from typing import Any

    from pytest_datapolicy.app.adoption import Adoption
    from pytest_datapolicy.cli.parser import Parser

EPILOG = """\
The project root is the nearest folder upwards from the first PATH with settings ([tool.datapolicy] in pyproject.toml,
or datapolicy.toml), else the top of the git work tree, else the working directory. PATHs choose what is reported;
references see all manifests of the project.

exit codes: 0 nothing failed, 1 findings at level error, 2 usage, settings or policy not valid, 3 no manifest found,
4 internal error or output that could not be written
"""


def _jobs(text: str) -> int:
    import argparse

    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 1024:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1024")
    return int(text)


OPTIONS: dict[str, dict[str, Any]] = {
    "--policy": {
        "metavar": "FILE",
        "action": "append",
        "help": "a policy file or builtin:PACK; several are united (default: the settings, or builtin:baseline)",
    },
    "--format": {"choices": FORMATS, "default": "text", "help": "how the report is written (default: text)"},
    "--output": {
        "metavar": "FILE",
        "action": "append",
        "default": [],
        "help": "write the report to FILE, at once or not at all; FORMAT=FILE for a report more, "
        "in a format of its own",
    },
    "--select": {"metavar": "ID,...", "action": "append", "default": [], "help": "put only these rules"},
    "--ignore": {"metavar": "ID,...", "action": "append", "default": [], "help": "leave these rules out"},
    "--baseline": {"metavar": "FILE", "help": "a file of findings that are known: they do not fail again"},
    "--write-baseline": {
        "metavar": "FILE",
        "nargs": "?",
        "const": "",
        "help": "write the findings of today to FILE (default: that of --baseline) and end with 0",
    },
    "--prune-baseline": {"action": "store_true", "help": "remove what the baseline does not need any more"},
    "--base": {
        "metavar": "REV",
        "help": "take policy, waivers, baseline and settings from this git revision, and compare with what it declares",
    },
    "--only-new": {"action": "store_true", "help": "with --base: findings that REV has too do not fail"},
    "--verify": {"action": "store_true", "help": "read the data files and check what manifests claim of them"},
    "--no-cache": {"action": "store_true", "help": "with --verify: use and keep no results of earlier runs"},
    "--show-records": {"action": "store_true", "help": "with --verify: findings may quote records of the data"},
    "--today": {"metavar": "DATE", "help": "judge as of this UTC day, YYYY-MM-DD; the report says so"},
    "--strict": {"action": "store_true", "help": "warnings fail too"},
    "--allow-empty": {"action": "store_true", "help": "finding no manifest is no error"},
    "--jobs": {
        "metavar": "N",
        "type": _jobs,
        "default": 1,
        "help": "at most N processes; one judges about a thousand manifests a second, and more are not started",
    },
    "--color": {"choices": ("auto", "always", "never"), "default": "auto", "help": "colours (default: auto)"},
}
"""What argparse is told of each option."""


def run(arguments: list[str]) -> int:
    """Judge what the arguments name. Raises `RunError` for wrong usage."""
    options = plain(arguments, OPTIONS) or parser().parse(arguments)
    if options is None:
        return 0
    where = wanted(options.format, options.output)
    if options.only_new and options.base is None:
        raise RunError("--only-new needs --base", remedy="name a revision: --base origin/main")
    for option, given in (("--no-cache", options.no_cache), ("--show-records", options.show_records)):
        if given and not options.verify:
            raise RunError(f"{option} needs --verify", remedy=f"add --verify, or leave {option} out")
    adoption = adoption_of(options)
    report = judged(options, adoption)
    if options.allow_empty:
        report = report._replace(errors=tuple(error for error in report.errors if error.code != 3))
    code = report.exit_code(strict=options.strict)
    written = adoption.save() if adoption is not None and code in (0, 1) else ""
    if written and options.write_baseline is not None:
        code = 0
    code = deliver(report, where, Run(code, strict=options.strict, color=options.color))
    if written:
        complain(written)
    return code


def parser() -> Parser:
    """The options of ``check``."""

    from pytest_datapolicy.cli import parser as full

    made = full.Parser("check", "Judge data set manifests against a policy.", EPILOG)
    made.add_argument("paths", metavar="PATH", nargs="*", help="files and folders to report on (default: the project)")
    for name, settings in OPTIONS.items():
        made.add_argument(name, **settings)
    return made


def adoption_of(options: Namespace) -> Adoption | None:
    """The baseline in use, if the options name one, and what becomes of it. Raises `RunError` for wrong usage."""
    write, prune = options.write_baseline, options.prune_baseline
    if options.base is not None and (write is not None or prune):
        raise RunError("with --base the baseline is that of the revision", remedy="write it without --base")
    if options.baseline is None and write is None and not prune:
        return None
    if write is not None and prune:
        raise RunError("--write-baseline and --prune-baseline exclude each other", remedy="use one of them")
    if write and options.baseline not in (None, write):
        raise RunError("--baseline and --write-baseline name two files", remedy="name the file once")
    file = write or options.baseline
    if not file:
        option = "--prune-baseline" if prune else "--baseline" if write is None else "--write-baseline"
        raise RunError(f"{option} needs a file", remedy="name it: --baseline FILE")
    from pytest_datapolicy.app import adoption_of

    return adoption_of(file, "prune" if prune else "use" if write is None else "write")


def judged(options: Namespace, adoption: Adoption | None) -> Report:
    """The report on what the options name. A crash is part of it, so that an earlier report does not outlive it."""
    select, ignore = _ids("--select", options.select), _ids("--ignore", options.ignore)
    try:
        from pytest_datapolicy.app import check, check_day

        if options.today is not None:
            check_day(options.today)
        return check(
            options.paths,
            policy=options.policy,
            today=options.today,
            select=select,
            ignore=ignore,
            allow_empty=options.allow_empty,
            baseline=adoption,
            base=options.base,
            only_new=options.only_new,
            verify=options.verify,
            cached=not options.no_cache,
            show_records=options.show_records,
        )
    except RunError:
        raise
    except Exception as error:
        from pytest_datapolicy.cli.crash import crashed

        return empty_report(crashed(error))


def empty_report(error: RunError) -> Report:
    """A report on nothing, because of `error`."""
    from pytest_datapolicy.app import utc_today

    return Report(
        version=__version__,
        root=os.getcwd(),
        today=utc_today(),
        today_given=False,
        policy=(),
        policy_default=False,
        manifests=0,
        subjects=0,
        skipped=0,
        findings=(),
        rules=(),
        errors=(error, *error.others),
    )


def _ids(option: str, values: Sequence[str]) -> tuple[str, ...]:
    ids = [item.strip() for value in values for item in value.split(",")]
    if not all(ids):
        raise RunError(f"{option} holds an empty id", remedy="separate ids or names by single commas")
    return tuple(ids)
