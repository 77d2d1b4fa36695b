"""A policy as loaded and merged: clauses with the place of each, ready for the engine."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding
    from pytest_datapolicy.model.rule import Rule

WHEN_KEYS = (
    "stakes",
    "domains",
    "judgment",
    "novelty",
    "stage",
    "purpose",
    "origin",
    "labels",
    "dataset",
    "split",
    "slice",
)


class When(NamedTuple):
    """The selector of a clause: every key given must match, each by any of its values.

    Values are normalised by the loader: ``stakes`` written as a single value ("at least") is already the set of that
    value and all higher ones; ``origin`` with ``model`` also holds ``unknown``. ``dataset``, ``split`` and ``slice``
    are globs.
    """

    values: Mapping[str, frozenset[str]]

    def __bool__(self) -> bool:
        return bool(self.values)


class Clause(NamedTuple):
    """One ``when`` with its limits inside one rule."""

    rule: str
    """Rule id."""
    level: str
    when: Mapping[str, frozenset[str]]
    """See `When`."""
    limits: Mapping[str, Any]
    """Every parameter of the rule, defaults filled in: int, Fraction, str or tuple of str, as the parameter's kind."""
    place: Place | None
    """Where the clause is written; None for always-on rules."""
    because: str = ""
    waivable: bool = True
    effective: str | None = None
    """Before this date (YYYY-MM-DD) an error counts as a warning, never below `floor_level`."""
    floor_level: str = "disabled"
    """The level of the same rule in a parent policy, below which ``effective`` never lowers the clause."""
    policy: str = ""
    """Name of the policy that holds the clause."""

    def level_on(self, today: str) -> str:
        """The level that counts on the day `today` (YYYY-MM-DD)."""
        if self.effective is None or self.level != "error" or today >= self.effective:
            return self.level
        return "error" if self.floor_level == "error" else "warning"


class DomainFloor(NamedTuple):
    """The least stakes of data sets in a domain."""

    domain: str
    stakes: str
    place: Place


class External(NamedTuple):
    """A data set outside the tree that references may name (``externals:`` of a policy)."""

    reference: str
    origin: str
    generation: int
    place: Place


class WaiverTerms(NamedTuple):
    """Where waivers are written, how long they may last and who may approve them."""

    files: tuple[tuple[str, Place], ...] = ()
    """Waiver files as paths relative to the project root, each with the place that names it."""
    max_days: tuple[int, Place] | None = None
    """The shortest limit of any policy; None when no policy sets one."""
    approvers: tuple[tuple[str, Place], ...] | None = None
    """Who is named by every policy that names approvers; None when no policy names any."""


class PolicySource(NamedTuple):
    """One policy file that took part."""

    name: str
    version: str
    path: str
    sha256: str


class Policy(NamedTuple):
    """The union of all policy files that apply."""

    sources: tuple[PolicySource, ...]
    """In the order of loading, parents first; packs included."""
    clauses: tuple[Clause, ...]
    floors: Mapping[str, tuple[DomainFloor, ...]]
    """Floors by domain; the highest holds."""
    externals: Mapping[str, External]
    """By reference (``name@version``)."""
    findings: tuple[Finding, ...] = ()
    """Faults of the policy that are findings, not errors (DP701)."""
    inventory: tuple[tuple[str, Place], ...] = ()
    waivers: WaiverTerms = WaiverTerms()
    custom: tuple[Rule, ...] = ()
    """Own rules written in CEL; their clauses stand among the others."""


EMPTY_POLICY = Policy((), (), {}, {})
