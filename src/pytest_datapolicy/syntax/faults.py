"""What is wrong with a text: gathered while reading, raised in the order of the text."""

from __future__ import annotations

from pytest_datapolicy.model.document import Problem, Refused
from pytest_datapolicy.syntax.limits import DEPTH, FAULTS, KEYS, NODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from pytest_datapolicy.model.places import Pointer, Span


Where = tuple["Any", "Any", "Any"]
"""What is being read: the open collections from outside in, each as (collection, key, ...), the innermost collection,
and the key in it: a string, None before a key, or `ITEM` in a list."""


class Faults:
    """The faults met so far in one text."""

    __slots__ = ("problems", "repeats", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.repeats: dict[int, list[int]] = {}

    def stop(self, message: str, remedy: str, span: Span, pointer: Pointer = ()) -> NoReturn:
        """Refuse the text: nothing after `span` can be read."""
        self.problems.append(Problem("DP001", message, remedy, span, pointer))
        self._refuse()

    def add(self, problem: Problem) -> None:
        """Note a fault after which reading can go on."""
        self.problems.append(problem)
        if len(self.problems) >= FAULTS:
            self._refuse()

    def close(self) -> None:
        """Refuse the text if anything was noted."""
        if self.problems:
            self._refuse()

    def twice(
        self, key: str, marks: list[Any], place: tuple[Any, Any], locate: Callable[[Any, Any, str], Span], where: Where
    ) -> None:
        """Note that `key` was given before in the mapping whose `marks` these are; its new marks are in `place`."""
        # The mapping has one entry for a repeated key, the marks have all: step over the repeats met before.
        entry = list(where[1]).index(key)
        repeats = self.repeats.setdefault(id(marks), [])
        for repeat in repeats:
            entry += repeat <= entry
        repeats.append((len(marks) - 2) // 4)
        first = locate(marks[2 + 4 * entry], marks[3 + 4 * entry], self.text)
        name = shown(key)
        message = f"the key {name} is given twice, first on line {first.line}"
        again, related = locate(*place, self.text), ((first, f"{name} is given here first"),)
        self.add(Problem("DP003", message, f"keep one {name}", again, pointer_to(where), related))

    def too_deep(self, span: Span, where: Where) -> NoReturn:
        """Refuse a value that is nested too deeply."""
        self.stop(f"values are nested more than {DEPTH} levels deep", "nest them less deeply", span, pointer_to(where))

    def too_many_keys(self, marks: list[Any], locate: Callable[[Any, Any, str], Span], where: Where) -> NoReturn:
        """Refuse the innermost mapping, which is too large."""
        message = f"the mapping has {len(where[1]):,} keys, at most {KEYS:,} allowed"
        at = 2 + 4 * KEYS
        self.stop(message, "split it", locate(marks[at], marks[at + 1], self.text), pointer_to(where))

    def too_many_nodes(self, span: Span) -> NoReturn:
        """Refuse a document that is too large."""
        message = f"the file holds more than {NODES:,} keys and values, an alias counted as what it stands for"
        self.stop(message, "split the file", span)

    def _refuse(self) -> NoReturn:
        raise Refused(sorted(self.problems, key=lambda problem: problem.span), self.text) from None


def pointer_to(where: Where) -> Pointer:
    """The pointer to what is being read."""
    stack, holder, key = where
    outer = [key if isinstance(key, str) else len(holder) - 1 for holder, key, *_ in stack[1:]]
    if key is None or not stack:
        return tuple(outer)
    return (*outer, key if isinstance(key, str) else len(holder))


def shown(text: str) -> str:
    """`text` as a message can carry it: on one line, and short."""
    short = text if len(text) <= 60 else text[:57] + "..."
    for raw, visible in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        short = short.replace(raw, visible)
    return short or '""'
