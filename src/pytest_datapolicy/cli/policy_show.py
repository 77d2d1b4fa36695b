"""``datapolicy policy show``: the effective policy, each value with the lines that it comes from."""

from __future__ import annotations

from pytest_datapolicy.cli.output import write_stdout
from pytest_datapolicy.cli.parser import Parser
from pytest_datapolicy.cli.policy import EXITS, at
from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.policy.tighter import limit_text
from pytest_datapolicy.render.neutral import neutral, reason, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pytest_datapolicy.app.policies import Shown
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.policy.effective import Effective, Value

EPILOG = f"""\
Everything that holds once all policies are united with what they extend: each clause of each rule, floors, externals,
inventory, the terms of waivers and own rules. What has no line is what the rule has by itself.

{EXITS}"""
WIDTH = 56


def run(arguments: list[str]) -> int:
    """Print the effective policy."""
    parser = Parser("policy show", "Print the effective policy, each value with the lines that it comes from.", EPILOG)
    parser.add_argument("--policy", metavar="FILE", action="append", help="as for check")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    options = parser.parse(arguments)
    if options is None:
        return 0
    from pytest_datapolicy.app.policies import show

    shown = show(options.policy)
    if options.format == "json":
        from pytest_datapolicy.render.json import dumps

        write_stdout(dumps(as_object(shown)))
    else:
        write_stdout("\n".join(text(shown)) + "\n")
    return 0


def text(shown: Shown) -> Iterator[str]:
    """The policy for people: what holds on the left, the lines that say so on the right."""
    for source in shown.policy.sources:
        yield f"policy {value(source.name)} {value(source.version)} ({neutral(source.path, 300)})"
    if shown.default:
        yield "note: neither settings nor --policy name a policy, so the pack baseline is used"
    rule = ""
    for item in shown.clauses:
        if item.rule.id != rule:
            rule = item.rule.id
            name = "" if item.rule.name == rule else f" {value(item.rule.name)}"
            yield f"\n{value(rule)}{name}"
        yield from _clause(item)
    policy = shown.policy
    floors = [floor for domain in sorted(policy.floors) for floor in policy.floors[domain]]
    yield from _section("floors", [(f"{floor.domain}: at least {floor.stakes}", floor.place) for floor in floors])
    externals = [
        (f"{item.reference}: {item.origin}, generation {item.generation}", item.place)
        for _, item in sorted(policy.externals.items())
    ]
    yield from _section("externals", externals)
    yield from _section("inventory", policy.inventory)
    terms = policy.waivers
    waivers = [(f"file {name}", place) for name, place in terms.files]
    if terms.max_days is not None:
        waivers.append((f"at most {counted(terms.max_days[0], 'days')}", terms.max_days[1]))
    waivers += [(f"approver {name}", place) for name, place in terms.approvers or ()]
    yield from _section("waivers", waivers)
    if policy.findings:
        yield f"\n{counted(len(policy.findings), 'attempts')} to loosen, without effect: see `datapolicy policy lint`"


def _clause(item: Effective) -> Iterator[str]:
    if not item.limits:
        yield _line("  holds", () if item.clause.place is None else (item.clause.place,))
    for number, limit in enumerate(item.limits):
        yield _line(f"{'    ' if number else '  '}{limit.name} {limit_text(limit.value)}", limit.places)
    for condition in item.when:
        yield _line(f"    when {condition.name[5:]}: {', '.join(condition.value)}", condition.places)
    for term in item.terms:
        yield _line(f"    {term.name} {_term(term)}", term.places)


def _term(term: Value) -> str:
    return {True: "yes", False: "no"}[term.value] if isinstance(term.value, bool) else reason(term.value)


def _section(title: str, rows: Iterable[tuple[str, Place]]) -> Iterator[str]:
    for number, (what, place) in enumerate(rows):
        if number == 0:
            yield f"\n{title}"
        yield _line(f"  {what}", (place,))


def _line(left: str, places: Iterable[Place]) -> str:
    where = ", ".join(f"{neutral(place.path, 300)}:{place.line}" for place in places)
    return f"{neutral(left):<{WIDTH}}  {where}".rstrip()


def as_object(shown: Shown) -> dict[str, Any]:
    """The policy as plain values."""
    policy = shown.policy
    terms = policy.waivers
    days = None if terms.max_days is None else {"value": terms.max_days[0], **at(terms.max_days[1])}
    approvers = None if terms.approvers is None else [{"name": name, **at(place)} for name, place in terms.approvers]
    return {
        "schema": 1,
        "policy": [
            {"name": source.name, "version": source.version, "path": source.path, "sha256": source.sha256}
            for source in policy.sources
        ],
        "default": shown.default,
        "clauses": [_clause_object(item) for item in shown.clauses],
        "floors": [
            {"domain": floor.domain, "stakes": floor.stakes, **at(floor.place)}
            for domain in sorted(policy.floors)
            for floor in policy.floors[domain]
        ],
        "externals": [
            {"ref": item.reference, "origin": item.origin, "generation": item.generation, **at(item.place)}
            for _, item in sorted(policy.externals.items())
        ],
        "inventory": [{"name": name, **at(place)} for name, place in policy.inventory],
        "waivers": {
            "files": [{"path": name, "named": at(place)} for name, place in terms.files],
            "max_days": days,
            "approvers": approvers,
        },
        "loosening": [{"message": item.message, **at(item.place)} for item in policy.findings],
    }


def _clause_object(item: Effective) -> dict[str, Any]:
    return {
        "rule": item.rule.id,
        "name": item.rule.name,
        "policy": item.clause.policy,
        **at(item.clause.place),
        "limits": {part.name: _value(part) for part in item.limits},
        "when": {part.name[5:]: _value(part) for part in item.when},
        **{part.name: _value(part) for part in item.terms},
    }


def _value(part: Value) -> dict[str, Any]:
    from pytest_datapolicy.render.json import number

    plain = list(part.value) if isinstance(part.value, tuple) else number(part.value)
    return {"value": plain, "places": [at(place) for place in part.places]}
