"""Why values do not fit a schema: what the validator reports, narrowed to one fault a place and told in order."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_datapolicy.model.document import Problem
from pytest_datapolicy.syntax.limits import FAULTS
from pytest_datapolicy.syntax.sentences import Sentences
from pytest_datapolicy.syntax.walk import Guide
from pytest_datapolicy.syntax.wording import literal, named, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema_rs import ValidationError

    from pytest_datapolicy.model.document import Document
    from pytest_datapolicy.model.places import Pointer, Span
    from pytest_datapolicy.syntax.walk import Node

_READ = 20_000
"""Errors taken from the validator at most: each costs memory, and only `FAULTS` of them are told."""

# Of several keywords that one value misses the first of these is told; what is not listed comes last.
_FIRST = ("whole", "type", "const", "enum", "missing", "unknown", "name", "pattern", "format", "not")
_UNION = ("anyOf", "oneOf")


class Fault(NamedTuple):
    """One value, field or name that a schema refuses, not yet in words."""

    pointer: Pointer
    """The value; the field when it is unknown or missing; the key when it is a bad name."""
    keyword: str
    """The keyword of JSON Schema, or ``whole``, ``unknown``, ``missing``, ``name``."""
    node: Node
    """The schema that holds the keyword."""
    condition: Node | None
    """The ``if`` under which it applies."""


def explain(schema: Node, validator: Any, document: Document, rule: str) -> list[Problem]:
    """Every fault of a document, in the order of the text; none when it turns out to be valid."""
    guide = Guide(schema)
    whole = _one_fault_for_all(guide, document, rule)
    if whole is not None:
        return [whole]
    faults: dict[Pointer, Fault] = {}
    for fault in _faults(guide, validator, document.tree):
        known = faults.setdefault(fault.pointer, fault)
        if _rank(fault) < _rank(known):
            faults[fault.pointer] = fault
    placed = sorted(
        ((_span(fault, document), fault) for fault in faults.values()),
        key=lambda item: (item[0], _rank(item[1]), str(item[1].pointer)),
    )
    problems = _told(Sentences(guide, document.tree), placed[:FAULTS], document, rule)
    if len(placed) > FAULTS:
        span, fault = placed[FAULTS]
        message = f"{len(placed) - FAULTS:,} more faults follow from here on"
        problems.append(Problem(rule, message, "correct those above first", span, fault.pointer))
    return problems


def _told(sentences: Sentences, placed: list[tuple[Span, Fault]], document: Document, rule: str) -> list[Problem]:
    """The faults in words. A missing field that an unknown one was meant to be is not told twice."""
    missing = {fault.pointer for _, fault in placed if fault.keyword == "missing"}
    problems, renamed = [], set()
    for span, fault in placed:
        said = sentences.tell(fault, missing)
        renamed.add(said.meant)
        related = tuple((document.positions.span(pointer), note) for pointer, note in said.related)
        problems.append(Problem(rule, said.message, said.remedy, span, fault.pointer, related))
    return [problem for problem in problems if problem.pointer not in renamed]


def _one_fault_for_all(guide: Guide, document: Document, rule: str) -> Problem | None:
    """What makes all other faults of the document beside the point."""
    tree, title = document.tree, guide.title(())
    fields = guide.schema.get("properties", {})
    marker, version = next(((key, node["const"]) for key, node in fields.items() if "const" in node), (None, None))
    if not isinstance(tree, dict):
        remedy = "write a mapping of fields" if marker is None else f"start with {marker}: {literal(version)}"
        found = "is empty" if tree is None else f"holds {shown(tree)}"
        return Problem(rule, f"the file {found}; a {title} is a mapping of fields", remedy, document.positions.span(()))
    if marker is None:
        return None
    stated = tree.get(marker, version)
    if type(stated) is int and stated != version:
        message = f"{marker} is {stated}; this release reads version {version} of a {title}"
        remedy = f"write {marker}: {version}, or use a release that reads version {stated}"
        return Problem(rule, message, remedy, document.positions.span((marker,)), (marker,))
    if marker not in tree and 2 * sum(key in fields for key in tree) <= len(tree):
        message = f"this is no {title}: required field {named(marker)} is missing"
        remedy = f"start with {marker}: {literal(version)}"
        return Problem(rule, message, remedy, document.positions.span(()), (marker,))
    return None


def _faults(guide: Guide, validator: Any, tree: Any) -> Iterator[Fault]:
    for error in islice(validator.iter_errors(tree), _READ):
        yield from _from_error(guide, error)
    for pointer in _whole_decimals(tree):
        if guide.whole_numbers_only(pointer):
            yield Fault(pointer, "whole", {}, None)


def _from_error(guide: Guide, error: ValidationError) -> Iterator[Fault]:
    pointer, kind, path = tuple(error.instance_path), error.kind.as_dict(), list(error.schema_path)
    node = guide.located(path[:-1])
    condition = _condition(guide, path)
    if "unexpected" in kind:
        yield from (Fault((*pointer, field), "unknown", node, condition) for field in kind["unexpected"])
    elif error.kind.name == "required":
        yield Fault((*pointer, kind["property"]), "missing", node, condition)
    elif error.kind.name == "propertyNames":
        inner: ValidationError = kind["error"]
        yield Fault((*pointer, str(inner.instance)), "name", guide.located(list(inner.schema_path)[:-1]), condition)
    elif error.kind.name in _UNION and "context" in kind:
        branch = _best_branch(kind["context"], pointer)
        if branch:
            for inner in branch:
                yield from _from_error(guide, inner)
        else:
            choices = [guide.located([*path, number]) for number in range(len(kind["context"]))]
            yield Fault(pointer, "type", {"anyOf": [guide.merged(choice) for choice in choices]}, condition)
    else:
        yield Fault(pointer, error.kind.name, node, condition)


def _best_branch(branches: Iterable[list[ValidationError]], pointer: Pointer) -> list[ValidationError] | None:
    """The errors of the alternative that the value comes closest to; None when it is of no kind that any allows."""
    fitting = [branch for branch in branches if not any(_is_of_other_kind(error, pointer) for error in branch)]

    def distance(branch: list[ValidationError]) -> tuple[int, int, int]:
        other = sum(error.kind.name in ("const", "enum") for error in branch)
        depth = max(len(error.instance_path) for error in branch)
        return other, len(branch), -depth

    return min(fitting, key=distance, default=None)


def _is_of_other_kind(error: ValidationError, pointer: Pointer) -> bool:
    if tuple(error.instance_path) != pointer:
        return False
    if error.kind.name == "enum":
        options = error.kind.as_dict()["options"]
        return not any(type(option) is type(error.instance) for option in options)
    return error.kind.name == "type"


def _condition(guide: Guide, path: list[str | int]) -> Node | None:
    """The ``if`` of the innermost ``then`` on the way to a keyword."""
    for index in range(len(path) - 1, -1, -1):
        if path[index] == "then" and isinstance(inner := guide.located(path[:index]).get("if"), dict):
            return inner
    return None


def _rank(fault: Fault) -> int:
    return _FIRST.index(fault.keyword) if fault.keyword in _FIRST else len(_FIRST)


def _span(fault: Fault, document: Document) -> Span:
    if fault.keyword in ("unknown", "name"):
        return document.positions.key_span(fault.pointer)
    return document.positions.span(fault.pointer)


def _whole_decimals(tree: Any) -> Iterator[Pointer]:
    """Numbers that are written with a fraction of zeros, which JSON Schema takes for integers."""
    waiting: list[tuple[Pointer, Any]] = [((), tree)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(((*pointer, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend(((*pointer, index), inner) for index, inner in enumerate(value))
        elif hasattr(value, "to_integral_value") and value == value.to_integral_value():
            yield pointer
