"""``datapolicy policy diff``: what a change of a policy does."""

from __future__ import annotations

from pytest_datapolicy.cli.output import write_stdout
from pytest_datapolicy.cli.parser import Parser
from pytest_datapolicy.cli.policy import EXITS, at
from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.render.neutral import neutral, sentence, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_datapolicy.app.policy_diff import Affected, Compared
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding

EPILOG = f"""\
OLD and NEW are policy files, packs (builtin:NAME), files of packages (package:NAME/FILE), or files of a git revision:
REV:PATH, where PATH starts at the top of the repository, or with ./ here. Both are compared with all that they extend.

looser   something that was asked is not asked any more, or not so much; ends with 1
tighter  something is asked that was not, or more of it
neutral  nothing that is decided changes by it

Then the data sets at PATH (default: of the project) that the two policies judge otherwise, waivers apart.

{EXITS}"""


def run(arguments: list[str]) -> int:
    """Compare two policies. Raises `RunError` for those that are not valid."""
    parser = Parser("policy diff", "Class what a change of a policy does as tighter, looser or neutral.", EPILOG)
    parser.add_argument("old", metavar="OLD", help="the policy as it was")
    parser.add_argument("new", metavar="NEW", help="the policy as it is to be")
    parser.add_argument("paths", metavar="PATH", nargs="*", default=[], help="manifests, or folders that hold some")
    parser.add_argument("--today", metavar="DATE", help="as for check")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    options = parser.parse(arguments)
    if options is None:
        return 0
    from pytest_datapolicy.app.policy_diff import diff

    compared = diff(options.old, options.new, options.paths, today=options.today)
    if options.format == "json":
        from pytest_datapolicy.render.json import dumps

        write_stdout(dumps(as_object(compared)))
    else:
        write_stdout("\n".join(text(compared)) + "\n")
    return 1 if compared.looser else 0


def text(compared: Compared) -> Iterator[str]:
    """Every change with its lines, every data set that it reaches, then the counts."""
    for change in compared.changes:
        rule = f"[{value(change.rule)}]" if change.rule else ""
        yield f"{change.kind}{rule}: {sentence(change.message)}"
        yield from (f"  {word} {_where(place)}" for word, place in (("-", change.old), ("+", change.new)) if place)
    if compared.affected:
        yield ""
    for item in compared.affected:
        was, now = item.old, item.new
        yield f"{value(item.dataset)} ({neutral(item.path, 300)}): {was}{f' becomes {now}' if was != now else ''}"
        yield from (f"  - {_finding(finding)}" for finding in item.gone)
        yield from (f"  + {_finding(finding)}" for finding in item.come)
    if compared.changes or compared.affected:
        yield ""
    counts = [
        (kind, sum(change.kind == kind for change in compared.changes)) for kind in ("looser", "tighter", "neutral")
    ]
    told = ", ".join(f"{number} {kind}" for kind, number in counts if number) or "no difference"
    reached = f"{len(compared.affected)} of {counted(compared.manifests, 'manifests')} judged otherwise"
    yield f"{told}; {reached} on {compared.today}"


def _where(place: Place) -> str:
    return f"{neutral(place.path, 300)}:{place.line}:{place.column}"


def _finding(finding: Finding) -> str:
    from pytest_datapolicy.render.text import subject

    undecided = ", indeterminate" if finding.outcome == "indeterminate" else ""
    about = subject(finding._replace(dataset=None))
    return (
        f"{finding.level}[{value(finding.rule)}{undecided}]{' ' if about else ''}{about}: {sentence(finding.message)}"
    )


def as_object(compared: Compared) -> dict[str, Any]:
    """The comparison as plain values."""
    kinds = ("looser", "tighter", "neutral")
    return {
        "schema": 1,
        "today": compared.today,
        "summary": {
            **{kind: sum(change.kind == kind for change in compared.changes) for kind in kinds},
            "manifests": compared.manifests,
            "affected": len(compared.affected),
        },
        "changes": [
            {
                "kind": change.kind,
                "rule": change.rule or None,
                "message": change.message,
                "old": at(change.old) if change.old else None,
                "new": at(change.new) if change.new else None,
            }
            for change in compared.changes
        ],
        "datasets": [_dataset(item) for item in compared.affected],
    }


def _dataset(item: Affected) -> dict[str, Any]:
    from pytest_datapolicy.render.json import as_finding

    return {
        "dataset": item.dataset,
        "path": item.path,
        "old": item.old,
        "new": item.new,
        "gone": [as_finding(finding) for finding in item.gone],
        "come": [as_finding(finding) for finding in item.come],
    }
