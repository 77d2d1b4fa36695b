"""All rules, packs and formats of this installation: by id and by name, loaded on demand, duplicates refused."""

from __future__ import annotations

from importlib import import_module

from pytest_datapolicy.hooks import BUILTIN_NAME, PackEntry, PluginError, RuleEntry, plugins
from pytest_datapolicy.model.format import Format, alone
from pytest_datapolicy.model.rule import Rule, not_loaded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_datapolicy.hooks import FormatEntry
    from pytest_datapolicy.model.format import Reading, Sibling

NAMES = 256
"""Of so many file names the format is remembered."""
HEAD_BYTES = 64 * 1024
"""So much of a file is looked at to tell its format."""


class Catalogue:
    """What plugins offer. Rules are imported when first asked for: a run pays only for the rules of its policy."""

    def __init__(self) -> None:
        self._entries: dict[str, RuleEntry] = {}
        self._rules: dict[str, Rule] = {}
        self._by_name: dict[str, str] = {}
        self.packs: dict[str, PackEntry] = {}
        self.formats: dict[str, FormatEntry] = {}
        self._readers: dict[str, Format] = {}
        self._format_names: dict[str, str] = {}
        self._trusted: set[str] = set()
        for plugin, hooks in plugins():
            self._add(plugin, hooks)
            if plugin == BUILTIN_NAME:
                self._trusted = set(self.formats)
        self._entries = dict(sorted(self._entries.items()))

    def _add(self, plugin: str, hooks: object) -> None:
        for item in _called(plugin, hooks, "datapolicy_rules"):
            if isinstance(item, Rule):
                self._rules[item.id] = item
                entry = RuleEntry(item.id, item.name, "", item.always_on, item.without_policy, item.needs)
            else:
                entry = item
            for key in (entry.id, entry.name):
                if key in self._entries or key in self._by_name:
                    raise PluginError(f"plugin {plugin!r} claims rule {key}, which another plugin already offers")
            self._entries[entry.id] = entry
            self._by_name[entry.name] = entry.id
        for pack in _called(plugin, hooks, "datapolicy_packs"):
            if pack.name in self.packs:
                raise PluginError(f"plugin {plugin!r} claims pack {pack.name!r}, which another plugin already offers")
            self.packs[pack.name] = pack
        for form in _called(plugin, hooks, "datapolicy_formats"):
            if form.name in self.formats:
                raise PluginError(f"plugin {plugin!r} claims format {form.name!r}, which another plugin already offers")
            self.formats[form.name] = form

    def __iter__(self) -> Iterator[RuleEntry]:
        """All rules in the order of their ids, without importing them."""
        return iter(self._entries.values())

    def __contains__(self, key: str) -> bool:
        return key in self._entries or key in self._by_name

    @property
    def keys(self) -> tuple[str, ...]:
        """Every id and name by which a rule can be named."""
        return (*self._entries, *self._by_name)

    def id_of(self, key: str) -> str | None:
        """The id of the rule with this id or name; None when there is none."""
        return key if key in self._entries else self._by_name.get(key)

    def rule(self, key: str) -> Rule:
        """The rule with this id or name. Raises KeyError for an unknown one, `PluginError` if it will not import."""
        identity = self.id_of(key)
        if identity is None:
            raise KeyError(key)
        rule = self._rules.get(identity)
        if rule is None:
            rule = self._rules[identity] = _load_rule(self._entries[identity])
        return rule

    def card(self, key: str) -> Rule:
        """Like `rule`, without importing the rule where the plugin lists all that a policy needs to know of it."""
        entry = self._entries.get(self.id_of(key) or "")
        return self.rule(key) if entry is None or entry.card is None else entry.card

    def always_on(self) -> Iterator[Rule]:
        """The cards of the rules that no policy names and that run always."""
        return (self.card(entry.id) for entry in self._entries.values() if entry.always_on)

    def format_of(self, path: str, data: bytes = b"") -> Format:
        """The format of a file: by its name, by what it holds where the name leaves it open, and native otherwise."""
        return self.format_named(self.format_name(path) or self._recognised(path, data))

    def format_name(self, path: str) -> str | None:
        """The format that a file's name alone decides."""
        base = path.rpartition("/")[2].lower()
        name = self._format_names.get(base)
        if name is None:
            sure = (name for name, entry in self.formats.items() if not entry.content and _claims(entry, base))
            if len(self._format_names) >= NAMES:
                self._format_names.clear()
            name = self._format_names[base] = next(sure, "")
        return name or None

    def format_named(self, name: str) -> Format:
        """The format with this name. Raises KeyError for an unknown one."""
        reader = self._readers.get(name)
        if reader is None:
            reader = self._readers[name] = _load_format(self.formats[name])
        return reader

    def reading(self, path: str, data: bytes, sibling: Sibling = alone) -> Reading:
        """A file as a manifest; `sibling` gives the files beside it. Raises `Refused`.

        What the format of another plugin reads is held against the manifest schema like any manifest.
        """
        form = self.format_of(path, data)
        reading = form.reading(data, path, sibling, self.host_format)
        if form.name not in self._trusted:
            from pytest_datapolicy.formats.native import hold

            hold(reading)
        return reading

    def host_format(self, path: str, data: bytes, name: str | None = None) -> Format | None:
        """The format of a host file: the one that is named, else as its name and content tell; None for no host."""
        if name is not None and name not in self.formats:
            return None
        form = self.format_of(path, data) if name is None else self.format_named(name)
        return None if form.state is None else form

    def _recognised(self, path: str, data: bytes) -> str:
        base = path.rpartition("/")[2].lower()
        told = [(name, entry) for name, entry in self.formats.items() if entry.content]
        claimed = [(name, entry) for name, entry in told if _claims(entry, base)]
        native = base.endswith((".yaml", ".yml", ".json"))
        likely = [(name, entry) for name, entry in told if not native or _same_ending(entry, base)]
        for name, entry in (*claimed, *likely):
            if holds(entry, data):
                return name
        return claimed[0][0] if claimed else "native"


def _called(name: str, plugin: object, hook: str) -> Any:
    function = getattr(plugin, hook, None)
    try:
        return [] if function is None else list(function())
    except Exception as error:
        raise PluginError(f"plugin {name!r}: {hook} failed: {error!r}") from error


def _same_ending(entry: FormatEntry, base: str) -> bool:
    """Whether files of the format end as this one does: a YAML file that starts with ``---`` is no dataset card."""
    ending = base.rpartition(".")[2]
    return any(pattern.rpartition(".")[2].lower() == ending for pattern in entry.patterns)


def _claims(entry: FormatEntry, base: str) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(base, pattern.lower()) for pattern in entry.patterns)


def holds(entry: FormatEntry, data: bytes) -> bool:
    """Whether a file with these first bytes can be of this format."""
    import re

    return re.match(entry.content, data[:HEAD_BYTES]) is not None


def _load_format(entry: FormatEntry) -> Format:
    try:
        reader = import_module(entry.module).FORMAT
    except Exception as error:
        raise PluginError(f"format {entry.name!r} ({entry.module}) cannot be loaded: {error!r}") from error
    if not isinstance(reader, Format):
        raise PluginError(f"format {entry.name!r} ({entry.module}) does not hold a Format")
    return reader


def _is_as_listed(rule: Rule, entry: RuleEntry) -> bool:
    if entry.card is not None and rule._replace(check=not_loaded, explain=None) != entry.card:
        return False
    listed = (entry.id, entry.name, entry.always_on, entry.without_policy, entry.needs)
    return (rule.id, rule.name, rule.always_on, rule.without_policy, rule.needs) == listed


def _load_rule(entry: RuleEntry) -> Rule:
    try:
        module = import_module(entry.module)
        rule = module.RULE
    except Exception as error:
        raise PluginError(f"rule {entry.id} ({entry.module}) cannot be loaded: {error!r}") from error
    if not isinstance(rule, Rule) or not _is_as_listed(rule, entry):
        raise PluginError(f"rule {entry.id} ({entry.module}) does not hold the rule that it is listed as")
    return rule._replace(docs=module.__doc__ or "")
