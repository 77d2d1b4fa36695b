"""Faults of shape in words: what was found, what is allowed, and the smallest change that would do."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.syntax.suggestions import nearest, odd_character, repaired
from pytest_datapolicy.syntax.walk import kinds, merged
from pytest_datapolicy.syntax.wording import UNTOLD, allowed, either, literal, named, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Set
    from typing import Any

    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.syntax.refusals import Refusal
    from pytest_datapolicy.syntax.walk import Guide, Node


_TOLD = frozenset({"type", "const", "enum", "pattern", "format", "minLength", "maxLength", "not"})
_TOLD |= {"minimum", "maximum", "exclusiveMinimum"}
"""Keywords whose demand can be said in words."""


class Said(NamedTuple):
    """A fault in words."""

    message: str
    remedy: str
    meant: Pointer | None = None
    """The missing field that an unknown one was meant to be."""
    related: tuple[tuple[Pointer, str], ...] = ()


class Sentences:
    """Says what is wrong with the values of one document."""

    def __init__(self, guide: Guide, tree: Any) -> None:
        self._guide = guide
        self._tree = tree

    def tell(self, refusal: Refusal, missing: Set[Pointer]) -> Said:
        """One fault in words; `missing` are the fields that the document lacks."""
        if refusal.keyword == "unknown":
            return self._unknown(refusal.pointer, missing)
        if refusal.keyword == "missing":
            return self._missing(refusal)
        if refusal.keyword == "name":
            return self._name(refusal)
        value = self._value_at(refusal.pointer)
        if refusal.keyword == "forbidden":
            because, related = self._condition(refusal, refusal.pointer[:-1])
            message = f"{self._label(refusal.pointer)} is not allowed" + (f" for {because}" if because else "")
            return Said(message, "remove it", related=related)
        return self._value(refusal, value)

    def _unknown(self, pointer: Pointer, missing: Set[Pointer]) -> Said:
        *parent, key = pointer
        field = str(key)
        title = self._guide.title(tuple(parent))
        siblings = self._value_at(tuple(parent))
        known = [name for node in self._guide.nodes(tuple(parent)) for name in node.get("properties", ())]
        message = f"unknown field {named(field)} in this {title}" + _odd(field)
        lacking = [name for name in known if (*parent, name) in missing]
        meant = nearest(field, lacking) or nearest(field, [name for name in known if name not in siblings])
        if meant is not None:
            return Said(message, f"did you mean {meant}?", (*parent, meant))
        present = nearest(field, known)
        if present is not None:
            return Said(message, f"remove it: {present} is given already")
        owners = self._guide.schema.owners(field)
        if owners and len(owners) < 3:
            return Said(message, f"move it: {field} is a field of a {either(owners)}")
        return Said(message, f"remove it: the fields of a {title} are {', '.join(dict.fromkeys(known))}")

    def _missing(self, refusal: Refusal) -> Said:
        *parent, key = refusal.pointer
        field = str(key)
        because, related = self._condition(refusal, tuple(parent))
        needs = {} if field in refusal.node.get("required", ()) else refusal.node.get("dependentRequired", {})
        trigger = next((name for name, fields in needs.items() if field in fields), None)
        if because:
            message = f"{because} needs {_a(field)}"
        elif trigger is not None:
            message = f"field {trigger} needs field {field}"
            related = (((*parent, trigger), f"{trigger} is given here"),)
        else:
            message = f"required field {named(field)} is missing in this {self._guide.title(tuple(parent))}"
        what = self._skeleton(self._guide.merged(refusal.pointer))
        return Said(message, f"add {field}: {what}" if what else f"add {field}", related=related)

    def _name(self, refusal: Refusal) -> Said:
        *parent, key = refusal.pointer
        name, node = str(key), refusal.node
        message = f"key {shown(name)} of {self._label(tuple(parent))} must be {self._limit(name, node)}{_odd(name)}"
        remedy = repaired(name, partial(self._guide.schema.fits, node), frozenset({"string"}))
        return Said(message, remedy or _like(node) or "rename it")

    def _value(self, refusal: Refusal, value: Any) -> Said:
        node, label = refusal.node, self._label(refusal.pointer)
        if refusal.keyword == "whole":
            return Said(f"{label} is {shown(value)}; it must be an integer", f"write {int(value)}")
        if refusal.keyword == "uniqueItems":
            return self._repeated(value, label)
        if refusal.keyword in ("minItems", "minProperties", "maxItems", "maxProperties"):
            return self._size(refusal, value, label)
        limit = self._limit(value, node) if refusal.keyword in _TOLD else ""
        if not limit:
            return Said(f"{label} is {shown(value)}, which its schema does not allow", "compare it with the schema")
        message = f"{label} is {shown(value)}; it must be {limit}"
        because, related = self._condition(refusal, refusal.pointer[:-1])
        message += f" for {because}" if because else ""
        if isinstance(value, str):
            message += _odd(value)
        return Said(message, self._remedy(refusal, value), related=related)

    def _remedy(self, refusal: Refusal, value: Any) -> str:
        node = refusal.node
        if value is None or value == "":
            return self._give(refusal.pointer)
        options = node.get("enum", ())
        if isinstance(value, str) and options:
            meant = nearest(value, [option for option in options if isinstance(option, str)])
            if meant is not None:
                return f"did you mean {meant}?"
        wanted = kinds(node) or kinds(self._guide.merged(refusal.pointer))
        remedy = repaired(value, partial(self._guide.schema.fits, node), wanted) or self._wrapped(value, node)
        if remedy is not None:
            return remedy
        if isinstance(value, str) and len(value) > node.get("maxLength", len(value)):
            return f"shorten it to {node['maxLength']} characters"
        return _like(node) or f"write {self._skeleton(node) or 'what its schema allows'}"

    def _wrapped(self, value: Any, node: Node) -> str | None:
        """The remedy that makes a mapping, or a list of one, of a value that is all that the mapping needs."""
        if isinstance(value, dict | list):
            return None
        entry = merged(self._guide.schema.spread(node.get("items")))
        wrapped = [{field: value} for field in node.get("properties", ())]
        listed = [[{field: value}] for field in entry.get("properties", ())]
        fitting = [candidate for candidate in (*wrapped, *listed) if self._guide.schema.fits(node, candidate)]
        return f"write {literal(fitting[0])}" if len(fitting) == 1 else None

    def _size(self, refusal: Refusal, value: Any, label: str) -> Said:
        limit = refusal.node[refusal.keyword]
        kind = "entry" if limit == 1 else "entries"
        if refusal.keyword.startswith("min"):
            message = f"{label} is {shown(value)}; it must hold at least {limit} {kind}"
            required = self._guide.is_required(refusal.pointer)
            return Said(message, "add one" if required else "add one, or remove the field")
        message = f"{label} holds {len(value):,} entries; at most {limit:,} {'is' if limit == 1 else 'are'} allowed"
        return Said(message, f"remove {len(value) - limit:,} of them")

    def _repeated(self, value: list[Any], label: str) -> Said:
        seen: dict[str, int] = {}
        pairs = ((seen.setdefault(repr(item), index), index) for index, item in enumerate(value))
        earlier, later = next((pair for pair in pairs if pair[0] != pair[1]), (0, 0))
        if not later:
            return Said(f"{label} holds an entry twice", "remove one of them")
        message = f"{label} entry {later + 1} repeats entry {earlier + 1}, {shown(value[later])}"
        return Said(message, "remove one of them")

    def _limit(self, value: Any, node: Node) -> str:
        """What is allowed, or the one bound that was passed where the others go without saying."""
        longest, least, most = node.get("maxLength"), node.get("minLength"), node.get("maximum")
        if isinstance(value, int | Decimal) and most is not None and value > most >= UNTOLD:
            return f"at most {most}"
        if isinstance(value, str) and longest is not None and len(value) > longest:
            return f"at most {longest} characters long, not {len(value):,}"
        if value == "" and least and "patternErrorMessage" not in node:
            return f"at least {least} character long"
        return allowed(node)

    def _give(self, pointer: Pointer) -> str:
        if isinstance(pointer[-1], int):
            return "give a value, or remove the entry"
        return "give a value" if self._guide.is_required(pointer) else "give a value, or remove the field"

    def _skeleton(self, node: Node) -> str:
        """What can stand in a place, with dots for what only the author knows."""
        given = kinds(node)
        if given == {"object"}:
            return "{" + (", ".join(f"{field}: ..." for field in node.get("required", ())) or "...") + "}"
        return "[...]" if given == {"array"} else allowed(node)

    def _condition(self, refusal: Refusal, holder: Pointer) -> tuple[str, tuple[tuple[Pointer, str], ...]]:
        """``origin model``, and where that stands; empty without a condition."""
        stated = self._value_at(holder)
        keys = [key for key in (refusal.condition or {}).get("properties", ()) if key in stated]
        because = " and ".join(f"{key} {literal(stated[key])}" for key in keys)
        return because, tuple(((*holder, key), f"{key} is {literal(stated[key])}") for key in keys)

    def _label(self, pointer: Pointer) -> str:
        """The name of a value: its field, with the field around it when that is no list and no name of the user's."""
        if not pointer:
            return "the file"
        *parent, last = pointer
        if isinstance(last, int):
            return f"{self._label(tuple(parent))} entry {last + 1}"
        holder = parent[-1] if parent else 0
        around = isinstance(holder, str) and self._guide.is_field(tuple(parent))
        return f"{named(holder)}.{named(last)}" if around and isinstance(holder, str) else named(last)

    def _value_at(self, pointer: Pointer) -> Any:
        value = self._tree
        for step in pointer:
            value = value[step]
        return value


def _like(node: Node) -> str | None:
    example = next(iter(node.get("examples", ())), None)
    return f"write it like {literal(example)}" if isinstance(example, str) and "pattern" in node else None


def _odd(text: str) -> str:
    odd = odd_character(text)
    return f"; {odd}" if odd else ""


def _a(field: str) -> str:
    """``a generator``, ``an owner``; names with an underscore go without."""
    if not field.isalpha():
        return field
    return f"{'an' if field[0] in 'aeiou' else 'a'} {field}"
