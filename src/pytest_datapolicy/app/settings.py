"""The project root and its settings: ``[tool.datapolicy]`` in pyproject.toml, or the same keys in datapolicy.toml."""

from __future__ import annotations

import os
import re

from pytest_datapolicy.model.document import Refused, place_in, source_line
from pytest_datapolicy.model.places import Place, Span
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.syntax.files import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from pytest_datapolicy.verify.options import Options

OWN_FILE = "datapolicy.toml"
SHARED_FILE = "pyproject.toml"
KEYS = ("policy", "manifests", "exclude", "formats", "roots", "verify")
NOT_EMPTY = ("policy", "formats", "roots")
"""Keys for which an empty list would switch off what it lists."""
SETTINGS_BYTES = 8 * 1024 * 1024


class Settings(NamedTuple):
    """What holds for a whole project."""

    root: str
    """Absolute path of the project root; reported paths are relative to it."""
    file: str | None = None
    """The settings file, relative to the root; None when there is none."""
    policy: tuple[str, ...] = ()
    """Absolute paths and packs (``builtin:baseline``); empty: the default policy."""
    manifests: tuple[str, ...] = ()
    """Globs of manifests whose names no format claims, besides those that do have such a name."""
    exclude: tuple[str, ...] = ()
    """Globs of files and folders that discovery passes over."""
    formats: tuple[str, ...] = ()
    """Names of the formats that discovery looks for; empty: those that are looked for by default."""
    roots: tuple[str, ...] = (".",)
    """Folders below which manifests are looked for, relative to the root."""
    verify: Options | None = None
    """How data files are measured; None: as is the default."""
    places: Mapping[str, Place] = {}
    """Where each key is written."""


def load_settings(start: str, read: Callable[[str], bytes | None] | None = None) -> Settings:
    """The settings that hold for the file or folder `start`.

    The project root is the nearest folder upwards with settings, else the top of the git work tree, else the working
    directory, or the folder asked about when it does not lie in that. `read` gives the bytes of a settings file by its
    absolute path, None where there is none, in place of the file system. Raises `RunError` (exit 2) for settings that
    are not valid.
    """
    path = os.path.abspath(start)
    folders = list(_upwards(path if os.path.isdir(path) else os.path.dirname(path)))
    for folder in folders:
        settings = settings_in(folder, read)
        if settings is not None:
            return settings
    for folder in folders:
        if os.path.lexists(os.path.join(folder, ".git")):
            return Settings(folder)
    here = os.getcwd()
    # Settings of the place where the command happens to be run say nothing of a tree elsewhere.
    return Settings(here if os.path.realpath(here) in map(os.path.realpath, folders) else folders[0])


def settings_in(folder: str, read: Callable[[str], bytes | None] | None = None) -> Settings | None:
    """The settings in one folder, or None. Two files with settings in one folder are an error."""
    own = _read(folder, OWN_FILE, read)
    shared = _read(folder, SHARED_FILE, read)
    table = None if shared is None or "datapolicy" not in shared else _tool_table(shared)
    if own is not None and table is not None:
        raise RunError(
            f"settings stand in {OWN_FILE} and in {SHARED_FILE}",
            _place_of(shared or "", SHARED_FILE, "", "tool.datapolicy"),
            remedy="keep them in one of the two files",
        )
    if own is not None:
        settings = _checked(_parse(own, OWN_FILE), folder, OWN_FILE, own, "")
    elif table is not None:
        settings = _checked(table, folder, SHARED_FILE, shared or "", "tool.datapolicy")
    else:
        return None
    if read is None and not _stays_inside(folder, settings.file or ""):
        message = f"{settings.file} is a link that leads out of the project root"
        place = Place(settings.file or "", Span(1, 1, 1, 1))
        raise RunError(message, place, remedy="replace it by the file itself")
    return settings


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def _read(folder: str, name: str, given: Callable[[str], bytes | None] | None) -> str | None:
    path = os.path.join(folder, name)
    start = Place(name, Span(1, 1, 1, 1))
    try:
        data = given(path) if given is not None else _from_disk(path)
    except Refused as refused:
        problem = refused.problems[0]
        raise RunError(f"{name}: {problem.message}", start, remedy=problem.remedy) from None
    if data is None:
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = Place(name, Span(line, 1, line, 1))
        raise RunError(f"{name} is not UTF-8", place, remedy="save it as UTF-8") from None
    return text.replace("\r\n", "\n")


def _from_disk(path: str) -> bytes | None:
    return read_regular(path, root=None, limit=SETTINGS_BYTES) if os.path.lexists(path) else None


def _tool_table(text: str) -> dict[str, Any] | None:
    """``[tool.datapolicy]`` of a pyproject.toml, or None when it has no such table."""
    tool = _parse(text, SHARED_FILE).get("tool")
    if not isinstance(tool, dict) or "datapolicy" not in tool:
        return None
    table: object = tool["datapolicy"]
    if not isinstance(table, dict):
        place = _place_of(text, SHARED_FILE, "", "tool.datapolicy")
        raise RunError("tool.datapolicy is not a table", place, remedy="write the settings below [tool.datapolicy]")
    return table


def _parse(text: str, name: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError:
        raise RunError(f"{name} is nested too deeply", Place(name, Span(1, 1, 1, 1)), remedy="flatten it") from None
    except ValueError as error:
        message, _, at = str(error).partition(" (at ")
        found = re.match(r"line (\d+), column (\d+)", at)
        line, column = (int(found[1]), int(found[2])) if found else (text.count("\n") + 1, 1)
        place = place_in(name, text, Span(line, column, line, column + 1))
        message = message[:1].lower() + message[1:]
        raise RunError(f"{name} is not TOML: {message}", place, remedy="see https://toml.io") from None


def _checked(table: dict[str, Any], folder: str, name: str, text: str, header: str) -> Settings:
    """Settings of a parsed table; `header` is the dotted name of the table in the file."""
    values: dict[str, tuple[str, ...]] = {}
    places = {key: _place_of(text, name, key, header) for key in table}
    for key, value in table.items():
        if key not in KEYS:
            from pytest_datapolicy.app.suggest import did_you_mean

            raise RunError(
                f"unknown setting {key!r}",
                places[key],
                remedy=did_you_mean(key, KEYS, f"the settings are {', '.join(KEYS)}"),
            )
        if key != "verify":
            values[key] = _strings(key, value, places[key])
    for key in ("manifests", "exclude", "roots"):
        for pattern in values.get(key, ()):
            _check_inside(key, pattern, places[key])
    for path in values.get("roots", ()):
        if not os.path.isdir(os.path.join(folder, path)) or not _stays_inside(folder, path):
            message = f"roots: there is no folder {path!r} in the project"
            raise RunError(message, places["roots"], remedy="name a folder of the project")
    if "policy" in values:
        values["policy"] = tuple(_policy_name(folder, item) for item in values["policy"])
    return Settings(folder, name, verify=_verify(table, folder, name, text, header), places=places, **values)


def _verify(table: dict[str, Any], folder: str, name: str, text: str, header: str) -> Options | None:
    if "verify" not in table:
        return None
    from pytest_datapolicy.app.verify_settings import verify_options

    inner = f"{header}.verify".lstrip(".")
    return verify_options(table["verify"], folder, lambda key: _place_of(text, name, key, inner))


def _strings(key: str, value: object, place: Place) -> tuple[str, ...]:
    if key == "policy" and isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        wanted = "a path or a list of paths" if key == "policy" else "a list of strings"
        example = f'{key} = ["{value}"]' if isinstance(value, str) else f'{key} = ["...", "..."]'
        raise RunError(f"{key} is not {wanted}", place, remedy=f"write {example}")
    if not value and key in NOT_EMPTY:
        raise RunError(f"{key} lists nothing", place, remedy=f"name at least one, or leave {key} out")
    if any(not item.strip() or not item.isprintable() for item in value):
        raise RunError(f"{key} holds an empty string or a control character", place, remedy="remove that item")
    return tuple(value)


def _check_inside(key: str, pattern: str, place: Place) -> None:
    parts = pattern.split("/")
    if pattern.startswith("/") or "\\" in pattern or ".." in parts or re.match(r"[A-Za-z]:", pattern):
        raise RunError(
            f"{key}: {pattern!r} does not stay inside the project root",
            place,
            remedy="write it relative to the settings file, with /, and without ..",
        )


def _stays_inside(folder: str, path: str) -> bool:
    """Whether `path`, with all links followed, is `folder` itself or below it."""
    top = os.path.realpath(folder)
    real = os.path.realpath(os.path.join(folder, path))
    return real == top or real.startswith(os.path.join(top, ""))


def _policy_name(folder: str, name: str) -> str:
    return name if name.startswith(("builtin:", "package:")) else os.path.join(folder, name)


def _place_of(text: str, name: str, key: str, header: str) -> Place:
    """Where `key` (or, without a key, its table) is written: TOML readers give values without positions."""
    lines = text.split("\n")
    first = 0
    if header:
        table = re.compile(r"\s*\[\s*" + r"\s*\.\s*".join(_quotable(part) for part in header.split(".")) + r"\s*\]")
        first = next((index for index, line in enumerate(lines) if table.match(line)), -1)
    # With no table of that name the settings stand in dotted keys or an inline table: take the first mention.
    wanted = [rf"^\s*({_quotable(key)})\s*[=.\]]"] if key and first >= 0 else []
    wanted.append(rf"({re.escape(key or 'datapolicy')})")
    for pattern in wanted:
        written = re.compile(pattern)
        for index in range(max(first, 0), len(lines)):
            if found := written.search(lines[index]):
                span = Span(index + 1, found.start(1) + 1, index + 1, found.end(1) + 1)
                return Place(name, span, source_line(text, index + 1))
    return Place(name, Span(1, 1, 1, 1), source_line(text, 1))


def _quotable(key: str) -> str:
    return rf"[\"']?{re.escape(key)}[\"']?"
