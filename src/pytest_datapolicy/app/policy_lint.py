"""The use case behind ``datapolicy policy lint``."""

from __future__ import annotations

import os

from pytest_datapolicy.app import DEFAULT_POLICY, inspect
from pytest_datapolicy.app.policies import each, open_catalogue, raise_all, rules_of
from pytest_datapolicy.app.settings import load_settings
from pytest_datapolicy.engine.lint import Remark, remarks
from pytest_datapolicy.engine.plan import ELSEWHERE
from pytest_datapolicy.model.places import Note
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.policy.faults import meant
from pytest_datapolicy.policy.load import survey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Policy, PolicySource
    from pytest_datapolicy.model.report import Finding
    from pytest_datapolicy.policy.load import Survey


class Linted(NamedTuple):
    """What there is to say about some policies."""

    remarks: tuple[Remark, ...]
    sources: tuple[PolicySource, ...]
    """All files that took part."""
    manifests: int | None
    """So many manifests were held against the policy; None when it was looked at by itself."""


def lint(files: Sequence[str]) -> Linted:
    """Look at policy files, each by itself; without any, at the policies of the settings, united.

    Raises `RunError`, which holds every fault, when a policy is not valid.
    """
    settings, catalogue = load_settings(next(iter(files), os.getcwd())), open_catalogue()
    if files:
        surveys = each(files, settings, catalogue)
    else:
        surveys = [survey(settings.policy or DEFAULT_POLICY, root=settings.root, catalogue=catalogue)]
    found: dict[Remark, None] = {}
    for item in surveys:
        rules = rules_of(item.policy, catalogue)
        own = _own(item)
        found |= dict.fromkeys(remarks(item, rules, own))
        found |= dict.fromkeys(_told(finding) for finding in item.policy.findings if own(finding.place))
    manifests = None
    if not files or not settings.policy or {os.path.abspath(name) for name in files} & set(settings.policy):
        manifests, live = _live(files, settings.root)
        found |= dict.fromkeys(live)
    if not manifests:
        found |= dict.fromkeys(remark for item in surveys for remark in _strangers(item.policy, _own(item)))
    sources = dict.fromkeys(source for item in surveys for source in item.policy.sources)
    return Linted(tuple(sorted(found, key=lambda remark: remark.sort_key)), tuple(sources), manifests)


def _own(item: Survey) -> Callable[[Place], bool]:
    """Whether a place is in a file that was named, or in one of the project."""
    return lambda place: place.path in item.roots or not place.path.startswith(ELSEWHERE)


def _told(finding: Finding) -> Remark:
    related = () if finding.clause is None else (Note(finding.clause, "the parent's"),)
    return Remark(finding.rule, finding.rule, finding.message, finding.remedy, finding.place, related)


def _live(files: Sequence[str], root: str) -> tuple[int, list[Remark]]:
    """How many manifests the project has, and the clauses that match none of their subjects."""
    report, _ = inspect(policy=list(files) or None, root=root)
    raise_all([error for error in report.errors if error.code != 3])
    told = [_told(finding) for finding in report.findings if finding.rule == "DP708" and report.manifests]
    return report.manifests, told


def _strangers(policy: Policy, own: Callable[[Place], bool]) -> Iterator[Remark]:
    """Clauses for domains that no floor names, where no manifest could name them either."""
    known = sorted(policy.floors)
    for clause in policy.clauses:
        if clause.place is None or not own(clause.place):
            continue
        for domain in sorted(clause.when.get("domains", frozenset()) - set(known)):
            message = f"this clause is for domain {domain}, and no floor names it"
            yield Remark("dead-clause", clause.rule, message, _other(domain, known), clause.place)


def _other(domain: str, known: Iterable[str]) -> str:
    return meant(domain, known) or "correct it, or give the domain a floor"
