"""The public door for rules, formats and packs. The built-in ones come through it too.

A plugin is an installed package with an entry point in the group ``datapolicy``. It implements any of the hooks below
as a function of the same name, marked with ``hookimpl`` or not, and needs nothing else of this package but
``pytest_datapolicy.hooks``, ``pytest_datapolicy.model`` and, in its tests, ``pytest_datapolicy.testing``.

pluggy is imported only where such a package is installed: its import takes longer than reading and judging a manifest.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    import pluggy

    from pytest_datapolicy.model.rule import Rule

    hookimpl: pluggy.HookimplMarker

PROJECT = "datapolicy"
BUILTIN = "pytest_datapolicy.builtin"
BUILTIN_NAME = "builtin"
PREFIX = "datapolicy_"


class RuleEntry(NamedTuple):
    """A rule that can be listed and named before its module is imported."""

    id: str
    name: str
    module: str
    """Importable module with ``RULE: Rule``; its docstring is the rule's page."""
    always_on: bool = False
    without_policy: bool = False
    """The rule also runs where no policy names it (see `Rule.without_policy`)."""
    needs: str = ""
    """``verify`` or ``base`` for rules that run only with that option."""
    card: Rule | None = None
    """The rule with `not_loaded` for a check, and without docs and explanation. With it the module is imported only
    where there is something to judge."""


class PackEntry(NamedTuple):
    """A policy that ships with a package."""

    name: str
    """As in ``extends: [builtin:NAME]``."""
    package: str
    """Importable package that holds the file."""
    file: str


class FormatEntry(NamedTuple):
    """A manifest format that can be listed before its module is imported."""

    name: str
    module: str
    """Importable module with ``FORMAT: Format``."""
    patterns: tuple[str, ...]
    """File names (globs on the base name) that are read as this format."""
    by_default: bool = True
    """Whether files with these names are looked for where the settings choose no formats."""
    content: bytes = b""
    """A regular expression that the first 64 KiB of a file of this format match from their start. Files of general
    names are told apart by it, and files with other names recognised when they are named."""


def datapolicy_rules() -> Iterable[RuleEntry | Rule]:
    """Return the rules of this plugin."""
    return ()


def datapolicy_packs() -> Iterable[PackEntry]:
    """Return the packs of this plugin."""
    return ()


def datapolicy_formats() -> Iterable[FormatEntry]:
    """Return the manifest formats of this plugin."""
    return ()


class PluginError(Exception):
    """A plugin that cannot be loaded or that claims what is taken. Stops the run."""


def plugins() -> list[tuple[str, object]]:
    """What implements the hooks, by name: the built-in plugin first, then all installed ones.

    Raises `PluginError` with the plugin's name when one cannot be imported.
    """
    builtin = import_module(BUILTIN)
    if not any(_declares_plugins(folder) for folder in sys.path):
        return [(BUILTIN_NAME, builtin)]
    manager = make_manager()
    manager.register(builtin, name=BUILTIN_NAME)
    _load_entry_points(manager)
    return sorted(manager.list_name_plugin(), key=lambda item: (item[0] != BUILTIN_NAME, item[0]))


def make_manager() -> pluggy.PluginManager:
    """A manager that knows the hooks and no plugin yet."""
    import pluggy

    class Manager(pluggy.PluginManager):
        """Takes every function with the prefix for a hook, marked or not, as pytest does."""

        def parse_hookimpl_opts(self, plugin: object, name: str) -> pluggy.HookimplOpts | None:
            options = super().parse_hookimpl_opts(plugin, name)
            if options is not None or not name.startswith(PREFIX) or not callable(getattr(plugin, name, None)):
                return options
            return pluggy.HookimplOpts(
                wrapper=False, hookwrapper=False, optionalhook=False, tryfirst=False, trylast=False, specname=None
            )

    manager = Manager(PROJECT)
    for hook in (datapolicy_rules, datapolicy_packs, datapolicy_formats):
        pluggy.HookspecMarker(PROJECT)(hook)
    manager.add_hookspecs(sys.modules[__name__])
    return manager


def __getattr__(name: str) -> object:
    if name != "hookimpl":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import pluggy

    return pluggy.HookimplMarker(PROJECT)


def _declares_plugins(folder: str) -> bool:
    """Whether a distribution in `folder` has entry points of ours. importlib.metadata would cost more than a check."""
    try:
        with os.scandir(folder or ".") as entries:
            names = [entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return os.path.isfile(folder)  # an archive on the path: let importlib.metadata look inside
    for name in names:
        try:
            with open(os.path.join(folder or ".", name, "entry_points.txt"), "rb") as file:
                if b"[datapolicy]" in file.read():
                    return True
        except OSError:
            continue
    return False


def _load_entry_points(manager: pluggy.PluginManager) -> None:
    from importlib.metadata import entry_points

    from pluggy import PluginValidationError

    for entry in sorted(entry_points(group=PROJECT), key=lambda item: item.name):
        if manager.has_plugin(entry.name):
            raise PluginError(f"two plugins are named {entry.name!r}; uninstall one of them")
        try:
            plugin = entry.load()
        except Exception as error:
            raise PluginError(f"plugin {entry.name!r} ({entry.value}) cannot be loaded: {error!r}") from error
        manager.register(plugin, name=entry.name)
        try:
            manager.check_pending()
        except PluginValidationError as error:
            raise PluginError(f"plugin {entry.name!r} ({entry.value}): {error}") from error
