"""Comparisons and mutants of policies say what is kept of them, whole."""

from __future__ import annotations

from tests.policy_verbs.whole import PATH, whole


def test_policies_differ_and_are_changed_as_is_kept() -> None:
    assert whole() == PATH.read_text("utf-8"), "python -m tests.policy_verbs.whole writes what is"
