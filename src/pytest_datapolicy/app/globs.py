"""Globs on paths with ``/``: ``*`` and ``?`` stay within one name, ``**`` crosses folders."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def path_pattern(globs: Iterable[str], *, folders: bool, ignore_case: bool) -> re.Pattern[str] | None:
    """A pattern to `match` whole relative paths; None without globs.

    A glob without ``/`` is about the last name of a path, wherever it stands; one with ``/`` counts from the start.
    With `folders` everything below a folder that matches does match too.
    """
    parts = [_translated(glob) for glob in globs]
    if not parts:
        return None
    end = r"(?:/.*)?\Z" if folders else r"\Z"
    return re.compile(f"(?:{'|'.join(parts)}){end}", re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def name_pattern(globs: Iterable[str]) -> re.Pattern[str]:
    """A pattern to `search` paths for a name that matches; it ends where that name ends. Case does not matter."""
    names = "|".join(_name(glob) for glob in globs)
    return re.compile(f"(?:^|/)(?:{names})(?=/|\\Z)", re.DOTALL | re.IGNORECASE)


def _translated(glob: str) -> str:
    plain = glob.removeprefix("./").rstrip("/")
    if "/" not in plain and plain != "**":
        return f"(?:.*/)?{_name(plain)}"
    parts = plain.split("/")
    last = len(parts) - 1
    out = []
    for index, part in enumerate(parts):
        if part == "**":
            out.append(".*" if index == last else "(?:.*/)?")
        else:
            out.append(_name(part) + ("" if index == last else "/"))
    return "".join(out)


def _name(glob: str) -> str:
    out = []
    rest = glob
    while rest:
        char, rest = rest[0], rest[1:]
        end = rest.find("]", 2 if rest.startswith("!") else 1) if char == "[" else -1
        if char == "*":
            out.append("[^/]*")
        elif char == "?":
            out.append("[^/]")
        elif end > 0:
            members = rest[:end].replace("\\", "\\\\").replace("[", "\\[").replace("&", "\\&").replace("~", "\\~")
            members = members.replace("|", "\\|").replace("^", "\\^")
            out.append(f"[^/{members[1:]}]" if members.startswith("!") else f"(?!/)[{members}]")
            rest = rest[end + 1 :]
        else:
            out.append(re.escape(char))
    return "".join(out)
