"""``datapolicy waive``: write a waiver into the file that the policy names."""

from __future__ import annotations

import re

from pytest_datapolicy.cli.output import complain, write_stdout
from pytest_datapolicy.cli.parser import Parser
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.render.neutral import neutral

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

EPILOG = """\
The entry is appended to the waiver file of the policy; comments and order of the file are kept. What a check would
refuse (`datapolicy explain DP703`) is refused here, in the same words, and nothing is written.

exit codes: 0 written, 2 refused, 3 no manifest found, 4 internal error or the file could not be written
"""


def run(arguments: list[str]) -> int:
    """Append one entry. Raises `RunError` for one that is not valid."""
    options = parser().parse(arguments)
    if options is None:
        return 0
    from pytest_datapolicy.app import check_day, utc_today
    from pytest_datapolicy.app.waiving import add_waiver

    today = options.today or utc_today()
    check_day(today)
    given = {
        "rule": options.rule,
        "dataset": options.dataset,
        "split": options.split,
        "component": options.component,
        "reason": options.reason,
        "owner": options.owner,
        "approved_by": options.approved_by,
        "granted": options.granted or today,
        "expires": options.expires,
    }
    fields = {key: value for key, value in given.items() if value is not None}
    allow = _allowed(options.allow)
    try:
        added = add_waiver(fields, allow, file=options.file, policy=options.policy, today=today)
    except RunError as refused:
        from pytest_datapolicy.render.text import describe_error

        for error in (refused, *refused.others):
            complain("\n".join(describe_error(error)))
        return refused.code
    place = f"{neutral(added.place.path, 300)}:{added.place.line}"
    lines = [f"{place}: wrote the waiver of {neutral(options.rule)} for {neutral(options.dataset)}"]
    lines += [f"{place}: note: {neutral(note)}" for note in added.notes]
    write_stdout("\n".join(lines) + "\n")
    return 0


def parser() -> Parser:
    """The options of ``waive``."""
    made = Parser("waive", "Write a dated, owned and bounded permission to miss one demand.", EPILOG)
    made.add_argument("rule", metavar="RULE", help="DP101, or max-synthetic-ratio")
    made.add_argument("dataset", metavar="DATASET", help="the data set as name@version")
    made.add_argument("--split", metavar="NAME", help="the split (default: every split)")
    made.add_argument("--component", metavar="NAME", help="the component (default: every component)")
    made.add_argument("--reason", metavar="TEXT", required=True, help="why the demand is missed")
    made.add_argument("--owner", metavar="WHO", required=True, help="who sees to it that it is met again")
    made.add_argument("--approved-by", metavar="WHO", required=True, help="who allowed it: not the owner")
    made.add_argument("--expires", metavar="DATE", required=True, help="the last good day, YYYY-MM-DD in UTC")
    made.add_argument("--granted", metavar="DATE", help="the first day (default: today)")
    made.add_argument(
        "--allow",
        metavar="PARAMETER=LIMIT",
        action="append",
        default=[],
        help="the looser limit that still holds, such as max=0.35; several values with commas (default: none)",
    )
    made.add_argument("--file", metavar="FILE", help="the waiver file (default: the one that the policy names)")
    made.add_argument("--policy", metavar="FILE", action="append", help="as for check")
    made.add_argument("--today", metavar="DATE", help="as for check")
    return made


def _allowed(options: Sequence[str]) -> dict[str, str | list[str]]:
    allow: dict[str, str | list[str]] = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not (name and equals and value):
            raise RunError(f"--allow {option!r} is no limit", remedy="write PARAMETER=LIMIT, such as --allow max=0.35")
        if name in allow:
            raise RunError(f"--allow names {name} twice", remedy="give it once; several values with commas")
        is_list = "," in value and re.fullmatch(r"[0-9.,]+", value) is None
        allow[name] = [item.strip() for item in value.split(",")] if is_list else value
    return allow
