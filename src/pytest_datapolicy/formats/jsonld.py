"""The part of JSON-LD that Croissant files are written in: names through a context that is never fetched.

Every key is brought to the local name that it has in schema.org, Croissant, its RAI extension, PROV or Dublin Core, so
that prefixes, full addresses, aliases and forgotten prefixes read alike. What could give a name another meaning, or
hide a field from a reader of plain JSON, is refused: unknown contexts, redefined names, ``@graph``, ``@reverse`` and
scoped contexts.
"""

from __future__ import annotations

import re

from pytest_datapolicy.model.document import Problem, Refused
from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from pytest_datapolicy.model.document import Document
    from pytest_datapolicy.model.places import Pointer

_SCHEMA = ("https://schema.org/", "http://schema.org/")
_CROISSANT = ("http://mlcommons.org/croissant/", "https://mlcommons.org/croissant/")
_RAI = (*(f"{space}{name}/" for space in _CROISSANT for name in ("RAI", "rai")), "http://mlcommons.org/croissant-RAI/")
_TERMS = ("http://purl.org/dc/terms/", "https://purl.org/dc/terms/")
_PROV = ("http://www.w3.org/ns/prov#", "https://www.w3.org/ns/prov#")
_OLD = ("http://mlcommons.org/schema/", "https://mlcommons.org/schema/")
_PREFIXES = {"sc": _SCHEMA, "cr": _CROISSANT, "rai": _RAI, "prov": _PROV, "dct": _TERMS}
"""Prefixes that no context may give another meaning."""
_USUAL = {*_PREFIXES, "schema", "dcterms", "ml"}
"""Prefixes that are understood where the context forgets them."""
_NAMESPACES = sorted((*_SCHEMA, *_CROISSANT, *_RAI, *_TERMS, *_PROV, *_OLD), key=len, reverse=True)
_VERSION = re.compile(r"/[0-9]+\.[0-9]+/?$|[/#]$")
_KNOWN_CONTEXTS = frozenset(
    {
        *("https://schema.org", "http://schema.org", "https://schema.org/docs/jsonldcontext.jsonld"),
        *(space.rstrip("/") for space in (*_CROISSANT, *_RAI)),
    }
)
"""Without the version at their end."""
_SETTINGS = frozenset({"@language", "@base", "@version", "@direction", "@protected"})
_UNMODELLED = ("@graph", "@reverse", "@included", "@nest", "@import", "@context")
_OPAQUE = frozenset({"data", "examples"})
"""Rows of data in JSON of their own, whatever their keys."""


class Context:
    """What the names of one file mean."""

    def __init__(self, document: Document, meant: frozenset[str]) -> None:
        """`meant` holds the names that the reader looks at: none of them may be given another meaning."""
        self._document = document
        self._meant = meant
        self._prefixes: dict[str, str] = {}
        self._terms: dict[str, str] = {}
        self._known: dict[str, str] = {}
        given = document.tree.get("@context")
        if isinstance(given, list):
            for index, item in enumerate(given):
                self._read(item, ("@context", index))
        elif given is not None:
            self._read(given, ("@context",))

    def local(self, name: str) -> str:
        """The local name of a key, a type or a term; empty for what no known vocabulary defines."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._local(name)
        return known

    def _local(self, name: str) -> str:
        if name in self._terms:
            return self._terms[name]
        if name.startswith("@") or ":" not in name:
            return name
        prefix, _, rest = name.partition(":")
        if rest.startswith("//"):
            space = next((space for space in _NAMESPACES if name.startswith(space)), None)
            return "" if space is None else name[len(space) :].rstrip("/")
        if prefix in self._prefixes and prefix not in _PREFIXES:
            return rest if self._prefixes[prefix] in _NAMESPACES else ""
        return rest if prefix in _USUAL else ""

    def _read(self, given: Any, at: Pointer) -> None:
        if isinstance(given, str):
            if _stem(given) not in _KNOWN_CONTEXTS:
                message = f"the context {given[:120]} is not one that this release knows, and none is fetched"
                self.refuse(message, "write the context of Croissant 1.1 into the file", at)
        elif isinstance(given, dict):
            for key, meaning in given.items():
                address = meaning.get("@id") if isinstance(meaning, dict) else meaning
                if key in _PREFIXES and (
                    not isinstance(address, str) or _stem(address) not in map(_stem, _PREFIXES[key])
                ):
                    self._redefined(key, (*at, key))
                if isinstance(address, str) and address.endswith(("/", "#")) and key not in self._meant:
                    self._prefixes[key] = address
            for key, meaning in given.items():
                if key.startswith("@"):
                    self._keyword(key, meaning, (*at, key))
                elif key not in self._prefixes and key not in _PREFIXES:
                    self._term(key, meaning, (*at, key))
        else:
            self.refuse("the context is neither an address nor a mapping", "write a mapping of names", at)

    def _keyword(self, key: str, meaning: Any, at: Pointer) -> None:
        if key == "@vocab" and meaning in (*_SCHEMA, "https://schema.org", "http://schema.org"):
            return
        if key not in _SETTINGS:
            self.refuse(f"{key} in the context is not modelled", "remove it; plain names are those of schema.org", at)

    def _term(self, key: str, meaning: Any, at: Pointer) -> None:
        address = meaning.get("@id", key) if isinstance(meaning, dict) else meaning
        if isinstance(meaning, dict) and ("@reverse" in meaning or "@context" in meaning):
            self.refuse(f"the context turns {key} into something that is not modelled", "remove it", at)
        local = self._local(address) if isinstance(address, str) else ""
        if key in self._meant and local != key:
            self._redefined(key, at)
        self._terms[key] = local

    def _redefined(self, key: str, at: Pointer) -> NoReturn:
        self.refuse(f"the context gives {key} another meaning", "give it the meaning that Croissant gives it", at)

    def refuse(self, message: str, remedy: str, at: Pointer, rule: str = "DP001") -> NoReturn:
        """Refuse the file at a key."""
        span = self._document.positions.key_span(at)
        raise Refused([Problem(rule, message, remedy, span, at)], self._document.text)


def _stem(address: str) -> str:
    """An address without the version or the separator at its end."""
    return _VERSION.sub("", address)


class Node(NamedTuple):
    """A mapping of the file with its keys as local names; each value with the key that the file has."""

    at: Pointer
    values: dict[str, tuple[str, Any]]

    def get(self, name: str) -> Any:
        """The value of a field, None without one."""
        return self.values[name][1] if name in self.values else None

    def key(self, name: str) -> str:
        """The key that the file has for a field."""
        return self.values[name][0] if name in self.values else name

    def pointer(self, name: str) -> Pointer:
        """Where the field stands."""
        return (*self.at, self.key(name))


def node(context: Context, mapping: dict[str, Any], at: Pointer, meant: frozenset[str]) -> Node:
    """A mapping by local names. A name of `meant` that two keys give different values is refused."""
    values: dict[str, tuple[str, Any]] = {}
    for key, value in mapping.items():
        name = context.local(key)
        if name not in values:
            values[name] = (key, value)
        elif name in meant and values[name][1] != value:
            message = f"{values[name][0]} and {key} are one field, given twice with different values"
            context.refuse(message, f"keep one {name}", (*at, key), "DP003")
    return Node(at, values)


def refuse_unmodelled(context: Context, tree: dict[str, Any], block: str) -> None:
    """Refuse constructs that could hide a field anywhere but in rows of data and in the block of native fields."""
    waiting: list[tuple[Any, Pointer]] = [(tree, ())]
    while waiting:
        value, at = waiting.pop()
        if isinstance(value, list):
            waiting.extend((item, (*at, index)) for index, item in enumerate(value) if isinstance(item, dict | list))
            continue
        for key, item in value.items():
            if key in _UNMODELLED and (at or key != "@context"):
                context.refuse(f"{key} is not modelled here", "write the fields where they belong", (*at, key))
            opaque = context.local(key) in _OPAQUE or (not at and key in (block, "@context"))
            if isinstance(item, dict | list) and not opaque:
                waiting.append((item, (*at, key)))


def words(value: Any) -> list[str]:
    """The texts of a field in any of its spellings: text, list, ``@value``, ``@id`` or one for each language."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, list):
        return [word for item in value for word in words(item)]
    if isinstance(value, dict):
        for key in ("@value", "name", "en", "@id", "url"):
            if key in value:
                return words(value[key])
        return [word for item in list(value.values())[:1] for word in words(item)]
    return []
