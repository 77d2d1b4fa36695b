"""YAML to values and marks: one iterative pass over libyaml's events, without nodes and without recursion."""

from __future__ import annotations

import re
from itertools import islice

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from pytest_datapolicy.model.document import Problem
from pytest_datapolicy.model.places import START, Span
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.syntax import memo
from pytest_datapolicy.syntax.faults import Faults, Where, pointer_to, shown
from pytest_datapolicy.syntax.limits import DEPTH, EXPANDED, KEYS, NODES
from pytest_datapolicy.syntax.memo import ITEM, MISSING
from pytest_datapolicy.syntax.positions import MarkedPositions, offset_span
from pytest_datapolicy.syntax.scalars import Doubt, read_date, read_plain, wrong_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn

try:
    from yaml._yaml import CParser as EventParser
except ImportError:  # PyYAML without libyaml: slower, the same events
    from yaml import SafeLoader as EventParser  # type: ignore[assignment]

# A node starts with one event and ends with at most one more; streams and documents have two each.
_EVENTS = 2 * NODES + 6
_ANCHOR = r"&\S+[ \t\r\n]*"


class _Anchor(NamedTuple):
    """What an anchor names."""

    value: Any
    marks: list[Any] | None
    nodes: int
    characters: int
    height: int


class _Open(NamedTuple):
    """A collection with an anchor, while it is read."""

    name: str
    nodes: int
    """Nodes met before it."""
    characters: int
    """Characters met before it."""
    deepest: int
    """The depth reached before it."""


def read_yaml(text: str, date_keys: frozenset[str]) -> tuple[Any, MarkedPositions]:
    """The values of a YAML text, and where they stand; raises `Refused`."""
    return YamlReader(text, date_keys).read()


def locate(start: Any, end: Any, text: str) -> Span:
    """The span between two marks, without an anchor before the value and without line ends after it."""
    first, last = start.index, end.index
    if text.startswith("&", first):
        anchor = re.match(_ANCHOR, text[first:last])
        first += anchor.end() if anchor else 0
    if text.startswith(("|", ">"), first):
        last = first + len(text[first:last].rstrip())
    if (first, last) == (start.index, end.index):
        return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
    return offset_span(text, first, max(first, last))


class YamlReader:
    """One pass over the events of one text."""

    __slots__ = ("anchors", "date_keys", "faults", "text")

    def __init__(self, text: str, date_keys: frozenset[str]) -> None:
        self.text = text
        self.date_keys = date_keys
        self.faults = Faults(text)
        self.anchors: dict[str, _Anchor | None] = {}

    def read(self) -> tuple[Any, MarkedPositions]:
        """The value of the document, and where everything in it stands; raises `Refused`."""
        try:
            tree, mark = self.run()
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            from pytest_datapolicy.syntax.yaml_errors import translate

            self.faults.stop(*translate(error, self.text))
        self.faults.close()
        return tree, MarkedPositions(tree, mark, self.text, locate)

    def run(self) -> tuple[Any, Any]:
        """The value of the document and its mark."""
        anchors, date_keys, values, keys = self.anchors, self.date_keys, memo.values, memo.keys
        escapes = "\\" in self.text
        # The open collection, the key being read in it (None where a key comes next), its marks, and what is around it.
        root: list[Any] = []
        holder: Any = root
        key: Any = ITEM
        marks: list[Any] = []
        stack: list[tuple[Any, Any, list[Any], _Open | None]] = []
        depth = deepest = ends = expanded = unfolded = 0
        events: Iterator[Any] = islice(iter(EventParser(self.text).get_event, None), _EVENTS)
        for number, event in enumerate(events):
            kind: Any = event.__class__
            if kind is ScalarEvent:
                value = event.value
                if key is None:
                    key = keys.get(value)
                    if key is None or event.tag is not None or event.anchor is not None:
                        key = self.key(event, (stack, holder, None))
                    if key in holder:
                        self.faults.twice(key, marks, (event.start_mark, event.end_mark), locate, (stack, holder, key))
                    marks.append(event.start_mark)
                    marks.append(event.end_mark)
                    continue
                if event.tag is not None:
                    self.tag(event, (stack, holder, key))
                if not event.style:
                    value = values.get(value, MISSING)
                    if value is MISSING:
                        value = self.plain(event, (stack, holder, key))
                elif escapes or key in date_keys:
                    self.quoted(event, (stack, holder, key))
                if event.anchor is not None:
                    self.anchor(event, (stack, holder, key))
                    anchors[event.anchor] = _Anchor(value, None, 1, event.end_mark.index - event.start_mark.index, 0)
                marks.append(event.start_mark)
                marks.append(event.end_mark)
                if key is ITEM:
                    holder.append(value)
                else:
                    holder[key] = value
                    key = None
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                opened = None
                if key is None or event.tag is not None or event.anchor is not None or depth == DEPTH:
                    self.start(event, (stack, holder, key))
                    if event.anchor is not None:
                        before = number - 2 - ends + expanded, event.start_mark.index + unfolded
                        opened = _Open(event.anchor, *before, deepest)
                        deepest = 0
                stack.append((holder, key, marks, opened))
                inner: Any = {} if kind is MappingStartEvent else []
                inner_marks = [event.start_mark, event.end_mark]
                marks += inner_marks, None
                if key is ITEM:
                    holder.append(inner)
                else:
                    holder[key] = inner
                holder, key, marks = inner, None if kind is MappingStartEvent else ITEM, inner_marks
                depth += 1
                if depth > deepest:
                    deepest = depth
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                ends += 1
                if kind is MappingEndEvent and len(holder) > KEYS:
                    self.faults.too_many_keys(marks, locate, (stack, holder, None))
                if number - 1 - ends + expanded > NODES:
                    self.faults.too_many_nodes(_span(event))
                inner, inner_marks = holder, marks
                holder, key, marks, opened = stack.pop()
                depth -= 1
                if opened is not None:
                    nodes = number - 1 - ends + expanded - opened.nodes
                    characters = event.end_mark.index + unfolded - opened.characters
                    anchors[opened.name] = _Anchor(inner, inner_marks, nodes, characters, deepest - depth)
                    deepest = max(deepest, opened.deepest)
                if key is not ITEM:
                    key = None
            elif kind is AliasEvent:
                found = self.alias(event, (stack, holder, key))
                expanded += found.nodes - 1
                unfolded += found.characters
                deepest = max(deepest, depth + found.height)
                if number - 1 - ends + expanded > NODES or unfolded > EXPANDED:
                    self.too_much(unfolded, event)
                marks += (event.start_mark, event.end_mark, found.marks), None
                if key is ITEM:
                    holder.append(found.value)
                else:
                    holder[key] = found.value
                    key = None
            elif kind is DocumentStartEvent:
                self.document(event, root)
        if not isinstance(event, StreamEndEvent):
            self.faults.too_many_nodes(_span(event))
        if not root or (root[0] is None and marks[0].index == marks[1].index):
            self.faults.stop("the file holds no values", "write the fields as key: value", START)
        return root[0], marks

    def key(self, event: Any, where: Where) -> str:
        """The text of a key that was not met before."""
        text: str = event.value
        if event.tag is not None:
            self.tag(event, where)
        if event.anchor is not None:
            self.stop("an anchor cannot stand on a key", "put it on the value", event, where)
        if text == "<<":
            self.stop("merge keys are not allowed", "write out the fields", event, where)
        if event.style:
            self.quoted(event, where)
        value = read_plain(text)
        if value.__class__ is str:
            return memo.keep_key(text)
        if event.style:
            return text
        if isinstance(value, Doubt):
            self.doubt(value._replace(remedy=f'write "{shown(text)}" in quotes'), event, where)
        elif text == "":
            self.stop("a key is missing before the colon", "write the key", event, where)
        else:
            self.stop(f"the key {text} is not text", f'write "{text}" in quotes', event, where)
        return text

    def plain(self, event: Any, where: Where) -> object:
        """The value of a plain scalar that was not met before, or that depends on its field."""
        text: str = event.value
        dated = where[2] in self.date_keys
        if dated and text in memo.days:
            return text
        value = read_date(text) if dated else read_plain(text)
        if isinstance(value, Doubt):
            self.doubt(value, event, where)
        elif not dated:
            memo.keep_value(text, value)
        elif value.__class__ is str and len(text) == len("YYYY-MM-DD"):
            memo.keep_day(text)
        return value

    def quoted(self, event: Any, where: Where) -> None:
        """Check what only quotes can hold: escapes, and days that are on no calendar."""
        if event.style == '"':
            from pytest_datapolicy.syntax.escapes import refuse_hidden

            refuse_hidden(self.faults, event.value, event.start_mark.index, event.end_mark.index, pointer_to(where))
        if where[2] in self.date_keys:
            doubt = wrong_day(event.value)
            if doubt is not None:
                self.doubt(doubt, event, where)

    def start(self, event: Any, where: Where) -> None:
        """Check a collection that is nested deeply, stands as a key, or has a tag or an anchor."""
        if len(where[0]) >= DEPTH:
            self.faults.too_deep(_span(event), where)
        if where[2] is None:
            self.stop("a key is not text, but a list or mapping", "write the key as text", event, where)
        if event.tag is not None:
            self.tag(event, where)
        if event.anchor is not None:
            self.anchor(event, where)
            self.anchors[event.anchor] = None

    def anchor(self, event: Any, where: Where) -> None:
        """Check that an anchor is new."""
        if event.anchor in self.anchors:
            message = f"the anchor &{shown(event.anchor)} is given twice"
            self.stop(message, "give each anchor a name of its own", event, where)

    def alias(self, event: Any, where: Where) -> _Anchor:
        """What an alias stands for."""
        name = shown(event.anchor)
        if where[2] is None:
            self.stop(f"the alias *{name} stands as a key", "write the key as text", event, where)
        if event.anchor not in self.anchors:
            remedy = f"write the value out, or put *{name} in quotes if it is text"
            self.stop(f"the alias *{name} has no anchor before it", remedy, event, where)
        found = self.anchors[event.anchor]
        if found is None:
            self.stop(
                f"the alias *{name} stands inside the value that it stands for", "write the value out", event, where
            )
        if len(where[0]) + found.height > DEPTH:
            message = f"with the alias *{name} values are nested more than {DEPTH} levels deep"
            self.stop(message, "nest them less deeply", event, where)
        return found

    def too_much(self, unfolded: int, event: Any) -> NoReturn:
        """Refuse an alias with which the document is too large."""
        if unfolded > EXPANDED:
            message = f"the aliases stand for more than {EXPANDED:,} characters together"
            self.stop(message, "use fewer aliases", event, ((), (), None))
        self.faults.too_many_nodes(_span(event))

    def tag(self, event: Any, where: Where) -> NoReturn:
        """Refuse a tag."""
        self.stop("tags are not allowed", "remove the tag", event, where)

    def doubt(self, doubt: Doubt, event: Any, where: Where) -> None:
        """Note a scalar that has no certain value."""
        span = locate(event.start_mark, event.end_mark, self.text)
        if doubt.rule == "DP001":
            self.faults.stop(doubt.message, doubt.remedy, span, pointer_to(where))
        self.faults.add(Problem(doubt.rule, doubt.message, doubt.remedy, span, pointer_to(where)))

    def document(self, event: Any, root: list[Any]) -> None:
        """Check the head of a document."""
        if root:
            self.stop("a second document starts here", "keep one document in a file", event, ((), (), None))
        if self.text.startswith("%", event.start_mark.index):
            self.stop("directives are not allowed", "remove the lines that start with %", event, ((), (), None))

    def stop(self, message: str, remedy: str, event: Any, where: Where) -> NoReturn:
        """Refuse the text at an event."""
        self.faults.stop(message, remedy, _span(event), pointer_to(where))


def _span(event: Any) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
