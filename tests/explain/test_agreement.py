"""An explanation says what the check says: the same outcomes, the same two numbers, of every case of every rule."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from pytest_datapolicy.policy.load import load_policy
from pytest_datapolicy.render.explained import as_object, render
from pytest_datapolicy.render.json import dumps
from pytest_datapolicy.testing import TODAY, read_cases
from tests.explain.worked import CATALOGUE, Worked, explained, work
from tests.packs.made import manifest
from tests.packs.test_ladder import given_manifests

if TYPE_CHECKING:
    from pytest_datapolicy.engine.explain import Decision, Judgement
    from pytest_datapolicy.model.rule import Draft

CASES = Path(__file__).parents[1] / "rules"
STRICT = load_policy(["builtin:strict"], root=".", catalogue=CATALOGUE)
RULES = [
    entry.id for entry in CATALOGUE if CATALOGUE.rule(entry.id).scope != "policy" and not CATALOGUE.rule(entry.id).needs
]
OF_DATA = [entry.id for entry in CATALOGUE if entry.needs == "verify"]


def _cases() -> list[Any]:
    params = []
    for path in sorted(CASES.glob("*/*.yaml")):
        rule = CATALOGUE.id_of(path.stem.replace("_", "-"))
        if rule in RULES or rule in OF_DATA:
            params += [pytest.param(rule, case, id=f"{rule}: {case['case']}") for case in read_cases(str(path))]
    return params


@pytest.mark.parametrize(("rule", "case"), _cases())
def test_the_cases_of_every_rule(rule: str, case: dict[str, Any]) -> None:
    manifests = case["manifests"] if "manifests" in case else case["manifest"]
    policy, today = case.get("policy", case.get("rules")), str(case.get("today", TODAY))
    worked = work(manifests, policy, rule, today=today, files=case.get("files"))
    assert differences(worked, rule) == []


@settings(max_examples=12, deadline=None)
@given(given_manifests)
def test_anything_under_the_strict_pack(made: tuple[str, bytes]) -> None:
    path, text = made
    worked = work({path: text.decode()}, STRICT, *RULES)
    assert [line for rule in RULES for line in differences(worked, rule)] == []


def differences(worked: Worked, rule: str) -> list[str]:
    """Where an explanation and the findings of the check do not agree."""
    found = [finding for finding in worked.judged.findings if finding.rule == rule and finding.dataset is not None]
    decided = worked.decisions[rule]
    held = [finding for decision in decided for finding in decision.findings]
    lines = [f"{finding.message} is told by no decision" for finding in found if finding not in held]
    for decision in decided:
        lines += _outcome(decision)
        for item in decision.judged:
            lines += _numbers(item)
    if CATALOGUE.rule(rule).scope != "project":
        subjects = sum(count.subjects for count in worked.judged.rules if count.rule == rule)
        put = len([item for item in decided if item.judged and item.judged[0].outcome != "not-applicable"])
        readers = rule in ("DP000", "DP001", "DP002", "DP003", "DP004")
        laundered = any(finding.rule == "DP007" for finding in worked.judged.findings)
        if put != subjects and not readers and not laundered:
            lines.append(f"{put} decisions were made, and the rule met {subjects} subjects")
    _render(worked, rule)
    return lines


def _outcome(decision: Decision) -> list[str]:
    said = {(item.split, item.component, item.thing): item for item in decision.findings}
    drafts = [(item, draft) for item in decision.judged for draft in item.drafts if draft.outcome != "not-applicable"]
    keys = {(decision.split or d.split, decision.component or d.component, d.thing) for _, d in drafts}
    if keys != said.keys():
        return [f"drafts about {keys}, findings about {said.keys()}"]
    if not decision.findings:
        return []
    bound = decision.judged[0]
    gravest = max(decision.findings, key=lambda item: (item.level == "error", item.level == "warning"))
    if bound.clause.place not in {finding.clause for finding in decision.findings}:
        return [f"bound by {bound.clause.place}, and {gravest.clause} is named by the finding"]
    return [] if decision.outcome in ("fail", "indeterminate") else [f"{decision.outcome} with findings"]


def _numbers(item: Judgement) -> list[str]:
    """The two values of a finding are the two that the calculation marks."""
    if not item.lines:
        return []
    pairs: dict[tuple[str, str], list[object]] = {}
    for line in item.lines:
        if line.term.role:
            pairs.setdefault((line.term.thing, line.term.role), []).append(line.term.value)
    lines = [f"{key} is marked {len(values)} times" for key, values in pairs.items() if len(values) > 1]
    for draft in item.drafts:
        for role, value in (("observed", draft.observed), ("limit", draft.limit)):
            shown = pairs.get((draft.thing, role), [None])[0]
            if value is not None and draft.outcome == "fail" and _asked(draft) and _plain(shown) != _plain(value):
                lines.append(f"{role} is {value}, and the calculation shows {shown}: {draft.message}")
    return lines


def _asked(draft: Draft) -> bool:
    """Rules that compare families or count what is named have no single pair to show."""
    return not (isinstance(draft.observed, str) and draft.limit is None)


def _plain(value: object) -> object:
    return Fraction(value) if isinstance(value, int | Fraction) else value


def _render(worked: Worked, rule: str) -> None:
    """Both forms can be written, and lines of the text stay lines."""
    shown = explained(worked, rule)
    text = render(shown)
    assert text.isprintable() is False
    assert all(line.isprintable() for line in text.split("\n"))
    assert json.loads(dumps(as_object(shown)))["rule"]["id"] == rule


def test_the_made_manifest_is_explained_whole() -> None:
    worked = work(manifest(), STRICT, *RULES)
    outcomes = {decision.outcome for found in worked.decisions.values() for decision in found}
    assert outcomes == {"pass", "not-applicable"}
