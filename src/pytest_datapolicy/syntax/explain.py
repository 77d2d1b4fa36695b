"""Why a document does not fit a schema: every fault once, at its place, in the order of the text."""

from __future__ import annotations

from itertools import islice

from pytest_datapolicy.model.document import Problem
from pytest_datapolicy.syntax.limits import FAULTS
from pytest_datapolicy.syntax.refusals import Refusal, refusals
from pytest_datapolicy.syntax.sentences import Sentences
from pytest_datapolicy.syntax.walk import Guide
from pytest_datapolicy.syntax.wording import literal, named, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_datapolicy.model.document import Document
    from pytest_datapolicy.model.places import Pointer, Span
    from pytest_datapolicy.syntax.walk import Schema

_RANKS = {"whole": 0, "missing": 2, "unknown": 3}
"""What is told first of several faults in one place; all other keywords count 1."""


def explain(schema: Schema, document: Document, rule: str) -> list[Problem]:
    """The faults of a document that a validator found invalid, or that holds whole numbers written as decimals."""
    guide = Guide(schema)
    one = _one_for_all(guide, document, rule)
    if one is not None:
        return [one]
    found: dict[tuple[Pointer, bool], Refusal] = {}
    for refusal in islice(_everything(guide, document), 4 * FAULTS):
        place = (refusal.pointer, refusal.keyword == "name")
        if _rank(refusal) < _rank(found.setdefault(place, refusal)):
            found[place] = refusal
    placed = sorted(
        ((_span(refusal, document), refusal) for refusal in found.values()),
        key=lambda item: (item[0], _rank(item[1])),
    )
    problems = _told(Sentences(guide, document.tree), placed[:FAULTS], document, rule)
    if len(placed) > FAULTS:
        span, refusal = placed[FAULTS]
        message = "more faults follow from here on"
        problems.append(Problem(rule, message, "correct those above first", span, refusal.pointer))
    return problems


def unexplained(document: Document, rule: str) -> Problem:
    """The fault of a document that the validator refuses for a reason that no part of its schema gives."""
    message = "the file does not satisfy its schema as a whole"
    return Problem(rule, message, "compare it with the schema", document.positions.span(()))


def _told(sentences: Sentences, placed: list[tuple[Span, Refusal]], document: Document, rule: str) -> list[Problem]:
    """The faults in words. A missing field that an unknown one was meant to be is not told twice."""
    missing = {refusal.pointer for _, refusal in placed if refusal.keyword == "missing"}
    problems, renamed = [], set()
    for span, refusal in placed:
        said = sentences.tell(refusal, missing)
        renamed.add(said.meant)
        related = tuple((document.positions.span(pointer), note) for pointer, note in said.related)
        problems.append(Problem(rule, said.message, said.remedy, span, refusal.pointer, related))
    return [problem for problem in problems if problem.pointer not in renamed]


def _one_for_all(guide: Guide, document: Document, rule: str) -> Problem | None:
    """What makes all other faults of the document beside the point."""
    tree, title = document.tree, guide.title(())
    fields = guide.schema.root.get("properties", {})
    marks = [(key, node["const"]) for key, node in fields.items() if isinstance(node, dict) and "const" in node]
    marker, version = marks[0] if marks else (None, None)
    if not isinstance(tree, dict):
        remedy = "write a mapping of fields" if marker is None else f"start with {marker}: {literal(version)}"
        message = f"the file holds {shown(tree)}; a {title} is a mapping of fields"
        return Problem(rule, message, remedy, document.positions.span(()))
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


def _everything(guide: Guide, document: Document) -> Iterator[Refusal]:
    for pointer in _whole_decimals(document.tree) if ".0" in document.text else ():
        if guide.whole_numbers_only(pointer):
            yield Refusal(pointer, "whole", {})
    yield from refusals(guide.schema, guide.schema.root, document.tree, (), None)


def _rank(refusal: Refusal) -> tuple[int, bool]:
    """A fault under a condition is narrower than one without, and comes first."""
    return _RANKS.get(refusal.keyword, 1), refusal.condition is None


def _span(refusal: Refusal, document: Document) -> Span:
    if refusal.keyword in ("unknown", "name"):
        return document.positions.key_span(refusal.pointer)
    return document.positions.span(refusal.pointer)


def _whole_decimals(tree: Any) -> Iterator[Pointer]:
    """Numbers that are written with a fraction of zeros, which JSON Schema takes for integers, in the text's order."""
    waiting: list[tuple[Pointer, Any]] = [((), tree)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(((*pointer, key), inner) for key, inner in reversed(value.items()))
        elif isinstance(value, list):
            waiting.extend(((*pointer, index), value[index]) for index in reversed(range(len(value))))
        elif hasattr(value, "to_integral_value") and value == value.to_integral_value():
            yield pointer
