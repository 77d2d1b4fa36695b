"""What somebody most likely meant: the nearest allowed word, and the same value as it should be written."""

from __future__ import annotations

import re
from decimal import Decimal

from pytest_datapolicy.syntax.walk import kind_of
from pytest_datapolicy.syntax.wording import literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

_LONGEST = 100
"""Longer words are compared by this many characters."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%")
_FRACTION = re.compile(r"([0-9]{1,9})\s*/\s*([1-9][0-9]{0,8})")
_COMMA = re.compile(r"(-?(?:0|[1-9][0-9]*)),([0-9]+)")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(?:([,_ '\u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*")
_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?")
_TRUE = frozenset({"yes", "on", "y", "true", "1"})
_FALSE = frozenset({"no", "off", "n", "false", "0"})

# Letters of other scripts by the ASCII letter that they look like. What Unicode itself folds (NFKC) is not listed.
# fmt: off
_IMITATORS = {
    "a": "аαɑ", "b": "вβ", "c": "сς", "d": "ԁ", "e": "еёε", "g": "ɡ", "h": "һн", "i": "іїιı", "j": "јϳ", "k": "кκ",
    "l": "ӏ", "m": "м", "n": "пην", "o": "оοσ", "p": "рρ", "q": "ԛ", "r": "гⲅ", "s": "ѕ", "t": "тτ", "u": "иυμ",
    "v": "ѵ", "w": "шωѡ", "x": "хχ", "y": "уү", "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "I": "ІӀΙ",
    "J": "Ј", "K": "КΚ", "M": "МΜ", "N": "Ν", "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "УΥ",
    "Z": "Ζ", "-": "‐‒–—−",
}
# fmt: on
_LOOKALIKES = str.maketrans({other: letter for letter, others in _IMITATORS.items() for other in others})


def nearest(word: str, options: Iterable[str]) -> str | None:
    """The option that `word` was most likely meant to be."""
    choices = list(options)
    short = word[:_LONGEST]
    plain = _folded(short)
    folded = {_folded(option): option for option in reversed(choices)}
    if plain in folded:
        return folded[plain]
    starting = [option for key, option in folded.items() if len(plain) >= 3 and key.startswith(plain)]
    if len(starting) == 1:
        return starting[0]
    import difflib

    close = difflib.get_close_matches(plain, folded, n=1, cutoff=0.7)
    return folded[close[0]] if close else None


def odd_character(text: str) -> str | None:
    """Which character of `text` is not what it looks like; None when all are."""
    for number, character in enumerate(text[:_LONGEST], start=1):
        edge = character.isspace() and (number == 1 or not text[number:].strip())
        if edge or (ord(character) > 126 and (not character.isprintable() or lookalike(character) != character)):
            import unicodedata

            name = unicodedata.name(character, "")
            return f"character {number} is " + " ".join(filter(None, (f"U+{ord(character):04X}", name)))
    return None


def lookalike(text: str) -> str:
    """`text` with every character that imitates an ASCII one replaced by that one."""
    import unicodedata

    return unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)


def repaired(value: Any, fits: Callable[[Any], bool], wanted: frozenset[str]) -> str | None:
    """The remedy that writes `value` so that it `fits`; None when there is no evident one.

    `wanted` holds the JSON types that the schema allows.
    """
    may_be = wanted or {kind_of(value)}
    for candidate, remedy in _candidates(value, wanted, is_path=fits("a/b") and not fits("a:b")):
        if kind_of(candidate) in may_be and fits(candidate):
            return remedy or f"write {literal(candidate)}"
    return None


def _candidates(value: Any, wanted: frozenset[str], *, is_path: bool) -> Iterator[tuple[Any, str]]:
    if isinstance(value, str):
        yield from _from_text(value, wanted)
        yield from ((spelling, "") for spelling in _spellings(value, is_path=is_path) if spelling != value)
    elif isinstance(value, bool | int | Decimal):
        yield from _from_number(value)
    elif isinstance(value, list) and len(value) == 1:
        yield value[0], f"remove the brackets: {literal(value[0])}" if not isinstance(value[0], dict | list) else ""
    if not isinstance(value, list) and value is not None:
        yield [value], f"write [{literal(value)}]" if not isinstance(value, dict) else "start the entry with a dash"
        if isinstance(value, str) and "," in value:
            parts: list[Any] = [part.strip() for part in value.split(",")]
            yield parts, ""


def _from_number(value: int | Decimal) -> Iterator[tuple[Any, str]]:
    if not isinstance(value, bool):
        yield str(value), f'put it in quotes: "{value}"'
        if value == int(value):
            yield int(value), ""
        if 2 <= value <= 100:
            share = Decimal(value).scaleb(-2)
            yield share, f"write {share:f} if {value} is a percentage"
    if value in (0, 1):
        yield bool(value), ""
    if isinstance(value, bool):
        yield literal(value), f'put it in quotes: "{literal(value)}"'


def _from_text(text: str, wanted: frozenset[str]) -> Iterator[tuple[Any, str]]:
    plain = text.strip()
    if len(plain) <= _LONGEST:
        yield from _numbers(plain, wanted)
    if plain.lower() in _TRUE | _FALSE:
        yield plain.lower() in _TRUE, ""
    day = _DAY.fullmatch(plain)
    if day:
        yield f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}", ""


def _spellings(text: str, *, is_path: bool) -> Iterator[str]:
    """Other spellings of a string, the closest first."""
    straight = lookalike(text.strip())
    slashes = re.sub(r"/{2,}", "/", straight.replace("\\", "/"))
    yield from (text.strip(), straight, straight.lower())
    yield straight.lower().removeprefix("sha256").lstrip(":-=")
    yield from (slashes, re.sub(r"(^|/)(?:\./)+", r"\1", slashes).rstrip("/"))
    if not is_path:
        joined = re.sub(r"[\s_/]+", "-", straight)
        yield from (joined, joined.lower())
        yield re.sub(r"[^a-z0-9._-]+", "-", _without_accents(joined.lower())).strip("-._")


def _numbers(text: str, wanted: frozenset[str]) -> Iterator[tuple[Any, str]]:
    if _NUMBER.fullmatch(text):
        yield Decimal(text) if "." in text else int(text), "remove the quotes"
        yield from ((number, "") for number, _ in _from_number(Decimal(text)) if isinstance(number, int))
    grouped, comma = _GROUPED.fullmatch(text), _COMMA.fullmatch(text)
    if grouped and not (comma and "number" in wanted):
        yield int(text.replace(grouped[1], "")), ""
    if comma and not grouped:
        yield Decimal(f"{comma[1]}.{comma[2]}"), ""
    percent = _PERCENT.fullmatch(text)
    if percent:
        yield Decimal(percent[1]).scaleb(-2), ""
    fraction = _FRACTION.fullmatch(text)
    if fraction:
        share = Decimal(fraction[1]) / Decimal(fraction[2])
        exact = share * Decimal(fraction[2]) == Decimal(fraction[1]) and len(share.as_tuple().digits) <= 9
        rounded = share if exact else round(share, 3)
        yield rounded, "" if exact else f"write a decimal such as {rounded}"


def _folded(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", lookalike(word).strip().casefold())


def _without_accents(text: str) -> str:
    import unicodedata

    apart = unicodedata.normalize("NFKD", text)
    return "".join(character for character in apart if not unicodedata.combining(character))
