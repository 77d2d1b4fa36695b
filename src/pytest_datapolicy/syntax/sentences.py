"""Faults of shape in words: what was found, what is allowed, and the smallest change that would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_datapolicy.syntax.suggestions import nearest, odd_character, repaired
from pytest_datapolicy.syntax.walk import as_list
from pytest_datapolicy.syntax.wording import allowed, either, literal, named, shown

if TYPE_CHECKING:
    from collections.abc import Set

    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.syntax.explain import Fault
    from pytest_datapolicy.syntax.walk import Guide, Node


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
        self._validators: dict[int, Any] = {}

    def tell(self, fault: Fault, missing: Set[Pointer]) -> Said:
        """One fault in words; `missing` are the fields that the document lacks."""
        if fault.keyword == "unknown":
            return self._unknown(fault.pointer, missing)
        if fault.keyword == "missing":
            return self._missing(fault)
        if fault.keyword == "name":
            return self._name(fault)
        return self._value(fault, self._value_at(fault.pointer))

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
        owners = self._guide.owners(field)
        if owners and len(owners) < 3:
            return Said(message, f"move it: {field} is a field of a {either(owners)}")
        return Said(message, f"remove it: the fields of a {title} are {', '.join(dict.fromkeys(known))}")

    def _missing(self, fault: Fault) -> Said:
        *parent, key = fault.pointer
        field = str(key)
        because, related = self._condition(fault, tuple(parent))
        needs = {} if field in fault.node.get("required", ()) else fault.node.get("dependentRequired", {})
        trigger = next((name for name, fields in needs.items() if field in fields), None)
        if because:
            message = f"{because} needs {_a(field)}"
        elif trigger is not None:
            message = f"field {trigger} needs field {field}"
            related = (((*parent, trigger), f"{trigger} is given here"),)
        else:
            message = f"required field {named(field)} is missing in this {self._guide.title(tuple(parent))}"
        return Said(message, f"add {field}: {self._skeleton(self._guide.merged_at(fault.pointer))}", related=related)

    def _name(self, fault: Fault) -> Said:
        *parent, key = fault.pointer
        name, node = str(key), fault.node
        message = f"key {shown(name)} of {self._label(tuple(parent))} must be {self._limit(name, node)}{_odd(name)}"
        return Said(message, repaired(name, self._fits(node), frozenset({"string"})) or _like(node) or "rename it")

    def _value(self, fault: Fault, value: Any) -> Said:
        node, label = fault.node, self._label(fault.pointer)
        if fault.keyword == "whole":
            return Said(f"{label} is {shown(value)}; it must be an integer", f"write {int(value)}")
        if fault.keyword == "uniqueItems":
            return self._repeated(value, label)
        if fault.keyword in ("minItems", "minProperties", "maxItems", "maxProperties"):
            return self._size(fault, value, label)
        message = f"{label} is {shown(value)}; it must be {self._limit(value, node)}"
        because, related = self._condition(fault, fault.pointer[:-1])
        message += f" for {because}" if because else ""
        if isinstance(value, str):
            message += _odd(value)
        return Said(message, self._remedy(fault, value), related=related)

    def _remedy(self, fault: Fault, value: Any) -> str:
        node = fault.node
        if value is None or value == "":
            return self._give(fault.pointer)
        options = node.get("enum", ())
        if isinstance(value, str) and options:
            meant = nearest(value, [option for option in options if isinstance(option, str)])
            if meant is not None:
                return f"did you mean {meant}?"
        remedy = repaired(value, self._fits(node), _kinds(node)) or self._wrapped(value, node)
        if remedy is not None:
            return remedy
        if isinstance(value, str) and len(value) > node.get("maxLength", len(value)):
            return f"shorten it to {node['maxLength']} characters"
        return _like(node) or f"write {self._skeleton(node)}"

    def _wrapped(self, value: Any, node: Node) -> str | None:
        """The remedy that makes a mapping of a value that is the only field that the mapping needs."""
        for field in node.get("required", ()):
            if not isinstance(value, dict | list) and self._fits(node)({field: value}):
                return f"write {literal({field: value})}"
        return None

    def _size(self, fault: Fault, value: Any, label: str) -> Said:
        limit, kind = fault.node[fault.keyword], "entry" if isinstance(value, list) else "field or name"
        if fault.keyword.startswith("min"):
            message = f"{label} is {shown(value)}; it must hold at least {limit} {kind}"
            return Said(message, f"add one{'' if self._guide.is_required(fault.pointer) else ', or remove the field'}")
        return Said(f"{label} holds {len(value):,} entries; at most {limit:,} are allowed", "remove some")

    def _repeated(self, value: list[Any], label: str) -> Said:
        later, earlier = next((i, value.index(item)) for i, item in enumerate(value) if value.index(item) < i)
        message = f"{label} entry {later + 1} repeats entry {earlier + 1}, {shown(value[later])}"
        return Said(message, "remove one of them")

    def _limit(self, value: Any, node: Node) -> str:
        """What is allowed, or the length that was passed when all else is right."""
        longest, least = node.get("maxLength"), node.get("minLength")
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
        kinds = _kinds(node)
        if kinds == {"object"}:
            return "{" + (", ".join(f"{field}: ..." for field in node.get("required", ())) or "...") + "}"
        return "[...]" if kinds == {"array"} else allowed(node)

    def _condition(self, fault: Fault, holder: Pointer) -> tuple[str, tuple[tuple[Pointer, str], ...]]:
        """``origin model``, and where that stands; empty without a condition."""
        stated = self._value_at(holder)
        keys = [key for key in (fault.condition or {}).get("properties", ()) if key in stated]
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

    def _fits(self, node: Node) -> Any:
        """Whether a candidate satisfies a schema, integers taken strictly."""
        validator = self._validators.get(id(node))
        if validator is None:
            import jsonschema_rs

            inner = {"$schema": self._guide.schema.get("$schema"), "$defs": self._guide.schema.get("$defs", {}), **node}
            schema = {key: part for key, part in inner.items() if part is not None}
            validator = self._validators[id(node)] = jsonschema_rs.validator_for(schema, validate_formats=True)
        strict = "number" not in _kinds(node)
        return lambda value: validator.is_valid(value) and not (strict and hasattr(value, "to_integral_value"))


def _kinds(node: Node) -> frozenset[str]:
    kinds = {kind for part in (node, *node.get("anyOf", ())) for kind in as_list(part.get("type", ()))}
    return frozenset(kinds | ({"number"} if "maximum" in node and not kinds else set()))


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
