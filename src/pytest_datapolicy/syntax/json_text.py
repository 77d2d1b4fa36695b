"""JSON to values and marks: a strict, iterative reader of RFC 8259 that finds what the YAML reader finds."""

from __future__ import annotations

import re

from pytest_datapolicy.model.document import Problem
from pytest_datapolicy.model.places import START
from pytest_datapolicy.syntax import memo
from pytest_datapolicy.syntax.escapes import ESCAPE, character, refuse_hidden
from pytest_datapolicy.syntax.faults import Faults, Where, pointer_to, shown
from pytest_datapolicy.syntax.json_errors import (
    KEY,
    KEY_OR_END,
    MORE,
    NOTHING,
    OPEN_STRING,
    VALUE,
    VALUE_OR_END,
    explain,
)
from pytest_datapolicy.syntax.limits import DEPTH, KEYS, NODES
from pytest_datapolicy.syntax.memo import ITEM
from pytest_datapolicy.syntax.positions import MarkedPositions, offset_span
from pytest_datapolicy.syntax.scalars import Doubt, read_json_number, read_plain, wrong_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

_STRING = OPEN_STRING + '"'
# Every character belongs to one token: a key with its colon, a string, a mark of structure, a word, or none of these.
_TOKEN = re.compile(rf"[ \t\n\r]*+(?:({_STRING})(?:[ \t\n\r]*+(:))?+|([{{}}\[\],:])|([-+.\w]++)|(.)|\Z)", re.DOTALL)
_TEXT, _KEYED, _MARK, _WORD, _NONE = range(1, 6)
_WORDS = {"true": True, "false": False, "null": None}
_TOP = 'write the fields as "key": value in braces'
_GOOD_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u.+)', re.DOTALL)


def read_json(text: str, date_keys: frozenset[str]) -> tuple[Any, MarkedPositions]:
    """The values of a JSON text, and where they stand; raises `Refused`."""
    return JsonReader(text, date_keys).read()


def _locate(start: Any, end: Any, text: str) -> Any:
    return offset_span(text, start, end)


class JsonReader:
    """One pass over the tokens of one text."""

    __slots__ = ("date_keys", "faults", "text")

    def __init__(self, text: str, date_keys: frozenset[str]) -> None:
        self.text = text
        self.date_keys = date_keys
        self.faults = Faults(text)

    def read(self) -> tuple[Any, MarkedPositions]:
        """The value of the text, and where everything in it stands; raises `Refused`."""
        tree, marks = self.run()
        self.faults.close()
        return tree, MarkedPositions(tree, marks, self.text, _locate)

    def run(self) -> tuple[Any, list[Any]]:
        """The value of the text and its marks."""
        text, keys, values, date_keys = self.text, memo.keys, memo.values, self.date_keys
        root: list[Any] = []
        holder: Any = root
        key: Any = ITEM
        marks: list[Any] = []
        stack: list[tuple[Any, Any, list[Any]]] = []
        state, nodes = VALUE, 0
        for token in _TOKEN.finditer(text):
            kind: Any = token.lastindex
            if kind is None:
                break
            start, end = token.span(_TEXT if kind == _KEYED else kind)
            if kind == _KEYED:
                if state not in (KEY, KEY_OR_END):
                    self.misplaced(start, end, state, (stack, holder, key))
                name = text[start + 1 : end - 1]
                if "\\" in name:
                    name = self.decoded(start, end, (stack, holder, None))
                key = keys.get(name) or self.key(name, start, end, (stack, holder, None))
                if key in holder:
                    self.faults.twice(key, marks, (start, end), _locate, (stack, holder, key))
                marks.append(start)
                marks.append(end)
                nodes += 1
                state = VALUE
                continue
            if kind == _MARK:
                mark = text[start]
                if mark == "," and state == MORE:
                    state = VALUE if key is ITEM else KEY
                    continue
                if (mark == "}" and key is None and state in (MORE, KEY_OR_END)) or (
                    mark == "]" and stack and key is ITEM and state in (MORE, VALUE_OR_END)
                ):
                    if key is None and len(holder) > KEYS:
                        self.faults.too_many_keys(marks, _locate, (stack, holder, None))
                    holder, key, marks = stack.pop()
                    if key is not ITEM:
                        key = None
                    state = MORE if stack else NOTHING
                    continue
                if (mark != "{" and mark != "[") or state > VALUE_OR_END:
                    self.misplaced(start, end, state, (stack, holder, key))
                nodes += 1
                if len(stack) == DEPTH:
                    self.faults.too_deep(offset_span(text, start, end), (stack, holder, key))
                if nodes > NODES:
                    break
                stack.append((holder, key, marks))
                inner: Any = {} if mark == "{" else []
                inner_marks = [start, end]
                marks.append(inner_marks)
                marks.append(None)
                if key is ITEM:
                    holder.append(inner)
                else:
                    holder[key] = inner
                holder, key, marks = inner, None if mark == "{" else ITEM, inner_marks
                state = KEY_OR_END if mark == "{" else VALUE_OR_END
                continue
            nodes += 1
            if nodes > NODES:
                break
            if state > VALUE_OR_END or kind == _NONE:
                self.misplaced(start, end, state, (stack, holder, key))
            if kind == _TEXT:
                value: Any = text[start + 1 : end - 1]
                if "\\" in value:
                    value = self.decoded(start, end, (stack, holder, key))
                if key in date_keys:
                    self.doubt(wrong_day(value), start, end, (stack, holder, key))
            else:
                word = token[_WORD]
                value = values.get(word)
                if value.__class__ is not int:
                    value = self.word(word, start, end, (stack, holder, key))
            marks.append(start)
            marks.append(end)
            if key is ITEM:
                holder.append(value)
            else:
                holder[key] = value
                key = None
            state = MORE if stack else NOTHING
        if nodes > NODES:
            self.faults.too_many_nodes(offset_span(text, start, end))
        if stack:
            kept = "mapping" if key is None or isinstance(key, str) else "list"
            self.stop(f"the {kept} that opens here is not closed", "close it", marks[0], marks[1], (stack, holder, key))
        if not root:
            self.faults.stop("the file holds no values", _TOP, START)
        return root[0], marks

    def misplaced(self, start: int, end: int, state: int, where: Where) -> NoReturn:
        """Refuse a token that cannot stand where it does."""
        message, remedy, end = explain(self.text, start, end, state, in_list=where[2] is ITEM, at_top=not where[0])
        self.stop(message, remedy, start, end, where)

    def key(self, name: str, start: int, end: int, where: Where) -> str:
        """A key that was not met before."""
        if name == "<<":
            self.stop("merge keys are not allowed", "write out the fields", start, end, where)
        return memo.keep_key(name) if read_plain(name).__class__ is str else name

    def decoded(self, start: int, end: int, where: Where) -> str:
        """The text of a string with escapes."""
        value = self.unescaped(start, end, where)
        refuse_hidden(self.faults, value, start, end, pointer_to(where))
        return value

    def unescaped(self, start: int, end: int, where: Where) -> str:
        """What a string with escapes stands for, whatever it holds."""

        def read(escape: re.Match[str]) -> str:
            if not _GOOD_ESCAPE.fullmatch(escape[0]):
                message = f"{escape[0]} is no escape of JSON"
                first = start + 1 + escape.start()
                self.stop(message, r"write \\ for a backslash", first, first + len(escape[0]), where)
            return character(escape[0])

        return ESCAPE.sub(read, self.text[start + 1 : end - 1])

    def word(self, word: str, start: int, end: int, where: Where) -> object:
        """The value of a word that is not a number met before."""
        if word in _WORDS:
            return _WORDS[word]
        value = read_json_number(word)
        if value is None:
            capital = word.lower() if word.lower() in _WORDS else ""
            remedy = f"write {capital}" if capital else "put text in double quotes" if where[0] else _TOP
            self.stop(f"{shown(word)} is no value of JSON", remedy, start, end, where)
        if isinstance(value, Doubt):
            self.doubt(value, start, end, where)
        else:
            memo.keep_value(word, value)
        return value

    def doubt(self, doubt: Doubt | None, start: int, end: int, where: Where) -> None:
        """Note a scalar that has no certain value."""
        if doubt is None:
            return
        if doubt.rule == "DP001":
            self.stop(doubt.message, doubt.remedy, start, end, where)
        span, pointer = offset_span(self.text, start, end), pointer_to(where)
        self.faults.add(Problem(doubt.rule, doubt.message, doubt.remedy, span, pointer))

    def stop(self, message: str, remedy: str, start: int, end: int, where: Where) -> NoReturn:
        """Refuse the text at the characters from `start` to `end`."""
        self.faults.stop(message, remedy, offset_span(self.text, start, end), pointer_to(where))
