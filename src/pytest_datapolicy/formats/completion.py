"""A host's facts and the native fields that complete them, joined to one manifest whose values keep their places."""

from __future__ import annotations

from hashlib import sha256
from itertools import islice

from pytest_datapolicy.formats.grouping import grouped
from pytest_datapolicy.formats.host import BLOCK, COMPONENT, EVERY, dotted
from pytest_datapolicy.formats.native import contradictions, shape
from pytest_datapolicy.formats.trees import MISSING, copied, mappings, value_at
from pytest_datapolicy.model.document import Document, Problem, Refused
from pytest_datapolicy.model.format import Conflict, Reading
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.vocabulary import REAL
from pytest_datapolicy.syntax.host import HostDocument
from pytest_datapolicy.syntax.limits import FAULTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pytest_datapolicy.formats.grouping import Part
    from pytest_datapolicy.formats.host import Fact, Source, Stated
    from pytest_datapolicy.model.blocks import Tree
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
        yield from islice(block.document.doubts_below(block.at), FAULTS)
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
        self.facts, self.left = grouped(stated.facts), grouped(stated.left)
        for pointer, fact in self.facts.dataset.items():
            self.put(self.tree, pointer, (), fact)
        for pointer, fact in self.left.dataset.items():
            if value_at(self.tree, pointer) is MISSING:
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
        hosted = self.facts.named.get(name, {})
        nameless = [item for _, item in mappings(components) if "name" not in item]
        named = {str(item.get("name")) for _, item in mappings(components)}
        lacking = [item for item in hosted or ([COMPONENT] if len(components) < 2 else []) if item not in named]
        if len(nameless) == 1 and len(lacking) == 1:
            nameless[0]["name"] = lacking.pop()
        elif not hosted and components:
            lacking = []
        components.extend({"name": item} for item in lacking)
        for index, item in mappings(components):
            holder = hosted.get(str(item.get("name")), source)
            if holder is not None:
                self.holders[(*at, "components", index)] = holder

    def fill_split(self, name: str, split: Tree, *, alone: bool) -> None:
        """Put the host's facts about a split and its components where they belong."""
        at = ("splits", name)
        for general in ("*", name):
            for path, fact in self.facts.splits.get(general, {}).items():
                self.put(split, path, at, fact)
        components = mappings(split.get("components"))
        hosted = self.facts.named.get(name, {})
        for index, item in components:
            part = str(item.get("name"))
            own = part in hosted or len(components) == 1
            scopes = [
                ((general, each), alone if general == "*" else own) for general in ("*", name) for each in ("*", part)
            ]
            self.fill(item, (*at, "components", index), scopes)
        if len(components) > 1 and not hosted:
            self.check_sums(name, [item for _, item in components])

    def fill(self, item: Tree, at: Pointer, scopes: list[tuple[Part, bool]]) -> None:
        """Put facts into one component, the more particular over the more general.

        Each scope says whether the component is alone in it: only then counts and files of the scope are its own.
        """
        facts: dict[Pointer, Fact] = {}
        for scope, alone in scopes:
            for path, fact in self.facts.components.get(scope, {}).items():
                if alone or path[0] not in _SUMS:
                    facts[path] = fact
        for path, fact in facts.items():
            self.put(item, path, at, fact)
        self.fill_files(item, at, scopes)
        for scope, _ in reversed(scopes):
            for path, fact in self.left.components.get(scope, {}).items():
                if value_at(item, path) is MISSING:
                    self.notes.setdefault((*at, *path), fact.reason)

    def fill_files(self, item: Tree, at: Pointer, scopes: list[tuple[Part, bool]]) -> None:
        """Give a component that lists no files those that are its own, and every listed file what is said of it."""
        if "files" not in item:
            owned = {
                path: facts[()].source
                for scope, alone in scopes
                for path, facts in self.facts.files.get(scope, {}).items()
                if alone and () in facts
            }
            if owned:
                item["files"] = [{"path": path} for path in owned]
                self.holders[(*at, "files")] = next(iter(owned.values()))
                self.sources.update({(*at, "files", index): source for index, source in enumerate(owned.values())})
        for index, file in mappings(item.get("files")):
            path, place = str(file.get("path")), (*at, "files", index)
            for scope, _ in reversed(scopes):
                fact = self.facts.files.get(scope, {}).get(path, {}).get(())
                if fact is not None:
                    for key, value in fact.value.items():
                        self.put(file, (key,), place, fact._replace(value=value))
                for rest, left in self.left.files.get(scope, {}).get(path, {}).items():
                    if value_at(file, rest) is MISSING:
                        self.notes.setdefault((*place, *rest), left.reason)

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
            elif fact.fits and str(node[key]) not in fact.fits:
                self.differ(node, pointer, fact)
        elif _same(node[key], fact.value):
            self.sources[pointer] = fact.source
        else:
            self.differ(node, pointer, fact)

    def unite(self, given: Any, pointer: Pointer, fact: Fact) -> None:
        """Add to a list of the block what the host has beyond it."""
        if not isinstance(given, list):
            return  # the schema says what is wrong with it
        known = {value for value in given if isinstance(value, str)}
        for index, value in enumerate(fact.value):
            if value not in known:
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
        if origins and all(str(origin) in REAL for origin in origins) and not self.corrects(("splits",), said, source):
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
