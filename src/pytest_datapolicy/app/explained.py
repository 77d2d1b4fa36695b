"""The use case behind ``datapolicy explain RULE PATH``: a check of one rule whose decisions are worked out."""

from __future__ import annotations

from pytest_datapolicy.app import Measuring, inspect
from pytest_datapolicy.app.suggest import did_you_mean
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.engine.explain import Explained, decisions, with_findings
from pytest_datapolicy.engine.plan import READERS_RULES
from pytest_datapolicy.model.amounts import named
from pytest_datapolicy.model.report import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_datapolicy.engine.explain import Decision
    from pytest_datapolicy.engine.project import Known
    from pytest_datapolicy.model.report import Finding, Report
    from pytest_datapolicy.model.rule import Rule


def explain(
    key: str,
    paths: Sequence[str],
    *,
    policy: Sequence[str] | None = None,
    today: str | None = None,
    split: str | None = None,
    component: str | None = None,
) -> Explained:
    """Decide the rule `key`, an id or a name, on the manifests at `paths` as ``check`` does, and say how.

    Own rules of the policy are found too; for rules about data files these are read. Raises `RunError` for whatever
    makes the run invalid, and when no subject is of that `split` or `component`.
    """
    rules: list[Rule] = []
    found: list[Decision] = []
    seen: dict[tuple[str | None, str | None], None] = {}

    def chosen(one: str | None, part: str | None) -> bool:
        seen[one, part] = None
        return split in (None, one) and component in (None, part)

    def then(known: Known) -> None:
        rules.append(_rule(key, known))
        found.extend(decisions(known, rules[0], chosen))

    verify = Measuring() if _reads_data(key) else None
    report, _ = inspect(paths, policy=policy, today=today, select=[key], then=then, verify=verify)
    for error in report.errors:
        raise error
    rule = rules[0]
    if not found:
        _refuse("split", split, {one for one, _ in seen})
        _refuse("component", component, {part for one, part in seen if split in (None, one)})
    explained = with_findings(found, report.findings)
    return Explained(rule, tuple(explained), () if split or component else _others(rule, explained, report), report)


def _rule(key: str, known: Known) -> Rule:
    """The rule with this id or name, of the installation or of the policy."""
    catalogue = Catalogue()
    rule = catalogue.rule(key) if key in catalogue else known.plan.rules[key]
    if rule.scope == "policy" or rule.needs == "base":
        what = "runs only with --base" if rule.needs else "judges policies and waivers, not data sets"
        raise RunError(f"{rule.id} {what}", remedy=f"see `datapolicy explain {rule.id}` without a path")
    return rule


def _reads_data(key: str) -> bool:
    """Whether the rule can only be explained with the data files open."""
    catalogue = Catalogue()
    return key in catalogue and catalogue.card(key).needs == "verify"


def _refuse(field: str, name: str | None, names: set[str | None]) -> None:
    """Raise `RunError` for a name that no subject has."""
    if name is not None and name not in names:
        known = sorted(item for item in names if item is not None)
        listed = f"the {field}s are {named(known)}" if known else f"the rule does not judge {field}s"
        raise RunError(f"no {field} {name!r} is judged", remedy=did_you_mean(name, known, listed))


def _others(rule: Rule, explained: list[Decision], report: Report) -> tuple[Finding, ...]:
    """Findings of the rule that no decision holds, and those that keep a manifest from being judged."""
    held = {id(finding) for decision in explained for finding in decision.findings}
    return tuple(
        finding
        for finding in report.findings
        if id(finding) not in held and (finding.rule == rule.id or finding.rule in READERS_RULES)
    )
