"""Laws of lint and diff, over policies and data sets that nobody thought of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_datapolicy.app.policies import rules_of
from pytest_datapolicy.engine.compare import changes
from pytest_datapolicy.engine.lint import remarks
from pytest_datapolicy.model.vocabulary import LEVEL_RANK
from pytest_datapolicy.policy.load import Survey, survey
from tests.packs.made import CATALOGUE
from tests.policy.bench import whole
from tests.policy.test_laws import bodies
from tests.properties.strategies import as_json, judge_texts, manifests

if TYPE_CHECKING:
    from pytest_datapolicy.model.policy import Policy

LIVE = ("fail", "indeterminate")
datasets = st.lists(manifests(), min_size=1, max_size=3)


def loaded(files: dict[str, str], name: str) -> Survey:
    """A policy of some files in memory."""
    texts = {f"/project/{path}": whole(path, text).encode() for path, text in files.items()}

    def read(path: str) -> bytes:
        if path not in texts:
            raise FileNotFoundError(path)
        return texts[path]

    return survey([f"/project/{name}"], root="/project", catalogue=CATALOGUE, read=read)


def found(policy: Policy, trees: list[dict[str, Any]]) -> list[dict[tuple[Any, ...], int]]:
    """What a policy says of each data set: the level of every finding, by rule and subject."""
    bare = policy._replace(findings=())
    return [
        {
            (item.rule, item.dataset, item.split, item.component, item.thing): LEVEL_RANK[item.level]
            for item in judge_texts({"dataset.json": as_json(tree).encode()}, bare).findings
            if item.dataset is not None and item.outcome in LIVE
        }
        for tree in trees
    ]


@settings(max_examples=30, deadline=None)
@given(bodies(), bodies(), datasets)
def test_a_change_that_is_never_looser_lets_nothing_pass(one: str, other: str, trees: list[dict[str, Any]]) -> None:
    """Whatever the old policy finds, the new one finds at the same level or above, if no change is looser."""
    old, new = loaded({"old.yaml": one}, "old.yaml"), loaded({"new.yaml": other}, "new.yaml")
    rules = {**rules_of(old.policy, CATALOGUE), **rules_of(new.policy, CATALOGUE)}
    for before, after in ((old, new), (new, old)):
        looser = {change.rule for change in changes(before, after, rules) if change.kind == "looser"}
        for was, now in zip(found(before.policy, trees), found(after.policy, trees), strict=True):
            assert {key for key, level in was.items() if now.get(key, -1) < level and key[0] not in looser} == set()


@settings(max_examples=30, deadline=None)
@given(bodies(), bodies())
def test_a_child_is_never_looser_than_its_parent(base: str, body: str) -> None:
    files = {"base.yaml": base, "child.yaml": f"extends: [./base.yaml]\n{body}"}
    old, new = loaded(files, "base.yaml"), loaded(files, "child.yaml")
    rules = {**rules_of(old.policy, CATALOGUE), **rules_of(new.policy, CATALOGUE)}
    assert [change for change in changes(old, new, rules) if change.kind == "looser"] == []
    assert changes(new, new, rules) == []


@settings(max_examples=30, deadline=None)
@given(bodies(), datasets)
def test_a_clause_that_is_called_idle_changes_nothing(body: str, trees: list[dict[str, Any]]) -> None:
    """Neither a dead nor a redundant clause is missed by any data set, one taken away after the other."""
    policy = loaded({"house.yaml": body}, "house.yaml")
    rules = rules_of(policy.policy, CATALOGUE)
    said = found(policy.policy, trees)
    while True:
        idle = [
            remark.place
            for remark in remarks(policy, rules, lambda place: True)
            if remark.kind in ("dead-clause", "redundant-clause")
        ]
        if not idle:
            return
        kept = tuple(clause for clause in policy.policy.clauses if clause.place != idle[0])
        policy = policy._replace(policy=policy.policy._replace(clauses=kept))
        assert found(policy.policy, trees) == said
