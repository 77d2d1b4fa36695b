"""Why a JSON text goes wrong at a token, in words that say what to do."""

from __future__ import annotations

import re

from pytest_datapolicy.syntax.faults import shown

# What may come next, as the reader knows it.
VALUE, VALUE_OR_END, KEY, KEY_OR_END, MORE, NOTHING = range(6)

OPEN_STRING = r'"[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+)*+'
_BEGUN = re.compile(OPEN_STRING)

Explained = tuple[str, str, int]
"""Message, remedy, and where the place ends."""


def explain(text: str, start: int, end: int, state: int, *, in_list: bool, at_top: bool) -> Explained:
    """Why the token from `start` to `end` cannot stand where it does."""
    seen = text[start:end]
    if seen == '"':
        return _string(text, start)
    if seen in ("/", "#"):
        return "comments are not allowed in JSON", "remove the comment", end
    if seen == "'":
        return "text in single quotes is not allowed in JSON", "use double quotes", end
    if state == NOTHING:
        return "text follows the end of the document", "keep one document in a file", end
    if state in (KEY, KEY_OR_END):
        return _key(seen, state, end)
    if state in (VALUE, VALUE_OR_END):
        return _value(seen, state, end, in_list=in_list, at_top=at_top)
    return _more(seen, end, in_list=in_list)


def _string(text: str, start: int) -> Explained:
    begun = _BEGUN.match(text, start)
    stop = begun.end() if begun else start + 1
    if text[stop : stop + 1] == "\t":
        return "a tab stands in quoted text", r"write \t", stop + 1
    return (
        "the quoted text that opens here is not closed on its line",
        r"close the quotes, and write \n for a line end",
        stop,
    )


def _key(seen: str, state: int, end: int) -> Explained:
    if seen == "}" and state == KEY:
        return "a comma stands before }", "remove the comma", end
    if seen.startswith('"'):
        return f"the key {shown(seen)} has no colon", "put a colon and a value after it", end
    if seen[0].isalnum() or seen[0] in "_-+.":
        return f"the key {shown(seen)} is not in double quotes", f'write "{shown(seen)}"', end
    return "a key is missing here", "write a key in double quotes", end


def _value(seen: str, state: int, end: int, *, in_list: bool, at_top: bool) -> Explained:
    if seen == "]" and state == VALUE and in_list and not at_top:
        return "a comma stands before ]", "remove the comma", end
    if seen.startswith('"'):
        where = "at the top of the file" if at_top else "in a list" if in_list else "where a value belongs"
        return f"a key stands {where}", "put it in braces", end
    if seen in ("]", "}", ",", ":"):
        return "a value is missing here", "write a value", end
    return f"{shown(seen)} is no value of JSON", "put text in double quotes", end


def _more(seen: str, end: int, *, in_list: bool) -> Explained:
    kind = "list" if in_list else "mapping"
    if seen in ("]", "}"):
        return f"{seen} cannot close a {kind}", f"close it with {']' if in_list else '}'}", end
    if seen == ":":
        return "a colon stands where none can", "remove the colon", end
    return "a comma is missing here", f"put a comma between the entries of a {kind}", end
