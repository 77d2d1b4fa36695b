"""Files of other people's formats: the strict readers, lenient where a foreign file may be what a manifest may not.

Every limit, duplicate keys, tags, merge keys and characters that reorder text stay errors. Lenient is only this: a
scalar without one certain value (``no``, ``1_000``, ``1e-5``, a plain date) reads as its spelling and is remembered as
a doubt; number keys read as their spelling; characters that merely do not show read as U+FFFD, so that no fact with
one passes for another.
"""

from __future__ import annotations

import re

from pytest_datapolicy.model.document import Document, Problem, Refused
from pytest_datapolicy.model.places import START
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.syntax.characters import decode
from pytest_datapolicy.syntax.escapes import refuse_hidden
from pytest_datapolicy.syntax.faults import pointer_to
from pytest_datapolicy.syntax.json_text import JsonReader
from pytest_datapolicy.syntax.limits import DATE_KEYS, HOST_BYTES
from pytest_datapolicy.syntax.positions import offset_span
from pytest_datapolicy.syntax.scalars import Doubt, read_date, read_json_number, read_plain
from pytest_datapolicy.syntax.yaml_events import YamlReader, locate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pytest_datapolicy.model.document import Positions
    from pytest_datapolicy.model.places import Pointer, Span
    from pytest_datapolicy.syntax.faults import Where

UNSEEN = "\ufffd"
"""What stands for a character that does not show."""
_SOFT = re.compile("[\u00ad\u034f\u180b-\u180f\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff]")


class Doubtful(NamedTuple):
    """A scalar that was read as its spelling, and why it has no certain value."""

    doubt: Doubt
    pointer: Pointer
    span: Callable[[], Span]

    def problem(self) -> Problem:
        """The fault that this scalar is in a manifest."""
        return Problem(self.doubt.rule, self.doubt.message, self.doubt.remedy, self.span(), self.pointer)


class HostDocument(Document):
    """The values of a foreign file with their places, and the scalars in doubt."""

    __slots__ = ("doubts",)

    def __init__(self, path: str, text: str, source: bytes | str, tree: Any, positions: Positions) -> None:
        super().__init__(path, text, source, tree, positions)
        self.doubts: list[Doubtful] = []

    def doubts_below(self, pointer: Pointer) -> Iterator[Problem]:
        """The faults of what must be as strict as a manifest."""
        return (item.problem() for item in self.doubts if item.pointer[: len(pointer)] == pointer)


def read_host(data: bytes, path: str, *, as_json: bool, digest: str = "", limit: int = HOST_BYTES) -> HostDocument:
    """The mapping in `data`, reported as `path`; `digest` is that of the whole file when `data` is a part of it.

    Raises `Refused` with every fault found.
    """
    if len(data) > limit:
        message = f"the file has {len(data):,} bytes, at most {limit:,} allowed"
        raise Refused([Problem("DP001", message, "split the file", START)])
    text = _decode(data)
    reader = HostJson(text, DATE_KEYS) if as_json else HostYaml(text, DATE_KEYS)
    tree, positions = reader.read()
    if not isinstance(tree, dict):
        message = "the file holds no mapping of fields"
        raise Refused([Problem("DP001", message, "write the fields as key: value", positions.span(()))], text)
    document = HostDocument(path, text, digest or data, tree, positions)
    document.doubts = reader.doubts
    return document


def _decode(data: bytes) -> str:
    if data.isascii():
        return decode(data)
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        return decode(data)  # which says what is wrong
    return decode(_SOFT.sub(UNSEEN, text).encode("utf-8"))


class HostYaml(YamlReader):
    """One pass over the events of a foreign YAML text."""

    __slots__ = ("doubts",)

    def __init__(self, text: str, date_keys: frozenset[str]) -> None:
        super().__init__(text, date_keys)
        self.doubts: list[Doubtful] = []

    def plain(self, event: Any, where: Where) -> object:
        text: str = event.value
        value = read_date(text) if where[2] in self.date_keys else read_plain(text)
        if isinstance(value, Doubt):
            self.doubt(value, event, where)
            return text
        return value

    def key(self, event: Any, where: Where) -> str:
        text: str = event.value
        bare = event.tag is None and event.anchor is None and text not in ("", "<<")
        return text if bare and not event.style else super().key(event, where)

    def doubt(self, doubt: Doubt, event: Any, where: Where) -> None:
        start, end, text = event.start_mark, event.end_mark, self.text
        self.doubts.append(Doubtful(doubt, pointer_to(where), lambda: locate(start, end, text)))


class HostJson(JsonReader):
    """One pass over the tokens of a foreign JSON text."""

    __slots__ = ("doubts",)

    def __init__(self, text: str, date_keys: frozenset[str]) -> None:
        super().__init__(text, date_keys)
        self.doubts: list[Doubtful] = []

    def decoded(self, start: int, end: int, where: Where) -> str:
        value = _SOFT.sub(UNSEEN, self.unescaped(start, end, where))
        refuse_hidden(self.faults, value, start, end, pointer_to(where))
        return value

    def word(self, word: str, start: int, end: int, where: Where) -> object:
        value = read_json_number(word)
        if isinstance(value, Doubt):
            self.doubt(value, start, end, where)
            return word
        return super().word(word, start, end, where)

    def doubt(self, doubt: Doubt | None, start: int, end: int, where: Where) -> None:
        if doubt is not None:
            text = self.text
            self.doubts.append(Doubtful(doubt, pointer_to(where), lambda: offset_span(text, start, end)))
