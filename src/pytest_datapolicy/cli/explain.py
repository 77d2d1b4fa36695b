"""``datapolicy explain``: the page of one rule, or the rule's decisions about manifests, worked out."""

from __future__ import annotations

from pytest_datapolicy.app.suggest import did_you_mean
from pytest_datapolicy.cli.output import write_stdout
from pytest_datapolicy.cli.parser import Parser
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.render.neutral import neutral

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from pytest_datapolicy.model.rule import Rule

EPILOG = """\
Without a PATH, the page of the rule: what it demands and why, with an example that fails and one that passes. With a
PATH, the rule's decision about every subject there, as `datapolicy check` makes it: what each part contributes, the
clause that bound and where it is written, the clauses that asked less, what was observed, the limit and the remedy.

Ends with 0 when the decisions could be shown, whatever they are.
"""


def run(arguments: list[str]) -> int:
    """Print the page of a rule, or its decisions."""
    parser = Parser("explain", "Show what a rule demands, or how it came to its decision about a manifest.", EPILOG)
    parser.add_argument("rule", metavar="ID|NAME", help="DP101, or max-synthetic-ratio")
    parser.add_argument("paths", metavar="PATH", nargs="*", default=[], help="manifests, or folders that hold some")
    parser.add_argument("--split", metavar="NAME", help="only the decisions about this split")
    parser.add_argument("--component", metavar="NAME", help="only the decisions about this component")
    parser.add_argument("--policy", metavar="FILE", action="append", help="as for check")
    parser.add_argument("--today", metavar="DATE", help="as for check")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    options = parser.parse(arguments)
    if options is None:
        return 0
    if options.paths:
        write_stdout(_decisions(options))
        return 0
    _without_path(options)
    from pytest_datapolicy.cli.catalogue import load_catalogue

    catalogue = load_catalogue()
    if options.rule not in catalogue:
        remedy = did_you_mean(options.rule, catalogue.keys, "see `datapolicy rules`; own rules of a policy need a PATH")
        raise RunError(f"unknown rule {options.rule!r}", remedy=remedy)
    rule = catalogue.rule(options.rule)
    if options.format == "json":
        from pytest_datapolicy.cli.rules import described
        from pytest_datapolicy.render.json import dumps

        write_stdout(dumps({**described(rule), "page": rule.docs.strip()}))
    else:
        write_stdout(page(rule))
    return 0


def _without_path(options: Namespace) -> None:
    for name in ("split", "component", "policy", "today"):
        if getattr(options, name) is not None:
            raise RunError(f"--{name} needs a PATH", remedy=f"name a manifest: datapolicy explain {options.rule} PATH")


def _decisions(options: Namespace) -> str:
    import os

    from pytest_datapolicy.app.explained import explain
    from pytest_datapolicy.render import explained as renderer

    explained = explain(
        options.rule,
        options.paths,
        policy=options.policy,
        today=options.today,
        split=options.split,
        component=options.component,
    )
    if options.format == "text":
        return renderer.render(explained)
    from pytest_datapolicy.render.json import dumps

    root = os.path.relpath(explained.report.root).replace(os.sep, "/")
    return dumps(renderer.as_object(explained, root=root))


def page(rule: Rule) -> str:
    """The rule's identity, then its docs."""
    from pytest_datapolicy.policy.waivers import COVERED_ALWAYS_ON

    never = not rule.waivable or (rule.always_on and rule.id != COVERED_ALWAYS_ON)
    waivable = "cannot be waived" if never else "can be waived"
    facts = [f"scope {rule.scope}", f"level {rule.level}", waivable, f"since {rule.since}"]
    if rule.always_on:
        facts.insert(1, "always on")
    if rule.needs:
        facts.append(f"runs with --{rule.needs}")
    docs = [neutral(line) for line in rule.docs.strip().split("\n")]
    return "\n".join([f"{rule.id} {rule.name}", ", ".join(facts), "", *docs]) + "\n"
