"""libyaml's error texts, and those of its Python twin, in words that say what to do."""

from __future__ import annotations

import re

from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.syntax.positions import offset_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    import yaml

    from pytest_datapolicy.model.places import Span


class Fault(NamedTuple):
    """One syntax error."""

    message: str
    remedy: str
    span: Span


class _Meaning(NamedTuple):
    """What an error is to be told as."""

    pattern: str
    """Found in ``context: problem``, with `` at the end`` added when nothing follows in the text."""
    message: str
    remedy: str
    place: str = "problem"
    """Where to point: at the problem, at the context where the thing began, or at the backslash before the problem."""


_TAB = "a tab stands where indentation or a value should be"

# The first that matches counts. Each covers the wording of libyaml and of PyYAML's own parser.
_MEANINGS = (
    _Meaning(
        "directive|incompatible YAML", "directives are not allowed", "remove the line that starts with %", "context"
    ),
    _Meaning("(scanning|parsing) a tag|tag handle", "tags are not allowed", "remove the tag", "context"),
    _Meaning("tab character", _TAB, "indent with spaces"),
    _Meaning(
        "mapping values are not allowed",
        "a colon stands where no key can",
        "put the text in quotes, or correct the indentation",
    ),
    _Meaning("mapping keys are not allowed", "a key stands where no key can", "start it on a line of its own"),
    _Meaning(
        "sequence entries are not allowed", "a list stands where no list can start", "start it on a line of its own"
    ),
    _Meaning(
        "expected ',' or ']'.* at the end", "the list that opens here is not closed", "close it with ]", "context"
    ),
    _Meaning(
        "expected ',' or '}'.* at the end", "the mapping that opens here is not closed", "close it with }", "context"
    ),
    _Meaning(
        "expected ',' or ']'",
        "a comma or ] is missing here",
        "put a comma between the items, and quote text with brackets",
    ),
    _Meaning(
        "expected ',' or '}'",
        "a comma or } is missing here",
        "put a comma between the entries, and quote text with braces",
    ),
    _Meaning("node content.* at the end", "the text ends before a value", "write the value, and close what is open"),
    _Meaning(
        "expected (the )?node content", "a value is missing here", "write the value, or remove the comma before it"
    ),
    _Meaning("could not find expected ':'", "this line has no key and colon", "write it as key: value", "context"),
    _Meaning(
        "quoted scalar.*document (indicator|separator)",
        "--- or ... stands inside quoted text",
        "close the quotes before it",
    ),
    _Meaning(
        "quoted scalar.*end of stream", "the quoted text that opens here is not closed", "close the quotes", "context"
    ),
    _Meaning(
        "unknown escape",
        "a backslash starts no known escape",
        r"write \\ for a backslash, or use single quotes",
        "escape",
    ),
    _Meaning(
        "hexa?decimal number",
        "an escape lacks hexadecimal digits",
        "write all its digits, or use single quotes",
        "escape",
    ),
    _Meaning("Unicode character escape", "an escape stands for no character", "write the character itself", "escape"),
    _Meaning(
        "comment or (a )?line break|chomping",
        "nothing may follow | or > on its line",
        "start the text on the next line",
    ),
    _Meaning(
        "block scalar.*indentation", "the indentation of a block text is not valid", "remove the digit after | or >"
    ),
    _Meaning(
        "(anchor|alias).*expected alphabetic",
        "an anchor or alias has no valid name",
        "put text that starts with & or * in quotes",
        "context",
    ),
    _Meaning("expected '?<document start>", "text follows the end of the document", "keep one document in a file"),
    _Meaning(
        "'-' indicator|block (collection|sequence)",
        "this is no item of the list around it",
        "start each item with a dash in the same column",
    ),
    _Meaning(
        "expected key|expected <block end>|block mapping",
        "this is no part of the mapping around it",
        "start its keys in one column, and close quotes and brackets",
    ),
)
_UNKNOWN = _Meaning("", "this is not valid YAML", "correct the syntax")


def translate(error: yaml.YAMLError | ValueError | OverflowError, text: str) -> Fault:
    """What `error` means for whoever wrote `text`."""
    words = f"{getattr(error, 'context', None)}: {getattr(error, 'problem', None)}"
    at = _offset(error, "problem_mark", text, 0)
    if "cannot start any token" in words:
        return _unstartable(text, at)
    if text.startswith(":", at) and re.search("expected key|expected <block end>", words):
        return Fault("a key is missing before the colon", "write the key", _span(text, at))
    if text.startswith(("]", "}"), at) and "node content" in words:
        return Fault(f"{text[at]} closes nothing that is open here", "remove it, or open it first", _span(text, at))
    if not text[at:].strip():
        words += " at the end"
    meaning = next((meaning for meaning in _MEANINGS if re.search(meaning.pattern, words)), _UNKNOWN)
    if meaning.place == "context":
        at = _offset(error, "context_mark", text, at)
    elif meaning.place == "escape":
        at = max(text.rfind("\\", 0, at + 1), 0)
    return Fault(meaning.message, meaning.remedy, _span(text, at))


def _unstartable(text: str, at: int) -> Fault:
    opener = text[at : at + 1]
    if opener == "\t":
        return Fault(_TAB, "indent with spaces", _span(text, at))
    shown = "a backtick" if opener == "`" else opener
    return Fault(f"a value cannot start with {shown}", "put the value in quotes", _span(text, at))


def _offset(error: Exception, attribute: str, text: str, default: int) -> int:
    mark = getattr(error, attribute, None)
    return default if mark is None else min(int(mark.index), len(text))


def _span(text: str, at: int) -> Span:
    if at >= len(text):  # the end of the text: its last character that can be seen
        at = max(len(text.rstrip()) - 1, 0)
    return offset_span(text, at, at + 1)
