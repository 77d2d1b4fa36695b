"""Texts as they are compared: NFKC, case folded, runs of white space as one space. One function for all engines.

Engines do ASCII texts themselves (see `statements.normal`), to the same result; this does the others.
"""

from __future__ import annotations

import unicodedata
from typing import Any


def normalised(text: str) -> str:
    """A text as it is compared. Folding case undoes some of NFKC, so that it is done twice."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def normalised_array(texts: Any) -> Any:
    """`normalised` of each text of an array of Arrow. Its annotations are evaluated by DuckDB."""
    import pyarrow as pa

    return pa.array([None if text is None else normalised(text) for text in texts.to_pylist()], pa.string())
