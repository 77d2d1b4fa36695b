"""The rules of one policy file: its entries checked, its clauses in one form."""

from __future__ import annotations

from pytest_datapolicy.model.policy import WHEN_KEYS, Clause
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.policy.faults import meant, named
from pytest_datapolicy.policy.values import NUMBERS, Unfit, limit, selector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.model.places import Place, Pointer
    from pytest_datapolicy.model.rule import Rule
    from pytest_datapolicy.policy.faults import Faults
    from pytest_datapolicy.policy.text import PolicyText

CLAUSE_KEYS = ("when", "because", "effective")


class Entry(NamedTuple):
    """What one policy file says of one rule."""

    rule: Rule
    pointer: Pointer
    level: str | None
    waivable: bool | None
    replace: bool
    replaceable: bool
    bare: bool
    """It gives no limits."""
    clauses: tuple[Clause, ...]
    """At the level and with the waivability of a policy without parents, one for each of `limits` (or one if bare)."""
    missing: str = ""
    """Why the defaults make no clause, when it is bare; then it can only raise what a parent demands."""


def entries(text: PolicyText, catalogue: Catalogue, faults: Faults) -> tuple[Entry, ...]:
    """All rules of one policy file, in the order of the text."""
    policy: str = text.tree["name"]
    found: dict[str, Entry] = {}
    for key, body in text.tree.get("rules", {}).items():
        identity = catalogue.id_of(key)
        if identity is None:
            remedy = meant(key, catalogue.keys) or "remove it, or install the package that holds it"
            faults.add(f"there is no rule {named(key)}", text.key("rules", key), remedy)
        elif identity in found:
            rule, first = found[identity].rule, found[identity].pointer
            message = f"rule {rule.id} ({rule.name}) is given twice, first on line {text.key(*first).line}"
            faults.add(message, text.key("rules", key), "write one entry with the clauses of both")
        else:
            entry = _entry(catalogue.card(identity), key, body, text, policy, faults)
            if entry is not None:
                found[identity] = entry
    return tuple(found.values())


def _entry(rule: Rule, key: str, body: dict[str, Any], text: PolicyText, policy: str, faults: Faults) -> Entry | None:
    if rule.always_on:
        for field in body:
            message = f"{rule.name} is always on, and no policy can set its {field}"
            faults.add(message, text.key("rules", key, field), f"remove {field}")
        return None
    level: str | None = body.get("level")
    waivable: bool | None = body.get("waivable")
    limits = body.get("limits")
    start = len(faults)
    missing = ""
    if limits is None:
        values = {parameter.name: parameter.default for parameter in rule.parameters}
        missing = _missing(rule, values)
        parts: list[Parts] = [] if missing else [(values, {}, {}, text.key("rules", key))]
    else:
        parts = list(_clauses(rule, key, limits, text, faults))
    if len(faults) > start:
        return None
    clauses = tuple(
        Clause(
            rule.id,
            level or rule.level,
            when,
            values,
            place,
            because=more.get("because", ""),
            waivable=rule.waivable and waivable is not False,
            effective=more.get("effective"),
            policy=policy,
        )
        for values, when, more, place in parts
    )
    return Entry(
        rule,
        ("rules", key),
        level,
        waivable,
        body.get("replace", False),
        body.get("replaceable", False),
        limits is None,
        clauses,
        missing,
    )


Parts = tuple["dict[str, Any]", dict[str, frozenset[str]], "dict[str, Any]", "Place"]
"""Limits, selector, further fields and place of a clause."""


def _clauses(rule: Rule, key: str, limits: list[dict[str, Any]], text: PolicyText, faults: Faults) -> Iterator[Parts]:
    parameters = {parameter.name: parameter for parameter in rule.parameters}
    for index, body in enumerate(limits):
        pointer = ("rules", key, "limits", index)
        values = {parameter.name: parameter.default for parameter in rule.parameters}
        first = ""
        for field, value in body.items():
            if field in parameters:
                first = first or field
                try:
                    values[field] = limit(parameters[field], value)
                except Unfit as unfit:
                    at = (*pointer, field) if unfit.item is None else (*pointer, field, unfit.item)
                    faults.add(unfit.message, text.value(*at), unfit.remedy)
                    values[field] = ""  # given, so that it is not missing as well
            elif field not in CLAUSE_KEYS:
                message = f"{rule.name} has no parameter {named(field)}"
                faults.add(message, text.key(*pointer, field), _instead(rule, field))
        missing = _missing(rule, values)
        if missing:
            faults.add(f"{rule.name} {missing}", text.value(*pointer), _remedy(rule))
        yield (
            values,
            selector(body["when"]) if "when" in body else {},
            body,
            text.entry((*pointer, first)) if first else text.value(*pointer),
        )


def _instead(rule: Rule, field: str) -> str:
    """What to write instead of an unknown parameter."""
    if field in WHEN_KEYS:
        return f"move it: {field} is a field of when"
    known = [parameter.name for parameter in rule.parameters]
    if known:
        return meant(field, [*known, *CLAUSE_KEYS]) or f"remove it: the parameters are {', '.join(known)}"
    return meant(field, CLAUSE_KEYS) or "remove it: the rule has no parameters"


def _missing(rule: Rule, values: dict[str, Any]) -> str:
    """What a clause with these values lacks, or an empty string."""
    lacking = [p.name for p in rule.parameters if p.required and values[p.name] is None]
    if lacking:
        return f"needs {' and '.join(lacking)}, which {'has' if len(lacking) == 1 else 'have'} no default"
    bounds = [p.name for p in rule.parameters if p.kind in NUMBERS]
    if bounds and all(values[name] is None for name in bounds):
        return f"needs {' or '.join(bounds)}"
    return ""


def _remedy(rule: Rule) -> str:
    lacking = [p.name for p in rule.parameters if p.required and p.default is None]
    return f"add {' and '.join(lacking)}" if lacking else "add one of them"
