"""Croissant 1.0 and 1.1 with the RAI and PROV properties: data sets described in JSON-LD.

Read leniently where real files drift (forgotten prefixes, renamed properties, text for truth values) and never for
more than is said: how data was collected is not who made it, and ``hasSyntheticData: false`` is no claim of a human
origin. The fields and what each yields are listed in docs/formats.md.
"""

from __future__ import annotations

import re

from pytest_datapolicy.formats.host import (
    ANYTHING,
    BLOCK,
    EVERY,
    Source,
    Stated,
    dotted,
    host_format,
    is_file,
    is_line,
    is_name,
    is_placeholder,
    is_sha256,
    is_version,
    refuse,
    slug,
)
from pytest_datapolicy.formats.jsonld import Context, Node, node, refuse_unmodelled, words
from pytest_datapolicy.formats.provenance import origin
from pytest_datapolicy.model.vocabulary import HUMAN_LABELLERS
from pytest_datapolicy.syntax.host import UNSEEN, read_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_datapolicy.model.format import Sibling
    from pytest_datapolicy.model.places import Pointer

MEANT = frozenset(
    {
        *("name", "version", "license", "keywords", "distribution", "recordSet", "dataType", "data", "annotation"),
        *("contentUrl", "sha256", "containedIn", "hasSyntheticData", "digitalSourceType", "dataCollectionType"),
        *("wasGeneratedBy", "wasAttributedTo", "wasAssociatedWith", "wasDerivedFrom", "annotationsPerItem", BLOCK),
    }
)
"""Names that facts come from: no context may change them, no two keys may give them different values."""
_PURPOSES = {
    **dict.fromkeys(("TrainingSplit", "training_split"), "training"),
    **dict.fromkeys(("ValidationSplit", "validation_split"), "validation"),
    **dict.fromkeys(("TestSplit", "TestingSplit", "test_split", "testing_split"), "evaluation"),
}
_COUNT = "Q4049983"
"""Wikidata: number of elements."""
_LICENSES = re.compile(
    r"https?://(?:www\.)?(?:choosealicense\.com/licenses|spdx\.org/licenses|opensource\.org/licenses?)/([^/]+?)(?:\.html)?/?"
)
_COMMONS = re.compile(
    r"https?://creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/([0-9.]+)/?(?:deed\.\w+|legalcode)?"
)
_UNLICENSED = frozenset({"undefined", "unknown", "other", "no-license"})
_DOMAIN = re.compile(r"[a-z][a-z0-9._-]{0,63}")
_DAY = re.compile(r"\b([12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))(?:T[0-9:.]+Z?)?\b")


def state(data: bytes, path: str, sibling: Sibling) -> Stated:  # noqa: ARG001 - the file stands alone
    """What a Croissant file states; raises `Refused`."""
    document = read_host(data, path, as_json=True)
    stated = Stated("croissant", document)
    context = Context(document, MEANT)
    refuse_unmodelled(context, document.tree, BLOCK)
    root = node(context, document.tree, (), MEANT)
    types = {context.local(word) for key in ("@type", "type") for word in words(root.get(key))}
    if "Dataset" not in types:
        message = "the file describes no Dataset, so it is no Croissant file"
        remedy = 'give it "@type": "sc:Dataset", or leave it out of the check'
        raise refuse(message, remedy, document.positions.span(("@type",)), document.text)
    _Croissant(stated, context, root).read()
    return stated


class _Croissant:
    """One file while it is read."""

    def __init__(self, stated: Stated, context: Context, root: Node) -> None:
        self.stated = stated
        self.context = context
        self.root = root

    def read(self) -> None:
        self.conforms()
        self.identity()
        self.license()
        self.keywords()
        self.splits()
        self.counts()
        self.files()
        origin(self.stated, self.context, self.root, self.parts())
        self.labels()
        self.collected()
        self.lineage()

    def source(self, name: str, at: Node | None = None) -> Source:
        """The place of a field, under the key that the file has for it."""
        holder = self.root if at is None else at
        return self.stated.source(*holder.pointer(name))

    def conforms(self) -> None:
        """Refuse a Croissant that is newer than this reader; many files name no version at all."""
        for word in words(self.root.get("conformsTo")):
            found = re.fullmatch(r"https?://(?:www\.)?mlcommons\.org/croissant/([0-9]+)\.[0-9.]+/?", word)
            if found is not None and int(found[1]) > 1:
                document = self.stated.document
                message = f"the file conforms to {word}; this release reads Croissant 1.0 and 1.1"
                span = document.positions.span(self.root.pointer("conformsTo"))
                raise refuse(message, "use a release that reads it", span, document.text)

    def identity(self) -> None:
        name, version = " ".join(words(self.root.get("name"))[:1]), self.root.get("version")
        if is_name(name) or UNSEEN in name:
            self.stated.state(("name",), name, self.source("name"))
        elif slug(name):
            self.stated.state(("name",), slug(name), self.source("name"), weak=True)
        text = (
            str(version) if not isinstance(version, bool) and hasattr(version, "real") else " ".join(words(version)[:1])
        )
        if is_version(text) and not is_placeholder(text):
            self.stated.state(("version",), text, self.source("version"))
        elif text:
            self.stated.leave(("version",), self.source("version"), f"version holds {text[:80]}")
        summary = " ".join(words(self.root.get("description"))[:1])
        if 0 < len(summary) <= 10_000:
            self.stated.state(("summary",), summary, self.source("description"), weak=True)
        owner = " ".join(words(self.root.get("maintainer"))[:1])
        if is_line(owner):
            self.stated.state(("owner",), owner, self.source("maintainer"), weak=True)

    def license(self) -> None:
        named = [license_id(word) for word in words(self.root.get("license"))]
        known = ", ".join(word for word in named if word and not is_placeholder(word))
        if known and is_line(known):
            # An address that is not known to stand for an identifier cannot contradict one.
            self.stated.state(("license",), known, self.source("license"), weak="://" in known)
        elif "license" in self.root.values:
            said = ", ".join(words(self.root.get("license")))[:80]
            self.stated.leave(("license",), self.source("license"), f"license holds only {said or 'nothing'}")

    def keywords(self) -> None:
        listed = [part.strip() for word in words(self.root.get("keywords")) for part in word.split(",")]
        domains = [word for word in dict.fromkeys(listed) if _DOMAIN.fullmatch(word)]
        if domains:
            self.stated.state(("domains",), domains, self.source("keywords"), weak=True)

    def nodes(self, name: str, holder: Node | None = None) -> Iterator[Node]:
        """The mappings of a field that holds one or a list of them."""
        parent = self.root if holder is None else holder
        value, at = parent.get(name), parent.pointer(name)
        if isinstance(value, dict):
            yield node(self.context, value, at, MEANT)
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict):
                yield node(self.context, item, (*at, index), MEANT)

    def parts(self) -> Iterator[Node]:
        """Everything that can have a provenance of its own: files, record sets and their fields."""
        yield from self.nodes("distribution")
        for records in self.nodes("recordSet"):
            yield records
            yield from self.nodes("field", records)

    def is_split(self, records: Node) -> bool:
        return any(self.context.local(word) == "Split" for word in words(records.get("dataType")))

    def splits(self) -> None:
        """The rows of record sets that list splits; where several do, each is named after its configuration."""
        listing = [records for records in self.nodes("recordSet") if self.is_split(records)]
        for records in listing:
            config = _identity(records).removesuffix("_splits") + "." if len(listing) > 1 else ""
            rows, at = records.get("data"), records.pointer("data")
            for index, row in enumerate(rows if isinstance(rows, list) else [rows]):
                place = (*at, index) if isinstance(rows, list) else at
                if isinstance(row, dict):
                    self.split(config, row, _key(records), place)

    def split(self, config: str, row: dict[str, Any], key: str, at: Pointer) -> None:
        """One split, and its purpose where the row has a typed term for it."""
        texts = {column: value for column, value in row.items() if isinstance(value, str)}
        terms = {column: _PURPOSES.get(_term(self.context, value)) for column, value in texts.items()}
        named = key if key in texts else next((column for column in texts if terms[column] is None), None)
        if named is None:
            return
        name = self.stated.split(config + texts[named], self.stated.source(*at, named))
        for column, purpose in terms.items():
            if purpose is not None:
                self.stated.state(("splits", name, "purpose"), purpose, self.stated.source(*at, column))

    def counts(self) -> None:
        """The number of records, where one record set gives one."""
        pointer = (*EVERY, "records")
        found: list[tuple[Any, Source]] = []
        for records in self.nodes("recordSet"):
            for item in self.nodes("annotation", records):
                if any(word.endswith(_COUNT) for word in words(item.get("dataType"))):
                    found.append((item.get("value"), self.source("value", item)))
        if len(found) == 1 and type(found[0][0]) is int and found[0][0] >= 0:
            self.stated.state(pointer, found[0][0], found[0][1])
        elif found:
            self.stated.leave(pointer, found[0][1], f"{len(found)} counts are given, and not one for all records")

    def files(self) -> None:
        """The files that a manifest can name; a digest that is none is named."""
        for item in self.nodes("distribution"):
            types = {self.context.local(word) for word in words(item.get("@type"))}
            url = " ".join(words(item.get("contentUrl"))[:1])
            if "FileSet" in types or "containedIn" in item.values or "git" in str(item.get("encodingFormat")):
                continue
            if not is_file(url):
                if url:
                    reason = f"{_identity(item)} is at {url[:120]}, which names no single file"
                    self.stated.leave((*EVERY, "files"), self.source("contentUrl", item), reason)
                continue
            at = (*EVERY, "files", url)
            digest = " ".join(words(item.get("sha256"))[:1])
            given = {"sha256": digest.lower()} if is_sha256(digest.lower()) else {}
            self.stated.state(at, given, self.source("sha256" if given else "contentUrl", item))
            if digest and not given:
                reason = f"the sha256 of {_identity(item)} is {digest[:80]}, which is no digest"
                self.stated.leave((*at, "sha256"), self.source("sha256", item), reason)

    def labels(self) -> None:
        per_item = self.root.get("annotationsPerItem")
        text = " ".join(words(per_item)[:1])
        count = per_item if type(per_item) is int else int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None
        if count is not None and 0 <= count <= 1_000_000:
            self.stated.state((*EVERY, "labels", "annotators"), count, self.source("annotationsPerItem"))
        pointer = (*EVERY, "labels", "by")
        for records in self.nodes("recordSet"):
            for field in self.nodes("field", records):
                for item in self.nodes("annotation", field):
                    if any(self.context.local(word) == "Person" for word in words(item.get("dataType"))):
                        source = self.source("annotation", field)
                        reason = f"{source.field} says that each value has a person, not what kind of annotator"
                        fits = HUMAN_LABELLERS | {"unknown"}
                        self.stated.state(pointer, "unknown", source, reason=reason, fits=fits)
                        return
        for name in (
            "machineAnnotationTools",
            "dataAnnotationPlatform",
            "annotationPlatform",
            "dataAnnotationProtocol",
        ):
            said = words(self.root.get(name))
            if said and not all(is_placeholder(word) for word in said):
                reason = f"{self.root.key(name)} tells in prose how labels were made, not who gave them"
                self.stated.state(pointer, "unknown", self.source(name), reason=reason, fits=ANYTHING)
                return

    def collected(self) -> None:
        """The days between which the data was collected, where they are days."""
        for names in (("dataCollectionTimeframe",), ("dataCollectionTimeFrame",), ("temporalCoverage",)):
            found = [(day, names[0]) for word in words(self.root.get(names[0])) for day in _DAY.findall(word)]
            if found:
                break
        else:
            ends = ("dataCollectionTimeFrameStart", "dataCollectionTimeFrameEnd")
            found = [(day, end) for end in ends for word in words(self.root.get(end)) for day in _DAY.findall(word)[:1]]
        if len(found) == 2 and _is_day(found[0][0]) and _is_day(found[1][0]) and found[0] <= found[1]:
            for key, (day, name) in zip(("from", "to"), found, strict=True):
                self.stated.state((*EVERY, "collected", key), day, self.source(name))

    def lineage(self) -> None:
        for name in ("wasDerivedFrom", "isBasedOn"):
            parents = words(self.root.get(name))
            if parents:
                reason = f"{self.root.key(name)} names {', '.join(parents)[:80]} without name and version"
                self.stated.leave((*EVERY, "derived_from"), self.source(name), reason)


def license_id(word: str) -> str:
    """The identifier in the address of a well-known license; the text itself otherwise, nothing for a placeholder."""
    found = _LICENSES.fullmatch(word)
    commons = _COMMONS.fullmatch(word)
    if commons is not None:
        name = "CC0" if commons[1] == "zero" else f"CC-{commons[1].upper()}"
        return f"{name}-{commons[2]}"
    text = word if found is None else found[1]
    return "" if text.lower() in _UNLICENSED else text


def _term(context: Context, value: str) -> str:
    """The local name of a term, whether in a vocabulary or at an address of definitions."""
    return context.local(value) or value.rstrip("/").rpartition("/")[2]


def _identity(item: Node) -> str:
    """What a node calls itself."""
    return next((word for key in ("@id", "id", "name") for word in words(item.get(key))), "") or dotted(item.at)


def _key(records: Node) -> str:
    return next(iter(words(records.get("key"))), "")


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


FORMAT = host_format("croissant", state)
