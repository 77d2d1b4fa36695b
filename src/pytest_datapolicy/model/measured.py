"""What the rules of ``--verify`` share: when they are put to a subject, and how they say that nothing can be told."""

from __future__ import annotations

from pytest_datapolicy.model.amounts import named
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from pytest_datapolicy.model.data import Data, Unmeasured
    from pytest_datapolicy.model.manifest import Component, Split
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context

QUOTED = 80
"""So many characters of a record are shown."""


def data_of(context: Context) -> Data:
    """The data files of the subject's data set."""
    if context.data is None:
        raise RuntimeError("no data was opened")
    return context.data


def undecided(found: Unmeasured, what: str, at: Pointer, thing: str = "") -> Draft:
    """A draft that says that `what` cannot be told, and why."""
    message = f"{what} cannot be told: {found.reason}"
    return Draft(message, found.remedy, found.at or at, outcome="indeterminate", thing=thing)


def unnamed(component: Component, clause: Clause, what: str) -> Iterable[Draft]:
    """The answer for a component that names no files: nothing is claimed, so only a policy can ask for them."""
    if clause.place is None or not component.records:
        return NOT_APPLICABLE
    message = f"component {component.name} names no files, so {what} cannot be told"
    return (Draft(message, "name its files", component.at("files"), outcome="indeterminate"),)


def unsaid(split: Split, clause: Clause, column: str, what: str) -> Iterable[Draft]:
    """The answer for a split that does not say which column it is: as for files that are not named."""
    if clause.place is None:
        return NOT_APPLICABLE
    message = f"split {split.name} gives no columns.{column}, so {what} cannot be told"
    return (Draft(message, f"give columns.{column}", split.at("columns", column), outcome="indeterminate"),)


def columns(split: Split) -> dict[str, object]:
    """What the manifest says of the columns of a split."""
    found: dict[str, object] = split.tree.get("columns", {})
    return found


def examples(ids: Sequence[str], texts: Sequence[str]) -> str:
    """Ids of records, and their texts when the user asked for them, as the end of a sentence."""
    shown = f" ({'id' if len(ids) == 1 else 'ids'} {named(ids)})" if ids else ""
    if not texts:
        return shown
    quoted = ["“" + _short(text) + "”" for text in texts]
    return f"{shown}: {named(quoted)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[:QUOTED]}…"


def fewest(part: int, whole: int, most: Fraction) -> int:
    """How many of `part` must leave `whole`, and `part` with it, for the share to be `most` at most; `part` if none."""
    if most >= 1:
        return 0
    return min(part, -((most * whole - part) // (1 - most)))
