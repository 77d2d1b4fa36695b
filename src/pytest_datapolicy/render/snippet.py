"""One line of a source file with carets under what is meant."""

from __future__ import annotations

from pytest_datapolicy.render.neutral import cells, neutral, width
from pytest_datapolicy.render.paint import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.render.paint import Paint

WINDOW = 100
"""Longer source lines are cut to so many characters."""
BEFORE = 40
"""So many characters are kept in front of the span when a line is cut."""
TAB = "    "


def where(place: Place) -> str:
    """``path:line:column``, with the path made harmless."""
    return f"{neutral(place.path, 300)}:{place.line}:{place.column}"


def excerpt(place: Place, gutter: int, paint: Paint = plain, style: str = "strong") -> list[str]:
    """The source line of `place` and its carets, behind a gutter of `gutter` columns; nothing without a source."""
    if not place.source.strip():
        return []
    left, text, start, end = _window(place)
    shown = [TAB if char == "\t" else cell for char, cell in zip(text, cells(text), strict=True)]
    head = "..." if left else ""
    tail = "..." if left + len(text) < len(place.source) else ""
    indent = width(head + "".join(shown[:start]))
    carets = max(width("".join(shown[start:end])), 1)
    bar = paint("gutter", "|")
    empty = f"{' ' * gutter} {bar}"
    number = paint("gutter", f"{place.line:>{gutter}}")
    line = f"{number} {bar} {head}{''.join(shown)}{tail}".rstrip()
    return [empty, line, f"{empty} {' ' * indent}{paint(style, '^' * carets)}"]


def _window(place: Place) -> tuple[int, str, int, int]:
    """Where the shown part of the line starts, that part, and the span within it; counted in characters from 0."""
    source, span = place.source, place.span
    start = min(span.column - 1, len(source))
    end = span.end_column - 1 if span.end_line == span.line else len(source.rstrip())
    left, right = 0, len(source)
    if right > WINDOW:
        left = max(0, min(start - BEFORE, right - WINDOW))
        right = min(right, left + WINDOW)
    end = min(max(end, start), right)
    return left, source[left:right], start - left, end - left
