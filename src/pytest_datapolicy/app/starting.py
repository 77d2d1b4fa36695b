"""A first manifest for data that has none: what is known filled in with its source, the four questions left open."""

from __future__ import annotations

import os

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.fix.layout import dump
from pytest_datapolicy.formats.completion import own_block
from pytest_datapolicy.formats.host import BLOCK, COMPONENT, slug
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.places import START
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.syntax.files import read_regular
from pytest_datapolicy.syntax.limits import HOST_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pytest_datapolicy.formats.host import Fact, Stated
    from pytest_datapolicy.model.blocks import Tree
    from pytest_datapolicy.model.places import Pointer

HOST_NAMES = frozenset({"readme.md", "croissant.json", "datapackage.json", "datapackage.yaml", "datacontract.yaml"})
"""Hosts that a folder has one of: their sidecar is its ``dataset.yaml``."""
QUESTIONS = (
    "Three questions that no file answers. Take away the # and choose.",
    "stakes: low                      # low, medium, high or critical: how costly is a wrong answer?",
    "task: {judgment: objective}      # objective: there is a right answer; subjective: people judge",
    "novelty: established             # established or novel: is the domain new to the model?",
)
PURPOSE = "purpose: training   # training, validation, evaluation, preference or diagnostic"
_SUMMARY = 200
"""Longer summaries stay in the host."""


class Started(NamedTuple):
    """A manifest to be written."""

    path: str
    text: str
    open: tuple[str, ...]
    """The fields that are left to people."""


def start(path: str, output: str | None = None) -> Started:
    """A sidecar for a host file, or a manifest for a folder of data files. Raises `RunError`."""
    if not os.path.lexists(path):
        raise RunError(f"there is no file or folder {path!r}", remedy="name one that exists")
    if os.path.isdir(path):
        from pytest_datapolicy.app.folder import describe_folder

        target = output or os.path.join(path, "dataset.yaml")
        _refuse_existing(target)
        tree, notes = describe_folder(path, os.path.dirname(target) or ".")
        head = f"The data files of {os.path.basename(os.path.abspath(path))}, as they were found."
        return _started(target, head, tree, notes, {})
    target = output or _beside(path)
    _refuse_existing(target)
    stated, described = _host(path, target)
    tree, notes, heads = _sidecar(stated, described, _folder_name(path))
    head = (
        f"Fills the gaps of {described}, whose facts stand below with their places: where the two differ, that is told."
    )
    return _started(target, head, tree, notes, heads)


def _refuse_existing(target: str) -> None:
    if os.path.lexists(target):
        raise RunError(
            f"{target} exists, and is left as it is", remedy="move it away, or name another file with --output"
        )


def _beside(path: str) -> str:
    folder, name = os.path.split(path)
    stem = name.split(".")[0] if name.split(".")[0] else "host"
    own = "dataset.yaml" if name.lower() in HOST_NAMES else f"{stem}.dataset.yaml"
    return os.path.join(folder, own)


def _folder_name(path: str) -> str:
    return os.path.basename(os.path.dirname(os.path.abspath(path)))


def _host(path: str, target: str) -> tuple[Stated, str]:
    """What a host states, and its path from the sidecar."""
    full, folder = os.path.realpath(path), os.path.realpath(os.path.dirname(target) or ".")
    described = os.path.relpath(full, folder).replace(os.sep, "/")
    if described.startswith("../") or os.path.isabs(described):
        raise RunError(
            f"{target} would lie below the file that it describes", remedy="write it beside that file or above"
        )

    def beside(name: str) -> bytes | None:
        other = os.path.join(os.path.dirname(full), name)
        return read_regular(other, root=None, limit=HOST_BYTES) if os.path.lexists(other) else None

    try:
        data = read_regular(full, root=None, limit=HOST_BYTES)
        form = Catalogue().host_format(described, data)
        if form is None or form.state is None:
            raise RunError(
                f"{path} is no card, Croissant file, data package or contract",
                remedy="name one, or the folder of the data files",
            )
        stated: Stated = form.state(data, described, beside)
    except Refused as refused:
        first = refused.problems[0]
        where = "" if first.span == START else f", on line {first.span.line}"
        raise RunError(f"{path} cannot be read: {first.message}{where}", remedy=first.remedy) from None
    if own_block(stated).tree is not None:
        raise RunError(f"{path} has a {BLOCK} block already", remedy="add to that block what it lacks")
    return stated, described


def _sidecar(
    stated: Stated, described: str, folder: str
) -> tuple[Tree, dict[Pointer, str], dict[Pointer, tuple[str, ...]]]:
    """The sidecar's tree, a comment for what is filled in, and lines for what the host says too vaguely."""
    tree: Tree = {"manifest": 1, "describes": {"path": described, "format": stated.name}}
    notes: dict[Pointer, str] = {}
    heads: dict[Pointer, tuple[str, ...]] = {}
    for key in ("name", "version", "license", "owner", "summary", "domains"):
        fact = stated.facts.get((key,))
        if fact is not None and (key != "summary" or len(str(fact.value)) <= _SUMMARY):
            tree[key] = fact.value
            notes[key,] = _note(fact)
        elif (key,) in stated.left:
            heads[key,] = (stated.left[key,].reason,)
    _fill(tree, notes, "name", slug(folder) or "data", "the name of the folder")
    _fill(tree, notes, "version", "1", f"a first version: {described} gives none")
    tree = {key: tree[key] for key in ("manifest", "describes", "name", "version", *tree) if key in tree}
    splits = tree["splits"] = {}
    for split in stated.splits or ("data",):
        at: Pointer = ("splits", split, "components")
        names = _components(stated, split) or [COMPONENT]
        components = [_component(stated, split, name, (*at, index), notes) for index, name in enumerate(names)]
        purpose = stated.facts.get(("splits", split, "purpose"))
        if purpose is not None:
            notes["splits", split, "purpose"] = _note(purpose)
        splits[split] = {**({} if purpose is None else {"purpose": purpose.value}), "components": components}
        if split in stated.splits:
            notes["splits", split] = _place(stated.splits[split])
        for index, name in enumerate(names):
            told = [fact for pointer, fact in stated.left.items() if _is_about(pointer, split, name)]
            lines = tuple(dict.fromkeys(_note(fact) for fact in told))
            if lines:
                heads[(*at, index, "origin")] = lines
    return tree, notes, heads


def _components(stated: Stated, split: str) -> list[str]:
    found = [p[3] for p in stated.facts if len(p) > 3 and p[:3] == ("splits", split, "components") and p[3] != "*"]
    return list(dict.fromkeys(str(name) for name in found))


def _is_about(pointer: Pointer, split: str, name: str) -> bool:
    inside = len(pointer) > 4 and pointer[0] == "splits" and pointer[1] in ("*", split) and pointer[3] in ("*", name)
    return inside and pointer[4] != "files"


def _component(stated: Stated, split: str, name: str, at: Pointer, notes: dict[Pointer, str]) -> Tree:
    facts: dict[Pointer, Fact] = {}
    for general in ("*", split):
        for part in ("*", name):
            for pointer, fact in stated.facts.items():
                if pointer[:1] == ("splits",) and pointer[1] == general and pointer[2:4] == ("components", part):
                    whole = general == "*" and len(stated.splits) > 1 and pointer[4] in ("records", "tokens", "bytes")
                    if not whole:
                        facts[pointer[4:]] = fact
    tree: Tree = {"name": name}
    for path, fact in facts.items():
        if path[0] == "files":
            continue  # a list that is the host's alone
        node = tree
        for step in path[:-1]:
            node = node.setdefault(str(step), {})
        node[str(path[-1])] = fact.value
        notes[(*at, *path)] = _note(fact)
    here = {key: value for key, value in notes.items() if key[: len(at)] == at}
    if "origin" not in tree:
        notes[(*at, "origin")] = "nothing says; counts as synthetic until somebody does"
        tree["origin"] = "unknown"
    if "records" not in tree:
        notes[(*at, "records")] = "nothing gives a count"
        tree["records"] = 0
    if tree["origin"] in ("model", "rewritten") and "generator" not in tree:
        tree["generator"] = {"name": "unknown"}
        notes[(*at, "generator")] = "nothing names it"
    notes.update(here)
    return {key: tree[key] for key in ("name", "origin", "records", *tree) if key in tree}


def _fill(tree: Tree, notes: dict[Pointer, str], key: str, value: str, note: str) -> None:
    if key not in tree:
        tree[key] = value
        notes[key,] = note


def _note(fact: Fact) -> str:
    place = fact.source.place()
    return f"{place.path}:{place.line}: {fact.reason}" if fact.reason else _place(fact.source)


def _place(source: Any) -> str:
    """``README.md:3 license``: where a fact stands."""
    place = source.place()
    return f"{place.path}:{place.line} {source.field}"


def _started(
    target: str,
    head: str,
    tree: Tree,
    notes: Mapping[Pointer, str],
    heads: Mapping[Pointer, tuple[str, ...]],
) -> Started:
    """The text, with the four questions where their answers belong."""
    lines: dict[Pointer, tuple[str, ...]] = dict(heads)
    lines["splits",] = (*lines.get(("splits",), ()), *QUESTIONS)
    unsaid = [name for name, split in tree["splits"].items() if "purpose" not in split]
    for split in unsaid:
        lines["splits", split, "components"] = (PURPOSE,)
    text = dump(tree, {pointer: _one_line(note) for pointer, note in notes.items()}, _one_lines(lines))
    questions = ("stakes", "task", "novelty", *(f"splits.{split}.purpose" for split in unsaid))
    return Started(target, f"# {head}\n{text}", questions)


def _one_lines(heads: Mapping[Pointer, tuple[str, ...]]) -> dict[Pointer, list[str]]:
    return {pointer: [_one_line(line) for line in lines] for pointer, lines in heads.items()}


def _one_line(text: str) -> str:
    """A comment that stays one, whatever a host says."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return kept if len(kept) <= 300 else f"{kept[:300]}..."
