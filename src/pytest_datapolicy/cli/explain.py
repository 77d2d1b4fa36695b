"""``datapolicy explain``: the page of one rule, which is the docstring of its module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_datapolicy.app.suggest import did_you_mean
from pytest_datapolicy.cli.output import write_stdout
from pytest_datapolicy.cli.parser import Parser
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.render.neutral import neutral

if TYPE_CHECKING:
    from pytest_datapolicy.model.rule import Rule


def run(arguments: list[str]) -> int:
    """Print the page of the rule that the argument names."""
    parser = Parser("explain", "Show what a rule demands and why, with an example that fails and one that passes.")
    parser.add_argument("rule", metavar="ID|NAME", help="DP101, or max-synthetic-ratio")
    options = parser.parse(arguments)
    if options is None:
        return 0
    from pytest_datapolicy.cli.catalogue import load_catalogue

    catalogue = load_catalogue()
    if options.rule not in catalogue:
        remedy = did_you_mean(options.rule, catalogue.keys, "see `datapolicy rules`")
        raise RunError(f"unknown rule {options.rule!r}", remedy=remedy)
    write_stdout(page(catalogue.rule(options.rule)))
    return 0


def page(rule: Rule) -> str:
    """The rule's identity, then its docs."""
    waivable = "cannot be waived" if rule.always_on or not rule.waivable else "can be waived"
    facts = [f"scope {rule.scope}", f"level {rule.level}", waivable, f"since {rule.since}"]
    if rule.always_on:
        facts.insert(1, "always on")
    if rule.needs:
        facts.append(f"runs with --{rule.needs}")
    docs = [neutral(line) for line in rule.docs.strip().split("\n")]
    return "\n".join([f"{rule.id} {rule.name}", ", ".join(facts), "", *docs]) + "\n"
