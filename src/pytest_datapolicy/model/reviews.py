"""What the rules on reviews answer when a review, or a field of it, is missing."""

from __future__ import annotations

from pytest_datapolicy.model.amounts import named
from pytest_datapolicy.model.rule import Draft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_datapolicy.model.manifest import Component


def unreviewed(component: Component, what: str) -> tuple[Draft, ...]:
    """The component has no review block, so that `what` cannot be told."""
    message = f"component {component.name} gives no review, so {what} cannot be told"
    remedy = "review a random sample of its records and give review"
    return (Draft(message, remedy, component.at("review"), outcome="indeterminate"),)


def unsaid(component: Component, fields: Sequence[str], what: str) -> tuple[Draft, ...]:
    """The review block lacks these fields, so that `what` cannot be told."""
    message = f"the review of component {component.name} gives no {named(fields)}, so {what} cannot be told"
    remedy = f"give {named([f'review.{field}' for field in fields])}"
    return (Draft(message, remedy, component.at("review", fields[0]), outcome="indeterminate"),)
