"""What is made from other files is fresh."""

from __future__ import annotations

from tests.generate import stale


def test_nothing_generated_is_stale() -> None:
    """``python -m tests.generate`` writes what is."""
    assert stale() == []
