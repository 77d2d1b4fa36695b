"""A host's facts and the native fields that complete them, joined to one manifest whose values keep their places."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_datapolicy.formats.host import BLOCK, COMPONENT, EVERY, dotted
from pytest_datapolicy.formats.native import contradictions, shape
from pytest_datapolicy.formats.trees import MISSING, copied, mappings, value_at
from pytest_datapolicy.model.document import Document, Problem, Refused
from pytest_datapolicy.model.format import Conflict, Reading
from pytest_datapolicy.model.vocabulary import REAL
from pytest_datapolicy.syntax.host import HostDocument

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_datapolicy.formats.host import Fact, Source, Stated
    from pytest_datapolicy.model.manifest import Tree
    from pytest_datapolicy.model.places import Place, Pointer, Span

_SUMS = ("records", "tokens", "bytes")
"""What a host counts for a whole split: of several components it is the sum."""


class Block(NamedTuple):
    """Native fields that complete a host: its own block, or a sidecar."""

    tree: Any
    """A mapping, unless the author went wrong; None when there is none."""
    document: Document
    """The file that holds it."""
    at: Pointer
    """Where it stands in that file."""
    where: str
    """Where to write what is missing: ``in the datapolicy block``."""
    corrects: Mapping[str, str] | None = None
    """By dotted pointer, why a fact of the host is wrong; None where nothing can be corrected."""


def own_block(stated: Stated) -> Block:
    """The block in the host's own extension place."""
    tree: Any = stated.document.tree
    for step in stated.block:
        held = isinstance(tree, dict) if isinstance(step, str) else isinstance(tree, list)
        tree = tree[step] if held and (step in tree if isinstance(step, str) else step < len(tree)) else None
    where = f"in {'a' if tree is None else 'the'} {BLOCK} block of this file"
    return Block(tree, stated.document, stated.block, where)


def complete(stated: Stated, block: Block) -> Reading:
    """The manifest that host and block make together; raises `Refused` with every fault found."""
    problems = list(_unfit(block))
    if problems:
        raise Refused(problems, block.document.text)
    joined = _Joined(stated, block)
    document = Document(block.document.path, block.document.text, _digest(stated, block), joined.tree, joined)
    found = shape().problems(document) or list(contradictions(document))
    faults = [joined.in_context(problem) for problem in found] or list(joined.unused())
    if faults:
        raise Refused(faults, block.document.text)
    return Reading(joined.tree, document, joined.locate, tuple(joined.conflicts), joined.notes)


def _unfit(block: Block) -> Iterator[Problem]:
    """What keeps a block from completing anything."""
    positions = block.document.positions
    if isinstance(block.document, HostDocument):
        yield from block.document.doubts_below(block.at)
    if block.tree is not None and not isinstance(block.tree, dict):
        message = f"{BLOCK} holds no fields of a manifest"
        yield Problem(
            "DP002", message, "write the fields as a mapping, or remove it", positions.span(block.at), block.at
        )
        return
    for key in ("describes", "corrects"):
        if key in (block.tree or ()):
            message = f"{key} stands in a block that completes the file around it"
            remedy = "remove it; what the file itself states is corrected there"
            pointer = (*block.at, key)
            yield Problem("DP002", message, remedy, positions.key_span(pointer), pointer)


def _digest(stated: Stated, block: Block) -> str:
    digests = [item.sha256 for item in (block.document, stated.document, *stated.others)]
    distinct = list(dict.fromkeys(digests))
    return distinct[0] if len(distinct) == 1 else sha256(" ".join(distinct).encode()).hexdigest()


class _Joined:
    """The completed tree, where each of its values stands, and what did not agree. Also its positions."""

    def __init__(self, stated: Stated, block: Block) -> None:
        self.stated = stated
        self.block = block
        self.conflicts: list[Conflict] = []
        self.notes: dict[Pointer, str] = {}
        self.corrected: set[str] = set()
        self.sources: dict[Pointer, Source] = {}
        """Values that are the host's."""
        self.holders: dict[Pointer, Source] = {}
        """Splits and components that the host names; the block may hold them too."""
        self.tree: Tree = {"manifest": 1, **copied(block.tree or {})}
        for pointer, fact in stated.facts.items():
            if pointer[0] != "splits":
                self.put(self.tree, pointer, (), fact)
        for pointer, fact in stated.left.items():
            if pointer[0] != "splits" and value_at(self.tree, pointer) is MISSING:
                self.notes[pointer] = fact.reason
        self.join_splits()
        self.check_synthetic()

    def join_splits(self) -> None:
        """The splits of host and block, the host's first."""
        given = self.tree.get("splits", {})
        if not isinstance(given, dict) or not (given or self.stated.splits):
            return
        names = [*self.stated.splits, *(name for name in given if name not in self.stated.splits)]
        splits = self.tree["splits"] = {name: given.get(name, {}) for name in names}
        for name, split in splits.items():
            if isinstance(split, dict):
                self.join_components(name, split)
        sound = {name: split for name, split in splits.items() if isinstance(split, dict)}
        total = sum(len(mappings(split.get("components"))) for split in sound.values())
        for name, split in sound.items():
            self.fill_split(name, split, alone=total == 1)

    def join_components(self, name: str, split: Tree) -> None:
        """The components of a split: those that the host names, those of the block, or one for all records."""
        at = ("splits", name)
        source = self.stated.splits.get(name)
        if source is not None:
            self.holders[at] = source
        components = split.setdefault("components", [])
        if not isinstance(components, list):
            return
        hosted = self.hosted(name)
        nameless = [item for item in components if isinstance(item, dict) and "name" not in item]
        named = {item.get("name") for item in components if isinstance(item, dict)}
        lacking = [item for item in hosted or ([COMPONENT] if len(components) < 2 else []) if item not in named]
        if len(nameless) == 1 and len(lacking) == 1:
            nameless[0]["name"] = lacking.pop()
        elif not hosted and components:
            lacking = []
        components.extend({"name": item} for item in lacking)
        for index, item in enumerate(components):
            known = hosted.get(str(item.get("name"))) if isinstance(item, dict) else None
            holder = known if known is not None else source
            if holder is not None:
                self.holders[(*at, "components", index)] = holder

    def hosted(self, split: str) -> dict[str, Source]:
        """The components that the host names in a split."""
        found: dict[str, Source] = {}
        for pointer, fact in self.stated.facts.items():
            if len(pointer) > 3 and pointer[1] == split and pointer[2] == "components" and pointer[3] != "*":
                found.setdefault(str(pointer[3]), fact.source)
        return found

    def fill_split(self, name: str, split: Tree, *, alone: bool) -> None:
        """Put the host's facts about a split and its components where they belong."""
        at = ("splits", name)
        for pointer, fact in self.stated.facts.items():
            if pointer[:2] in (("splits", "*"), at) and len(pointer) > 2 and pointer[2] != "components":
                self.put(split, pointer[2:], at, fact)
        components = mappings(split.get("components"))
        hosted = self.hosted(name)
        for index, item in components:
            place = (*at, "components", index)
            own = item.get("name") in hosted or len(components) == 1
            facts = self.facts_of(self.stated.facts, name, item, own=own, alone=alone)
            self.fill(item, place, facts)
            for path, fact in self.facts_of(self.stated.left, name, item, own=True, alone=True).items():
                found = self.path_in(item, path)
                if value_at(item, found) is MISSING:
                    self.notes.setdefault((*place, *found), fact.reason)
        if len(components) > 1 and not hosted:
            self.check_sums(name, [item for _, item in components])

    def facts_of(
        self, facts: Mapping[Pointer, Fact], split: str, item: Tree, *, own: bool, alone: bool
    ) -> dict[Pointer, Fact]:
        """What the host says of one component, the more particular over the more general.

        Counts and lists of files are those of a component only when it is alone in what they are stated of.
        """
        found: dict[Pointer, Fact] = {}
        for general in ("*", split):
            for part in ("*", item.get("name")):
                for pointer, fact in facts.items():
                    if len(pointer) > 4 and pointer[1] == general and pointer[2] == "components" and pointer[3] == part:
                        shared = pointer[4] in _SUMS and not (alone if general == "*" else own)
                        if not shared and (pointer[4] != "files" or self.takes(item, pointer, own=own, alone=alone)):
                            found[pointer[4:]] = fact
        return found

    def takes(self, item: Tree, pointer: Pointer, *, own: bool, alone: bool) -> bool:
        """Whether a component has the file that a pointer names: it lists it, or is alone and lists none."""
        files = item.get("files")
        if files is not None:
            return len(pointer) < 6 or any(file.get("path") == pointer[5] for _, file in mappings(files))
        return alone if pointer[1] == "*" else own

    def path_in(self, item: Tree, path: Pointer) -> Pointer:
        """The path of a fact within a component: a file is stated by its own path, and stands in a list."""
        if path[0] != "files" or len(path) < 2:
            return path
        found = (index for index, file in mappings(item.get("files")) if file.get("path") == path[1])
        return (path[0], next(found, path[1]), *path[2:])

    def fill(self, item: Tree, at: Pointer, facts: Mapping[Pointer, Fact]) -> None:
        """Put facts into one component."""
        listed = "files" in item
        for path, fact in facts.items():
            if path[0] != "files":
                self.put(item, path, at, fact)
                continue
            if not listed:
                self.sources[(*at, "files", len(item.setdefault("files", [])))] = fact.source
                item["files"].append({"path": path[1]})
            place = self.path_in(item, path)
            for key, value in fact.value.items():
                self.put(value_at(item, place), (key,), (*at, *place), fact._replace(value=value))

    def put(self, node: Any, path: Pointer, at: Pointer, fact: Fact) -> None:
        """Put one fact where it belongs, unless the block says it already."""
        pointer = (*at, *path)
        *outer, key = path
        for step in outer:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                return  # the schema says what is wrong with it
        if key not in node:
            node[key] = copied(fact.value)
            self.sources[pointer] = fact.source
            if fact.reason:
                self.notes[pointer] = fact.reason
        elif isinstance(fact.value, list):
            self.unite(node[key], pointer, fact)
        elif fact.weak:
            return
        elif fact.fits is not None:
            if node[key] == fact.value:
                self.notes[pointer] = fact.reason
            elif fact.fits and node[key] not in fact.fits:
                self.differ(node, pointer, fact)
        elif _same(node[key], fact.value):
            self.sources[pointer] = fact.source
        else:
            self.differ(node, pointer, fact)

    def unite(self, given: Any, pointer: Pointer, fact: Fact) -> None:
        """Add to a list of the block what the host has beyond it."""
        for index, value in enumerate(fact.value):
            if isinstance(given, list) and value not in given:
                self.sources[(*pointer, len(given))] = fact.source.at(index)
                given.append(value)

    def differ(self, node: Any, pointer: Pointer, fact: Fact) -> None:
        """Note that host and block say different things; the host's counts, unless it is corrected."""
        key = pointer[-1]
        given = node[key]
        said = fact.reason or f"{fact.source.field} says {fact.value}"
        if self.corrects(pointer, said, fact.source):
            return
        message = f"{_field(pointer)} is {given} {self.block.where}, but {said}"
        remedy = f"correct the one that is wrong: {key} here, or {fact.source.field} in {fact.source.document.path}"
        self.conflict(pointer, message, remedy, fact.source, said)
        node[key] = copied(fact.value)

    def conflict(self, pointer: Pointer, message: str, remedy: str, source: Source, said: str) -> None:
        """Note a contradiction, with both places."""
        place = self.block_place(pointer)
        if self.block.corrects is not None:
            remedy += f"; where the host is wrong, say why under corrects: {_path(pointer)}"
        self.conflicts.append(Conflict(pointer, message, remedy, place, source.place(), said))

    def corrects(self, pointer: Pointer, said: str, source: Source) -> bool:
        """Whether the author says that the host is wrong here, and why; that stays in the notes."""
        path = _path(pointer)
        reason = (self.block.corrects or {}).get(path)
        if reason is None:
            return False
        self.corrected.add(path)
        self.notes[pointer] = f"{said}, corrected: {reason}"
        message = f"{_field(pointer)} is corrected here: {said}, but {reason}"
        remedy = f"correct {source.field} in {source.document.path} when it can be, and remove the entry"
        place = self.block.document.place(("corrects", path), key=True)
        self.conflicts.append(Conflict(pointer, message, remedy, place, source.place(), said, "advice"))
        return True

    def check_sums(self, name: str, components: list[Tree]) -> None:
        """Compare what the components of a split add up to with what the host says of the split."""
        pointer = ("splits", name, "components")
        for key in _SUMS:
            fact = self.stated.facts.get((*pointer, "*", key))
            counts = [item.get(key) for item in components]
            if fact is None or any(type(count) is not int for count in counts):
                continue
            total = sum(count for count in counts if isinstance(count, int))
            said = f"{fact.source.field} says {fact.value:,}"
            if total != fact.value and not self.corrects(pointer, said, fact.source):
                message = f"the components of split {name} have {total:,} {key} together, but {said}"
                remedy = f"correct the {key} here, or {fact.source.field} in {fact.source.document.path}"
                self.conflict(pointer, message, remedy, fact.source, said)

    def check_synthetic(self) -> None:
        """Where the host says that some of the data is synthetic, some component must be."""
        source = self.stated.some_synthetic
        splits = self.tree.get("splits")
        if source is None or not isinstance(splits, dict):
            return
        listed = [mappings(split.get("components")) for split in splits.values() if isinstance(split, dict)]
        origins = [item.get("origin") for components in listed for _, item in components]
        said = f"{source.field} says that some of the data is synthetic"
        if origins and all(origin in REAL for origin in origins) and not self.corrects(("splits",), said, source):
            message = f"every component has a real origin, but {said}"
            remedy = f"give the synthetic part its origin, or correct {source.field} in {source.document.path}"
            self.conflict(("splits",), message, remedy, source, said)

    def unused(self) -> Iterator[Problem]:
        """Corrections of what the host does not say, or says alike."""
        for path in self.block.corrects or ():
            if path not in self.corrected:
                pointer = ("corrects", path)
                message = f"corrects names {path}, where host and manifest do not differ"
                span = self.block.document.positions.key_span(pointer)
                yield Problem("DP002", message, "remove the entry, or correct its path", span, pointer)

    def in_context(self, problem: Problem) -> Problem:
        """A fault of the joined tree, told to somebody who sees the host file."""
        note = self.notes.get(problem.pointer)
        message = f"{problem.message} ({note})" if note else problem.message
        if value_at(self.tree, problem.pointer) is not MISSING:
            return problem._replace(message=message)
        under = f", under {dotted(problem.pointer[:-1])}" if len(problem.pointer) > 1 else ""
        return problem._replace(message=message, remedy=f"{self.block.where}{under}, {problem.remedy}")

    def locate(self, pointer: Pointer) -> Place:
        """Where a value of the joined tree, or the lack of it, can be seen."""
        for length in range(len(pointer), 0, -1):
            part = pointer[:length]
            if part in self.sources:
                return self.sources[part].place()
            if value_at(self.block.tree, part) is not MISSING:
                return self.block.document.place((*self.block.at, *pointer))
            if part in self.holders:
                return self.holders[part].place()
        return self.block_place(())

    def block_place(self, pointer: Pointer) -> Place:
        """The place in the block, or the start of the host when it has none."""
        return self.block.document.place((*self.block.at, *pointer))

    def span(self, pointer: Pointer) -> Span:
        """As `Positions`: in the file that holds the block."""
        place = self.locate(pointer)
        own = place.path == self.block.document.path
        return place.span if own else self.block_place(pointer).span

    def key_span(self, pointer: Pointer) -> Span:
        """As `Positions`."""
        if value_at(self.block.tree, pointer) is not MISSING:
            return self.block.document.positions.key_span((*self.block.at, *pointer))
        return self.span(pointer)


def _same(given: Any, stated: Any) -> bool:
    if isinstance(given, str) and isinstance(stated, str):
        return given.casefold() == stated.casefold()
    return type(given) is type(stated) and bool(given == stated)


def _path(pointer: Pointer) -> str:
    """A field as ``corrects`` names it."""
    return ".".join(str(step) for step in pointer)


def _field(pointer: Pointer) -> str:
    """The field as its component, split or data set has it."""
    inner = 0 if pointer[0] != "splits" else len(EVERY) if len(pointer) > len(EVERY) else 2
    return dotted(pointer[inner:])
