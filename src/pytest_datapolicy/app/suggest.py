"""The nearest word that would have been right, as a remedy."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def did_you_mean(word: str, choices: Iterable[str], otherwise: str = "") -> str:
    """``did you mean explain?``, or `otherwise` when nothing is near."""
    from pytest_datapolicy.syntax.suggestions import nearest

    near = nearest(word, choices)
    return f"did you mean {near}?" if near else otherwise
