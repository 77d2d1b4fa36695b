"""Policies as files to work on: loaded with the files that they are made of, for the verbs of ``datapolicy policy``."""

from __future__ import annotations

import os

from pytest_datapolicy.app import DEFAULT_POLICY
from pytest_datapolicy.app.settings import load_settings
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.hooks import PluginError
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.policy.effective import effective
from pytest_datapolicy.policy.load import survey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_datapolicy.app.settings import Settings
    from pytest_datapolicy.model.policy import Policy
    from pytest_datapolicy.model.rule import Rule
    from pytest_datapolicy.policy.effective import Effective
    from pytest_datapolicy.policy.load import Survey


class Shown(NamedTuple):
    """The effective policy, each value with where it comes from."""

    policy: Policy
    clauses: tuple[Effective, ...]
    default: bool
    """Neither settings nor options name a policy, so that the pack ``baseline`` is used."""


def show(names: Sequence[str] | None) -> Shown:
    """The policy in force. Raises `RunError` for one that is not valid."""
    catalogue, settings = open_catalogue(), load_settings(os.getcwd())
    chosen = names or settings.policy
    found = survey(chosen or DEFAULT_POLICY, root=settings.root, catalogue=catalogue)
    rules = rules_of(found.policy, catalogue)
    return Shown(found.policy, tuple(effective(found, rules)), not chosen)


def open_catalogue() -> Catalogue:
    """All rules of this installation. Raises `RunError` when a plugin cannot be loaded."""
    try:
        return Catalogue()
    except PluginError as error:
        raise RunError(str(error), remedy="repair or uninstall that plugin") from None


def rules_of(policy: Policy, catalogue: Catalogue) -> Mapping[str, Rule]:
    """Every rule that a clause of the policy names, by id."""
    own = {rule.id: rule for rule in policy.custom}
    return {clause.rule: own.get(clause.rule) or catalogue.rule(clause.rule) for clause in policy.clauses}


def each(names: Sequence[str], settings: Settings, catalogue: Catalogue) -> list[Survey]:
    """Every policy by itself. Raises `RunError` that holds the faults of all that are not valid."""
    surveys, faults = [], []
    for name in names:
        try:
            surveys.append(survey([name], root=settings.root, catalogue=catalogue))
        except RunError as error:
            faults += [error, *error.others]
    raise_all(faults)
    return surveys


def raise_all(faults: Sequence[RunError]) -> None:
    """Raise the first of some errors, holding the others; a place is told once."""
    told: dict[tuple[object, ...], RunError] = {}
    for fault in faults:
        told.setdefault((fault.message, fault.place), fault)
    if told:
        first, *others = told.values()
        raise RunError(first.message, first.place, remedy=first.remedy, code=first.code, others=others)
