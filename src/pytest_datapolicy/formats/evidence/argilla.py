"""Argilla: records as exported to JSON, nested or with flattened columns, and as the API gives them.

A submitted response that is equal to the suggestion accepts the record, one that differs corrects it, and a discarded
one rejects it. An answer to a question named ``review``, ``verdict`` or ``decision`` is a verdict itself.
"""

from __future__ import annotations

from pytest_datapolicy.formats.evidence.entries import DRAFTS, QUESTIONS, UNDECIDED, Entry, identity, judged
from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

_COLUMN = ".responses"


class _Answer(NamedTuple):
    user: str
    status: str
    question: str
    value: Any


def entries(records: Iterable[dict[str, Any]]) -> Iterator[Entry]:
    """One entry for each user who responded to a record."""
    for number, record in enumerate(records, 1):
        name = identity(record.get("id")) or identity(record.get("external_id")) or f"record {number}"
        suggested = dict(_suggestions(record))
        by_user: dict[str, list[_Answer]] = {}
        for answer in _answers(record):
            by_user.setdefault(answer.user, []).append(answer)
        for user, answers in by_user.items():
            yield _entry(name, user, answers, suggested)


def _entry(record: str, user: str, answers: list[_Answer], suggested: dict[str, Any]) -> Entry:
    statuses = {answer.status for answer in answers}
    if "discarded" in statuses:
        return Entry(record, user, "rejected")
    if statuses != {"submitted"}:
        return Entry(record, user, "", DRAFTS)
    for answer in answers:
        if answer.question.lower() in QUESTIONS:
            return judged(record, user, answer.value)
    compared = [answer for answer in answers if suggested.get(answer.question) is not None]
    if not compared:
        return Entry(record, user, "", UNDECIDED)
    same = all(answer.value == suggested[answer.question] for answer in compared)
    return Entry(record, user, "accepted" if same else "corrected")


def _suggestions(record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    given = record.get("suggestions")
    for item in given if isinstance(given, list) else ():
        if isinstance(item, dict) and isinstance(item.get("question_name"), str):
            yield item["question_name"], item.get("value")
    for question, item in given.items() if isinstance(given, dict) else ():
        yield question, item.get("value") if isinstance(item, dict) else item
    for key, value in record.items():
        if key.endswith(".suggestion"):
            yield key.removesuffix(".suggestion"), value


def _answers(record: dict[str, Any]) -> Iterator[_Answer]:
    given = record.get("responses")
    for item in given if isinstance(given, list) else ():
        if isinstance(item, dict):
            yield from _response(item)
    # The nested export leaves out the status of responses; a completed record has none but submitted ones.
    usual = "submitted" if record.get("status") == "completed" else ""
    for question, items in given.items() if isinstance(given, dict) else ():
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict):
                status = str(item.get("status") or usual)
                yield _Answer(identity(item.get("user_id")), status, question, item.get("value"))
    for key, values in record.items():
        if key.endswith(_COLUMN) and isinstance(values, list):
            yield from _column(record, key, values)


def _response(item: dict[str, Any]) -> Iterator[_Answer]:
    """A response as the API has it: the values of all questions that one user answered."""
    user, status, values = identity(item.get("user_id")), str(item.get("status") or ""), item.get("values")
    answered = list(values.items()) if isinstance(values, dict) else []
    for question, value in answered or [("", None)]:
        yield _Answer(user, status, question, value.get("value") if isinstance(value, dict) else value)


def _column(record: dict[str, Any], key: str, values: list[Any]) -> Iterator[_Answer]:
    users, statuses = record.get(f"{key}.users"), record.get(f"{key}.status")
    for index, value in enumerate(values):
        user = users[index] if isinstance(users, list) and index < len(users) else None
        status = statuses[index] if isinstance(statuses, list) and index < len(statuses) else ""
        yield _Answer(identity(user), str(status or ""), key.removesuffix(_COLUMN), value)
