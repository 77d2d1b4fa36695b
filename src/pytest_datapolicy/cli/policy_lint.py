"""``datapolicy policy lint``: what is wrong with policies that are valid."""

from __future__ import annotations

from pytest_datapolicy.cli.output import write_stdout
from pytest_datapolicy.cli.parser import Parser
from pytest_datapolicy.cli.policy import EXITS, at
from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.render.neutral import sentence
from pytest_datapolicy.render.snippet import excerpt, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_datapolicy.app.policy_lint import Linted
    from pytest_datapolicy.engine.lint import Remark

EPILOG = f"""\
Each FILE is looked at by itself, with what it extends. Without FILE, the policies that the settings name are united
and held against the manifests of the project as well.

dead-clause       no data set whatever can match it
redundant-clause  another clause asks as much of all that it matches
unsatisfiable     nothing that it matches can pass, or nothing can meet it and another clause
ladder            higher stakes are asked less than lower ones
DP701, DP708      as a check finds them: attempts to loosen, clauses that match nothing in this project

{EXITS}"""


def run(arguments: list[str]) -> int:
    """Look at policies. Raises `RunError` for those that are not valid."""
    parser = Parser("policy lint", "Find what is wrong with policies that are valid.", EPILOG)
    parser.add_argument("files", metavar="FILE", nargs="*", help="policies (default: those that the settings name)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    options = parser.parse(arguments)
    if options is None:
        return 0
    from pytest_datapolicy.app.policy_lint import lint

    linted = lint(options.files)
    if options.format == "json":
        from pytest_datapolicy.render.json import dumps

        write_stdout(dumps(as_object(linted)))
    else:
        write_stdout("\n".join(text(linted)) + "\n")
    return 1 if linted.remarks else 0


def text(linted: Linted) -> Iterator[str]:
    """Every remark with the lines that it is about, then what was looked at."""
    for remark in linted.remarks:
        yield f"{remark.kind}{_rule(remark)}: {sentence(remark.message)}"
        gutter = max(len(str(place.line)) for place in (remark.place, *(note.place for note in remark.related)))
        yield f"{' ' * gutter}--> {where(remark.place)}"
        yield from excerpt(remark.place, gutter)
        for note in remark.related:
            yield f"{' ' * gutter}--> {where(note.place)} ({sentence(note.text)})"
            yield from excerpt(note.place, gutter)
        yield f"{' ' * gutter} = help: {sentence(remark.remedy)}"
        yield ""
    against = "" if linted.manifests is None else f", {counted(linted.manifests, 'manifests')}"
    found = counted(len(linted.remarks), "findings") if linted.remarks else "nothing found"
    yield f"{counted(len(linted.sources), 'policy files')}{against}: {found}"


def _rule(remark: Remark) -> str:
    return "" if remark.rule == remark.kind else f"[{sentence(remark.rule)}]"


def as_object(linted: Linted) -> dict[str, Any]:
    """The remarks as plain values."""
    return {
        "schema": 1,
        "policy": [
            {"name": source.name, "version": source.version, "path": source.path, "sha256": source.sha256}
            for source in linted.sources
        ],
        "manifests": linted.manifests,
        "findings": [
            {
                "kind": remark.kind,
                "rule": remark.rule,
                "message": remark.message,
                "remedy": remark.remedy,
                **at(remark.place),
                "related": [{**at(note.place), "text": note.text} for note in remark.related],
            }
            for remark in linted.remarks
        ],
    }
