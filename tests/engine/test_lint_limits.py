"""A rule of somebody else may bound one thing from both sides: what then can never pass is told."""

from __future__ import annotations

import pytest

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.engine.lint import Remark, remarks
from pytest_datapolicy.model.places import Place, Span
from pytest_datapolicy.model.rule import Parameter
from pytest_datapolicy.policy.load import survey

POLICY = b"""\
policy: 1
name: house
version: "1"
rules:
  min-real-records: {limits: [{min: 5}]}
"""
BOTH = (
    Parameter("note", "name", "none", "a note"),
    Parameter("min_days", "days", "higher", "at least", required=False),
    Parameter("max_days", "days", "lower", "at most", required=False),
)


def said(**limits: int | None) -> list[Remark]:
    catalogue = Catalogue()
    found = survey(["policy.yaml"], root=".", catalogue=catalogue, read=lambda path: POLICY)
    (clause,) = found.policy.clauses
    changed = clause._replace(limits={"note": None, "min_days": None, "max_days": None, **limits})
    rule = catalogue.card("DP102")._replace(name="between", parameters=BOTH)
    policy = found.policy._replace(clauses=(changed,))
    return list(remarks(found._replace(policy=policy), {"DP102": rule}, lambda place: True))


def test_more_at_least_than_at_most() -> None:
    (remark,) = said(min_days=5, max_days=4)
    assert remark._replace(place=remark.place._replace(source="")) == Remark(
        kind="unsatisfiable",
        rule="DP102",
        message="min_days 5 is more than the maximum, 4",
        remedy="lower the one or raise the other",
        place=Place("policy.yaml", Span(5, 32, 5, 38)),
    )


@pytest.mark.parametrize("limits", [{"min_days": 5, "max_days": 5}, {"min_days": 5}, {"max_days": 5}, {}])
def test_what_something_can_pass(limits: dict[str, int]) -> None:
    assert said(**limits) == []
