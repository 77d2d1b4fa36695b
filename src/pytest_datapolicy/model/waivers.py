"""Permissions to miss a demand: waivers that people write, and what a baseline recorded."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction
    from typing import Any

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding


class Waiver(NamedTuple):
    """One entry of a waiver file that is valid as far as the file and the policy can tell."""

    rule: str
    """Rule id."""
    dataset: str
    """``name@version``, whole."""
    split: str | None
    """None: every split of the data set."""
    component: str | None
    """None: every component of the split."""
    reason: str
    owner: str
    approved_by: str
    granted: str
    """The first day, as YYYY-MM-DD in UTC."""
    expires: str
    """The last good day."""
    allow: Mapping[str, Any]
    """Looser limits that still hold, as the rule's clauses have them; empty: the finding is covered entirely."""
    written: Mapping[str, Any]
    """`allow` as the file spells it."""
    places: Mapping[str, Place]
    """The place of each field; of the entry itself under an empty key."""

    @property
    def place(self) -> Place:
        """Where the entry starts."""
        return self.places[""]

    @property
    def subject(self) -> str:
        """``name@version, split train, component notes``."""
        parts = [self.dataset]
        parts += [f"{word} {name}" for word, name in (("split", self.split), ("component", self.component)) if name]
        return ", ".join(parts)


class Waivers(NamedTuple):
    """All waivers of a run."""

    entries: tuple[Waiver, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Entries with a fault (DP703); they cover nothing."""
    total: int = 0
    """Entries in all, faulty ones included."""


class Recorded(NamedTuple):
    """One entry of a baseline: a finding that was there when the baseline was written."""

    rule: str
    dataset: str
    """The name alone: a baseline outlives versions."""
    split: str | None
    component: str | None
    thing: str
    observed: int | Fraction | str | None
    limit: int | Fraction | str | None = None
    """What the value was compared with: it tells which values are worse."""
    place: Place | None = None
    """None before it is written."""

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What makes an entry and a finding be about the same."""
        return (self.rule, self.dataset, self.split or "", self.component or "", self.thing)


class Baseline(NamedTuple):
    """A baseline file."""

    path: str
    """Relative to the project root, as reported."""
    entries: tuple[Recorded, ...] = ()
