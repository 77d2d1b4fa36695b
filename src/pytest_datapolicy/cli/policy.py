"""``datapolicy policy``: show, lint, test and compare policies. One module a verb, imported when it is asked for."""

from __future__ import annotations

from pytest_datapolicy.app.suggest import did_you_mean
from pytest_datapolicy.cli.output import complain, write_stdout
from pytest_datapolicy.model.report import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pytest_datapolicy.model.places import Place

VERBS = {
    "show": "print the effective policy, each value with the lines that it comes from",
    "lint": "find clauses that cannot match, that another covers, or that nothing can meet",
    "test": "run the cases beside a policy, and tell the clauses that no case decides",
    "diff": "class what a change of a policy does as tighter, looser or neutral",
}
EXITS = "exit codes: 0 nothing found, 1 findings, 2 usage, settings or policy not valid, 4 internal error\n"


def run(arguments: list[str]) -> int:
    """Run one of the verbs about policies."""
    verb = arguments[0] if arguments else ""
    if verb in ("-h", "--help"):
        write_stdout(_help())
        return 0
    if not verb:
        complain(_help().rstrip())
        return 2
    if verb not in VERBS:
        known = f"the commands are {', '.join(VERBS)}"
        raise RunError(f"unknown command 'policy {verb}'", remedy=did_you_mean(verb, VERBS, known))
    from importlib import import_module

    try:
        code: int = import_module(f"pytest_datapolicy.cli.policy_{verb}").run(arguments[1:])
        return code
    except RunError as error:
        return _refused(error, arguments)


def _refused(error: RunError, arguments: Sequence[str]) -> int:
    """All faults of policies that are not valid, in the format that was asked for."""
    from itertools import pairwise

    faults = (error, *error.others)
    if "--format=json" in arguments or ("--format", "json") in pairwise(arguments):
        from pytest_datapolicy.render.json import dumps

        errors = [{"message": item.message, "remedy": item.remedy, **at(item.place)} for item in faults]
        write_stdout(dumps({"schema": 1, "error": errors[0], "errors": errors}))
        return error.code
    from pytest_datapolicy.render.text import describe_error

    for item in faults:
        complain("\n".join(describe_error(item)))
    return error.code


def at(place: Place | None) -> dict[str, Any]:
    """A place as the JSON outputs give it."""
    if place is None:
        return {"path": None, "line": None, "column": None}
    return {"path": place.path, "line": place.line, "column": place.column}


def _help() -> str:
    verbs = "\n".join(f"  {verb:<6}{summary}" for verb, summary in VERBS.items())
    return f"usage: datapolicy policy [-h] COMMAND [OPTION]...\n\ncommands:\n{verbs}\n\n{EXITS}"
