"""Cards: what policies need to know of a rule is listed, and its module is imported when it has something to judge."""

from __future__ import annotations

import pytest

from pytest_datapolicy import catalogue as home
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.hooks import PluginError, RuleEntry
from pytest_datapolicy.model.rule import not_loaded

CATALOGUE = Catalogue()


@pytest.mark.parametrize("entry", list(CATALOGUE), ids=lambda entry: entry.id)
def test_the_card_says_what_the_rule_says(entry: RuleEntry) -> None:
    card, rule = CATALOGUE.card(entry.id), CATALOGUE.rule(entry.id)
    assert card == rule._replace(check=not_loaded, explain=None, docs="")
    assert card.docs == ""
    assert CATALOGUE.card(entry.name) is card


def test_a_card_that_is_not_the_rules_own_is_refused() -> None:
    entry = next(iter(CATALOGUE))
    assert entry.card is not None
    changed = entry._replace(card=entry.card._replace(summary="something else"))
    with pytest.raises(PluginError, match=r"rule DP000 \(.*\) does not hold the rule that it is listed as"):
        home._load_rule(changed)


def test_a_card_cannot_judge() -> None:
    from pytest_datapolicy.engine.plan import always_clause

    card = CATALOGUE.card("DP101")
    with pytest.raises(RuntimeError, match="DP101 is listed, not loaded"):
        card.check(None, always_clause(card), None)  # type: ignore[arg-type]


def test_an_entry_without_a_card_is_imported_at_once() -> None:
    catalogue = Catalogue()
    catalogue._entries["DP101"] = catalogue._entries["DP101"]._replace(card=None)
    assert catalogue.card("DP101") is catalogue.rule("DP101")
