"""What can be told by convention where a format has no field for it: which tables are splits, what tags mean."""

from __future__ import annotations

import re

from pytest_datapolicy.formats.creators import MADE
from pytest_datapolicy.formats.host import ANYTHING, EVERY, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.formats.host import Source, Stated

_SPLITS = frozenset(
    {
        *("train", "training", "trainset", "test", "tests", "testing", "testset", "dev", "devset", "val", "valid"),
        *("validation", "eval", "evaluation", "evalset", "holdout", "heldout", "benchmark", "golden"),
    }
)
_WORDS = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_DOMAIN = re.compile(r"[a-z][a-z0-9._-]{0,63}")


def is_split(name: str) -> bool:
    """Whether a table is named like a split: ``train``, ``test-2``, ``valSet``."""
    return any(word.lower() in _SPLITS for word in _WORDS.findall(name))


def state_keywords(stated: Stated, words: Any, source: Source) -> None:
    """Keywords name domains, and some of them say that there is synthetic data."""
    listed = texts(words)
    domains = [word for word in dict.fromkeys(listed) if _DOMAIN.fullmatch(word)]
    if domains:
        stated.state(("domains",), domains, source, weak=True)
    note_synthetic(stated, words, source)


def note_synthetic(stated: Stated, words: Any, source: Source) -> None:
    """Note the first keyword that says that some of the data is synthetic: which, and how made, stays unknown."""
    if stated.some_synthetic is not None:
        return
    for index, word in enumerate(words if isinstance(words, list) else [words]):
        if isinstance(word, str) and word.strip().lower() in MADE:
            place = source.at(index) if isinstance(words, list) else source
            noun = "tag" if source.pointer[-1:] == ("tags",) else "keyword"
            named = place._replace(name=f"the {noun} {word.strip()}")
            stated.some_synthetic = named
            reason = f"{named.field} says that some of it is synthetic, not what nor how it was made"
            stated.state((*EVERY, "origin"), "unknown", named, reason=reason, fits=ANYTHING)
            return
