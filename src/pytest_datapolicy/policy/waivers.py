"""Waiver files: read, and every entry checked as far as the file and the policy can tell (DP703).

A file that cannot be read, or that is no waiver file, makes the run invalid. An entry with a fault covers nothing.
"""

from __future__ import annotations

import os

from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.places import Note
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import Finding
from pytest_datapolicy.model.waivers import Waiver, Waivers
from pytest_datapolicy.policy.faults import Faults, meant, named
from pytest_datapolicy.policy.text import PolicyText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.model.document import Document, Problem
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Policy
    from pytest_datapolicy.model.rule import Rule
    from pytest_datapolicy.syntax.shape import Shape

WAIVER_BYTES = 1 << 20
COVERED_ALWAYS_ON = "DP005"
"""The one rule that is always on and can be waived."""
WILDCARDS = "*?["
FIELDS = (
    "rule",
    "dataset",
    "split",
    "component",
    "reason",
    "owner",
    "approved_by",
    "granted",
    "expires",
    "allow",
)


class Fault(NamedTuple):
    """What is wrong with an entry, and at which of its fields."""

    field: str
    message: str
    remedy: str
    limit: Place | None = None
    """Where a policy sets the term that is broken."""
    observed: int | str | None = None
    allowed: int | str | None = None


def load_waivers(
    policy: Policy,
    *,
    root: str,
    catalogue: Catalogue,
    read: Callable[[str], bytes] | None = None,
    texts: Mapping[str, bytes] | None = None,
) -> Waivers:
    """All waivers of the files that the policy names.

    `read` gives the bytes of a file by its absolute path in place of the file system, and raises FileNotFoundError for
    what is not there; `texts` holds the bytes of single files. Raises `RunError` with the place of the first fault of a
    file, which holds the others.
    """
    from pytest_datapolicy.syntax.shape import Shape

    faults = Faults()
    shape = Shape("waivers", "DP703")
    checker = Checker(policy, catalogue)
    waivers: list[Waiver] = []
    findings: list[Finding] = []
    count = 0
    for label, place in policy.waivers.files:
        path = os.path.normpath(os.path.join(root, label))
        given = (texts or {}).get(path)
        document = _document(label, place, root, read if given is None else {path: given}.__getitem__, faults)
        if document is None:
            continue
        problems = shape.problems(document)
        of_file = [problem for problem in problems if len(problem.pointer) < 2]
        if of_file:
            faults.take(Refused(of_file, document.text), label, place)
            continue
        count += len(document.tree["entries"])
        for item in checker.entries(document, problems, shape):
            waivers.append(item) if isinstance(item, Waiver) else findings.append(item)
    faults.close()
    return Waivers(tuple(waivers), tuple(findings), count)


def _document(
    label: str, place: Place, root: str, read: Callable[[str], bytes] | None, faults: Faults
) -> Document | None:
    """A waiver file as read; None, and a fault, when it cannot be."""
    from pytest_datapolicy.syntax.reader import read as parse

    try:
        data = _bytes(label, root, read)
        return parse(data, label, as_json=label.endswith(".json"))
    except FileNotFoundError:
        message = f"there is no waiver file {named(label)}"
        faults.add(message, place, "write it: `waivers: 1` and `entries: []`, or use `datapolicy waive`")
    except Refused as refused:
        faults.take(refused, label, place)
    return None


def _bytes(label: str, root: str, read: Callable[[str], bytes] | None) -> bytes:
    path = os.path.normpath(os.path.join(root, label))
    if read is not None:
        return read(path)
    if not os.path.lexists(path):
        raise FileNotFoundError(path)
    from pytest_datapolicy.syntax.files import read_regular

    outside = label.startswith("../") or os.path.isabs(label)
    return read_regular(path, root=os.path.dirname(path) if outside else root, limit=WAIVER_BYTES)


class Checker:
    """The entries of waiver files against the terms of a policy."""

    def __init__(self, policy: Policy, catalogue: Catalogue) -> None:
        self._policy = policy
        self._terms = policy.waivers
        self._catalogue = catalogue
        self._own = {rule.id: rule for rule in policy.custom}

    def entries(self, document: Document, problems: list[Problem], shape: Shape) -> Iterator[Waiver | Finding]:
        """Each entry of a file as a waiver, or as a finding for each of its faults."""
        text = PolicyText(document)
        by_entry: dict[int, list[Fault]] = {}
        for problem in problems:
            by_entry.setdefault(int(problem.pointer[1]), []).append(_shape_fault(problem, document.tree))
        for index, body in enumerate(document.tree["entries"]):
            places = _places(text, index, body)
            faults = by_entry.get(index, [])
            # Only so many problems of a file are told, so that an entry without one may still not be valid.
            if not faults and problems and not shape.fits({**document.tree, "entries": [body]}):
                faults = [Fault("", "the waiver does not have the fields that it needs", "correct those above first")]
            waiver = None if faults else self._checked(body, places, faults)
            if waiver is not None:
                yield waiver
            else:
                label = _label(body)
                yield from (invalid(fault, label, places) for fault in faults)

    def _checked(self, body: dict[str, Any], places: dict[str, Place], faults: list[Fault]) -> Waiver | None:
        """The waiver of an entry of the right shape; None, and at least one more in `faults`, if it is not valid."""
        rule = self._rule(body["rule"], faults)
        allow = _allowed(rule, body.get("allow", {}), faults) if rule is not None else {}
        self._people(body, faults)
        self._days(body, faults)
        if faults or rule is None:
            return None
        return Waiver(
            rule.id,
            body["dataset"],
            body.get("split"),
            body.get("component"),
            body["reason"],
            body["owner"],
            body["approved_by"],
            body["granted"],
            body["expires"],
            allow,
            body.get("allow", {}),
            places,
        )

    def _rule(self, key: str, faults: list[Fault]) -> Rule | None:
        if key not in self._own and key not in self._catalogue:
            known = (*self._catalogue.keys, *self._own)
            remedy = meant(key, known) or "see `datapolicy rules`"
            faults.append(_wild("rule", key) or Fault("rule", f"there is no rule {named(key)}", remedy))
            return None
        rule = self._own[key] if key in self._own else self._catalogue.card(key)
        why = _never(rule)
        if why:
            faults.append(Fault("rule", f"{rule.id} ({rule.name}) {why}", "remove the waiver, and meet the demand"))
            return None
        clauses = [clause for clause in self._policy.clauses if clause.rule == rule.id and clause.level != "disabled"]
        if clauses and not any(clause.waivable for clause in clauses):
            faults.append(not_waivable(rule, clauses[0].policy, clauses[0].place))
            return None
        return rule

    def _people(self, body: dict[str, Any], faults: list[Fault]) -> None:
        from pytest_datapolicy.syntax.wording import literal

        owner, approver = body["owner"], body["approved_by"]
        approvers = self._terms.approvers
        if owner.casefold() == approver.casefold():
            message = f"{literal(approver)} is the owner, and nobody approves a waiver of their own"
            faults.append(Fault("approved_by", message, "let somebody else approve it"))
        elif approvers == ():
            message = "no approver is named by every policy that names some, so nobody can approve a waiver"
            faults.append(Fault("approved_by", message, "name approvers on whom all policies agree"))
        elif approvers is not None and approver not in {name for name, _ in approvers}:
            known = [name for name, _ in approvers]
            message = f"{literal(approver)} is not among the approvers that the policy names"
            remedy = meant(approver, known) or f"let one of them approve it: {', '.join(map(literal, known[:5]))}"
            faults.append(Fault("approved_by", message, remedy, approvers[0][1]))

    def _days(self, body: dict[str, Any], faults: list[Fault]) -> None:
        granted, expires = body["granted"], body["expires"]
        length = days_between(granted, expires)
        if length < 0:
            message = f"the waiver expires on {expires}, before it is granted on {granted}"
            faults.append(Fault("expires", message, "correct the days"))
        elif self._terms.max_days is not None and length > self._terms.max_days[0]:
            most, place = self._terms.max_days
            message = f"the waiver lasts {length:,} days, at most {most:,} allowed"
            remedy = f"let it expire on {day_after(granted, most)} or before"
            faults.append(Fault("expires", message, remedy, place, length, most))


def _never(rule: Rule) -> str:
    """Why a rule can never be waived; empty when it can."""
    if rule.scope == "policy":
        return "judges policies and waivers, and no waiver covers it"
    if rule.always_on and rule.id != COVERED_ALWAYS_ON:
        return "is always on, and no waiver covers it"
    if rule.scope == "project":
        return "judges the project as a whole, and no waiver covers it"
    return "" if rule.waivable else "is a rule that no waiver covers"


def not_waivable(rule: Rule, policy: str, place: Place | None) -> Fault:
    """The fault of waiving what a policy does not let be waived."""
    message = f"{named(policy)} does not let {rule.name} be waived"
    return Fault("rule", message, "remove the waiver, and meet the demand", place)


def _allowed(rule: Rule, allow: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """The limits of ``allow`` in the form that clauses have."""
    from pytest_datapolicy.policy.values import Unfit, limit

    parameters = {parameter.name: parameter for parameter in rule.parameters}
    values = {}
    for name, value in allow.items():
        parameter = parameters.get(name)
        if parameter is None:
            known = ", ".join(parameters)
            remedy = meant(name, parameters) or (f"the parameters are {known}" if known else "leave allow out")
            faults.append(Fault("allow", f"{rule.name} has no parameter {named(name)}", remedy))
        elif parameter.tighter == "none":
            message = f"no value of {name} is looser than another, so a waiver cannot allow one"
            faults.append(Fault("allow", message, f"remove {name}"))
        else:
            try:
                # A clause may only shrink a default; a waiver is what goes beyond it.
                values[name] = limit(parameter._replace(default=None), value)
            except Unfit as unfit:
                faults.append(Fault("allow", unfit.message, unfit.remedy))
    return values


def _shape_fault(problem: Problem, tree: Any) -> Fault:
    field = str(problem.pointer[2]) if len(problem.pointer) > 2 else ""
    entry = tree["entries"][problem.pointer[1]]
    value = entry.get(field) if isinstance(entry, dict) else None
    wild = _wild(field, value) if isinstance(value, str) and field in FIELDS[:4] else None
    return wild or Fault(field, problem.message, problem.remedy)


def _wild(field: str, value: str) -> Fault | None:
    if not any(char in value for char in WILDCARDS):
        return None
    message = f"{field} is {named(value)}, and a waiver has no wildcards"
    return Fault(field, message, "name one subject whole; write an entry for each")


def _places(text: PolicyText, index: int, body: Any) -> dict[str, Place]:
    places = {"": text.value("entries", index)}
    for field in body if isinstance(body, dict) else ():
        places[field] = text.entry(("entries", index, field))
    return places


def _label(body: Any) -> str:
    """What tells an entry apart from others of its file."""
    parts = [body.get(field) for field in FIELDS[:4]] if isinstance(body, dict) else []
    return " ".join(str(part) for part in parts if part is not None)


def invalid(fault: Fault, label: str, places: dict[str, Place] | Any) -> Finding:
    """The finding DP703 at an entry's line, with its field where that stands on another line."""
    entry: Place = places[""]
    at: Place = places.get(fault.field, entry)
    return Finding(
        rule="DP703",
        name="valid-waiver",
        level="error",
        outcome="fail",
        dataset=None,
        split=None,
        component=None,
        message=fault.message,
        remedy=fault.remedy,
        observed=fault.observed,
        limit=fault.allowed,
        place=entry if at.line != entry.line else at,
        clause=fault.limit,
        thing=" ".join(filter(None, (label, fault.field))),
        related=(Note(at, f"its {fault.field}"),) if at.line != entry.line else (),
    )


def days_between(first: str, last: str) -> int:
    """Days from one day to another, both as YYYY-MM-DD."""
    from datetime import date

    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def day_after(first: str, days: int) -> str:
    """The day so many days after another, or the last day of the calendar."""
    from datetime import date, timedelta

    start = date.fromisoformat(first)
    return (start + timedelta(days=min(days, (date.max - start).days))).isoformat()
