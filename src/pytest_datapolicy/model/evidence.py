"""What a file of evidence says of a review, counted anew rather than believed."""

from __future__ import annotations

from collections.abc import Callable

from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Recount(NamedTuple):
    """The records that a file shows to be reviewed. Each counts once, with the worst verdict that it got."""

    form: str
    """What the file was read as."""
    sha256: str
    """Of its bytes."""
    accepted: int
    corrected: int
    rejected: int
    reviewers: frozenset[str]
    """Ids of those whose entries count, as the file has them."""
    aside: Mapping[str, int] = {}
    """Entries that are no review, by what they are: ``cancelled``, ``made in bulk``, ``imported``, ``drafts`` ..."""

    @property
    def sampled(self) -> int:
        """Records reviewed."""
        return self.accepted + self.corrected + self.rejected


class Unread(NamedTuple):
    """Why a file of evidence cannot be counted."""

    reason: str
    """A clause of a sentence: ``there is no such file``."""
    remedy: str
    missing: bool = False
    """There is no file to open, rather than one that cannot be understood."""


OpenEvidence = Callable[[str, "str | None"], "Recount | Unread"]
"""From a path relative to the manifest, and the name of the format where that is given, to what the file says."""
