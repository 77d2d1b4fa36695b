"""Where every value of an effective policy comes from: the line of each file that contributes to it."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.vocabulary import LEVEL_RANK, STAKES_RANK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Rule
    from pytest_datapolicy.policy.clauses import Entry
    from pytest_datapolicy.policy.load import Survey
    from pytest_datapolicy.policy.tree import Node


class Value(NamedTuple):
    """One value that is in force."""

    name: str
    """A parameter, ``when.<key>``, ``level``, ``waivable``, ``because`` or ``effective``."""
    value: Any
    places: tuple[Place, ...]
    """Every line that asks for it; none for what the rule has by itself."""


class Origin(NamedTuple):
    """Where a clause is written."""

    node: Node
    entry: Entry
    number: int


class Effective(NamedTuple):
    """One clause that is in force, value by value."""

    rule: Rule
    clause: Clause
    limits: tuple[Value, ...]
    when: tuple[Value, ...]
    terms: tuple[Value, ...]
    """Level, waivability, reason, date of effect; for an own rule its expressions."""


def effective(survey: Survey, rules: Mapping[str, Rule]) -> list[Effective]:
    """All clauses in the order of the policy; `rules` holds every rule that they name."""
    written = origins(survey)
    shown = []
    for clause in survey.policy.clauses:
        rule = rules[clause.rule]
        origin = written.get(identity(clause))
        if origin is None:
            shown.append(Effective(rule, clause, (), (), tuple(_own_rule(survey, clause))))
        else:
            values = tuple(_limits(rule, clause, origin)), tuple(_when(clause, origin))
            shown.append(Effective(rule, clause, *values, tuple(_terms(survey, clause, origin))))
    return shown


def identity(clause: Clause) -> tuple[object, ...]:
    """What makes it the same clause, whatever level other policies raise it to."""
    place = clause.place
    return (clause.rule, *(() if place is None else (place.path, place.span)))


def origins(survey: Survey) -> dict[tuple[object, ...], Origin]:
    """Where the clauses of all files are written. Those of own rules are not among them."""
    return {
        identity(clause): Origin(node, entry, number)
        for node, entries in survey.files
        for entry in entries
        for number, clause in enumerate(entry.clauses)
    }


def body(origin: Origin) -> Mapping[str, Any]:
    """The clause as its file writes it; empty for a rule without limits."""
    if origin.entry.bare:
        return {}
    written: Mapping[str, Any] = origin.node.text.tree["rules"][origin.entry.pointer[1]]["limits"][origin.number]
    return written


def raises(entry: Entry, clause: Clause) -> bool:
    """Whether the entry is there to raise what its parents demand by the rule: then its clause goes with them."""
    below = clause.floor_level
    return (
        entry.bare and entry.level is not None and below != "disabled" and LEVEL_RANK[clause.level] > LEVEL_RANK[below]
    )


def _limits(rule: Rule, clause: Clause, origin: Origin) -> Iterator[Value]:
    for parameter in rule.parameters:
        value = clause.limits[parameter.name]
        given = parameter.name in body(origin)
        if given or value is not None:
            yield Value(parameter.name, value, (_at(origin, parameter.name),) if given else ())


def _when(clause: Clause, origin: Origin) -> Iterator[Value]:
    for key, values in clause.when.items():
        order = sorted(values, key=lambda item: (STAKES_RANK.get(item, 0), item))
        yield Value(f"when.{key}", tuple(order), (_at(origin, "when", key),))


def _at(origin: Origin, *keys: str) -> Place:
    return origin.node.text.entry((*origin.entry.pointer, "limits", origin.number, *keys))


def _terms(survey: Survey, clause: Clause, origin: Origin) -> Iterator[Value]:
    yield Value("level", clause.level, tuple(_asking(survey, origin, "level", clause.level)))
    yield Value("waivable", clause.waivable, tuple(_asking(survey, origin, "waivable", clause.waivable)))
    for key in ("because", "effective"):
        if key in body(origin):
            yield Value(key, body(origin)[key], (_at(origin, key),))


def _asking(survey: Survey, origin: Origin, key: str, value: object) -> Iterator[Place]:
    """The lines that give the rule this level or waivability, as far as they reach the clause."""
    above = set(_labels(origin.node)) if getattr(origin.entry, key) is None else set()
    for node, entries in survey.files:
        for entry in entries:
            if entry.rule.id != origin.entry.rule.id or getattr(entry, key) != value:
                continue
            label = node.text.label
            raises = entry.bare and origin.node.text.label in _labels(node)
            if label == origin.node.text.label or label in above or raises:
                yield node.text.entry((*entry.pointer, key))


def _labels(node: Node) -> Iterator[str]:
    """The files that a file extends, and those that they extend."""
    for parent in node.parents:
        yield parent.text.label
        yield from _labels(parent)


def _own_rule(survey: Survey, clause: Clause) -> Iterator[Value]:
    """The parts of an own rule."""
    for node, _ in survey.files:
        if clause.place is not None and node.text.label == clause.place.path:
            for key, value in node.text.tree["custom"][clause.rule].items():
                yield Value(key, value, (node.text.entry(("custom", clause.rule, key)),))
