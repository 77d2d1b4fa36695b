"""Globs on paths with ``/``: ``*`` and ``?`` stay within one name, ``**`` crosses folders.

Settings and policies also know ``[...]``; for manifests nothing else is special, and no glob is about names alone.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

WILD = re.compile(r"[*?]")
"""What makes an entry of ``files`` a glob."""


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


def entry_pattern(glob: str) -> re.Pattern[str]:
    """A pattern to `match` the whole paths that a glob of a manifest stands for."""
    parts = glob.split("/")
    last = len(parts) - 1
    out = []
    for index, part in enumerate(parts):
        if part == "**":
            out.append(".*" if index == last else "(?:.*/)?")
        else:
            wild = {"*": "[^/]*", "?": "[^/]"}
            out.append("".join([wild.get(char) or re.escape(char) for char in part]) + ("" if index == last else "/"))
    return re.compile("".join(out) + r"\Z", re.DOTALL)


def meet(one: str, other: str) -> bool:
    """Whether some path can match both globs of manifests; a path without ``*`` and ``?`` matches itself."""
    return _meet(_names(one), _names(other), "**", _names_meet)


def _names(glob: str) -> list[str]:
    """The names of a path; ``**`` at its end stands for one name or more, elsewhere for any number."""
    names = glob.split("/")
    return [*names, "*"] if names[-1] == "**" else names


def _names_meet(one: str, other: str) -> bool:
    if WILD.search(one) is None and WILD.search(other) is None:
        return one == other
    return _meet(one, other, "*", lambda char, with_: char == with_ or "?" in (char, with_))


def _meet(one: Sequence[str], other: Sequence[str], any_number: str, same: Callable[[str, str], bool]) -> bool:
    """Whether two patterns have a word in common: walk through both at once, each pair of positions once."""
    end = (len(one), len(other))
    open_pairs, seen = [(0, 0)], {(0, 0)}
    while open_pairs:
        pair = open_pairs.pop()
        if pair == end:
            return True
        i, j = pair
        left, right = one[i] if i < end[0] else None, other[j] if j < end[1] else None
        steps = []
        if left == any_number or right == any_number:
            steps = [(i + 1, j)] * (left is not None) + [(i, j + 1)] * (right is not None)
        elif left is not None and right is not None and same(left, right):
            steps = [(i + 1, j + 1)]
        for step in steps:
            if step not in seen:
                seen.add(step)
                open_pairs.append(step)
    return False
