"""What the data files of a data set hold, for the rules of ``--verify``: measured rather than believed."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from fractions import Fraction

    from pytest_datapolicy.model.manifest import Component, Manifest, Split
    from pytest_datapolicy.model.places import Pointer


class Unmeasured(NamedTuple):
    """Why something cannot be measured. A rule that needs it is indeterminate, or says what is wrong with the file."""

    reason: str
    """A clause of a sentence: ``data/ward.parquet is not there``."""
    remedy: str
    at: Pointer = ()
    """Where the manifest says what cannot be measured, when that is not the subject."""
    kind: str = "unreadable"
    """``absent``, ``outside`` (below none of the allowed roots), ``irregular`` (no regular file), ``unreadable``,
    ``changed`` (while it was read), ``undeclared`` (the manifest lacks what the measure needs, a column or a file)
    or ``support`` (too few records to tell)."""


class DataFile(NamedTuple):
    """An entry of ``files``: one file, or all that a folder or a glob stands for."""

    path: str
    """As the manifest has it."""
    at: Pointer
    fault: Unmeasured | None = None
    """Why it cannot be read, when it cannot."""
    listing: bool = False
    """A folder or a glob: its digest is that of the listing of its members."""
    members: int = 1
    bytes: int = 0


class Counts(NamedTuple):
    """The records of one component, counted in its files."""

    records: int
    """Rows of its files that its ``where`` selects; each file of a listing of media counts one."""
    files: tuple[int | Unmeasured, ...]
    """All rows of each entry of ``files``, whatever ``where`` says."""
    origins: Mapping[str, int]
    """The component's records by the value of the origin column, when ``columns.origin`` names one. Values that
    ``columns.origins`` does not list (without it: that are no origins) are counted together under one of them, the
    first in order; an empty cell is ``""``."""
    shared: tuple[tuple[str, int], ...] = ()
    """Other components of the data set, as ``split/component``, that claim some of the same rows, with how many."""
    unclaimed: tuple[int, ...] = ()
    """Rows of each entry of ``files`` that no component of the data set claims; counted at the first component that
    names the file, 0 at the others."""
    own: tuple[int, ...] = ()
    """Of `records`, those in each entry of ``files``: what `files` counts, less the rows that ``where`` leaves out. May
    stay empty when the component has no ``where``."""


class Overlap(NamedTuple):
    """The records of an evaluation split that occur in training.

    Two records are equal when their normalised texts are: NFKC, case folded, white space collapsed.
    """

    records: int
    """Records of the evaluation split that hold text."""
    exact: int
    """Those whose whole text is a training record's."""
    grams: int
    """Of the others, those that share a run of 13 words with a training record."""
    ids: tuple[str, ...] = ()
    """Of the first few that occur, in order of their ids; row numbers are no ids, so empty without ``columns.id``."""
    texts: tuple[str, ...] = ()
    """Their texts, only when the user asked to see records."""
    trained: tuple[str, ...] = ()
    """The training splits that were looked through, ``split`` or ``name@version#split``."""

    @property
    def share(self) -> Fraction:
        """Share of the evaluation records that occur in training."""
        from fractions import Fraction

        return Fraction(self.exact + self.grams, self.records)


class Evaluation(NamedTuple):
    """An evaluation split that a data set's training must not hold."""

    name: str
    """``test``, or ``name@version#split`` when another data set has it."""
    at: Pointer
    """In the manifest of the data set that trains: the split, or the reference that names it."""
    split: Split
    """The split itself, of whichever manifest."""


class Duplicates(NamedTuple):
    """Records of a split whose normalised text an earlier record has."""

    records: int
    duplicates: int
    ids: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


class Coverage(NamedTuple):
    """How many categories of the real core a part of the data still has."""

    part: str
    """``whole`` or ``synthetic``."""
    records: int
    """Records of the part."""
    categories: int
    """Categories of the real core that are looked for."""
    present: int
    open: int
    """Absent ones that a part of this size need not show: too few records to expect one (minimum support)."""
    lost: tuple[str, ...] = ()
    """The first few categories that are absent and should not be, the most frequent in the real core first."""
    needed: int = 0
    """Records that the part needs so that no category stays open."""


class Tails(NamedTuple):
    """What became of the categories of the real core."""

    column: str
    core: int
    """Records of the real core."""
    rare: tuple[Coverage, ...]
    """Of its rare categories, per part."""
    every: tuple[Coverage, ...]
    """Of all its categories, per part."""


class Diversity(NamedTuple):
    """A measure of diversity on equal samples of the real and of the synthetic records; higher is more diverse."""

    metric: str
    real: Fraction
    synthetic: Fraction
    tokens: int
    """Words in each of the two samples."""

    @property
    def ratio(self) -> Fraction:
        """Synthetic relative to real."""
        return self.synthetic / self.real


class Data(Protocol):
    """The data files of one data set. Nothing is read until it is asked for, and nothing twice."""

    def files(self, component: Component) -> tuple[DataFile, ...]:
        """The entries of ``files``."""
        ...

    def sha256(self, component: Component, index: int) -> str | Unmeasured:
        """SHA-256 of the bytes of an entry of ``files``; of a folder or a glob, that of its listing: for each member,
        in the order of the paths' UTF-8 bytes, ``DIGEST  PATH`` and a line feed, as ``sha256sum`` writes it, with the
        path relative to the manifest's folder."""
        ...

    def counts(self, component: Component) -> Counts | Unmeasured:
        """The records of a component."""
        ...

    def evaluations(self) -> Iterable[Evaluation]:
        """The evaluation and validation splits of the data set, and those that ``evaluated_by`` names."""
        ...

    def overlap(self, evaluation: Evaluation) -> Overlap | Unmeasured | None:
        """Which of its records occur in the training and preference splits of this data set; None without such."""
        ...

    def duplicates(self, split: Split) -> Duplicates | Unmeasured:
        """Records of a split that occur more than once."""
        ...

    def tails(self, split: Split, column: str | None) -> Tails | Unmeasured:
        """The categories of the real core in the split; `column` in place of ``columns.category``."""
        ...

    def diversity(self, split: Split, metric: str) -> Diversity | Unmeasured:
        """`metric` is ``distinct-1``, ``distinct-2``, ``distinct-3`` or ``compression``."""
        ...


class Verifier(Protocol):
    """What opens the data files of data sets."""

    def open(
        self, manifest: Manifest, path: str, find: Callable[[str], tuple[Manifest, str] | None], *, left: int
    ) -> Data:
        """The data of one data set, whose manifest stands at `path` below the project root.

        `find` gives the manifest of ``name@version`` with its path, or None for what the project does not hold. So many
        data sets follow as `left` says. Raises `RunError` when no engine can be started.
        """
        ...
