"""Hugging Face dataset cards: the front matter of README.md, with eval.yaml and dataset_infos.json beside it.

Old and new dialects: creators as a value, a list or a mapping of configurations; ``dataset_info`` and ``configs`` for
one configuration or several. A configuration's split is a split, named ``config.split`` where there are several
configurations. The fields and what each yields are listed in docs/formats.md.
"""

from __future__ import annotations

import re
from hashlib import sha256

from pytest_datapolicy.formats.creators import DIALOGUE, MADE, Read, labeller_of, origin_of
from pytest_datapolicy.formats.host import (
    ANYTHING,
    EVERY,
    Source,
    Stated,
    beside,
    host_format,
    is_file,
    is_line,
    is_placeholder,
    is_version,
    refuse,
    texts,
)
from pytest_datapolicy.model.places import Span
from pytest_datapolicy.syntax.host import read_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pytest_datapolicy.model.format import Sibling
    from pytest_datapolicy.model.places import Pointer
    from pytest_datapolicy.syntax.host import HostDocument

_OPENS = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n")
_CLOSES = re.compile(rb"^---[ \t]*\r?$", re.MULTILINE)
_DOMAIN = re.compile(r"[a-z][a-z0-9._-]{0,63}")
_ONE = "default"
"""The configuration of a card that names none."""


def state(data: bytes, path: str, sibling: Sibling) -> Stated:
    """What a card states; raises `Refused` without front matter at its first byte."""
    return _Card(front_matter(data, path), sibling).read()


def front_matter(data: bytes, path: str) -> HostDocument:
    """The first block of a card, at its true lines."""
    opens = _OPENS.match(data)
    if opens is None:
        message = "the file does not start with front matter, so it is no dataset card"
        raise refuse(message, "start the file with ---, the fields, and --- again")
    closes = _CLOSES.search(data, opens.end())
    if closes is None:
        raise refuse("the front matter that opens here is not closed", "end it with ---", Span(1, 1, 1, 4))
    return read_host(data[: closes.start()], path, as_json=False, digest=sha256(data).hexdigest())


class _Card:
    """One card while it is read."""

    def __init__(self, document: HostDocument, sibling: Sibling) -> None:
        self.tree: dict[str, Any] = document.tree
        self.stated = Stated("huggingface", document)
        self.sibling = sibling
        self.splits: dict[tuple[str, str], Source] = {}
        """Configuration and split, and where they are first named."""
        self.names: dict[tuple[str, str], str] = {}
        """What each is called here."""
        self.of_config: dict[str, list[str]] = {}
        self.proposed: dict[tuple[str, str], dict[str, Source]] = {}

    def read(self) -> Stated:
        stated = self.stated
        self.license()
        self.tags()
        infos = self.infos()
        self.find_splits(infos)
        single = len({config for config, _ in self.splits}) == 1
        for (config, split), source in self.splits.items():
            name = stated.split(split if single else f"{config}.{split}", source)
            self.names[config, split] = name
            self.of_config.setdefault(config, []).append(name)
        for info, source in infos:
            self.counts(info, source)
        self.version(infos)
        self.files()
        self.purposes()
        self.creators(("language_creators",), ("origin",), self.origin)
        self.creators(("annotations_creators",), ("labels", "by"), self.labeller)
        self.ranges()
        if "origin" not in {pointer[-1] for pointer in stated.facts} and stated.some_synthetic is not None:
            reason = f"{stated.some_synthetic.field} says that some of it is synthetic, not what nor how it was made"
            stated.state((*EVERY, "origin"), "unknown", stated.some_synthetic, reason=reason, fits=ANYTHING)
        return stated

    def license(self) -> None:
        key = next((key for key in ("license", "licenses") if key in self.tree), "license")
        named = _spread(self.tree.get(key))
        source = self.stated.source(key)
        known = [item for item in named if not is_placeholder(item)]
        if not known and isinstance(self.tree.get("license_name"), str):
            known, source = texts(self.tree["license_name"]), self.stated.source("license_name")
        whole = ", ".join(known)
        if whole and is_line(whole):
            self.stated.state(("license",), whole, source)
        elif named:
            self.stated.leave(("license",), source, f"{source.field} says only {', '.join(named)[:80]}")

    def tags(self) -> None:
        tags = self.tree.get("tags")
        words = _spread(tags)
        domains = [word for word in dict.fromkeys(words) if _DOMAIN.fullmatch(word)]
        if domains:
            self.stated.state(("domains",), domains, self.stated.source("tags"), weak=True)
        for index, word in enumerate(tags if isinstance(tags, list) else [tags]):
            if isinstance(word, str) and word.strip().lower() in MADE and self.stated.some_synthetic is None:
                path = ("tags", index) if isinstance(tags, list) else ("tags",)
                self.stated.some_synthetic = Source(self.stated.document, path, f"the tag {word.strip()}")

    def infos(self) -> list[tuple[dict[str, Any], Source]]:
        """The infos of all configurations: the card's own, else those of dataset_infos.json."""
        own = self.tree.get("dataset_info")
        if isinstance(own, dict):
            return [(own, self.stated.source("dataset_info"))]
        if isinstance(own, list):
            return [(info, self.stated.source("dataset_info", index)) for index, info in _mappings(own)]
        other = beside(self.stated, self.sibling, "dataset_infos.json", as_json=True)
        if other is None:
            return []
        return [
            ({**info, "config_name": config}, Source(other, (config,), f"dataset_infos.json {config}"))
            for config, info in other.tree.items()
            if isinstance(info, dict)
        ]

    def find_splits(self, infos: list[tuple[dict[str, Any], Source]]) -> None:
        """Note every split that some field names, once."""
        for info, source in infos:
            for split, _, place in _splits_of(info, source):
                self.splits.setdefault((_config(info), split), place)
        for config, split, _, source in self.data_files():
            self.splits.setdefault((config, split), source)
        known = {config for config, _ in self.splits}
        only = next(iter(known)) if len(known) == 1 else None
        for index, entry in _mappings(self.tree.get("train-eval-index")):
            named = entry.get("config")
            config = only or (named if isinstance(named, str) and named else _ONE)
            for key, purpose in (("train_split", "training"), ("eval_split", "evaluation")):
                source = self.stated.source("train-eval-index", index, "splits", key)
                for split in texts(_mapping(entry.get("splits")).get(key)):
                    self.splits.setdefault((config, split), source)
                    self.proposed.setdefault((config, split), {})[purpose] = source

    def counts(self, info: dict[str, Any], source: Source) -> None:
        for split, values, place in _splits_of(info, source):
            at = ("splits", self.names[_config(info), split], "components", "*")
            for key, counted in (("num_examples", "records"), ("num_bytes", "bytes")):
                count = values.get(key)
                if type(count) is int and count >= 0:
                    self.stated.state((*at, counted), count, place.at(key))
                elif count is not None:
                    self.stated.leave((*at, counted), place, f"{place.field} gives no whole number as {key}")

    def version(self, infos: list[tuple[dict[str, Any], Source]]) -> None:
        """The version of the loading script, where all configurations have the same."""
        found: dict[str, Source] = {}
        for info, source in infos:
            version = info.get("version")
            for text in texts(version.get("version_str") if isinstance(version, dict) else version):
                found.setdefault(text, source.at("version"))
        version = next(iter(found), "")
        if len(found) == 1 and is_version(version) and version != "0.0.0":
            self.stated.state(("version",), version, found[version], weak=True)

    def data_files(self) -> Iterator[tuple[str, str, str, Source]]:
        """Configuration, split and path of every entry of ``configs[].data_files``."""
        for index, config in _mappings(self.tree.get("configs")):
            name, files = _config(config), config.get("data_files")
            source = self.stated.source("configs", index, "data_files")
            if isinstance(files, dict):
                entries = [({"split": split, "path": paths}, source.at(split)) for split, paths in files.items()]
            elif isinstance(files, list) and all(isinstance(item, dict) for item in files):
                entries = [(item, source.at(number)) for number, item in enumerate(files)]
            else:
                entries = [({"path": files}, source)]
            for entry, place in entries:
                split = entry.get("split", "train")  # as the Hub reads files without a split
                for path in texts(entry.get("path")):
                    if isinstance(split, str) and split:
                        yield name, split, path, place

    def files(self) -> None:
        for config, split, path, source in self.data_files():
            at: Pointer = ("splits", self.names[config, split], "components", "*", "files")
            if is_file(path):
                self.stated.state((*at, path), {}, source)
            else:
                self.stated.leave(at, source, f"{source.field} gives {path[:80]}, which is no single file")

    def purposes(self) -> None:
        """What eval.yaml registers is an evaluation; train-eval-index only proposes what a split is for."""
        for key, purposes in self.proposed.items():
            at = ("splits", self.names[key], "purpose")
            purpose, source = next(iter(purposes.items()))
            if len(purposes) == 1:
                self.stated.state(at, purpose, source, weak=True)
            else:
                self.stated.leave(at, source, f"train-eval-index names it for {' and for '.join(purposes)}")
        registered = beside(self.stated, self.sibling, "eval.yaml", as_json=False)
        if registered is None or "evaluation_framework" not in registered.tree:
            return
        by_split: dict[str, list[tuple[str, str]]] = {}
        for (config, split), name in self.names.items():
            by_split.setdefault(split, []).append((config, name))
        for index, task in _mappings(registered.tree.get("tasks")):
            source = Source(registered, ("tasks",), "eval.yaml tasks").at(index, "split")
            wanted = task.get("config", _ONE)
            for config, name in by_split.get(str(task.get("split")), ()):
                if wanted in (config, _ONE):
                    self.stated.state(("splits", name, "purpose"), "evaluation", source)

    def creators(self, field: Pointer, at: Pointer, read: Callable[[list[str]], Read]) -> None:
        """A field of creators: one answer for all data, or one for each configuration."""
        value = self.tree.get(str(field[0]))
        if not isinstance(value, dict):
            self.creator((*EVERY, *at), value, self.stated.source(*field), read)
            return
        answers = {config: read(texts(named)) if texts(named) else None for config, named in value.items()}
        names = {config: self.of_config.get(config, []) for config in answers}
        if all(names.values()):
            for config, named in value.items():
                for name in names[config]:
                    pointer = ("splits", name, "components", "*", *at)
                    self.creator(pointer, named, self.stated.source(*field, config), read)
        elif len(set(answers.values())) == 1:
            self.creator((*EVERY, *at), next(iter(value.values())), self.stated.source(*field), read)
        elif answers:
            reason = f"{field[0]} differs by configuration: {', '.join(answers)}"[:200]
            self.stated.state((*EVERY, *at), "unknown", self.stated.source(*field), reason=reason, fits=ANYTHING)

    def creator(self, at: Pointer, value: Any, source: Source, read: Callable[[list[str]], Read]) -> None:
        named = texts(value)
        stated = [item for item in named if not is_placeholder(item) or item == "other"]
        if stated:
            answer = read(stated)
            self.stated.state(at, answer.value, source, reason=answer.reason, fits=answer.fits)
        elif named or value not in (None, [], ""):
            self.stated.leave(at, source, f"{source.field} says only {str(value)[:80]}")

    def origin(self, named: list[str]) -> Read:
        topics = [*self.tasks(), *_spread(self.tree.get("tags"))]
        answer = origin_of(named, dialogue=any(DIALOGUE.search(topic) for topic in topics))
        if answer.fits is None and self.stated.some_synthetic is not None:
            reason = f"language_creators says {', '.join(named)}, but {self.stated.some_synthetic.field} says otherwise"
            return Read("unknown", reason, ANYTHING)
        return answer

    def labeller(self, named: list[str]) -> Read:
        return labeller_of(named, self.tasks())

    def tasks(self) -> list[str]:
        return [task for key in ("task_categories", "task_ids") for task in _spread(self.tree.get(key))]

    def ranges(self) -> None:
        """What is too vague to be a fact."""
        sizes = _spread(self.tree.get("size_categories"))
        if sizes:
            reason = f"size_categories gives only a range, {', '.join(sizes)[:80]}"
            self.stated.leave((*EVERY, "records"), self.stated.source("size_categories"), reason)
        parents = [item for item in _spread(self.tree.get("source_datasets")) if item != "original"]
        if parents:
            reason = f"source_datasets names {', '.join(parents)[:80]} without a version"
            self.stated.leave((*EVERY, "derived_from"), self.stated.source("source_datasets"), reason)


def _config(info: dict[str, Any]) -> str:
    name = info.get("config_name")
    return name if isinstance(name, str) and name else _ONE


def _splits_of(info: dict[str, Any], source: Source) -> Iterator[tuple[str, dict[str, Any], Source]]:
    """Name, values and place of every split of an info: a list in cards, a mapping in dataset_infos.json."""
    splits = info.get("splits")
    entries = splits.items() if isinstance(splits, dict) else enumerate(splits if isinstance(splits, list) else ())
    for key, values in entries:
        name = _mapping(values).get("name", key)
        if isinstance(name, str) and name:
            yield name, _mapping(values), source.at("splits", key)


def _spread(value: Any) -> list[str]:
    """The texts of a field that may differ by configuration, each once."""
    values = list(value.values()) if isinstance(value, dict) else [value]
    return list(dict.fromkeys(text for item in values for text in texts(item)))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> list[tuple[int, dict[str, Any]]]:
    entries = enumerate(value) if isinstance(value, list) else ()
    return [(index, item) for index, item in entries if isinstance(item, dict)]


FORMAT = host_format("huggingface", state)
