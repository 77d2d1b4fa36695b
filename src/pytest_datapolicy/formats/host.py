"""What the host file of another format states, fact by fact, and where it states it.

The common ground of all foreign formats, in three steps:

1. A reader fills a `Stated`: `state(pointer, value, source)` for every fact, `leave(pointer, source, reason)` for what
   the host says in a way that yields no fact (a placeholder, a range, prose). A pointer is that of the native manifest
   with ``"*"`` for every split and every component (`EVERY`), or with a component's name where the host names
   components. A `Source` is a document and a pointer in it: the host file or a file beside it. What is too coarse is
   stated as ``unknown`` with ``reason=`` and, in ``fits=``, the values that could still be true.
2. `completion.complete(stated, block)` fills the gaps from a `Block` of native fields (the ``datapolicy`` block of the
   host, or a whole sidecar), finds what both state differently (`Conflict`, DP007), validates the result against the
   manifest schema and gives a `Reading` that leads every native pointer back to its place.
3. ``FORMAT = host_format(name, state)`` makes the format of a function ``state(data, path, sibling) -> Stated``. It is
   listed in ``builtin.py`` with its file names and ``content``, by which files of general names are told apart and
   files named on the command line are recognised.

`syntax.host.read_host` reads the text: limits and duplicates are errors, doubtful scalars read as their spelling.
Absent stays absent: no reader has a default, and only a field that says so reads as a real origin.
"""

from __future__ import annotations

import re

from pytest_datapolicy.model.document import Document, Problem, Refused
from pytest_datapolicy.model.format import Format, alone
from pytest_datapolicy.model.places import START, Place, Pointer, Span
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.syntax.host import UNSEEN, read_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Set
    from typing import Any

    from pytest_datapolicy.model.format import Reading, Sibling
    from pytest_datapolicy.syntax.host import HostDocument

EVERY: Pointer = ("splits", "*", "components", "*")
"""Every component of every split."""
BLOCK = "datapolicy"
"""The key of the block of native fields in a host's extension place."""
COMPONENT = "all"
"""The name of the one component of a split for which neither host nor block names components."""
ANYTHING: frozenset[str] = frozenset()
"""For `Fact.fits`: nothing contradicts it."""
MACHINE_LABELS = frozenset({"model", "program", "simulation", "unknown"})


class Source(NamedTuple):
    """Where a host states something."""

    document: Document
    pointer: Pointer
    name: str = ""
    """The field as people write it; the dotted pointer when empty."""

    @property
    def field(self) -> str:
        return self.name or dotted(self.pointer)

    def place(self) -> Place:
        """The place to open."""
        return self.document.place(self.pointer)

    def at(self, *path: str | int) -> Source:
        """The source of a value further in."""
        return Source(self.document, (*self.pointer, *path), self.name and dotted((self.name, *path)))


class Fact(NamedTuple):
    """One fact of a host."""

    value: Any
    source: Source
    reason: str = ""
    """Why the value is what it is; given for everything that is ``unknown``."""
    fits: Set[str] | None = None
    """For a coarse fact: the values that complete it without contradiction; `ANYTHING` for all. None: it is exact."""
    weak: bool = False
    """A title, a description: taken when nothing else says it, never a contradiction."""


class Stated:
    """What one host file states."""

    def __init__(self, name: str, document: Document, block: Pointer = (BLOCK,)) -> None:
        self.name = name
        """Of the format."""
        self.document = document
        self.block = block
        """Where the host file has its block of native fields, given or not."""
        self.facts: dict[Pointer, Fact] = {}
        self.left: dict[Pointer, Fact] = {}
        """What yields no fact, with the reason; the value is None."""
        self.splits: dict[str, Source] = {}
        """The splits that the host names."""
        self.some_synthetic: Source | None = None
        """Where the host says that some of the data is synthetic, without saying which."""
        self._repeats: dict[str, int] = {}
        self.others: list[Document] = []
        """Files beside the host that facts came from."""

    def source(self, *path: str | int) -> Source:
        """A place in the host file."""
        return Source(self.document, path)

    def split(self, name: str, source: Source) -> str:
        """Note a split of the host under a name that a manifest can hold, and give that name."""
        chosen = free_name(part_name(name), self.splits, self._repeats)
        self.splits[chosen] = source
        return chosen

    def state(
        self,
        pointer: Pointer,
        value: Any,
        source: Source,
        *,
        reason: str = "",
        fits: Set[str] | None = None,
        weak: bool = False,
    ) -> None:
        """Note a fact; text with a character that does not show is left out and named."""
        if isinstance(value, str) and UNSEEN in value:
            self.leave(pointer, source, f"{source.field} holds a character that does not show")
        else:
            self.facts[pointer] = Fact(value, source, reason, fits, weak)
            self.left.pop(pointer, None)

    def leave(self, pointer: Pointer, source: Source, reason: str) -> None:
        """Note why something that the host says yields no fact."""
        if pointer not in self.facts:
            self.left[pointer] = Fact(None, source, reason)


def host_format(name: str, state: Callable[[bytes, str, Sibling], Stated]) -> Format:
    """The format of host files that `state` reads, each completed by its own block."""

    def read_beside(data: bytes, path: str, sibling: Sibling) -> Reading:
        from pytest_datapolicy.formats.completion import complete, own_block

        stated = state(data, path, sibling)
        return complete(stated, own_block(stated))

    return Format(name, lambda data, path: read_beside(data, path, alone), read_beside, state)


def beside(stated: Stated, sibling: Sibling, name: str, *, as_json: bool) -> HostDocument | None:
    """A file beside the host that facts can come from; None where there is none."""
    data = sibling(name)
    if data is None:
        return None
    folder = stated.document.path[: stated.document.path.rfind("/") + 1]
    try:
        document = read_host(data, folder + name, as_json=as_json)
    except Refused as refused:
        first = refused.problems[0]
        message = f"{name} beside this file cannot be read: {first.message}, on line {first.span.line}"
        raise Refused([Problem(first.rule, message, first.remedy, START)], stated.document.text) from None
    stated.others.append(document)
    return document


def refuse(message: str, remedy: str, span: Span = START, text: str = "", rule: str = "DP001") -> Refused:
    """A host file that cannot be read as what it is taken for."""
    return Refused([Problem(rule, message, remedy, span)], text)


def dotted(pointer: Iterable[str | int]) -> str:
    """``dataset_info.splits[0].name``."""
    out = ""
    for step in pointer:
        out += f"[{step}]" if isinstance(step, int) else f".{step}" if out else step
    return out


def part_name(text: str) -> str:
    """`text` as a name that splits and components can have; names that already are keep their spelling."""
    kept = "".join(char if (char.isascii() and char.isalnum()) or char in "._-" else "-" for char in text)
    return kept.lstrip("._-")[:128].rstrip("-") or "unnamed"


def slug(text: str) -> str:
    """`text` as the name of a data set; empty when nothing of it can be kept."""
    name = part_name(text).lower()
    while "--" in name:
        name = name.replace("--", "-")
    return "" if name == "unnamed" and text.strip().lower() != "unnamed" else name


def free_name(name: str, taken: Container[str], repeats: dict[str, int]) -> str:
    """`name`, or the first of ``name-2``, ``name-3`` ... that is not taken; `repeats` remembers how far that went."""
    chosen = name
    while chosen in taken:
        repeats[name] = repeats.get(name, 1) + 1
        chosen = f"{name[:120]}-{repeats[name]}"
    return chosen


def texts(value: Any) -> list[str]:
    """The texts of a field that holds one or a list of them."""
    values = value if isinstance(value, list) else [value]
    return [item.strip() for item in values if isinstance(item, str) and item.strip()]


_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}")
_VERSION = re.compile(r"[!-\"$-?A-~]{1,128}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(
    r"(?:(?:s3|gs|az|abfss|hf|https)://[A-Za-z0-9][^/\\:$*?#\s]*/[^\\:$*?#\t\n\r]+|[^/\\:$*?~\s][^\\:$*?\t\n\r]*)"
)
_STEPS = re.compile(r"(?:^|[^:/]/)\.{0,2}(?:/|$)|\s$")
_PLACEHOLDERS = frozenset(
    {
        *("todo", "tbd", "tba", "tbc", "fixme", "xxx", "n/a", "na", "none", "null", "nil", "unknown", "unspecified"),
        *("other", "?", "-", "...", "placeholder", "changeme", "change me", "to be determined", "to be announced"),
        *("to be defined", "more information needed", "[more information needed]", "[needs more information]"),
    }
)


def is_placeholder(text: str) -> bool:
    """Whether a text only stands where a value should."""
    return text.strip().lower().rstrip(".:") in _PLACEHOLDERS or not text.strip()


def is_name(text: str) -> bool:
    """Whether a data set can have this name as it is."""
    return _NAME.fullmatch(text) is not None


def is_version(text: str) -> bool:
    """Whether a data set can have this version as it is."""
    return _VERSION.fullmatch(text) is not None


def is_line(text: str) -> bool:
    """Whether this is a line of text that a manifest can hold."""
    return 0 < len(text) <= 256 and text == text.strip() and "\n" not in text


def is_sha256(text: str) -> bool:
    """Whether this is a digest, in lower case."""
    return _SHA256.fullmatch(text) is not None


def is_file(text: str) -> bool:
    """Whether this names one file as a manifest can name it: no glob, no query, no way out of the folder."""
    return len(text) <= 1024 and _FILE.fullmatch(text) is not None and _STEPS.search(text) is None
