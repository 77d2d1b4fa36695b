"""``datapolicy rules``: every rule of this installation."""

from __future__ import annotations

from pytest_datapolicy.cli.output import write_stdout
from pytest_datapolicy.cli.parser import Parser
from pytest_datapolicy.render.neutral import neutral

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.model.rule import Rule

HEAD = ("id", "name", "scope", "level", "demand")


def run(arguments: list[str]) -> int:
    """Print the table of rules, of packs or of controls."""
    parser = Parser("rules", "List all rules: those of the product and of installed plugins.")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--packs", action="store_true", help="what each pack asks, rule by rule and by stakes")
    kind.add_argument("--crosswalk", action="store_true", help="which controls the rules support evidence for")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    options = parser.parse(arguments)
    if options is None:
        return 0
    from pytest_datapolicy.cli.catalogue import load_catalogue

    catalogue = load_catalogue()
    if options.packs:
        write_stdout(_packs(catalogue, options.format))
        return 0
    rules = [catalogue.rule(entry.id) for entry in catalogue]
    if options.crosswalk:
        write_stdout(_crosswalk(rules, options.format))
    elif options.format == "json":
        from pytest_datapolicy.render import json

        write_stdout(json.dumps([described(rule) for rule in rules]))
    else:
        write_stdout(table(rules))
    return 0


def _packs(catalogue: Catalogue, form: str) -> str:
    from pytest_datapolicy.render import packs
    from pytest_datapolicy.render.json import dumps

    found = packs.overview(catalogue)
    return dumps(packs.as_object(found)) if form == "json" else packs.as_text(found)


def _crosswalk(rules: Sequence[Rule], form: str) -> str:
    from pytest_datapolicy.render import crosswalk
    from pytest_datapolicy.render.json import dumps

    return dumps(crosswalk.as_object(rules)) if form == "json" else crosswalk.as_text(rules)


def table(rules: Sequence[Rule]) -> str:
    """One line a rule, in columns."""
    rows = [HEAD, *((rule.id, rule.name, rule.scope, level(rule), rule.summary) for rule in rules)]
    cells = [[neutral(cell) for cell in row] for row in rows]
    widths = [max(len(row[index]) for row in cells) for index in range(len(HEAD) - 1)]
    return "".join("  ".join([*map(str.ljust, row, widths), row[-1]]) + "\n" for row in cells)


def level(rule: Rule) -> str:
    """The level that the rule has by itself."""
    return "always on" if rule.always_on else rule.level


def described(rule: Rule) -> dict[str, Any]:
    """A rule as plain values."""
    from pytest_datapolicy.render.json import number

    return {
        "id": rule.id,
        "name": rule.name,
        "scope": rule.scope,
        "level": rule.level,
        "always_on": rule.always_on,
        "waivable": rule.waivable,
        "summary": rule.summary,
        "parameters": [
            {
                "name": parameter.name,
                "kind": parameter.kind,
                "tighter": parameter.tighter,
                "default": number(parameter.default),
                "choices": parameter.choices,
                "required": parameter.required,
                "summary": parameter.summary,
            }
            for parameter in rule.parameters
        ],
        "since": rule.since,
    }
