"""``datapolicy policy test``: run the cases beside a policy, and tell what no case decides."""

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

    from pytest_datapolicy.app.policy_tests import Tested, Undecided
    from pytest_datapolicy.model.places import Place

EPILOG = f"""\
Test files stand in a folder tests beside the policy: tests/org.yaml tests org.yaml, unless it names another policy.
Every clause of the policies must be met by one case and missed by another. With --mutate, each clause is left out, its
limits loosened by the smallest step, its selection and level changed, floors lowered: some case has to notice.

{EXITS}"""


def run(arguments: list[str]) -> int:
    """Run test files. Raises `RunError` for policies and test files that are not valid."""
    parser = Parser("policy test", "Run the cases beside a policy, and tell the clauses that no case decides.", EPILOG)
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="policies, test files, and folders that hold some (default: the policies that the settings name)",
    )
    parser.add_argument("--mutate", action="store_true", help="change one thing at a time; some case has to notice")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    options = parser.parse(arguments)
    if options is None:
        return 0
    from pytest_datapolicy.app.policy_tests import run_tests

    tested = run_tests(options.paths, mutate=options.mutate)
    if options.format == "json":
        from pytest_datapolicy.render.json import dumps

        write_stdout(dumps(as_object(tested)))
    else:
        write_stdout("\n".join(text(tested, mutate=options.mutate)) + "\n")
    return 0 if tested.passes else 1


def text(tested: Tested, *, mutate: bool) -> Iterator[str]:
    """What failed, what is undecided and what survived, then the counts."""
    for case in tested.failed:
        yield f"failed: {sentence(case.title)}"
        yield f"  --> {where(case.place)}"
        yield from (f"  {sentence(line)}" for line in case.lines)
        yield ""
    for clause in tested.undecided:
        yield from _about(f"undecided[{sentence(clause.rule)}]: {_lacks(clause)}", clause.place)
    for mutant in tested.survivors:
        rule = f"[{sentence(mutant.rule)}]" if mutant.rule else ""
        yield from _about(f"survived{rule}: {sentence(mutant.what)}, and every case still holds", mutant.place)
    cases = f"{counted(tested.cases, 'cases')} in {counted(len(tested.files), 'files')}"
    parts = [f"{cases}: {len(tested.failed) or 'none'} failed"]
    parts.append(f"{counted(tested.clauses, 'clauses')}: {len(tested.undecided) or 'none'} undecided")
    if tested.mutants is not None:
        parts.append(f"{counted(tested.mutants, 'mutants')}: {len(tested.survivors) or 'none'} survived")
    elif mutate:
        parts.append("no mutants while cases fail")
    yield "; ".join(parts)


def _lacks(clause: Undecided) -> str:
    if clause.met:
        return "no case misses this clause"
    return "no case meets this clause" if clause.missed else "no case is decided by this clause"


def _about(title: str, place: Place) -> Iterator[str]:
    gutter = len(str(place.line))
    yield title
    yield f"{' ' * gutter}--> {where(place)}"
    yield from excerpt(place, gutter)
    yield ""


def as_object(tested: Tested) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "schema": 1,
        "files": list(tested.files),
        "summary": {
            "cases": tested.cases,
            "failed": len(tested.failed),
            "clauses": tested.clauses,
            "undecided": len(tested.undecided),
            "mutants": tested.mutants,
            "survived": len(tested.survivors),
        },
        "failed": [{"case": item.title, **at(item.place), "lines": list(item.lines)} for item in tested.failed],
        "undecided": [
            {"rule": item.rule, **at(item.place), "met": item.met, "missed": item.missed} for item in tested.undecided
        ],
        "survivors": [{"rule": item.rule or None, "change": item.what, **at(item.place)} for item in tested.survivors],
    }
