"""What a Croissant file says of the origin of its data: RAI, PROV and schema.org, weighed together."""

from __future__ import annotations

from pytest_datapolicy.formats.host import ANYTHING, EVERY, Source, is_line, is_placeholder
from pytest_datapolicy.formats.jsonld import node, words
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.vocabulary import REAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pytest_datapolicy.formats.host import Stated
    from pytest_datapolicy.formats.jsonld import Context, Node

_MADE_BY = ("wasGeneratedBy", "wasAttributedTo", "wasAssociatedWith", "isAssociatedWith")
_SOFTWARE = frozenset({"SoftwareAgent", "SoftwareApplication"})
_NO = frozenset({"false", "no", "none", "0"})
_SOURCES = {
    **dict.fromkeys(("digitalcapture", "originaldigitalcapture", "negativefilm", "positivefilm", "print"), "observed"),
    **dict.fromkeys(("multiframecomputationalcapture", "computationalcapture"), "observed"),
    **dict.fromkeys(("digitalcreation", "digitalart"), "human"),
    **dict.fromkeys(("algorithmicmedia", "datadrivenmedia"), "simulation"),
    "trainedalgorithmicmedia": "model",
}
"""IPTC digital source types as schema.org has them, in lower case and without their common ending."""
_SIMULATED = frozenset({"simulation", "simulated", "simulator"})
_ORIGIN = (*EVERY, "origin")


class _Software(NamedTuple):
    """A program that had a part in the data."""

    name: str
    source: Source


def origin(stated: Stated, context: Context, root: Node, parts: Iterable[Node]) -> None:
    """State what is known of the origin of all data, or why nothing is."""
    flag = _flag(stated, root)
    software = next(_software(stated, context, (root, *parts)), None)
    typed = _typed(stated, context, root)
    if typed is not None:
        value, source = typed
        doubt = stated.some_synthetic or (software and software.source)
        if value in REAL and doubt:
            reason = f"{source.field} says {value}, but {doubt.field} names a machine's part in it"
            stated.state(_ORIGIN, "unknown", source, reason=reason, fits=ANYTHING)
            return
        stated.state(_ORIGIN, value, source)
        if value == "model" and software is not None and is_line(software.name):
            stated.state((*EVERY, "generator", "name"), software.name, software.source, weak=True)
        return
    if stated.some_synthetic is not None:
        stated.state(_ORIGIN, "unknown", stated.some_synthetic, reason=flag, fits=ANYTHING)
    elif software is not None:
        reason = f"{software.source.field} names the software {software.name}, and not what it made"
        stated.state(_ORIGIN, "unknown", software.source, reason=reason, fits=ANYTHING)
    elif flag:
        stated.leave(_ORIGIN, _source(stated, root, "hasSyntheticData"), flag)
    else:
        _collection(stated, root)


def _source(stated: Stated, holder: Node, name: str) -> Source:
    return stated.source(*holder.pointer(name))


def _flag(stated: Stated, root: Node) -> str:
    """What ``hasSyntheticData`` means; files write it as a truth value, as text, and as a story."""
    value: Any = root.get("hasSyntheticData")
    value = value.get("@value") if isinstance(value, dict) else value
    source = _source(stated, root, "hasSyntheticData")
    said = " ".join(words(value)) if not isinstance(value, bool) else str(value).lower()
    if not said or (is_placeholder(said) and said.lower() not in _NO):
        return ""
    first = said.lower().replace(",", " ").replace(".", " ").replace(";", " ").split()[:1]
    if first and first[0] in _NO:
        return f"{source.field} says {said[:60]}, which does not tell who or what made the data"
    stated.some_synthetic = source
    return f"{source.field} says {said[:60]}, and not which data nor how it was made"


def _typed(stated: Stated, context: Context, root: Node) -> tuple[str, Source] | None:
    """What ``digitalSourceType`` says, where it is one term that says one thing."""
    terms = words(root.get("digitalSourceType"))
    source = _source(stated, root, "digitalSourceType")
    if not terms:
        return None
    names = {(context.local(term) or term).rstrip("/").rpartition("/")[2].lower() for term in terms}
    values = {_SOURCES.get(name.removesuffix("digitalsource"), "unknown") for name in names}
    if len(values) == 1 and "unknown" not in values:
        return values.pop(), source
    reason = f"{source.field} says {', '.join(terms)[:80]}, which leaves the origin open"
    stated.state(_ORIGIN, "unknown", source, reason=reason, fits=ANYTHING)
    return None


def _software(stated: Stated, context: Context, holders: Iterable[Node]) -> Iterator[_Software]:
    """Agents typed as software, at any level, within activities too."""
    for holder in holders:
        waiting = [(holder.get(name), holder.pointer(name)) for name in reversed(_MADE_BY) if name in holder.values]
        while waiting:
            value, at = waiting.pop()
            if isinstance(value, list):
                waiting.extend((item, (*at, index)) for index, item in reversed(list(enumerate(value))))
            elif isinstance(value, dict):
                agent = node(context, value, at, frozenset())
                types = {context.local(word) for key in ("@type", "type") for word in words(agent.get(key))}
                if types & _SOFTWARE:
                    named = (word for key in ("name", "label", "@id", "id") for word in words(agent.get(key)))
                    yield _Software(next(named, "that it names"), stated.source(*at))
                waiting.extend((agent.get(name), agent.pointer(name)) for name in _MADE_BY if name in agent.values)


def _collection(stated: Stated, root: Node) -> None:
    """What ``dataCollectionType`` says: hardly ever who made the data."""
    said = words(root.get("dataCollectionType"))
    if not said or _ORIGIN in stated.facts:
        return
    source = _source(stated, root, "dataCollectionType")
    if all(word.lower() in _SIMULATED for word in said):
        stated.state(_ORIGIN, "simulation", source)
    elif any("synthetic" in word.lower() or "machine-generated" in word.lower() for word in said):
        stated.some_synthetic = source._replace(name=f"{source.field} ({', '.join(said)[:60]})")
        reason = f"{source.field} says {', '.join(said)[:60]}, and not which data nor how it was made"
        stated.state(_ORIGIN, "unknown", source, reason=reason, fits=ANYTHING)
    else:
        stated.leave(_ORIGIN, source, f"{source.field} tells how the data was collected, not who or what made it")
