"""Every case of every rule gives what is kept of it, to the last column of the last note."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.whole import FAMILIES, cases, path_of, read, shown

CASES = [
    pytest.param(family, title, rule, case, id=title) for family in FAMILIES for rule, title, case in cases(family)
]
KEPT = {family: read(family) for family in FAMILIES}


@pytest.mark.parametrize(("family", "title", "rule", "case"), CASES)
def test_whole(family: str, title: str, rule: str, case: dict[str, Any]) -> None:
    assert shown(rule, case) == KEPT[family].get(title), "python -m tests.rules.whole writes what is"


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_is_kept_of_cases_that_are_no_more(family: str) -> None:
    titles = [title for _, title, _ in cases(family)]
    assert len(set(titles)) == len(titles)
    assert KEPT[family].keys() - set(titles) == set(), path_of(family)
