"""Short phrases that the messages of several rules share."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def either(words: Sequence[str]) -> str:
    """``expert``, ``expert or crowd``, ``expert, crowd or user``: words as a sentence offers them."""
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
