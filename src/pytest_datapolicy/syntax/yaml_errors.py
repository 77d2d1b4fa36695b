"""libyaml's error texts, and those of its Python twin, in words that say what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pytest_datapolicy.model.places import START, Span
from pytest_datapolicy.syntax.positions import offset_span

if TYPE_CHECKING:
    import yaml


class Fault(NamedTuple):
    """One syntax error."""

    message: str
    remedy: str
    span: Span


class _Reading(NamedTuple):
    pattern: re.Pattern[str]
    message: str
    remedy: str
    at_context: bool = False
    """Whether the place where the thing began tells more than the place where reading failed."""


_TAB = "a tab stands where indentation or a value should be"
_UNCLOSED_LIST = _Reading(re.compile(""), "the list that opens here is not closed", "close it with ]", at_context=True)
_UNCLOSED_MAPPING = _Reading(
    re.compile(""), "the mapping that opens here is not closed", "close it with }", at_context=True
)

# The first pattern that is found in "context: problem" counts. Each covers the wording of both parsers.
_READINGS = tuple(
    _Reading(re.compile(pattern), message, remedy, at_context)
    for pattern, message, remedy, at_context in (
        ("directive|incompatible YAML", "directives are not allowed", "remove the line that starts with %", False),
        ("(scanning|parsing) a tag|tag handle", "tags are not allowed", "remove the tag", True),
        ("tab character", _TAB, "indent with spaces", False),
        (
            "mapping values are not allowed",
            "a colon stands where no key can",
            "put the text in quotes, or correct the indentation",
            False,
        ),
        ("mapping keys are not allowed", "a key stands where no key can", "start it on a line of its own", False),
        (
            "sequence entries are not allowed",
            "a list stands where no list can start",
            "start it on a line of its own",
            False,
        ),
        (
            "expected ',' or '[]]'",
            "a comma or ] is missing here",
            "put a comma between the items, and quote text with brackets",
            False,
        ),
        (
            "expected ',' or '}'",
            "a comma or } is missing here",
            "put a comma between the entries, and quote text with braces",
            False,
        ),
        (
            "flow (node|sequence|mapping).*expected (the )?node content",
            "a value is missing here",
            "write the value, or remove the comma",
            False,
        ),
        ("expected (the )?node content", "a value is missing here", "write the value", False),
        ("could not find expected ':'", "this line has no key and colon", "write it as key: value", True),
        (
            "quoted scalar.*document (indicator|separator)",
            "--- or ... stands inside quoted text",
            "close the quotes before it",
            False,
        ),
        ("quoted scalar.*end of stream", "the quoted text that opens here is not closed", "close the quotes", True),
        (
            "unknown escape",
            "a backslash starts no known escape",
            "write \\\\ for a backslash, or use single quotes",
            False,
        ),
        (
            "hexa?decimal number",
            "an escape lacks hexadecimal digits",
            "write all its digits, or use single quotes",
            False,
        ),
        ("Unicode character escape", "an escape stands for no character", "write the character itself", False),
        (
            "comment or (a )?line break",
            "nothing may follow | or > on its line",
            "start the text on the next line",
            False,
        ),
        (
            "block scalar.*indentation",
            "the indentation of a block text is not valid",
            "remove the digit after | or >",
            False,
        ),
        (
            "(anchor|alias).*expected alphabetic",
            "an anchor or alias has no valid name",
            "put text that starts with & or * in quotes",
            True,
        ),
        ("expected '?<document start>", "text follows the end of the document", "keep one document in a file", False),
        (
            "expected key|expected <block end>|block mapping",
            "this fits no key of the mapping around it",
            "start the keys of one mapping in one column, and close quotes and brackets",
            False,
        ),
        (
            "'-' indicator|block (collection|sequence)",
            "this is no item of the list around it",
            "start each item with a dash in the same column",
            False,
        ),
    )
)
_OPENERS = {"@": "@", "`": "a backtick", "%": "%", "\t": "a tab"}


def translate(error: yaml.YAMLError | ValueError, text: str) -> Fault:
    """What `error` means for whoever wrote `text`."""
    problem, context = str(getattr(error, "problem", None) or ""), str(getattr(error, "context", None) or "")
    at, began = _offset(error, "problem_mark", text), _offset(error, "context_mark", text)
    if "cannot start any token" in problem:
        return _unstartable(text, at or 0)
    if "expected key" in problem and at is not None and text.startswith(":", at):
        return Fault("a key is missing before the colon", "write the key", _span(text, at))
    reading = _reading(f"{context}: {problem}", at_end=at is not None and not text[at:].strip())
    if reading is None:
        return Fault("this is not valid YAML", "correct the syntax", _span(text, at))
    return Fault(
        reading.message, reading.remedy, _span(text, began if reading.at_context and began is not None else at)
    )


def _reading(words: str, *, at_end: bool) -> _Reading | None:
    for reading in _READINGS:
        if reading.pattern.search(words):
            if at_end and "or ]" in reading.message:
                return _UNCLOSED_LIST
            if at_end and "or }" in reading.message:
                return _UNCLOSED_MAPPING
            return reading
    return None


def _unstartable(text: str, at: int) -> Fault:
    opener = text[at : at + 1]
    if opener == "\t":
        return Fault(_TAB, "indent with spaces", _span(text, at))
    message = f"a value cannot start with {_OPENERS.get(opener, opener)}"
    return Fault(message, "put the value in quotes", _span(text, at))


def _offset(error: Exception, attribute: str, text: str) -> int | None:
    mark = getattr(error, attribute, None)
    return None if mark is None else min(int(mark.index), len(text))


def _span(text: str, at: int | None) -> Span:
    if at is None:
        return START
    if at >= len(text):  # the end of the text: its last character that can be seen
        at = max(len(text.rstrip()) - 1, 0)
    return offset_span(text, at, at + 1)
