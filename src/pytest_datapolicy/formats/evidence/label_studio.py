"""Label Studio: the JSON export of a project, one task for each record.

Reviews of the Enterprise edition are taken as they are. In the Community edition a verdict is a choice in a control
named ``review``, ``verdict`` or ``decision``, or what became of a prediction that an annotation started from. An
annotation that starts from nothing labels a record; it does not review one.
"""

from __future__ import annotations

from pytest_datapolicy.formats.evidence.entries import (
    BULK,
    CANCELLED,
    IMPORTED,
    QUESTIONS,
    UNDECIDED,
    Entry,
    identity,
    judged,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

_MACHINE = frozenset({"imported", "prediction", "propagated_annotation"})
_ACTIONS = frozenset({"accepted", "fixed_and_accepted", "rejected"})


def entries(tasks: Iterable[dict[str, Any]]) -> Iterator[Entry]:
    """One entry for each review, or for each annotation without any."""
    for number, task in enumerate(tasks, 1):
        record = identity(task.get("id")) or f"task {number}"
        predictions = {identity(item.get("id")): item for item in _mappings(task.get("predictions"))}
        for annotation in _mappings(task.get("annotations")):
            yield from _of(record, annotation, predictions)


def _of(record: str, annotation: dict[str, Any], predictions: dict[str, dict[str, Any]]) -> Iterator[Entry]:
    reviewer = identity(annotation.get("completed_by"))
    if annotation.get("was_cancelled"):
        yield Entry(record, reviewer, "", CANCELLED)
        return
    reviews = _mappings(annotation.get("reviews"))
    if reviews:
        yield from (_reviewed(record, review) for review in reviews)
        return
    action = annotation.get("last_action")
    if annotation.get("bulk_created"):
        yield Entry(record, reviewer, "", BULK)
    elif action in _ACTIONS:
        yield judged(record, identity(annotation.get("updated_by")), action)
    elif action in _MACHINE or annotation.get("import_id") is not None:
        yield Entry(record, reviewer, "", IMPORTED)
    else:
        yield _answered(record, reviewer, annotation, predictions)


def _reviewed(record: str, review: dict[str, Any]) -> Entry:
    reviewer, accepted = identity(review.get("created_by")), review.get("accepted")
    if accepted is True:
        fixed = any(
            review.get(key) is not None for key in ("fixed_annotation_history", "fixed_annotation_history_result")
        )
        return Entry(record, reviewer, "corrected" if fixed else "accepted")
    return Entry(record, reviewer, "rejected") if accepted is False else Entry(record, reviewer, "", UNDECIDED)


def _answered(record: str, reviewer: str, annotation: dict[str, Any], predictions: dict[str, dict[str, Any]]) -> Entry:
    """An annotation by hand: the verdict that it gives, or what it made of the prediction that it started from."""
    regions = _mappings(annotation.get("result"))
    for region in regions:
        value = region.get("value")
        if region.get("type") == "choices" and str(region.get("from_name")).lower() in QUESTIONS:
            chosen = value.get("choices") if isinstance(value, dict) else None
            words = chosen if isinstance(chosen, list) else [chosen]
            return judged(record, reviewer, words[0] if len(words) == 1 else None)
    parent = annotation.get("parent_prediction")
    origins = {region.get("origin") for region in regions if "origin" in region}
    if parent is None and not origins & {"prediction", "prediction-changed"}:
        return Entry(record, reviewer, "", UNDECIDED)
    before = predictions.get(identity(parent))
    kept = before is None or len(_mappings(before.get("result"))) == len(regions)
    return Entry(record, reviewer, "accepted" if origins == {"prediction"} and kept else "corrected")


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
