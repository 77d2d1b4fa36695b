"""Decisions about manifests given as text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.engine.explain import Explained, decisions, everything, with_findings
from pytest_datapolicy.engine.run import judge
from pytest_datapolicy.model.policy import Policy
from pytest_datapolicy.model.report import Report
from pytest_datapolicy.testing import MANIFEST_PATH, TODAY, load_text
from pytest_datapolicy.testing.tables import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_datapolicy.engine.explain import Decision
    from pytest_datapolicy.engine.judged import Judged
    from pytest_datapolicy.engine.project import Known
    from pytest_datapolicy.model.format import Reading

CATALOGUE = Catalogue()


class Worked(NamedTuple):
    """The decisions of several rules in one run."""

    decisions: dict[str, list[Decision]]
    """By rule id."""
    judged: Judged
    policy: Policy


def _policy(policy: str | Mapping[str, Any] | None) -> Policy:
    return _loaded(policy) if isinstance(policy, str) else load_text(policy, CATALOGUE)


@lru_cache
def _loaded(text: str) -> Policy:
    return load_text(text, CATALOGUE)


def work(
    manifests: str | Mapping[str, str],
    policy: str | Mapping[str, Any] | Policy | None,
    *rules: str,
    today: str = TODAY,
    chosen: Callable[[str | None, str | None], bool] = everything,
    files: Mapping[str, Any] | None = None,
) -> Worked:
    """Judge manifests and explain what `rules` decide."""
    texts = {MANIFEST_PATH: manifests} if isinstance(manifests, str) else dict(manifests)
    effective = policy if isinstance(policy, Policy) else _policy(policy)
    found: dict[str, list[Decision]] = {}

    def read(path: str) -> Reading:
        return CATALOGUE.format_of(path).read(texts[path].encode("utf-8", "surrogatepass"), path)

    def then(known: Known) -> None:
        for rule in rules:
            found[rule] = list(decisions(known, CATALOGUE.rule(rule), chosen))

    reads_data = any(CATALOGUE.card(rule).needs == "verify" for rule in rules)
    with opened({**texts, **(files or {})}, reads_data) as verifier:
        judged = judge(texts, read, effective, CATALOGUE, today=today, then=then, verify=verifier)
    explained = {rule: with_findings(items, judged.findings) for rule, items in found.items()}
    return Worked(explained, judged, effective)


def explained(worked: Worked, rule: str, *, today: str = TODAY) -> Explained:
    """What the renderers take."""
    report = Report(
        version="0",
        root="",
        today=today,
        today_given=True,
        policy=worked.policy.sources,
        policy_default=False,
        manifests=worked.judged.manifests,
        subjects=worked.judged.subjects,
        skipped=0,
        findings=worked.judged.findings,
        rules=worked.judged.rules,
    )
    return Explained(CATALOGUE.rule(rule), tuple(worked.decisions[rule]), (), report)
