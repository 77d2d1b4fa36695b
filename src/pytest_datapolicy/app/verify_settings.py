"""``[tool.datapolicy.verify]``: which engine measures the data files, within which limits, and what it may read."""

from __future__ import annotations

import os
import re

from pytest_datapolicy.app.suggest import did_you_mean
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.verify.options import ENGINES, Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_datapolicy.model.places import Place

KEYS = ("engine", "master", "remote", "memory_limit", "temp", "temp_limit", "threads", "roots", "cache")
SIZE = re.compile(r"[1-9][0-9]{0,8}(KB|MB|GB|TB|KiB|MiB|GiB|TiB)")
MASTER = re.compile(r"(local(\[([1-9][0-9]{0,3}|\*)(,\d+)?\])?|spark://\S+|k8s://\S+|mesos://\S+|yarn)")
REMOTE = re.compile(r"(sc://\S+|local(\[([1-9][0-9]{0,3}|\*)\])?)")
ADDRESS = re.compile(r"(?!file:|local:)[a-z][a-z0-9+.-]*://[^/\s*?@]+(/[^/\s*?]+)*/?")
WANTED = {
    "master": (MASTER, 'a Spark master URL: "local[2]" or "spark://host:7077"'),
    "remote": (REMOTE, 'a Spark Connect address: "sc://host:15002"'),
    "memory_limit": (SIZE, 'a size: "2GB" or "512MiB"'),
    "temp_limit": (SIZE, 'a size: "20GB"'),
}
FOLDERS = ("temp", "cache")


def verify_options(table: object, folder: str, place_of: Callable[[str], Place]) -> Options:
    """The checked table; `folder` is that of the settings file. Raises `RunError` with the place of the key."""
    if not isinstance(table, dict):
        raise RunError(
            "verify is not a table", place_of("verify"), remedy='write [tool.datapolicy.verify] engine = "duckdb"'
        )
    values: dict[str, object] = {}
    for key, value in table.items():
        place = place_of(key)
        if key not in KEYS:
            meant = did_you_mean(key, KEYS, f"the settings of verify are {', '.join(KEYS)}")
            raise RunError(f"unknown setting {f'verify.{key}'!r}", place, remedy=meant)
        values[key] = _checked(key, value, folder, place)
    if values.get("engine", "duckdb") != "spark":
        for key in ("master", "remote"):
            if key in values:
                raise RunError(
                    f"verify.{key} is about Spark", place_of(key), remedy='write engine = "spark", or remove it'
                )
    if {"master", "remote"} <= values.keys():
        raise RunError("verify.master and verify.remote exclude each other", place_of("remote"), remedy="keep one")
    return Options(**values)  # type: ignore[arg-type]


def _checked(key: str, value: object, folder: str, place: Place) -> object:
    if key == "threads":
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1024:
            raise RunError("verify.threads is not a number from 1 to 1024", place, remedy="write threads = 4")
        return value
    if key == "roots":
        return _roots(value, place)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        wanted = WANTED[key][1] if key in WANTED else f'{key} = "..."'
        raise RunError(f"verify.{key} is not a text", place, remedy=f"write {wanted}")
    if key == "engine" and value not in ENGINES:
        meant = did_you_mean(value, ENGINES, f"the engines are {', '.join(ENGINES)}")
        raise RunError(f"unknown engine {value!r}", place, remedy=meant)
    if key in WANTED:
        pattern, wanted = WANTED[key]
        if not pattern.fullmatch(value):
            raise RunError(f"verify.{key} is {value!r}", place, remedy=f"write {wanted}")
    if key in FOLDERS:
        path = os.path.join(folder, os.path.expanduser(value))
        top, real = os.path.realpath(folder), os.path.realpath(path)
        if key == "cache" and os.path.join(real, "").startswith(os.path.join(top, "")):
            message = "verify.cache lies in the project: a change to the project could bring forged results"
            raise RunError(message, place, remedy="name a folder elsewhere, or leave cache out")
        return path
    return value


def _roots(value: object, place: Place) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RunError("verify.roots is not a list of addresses", place, remedy='write roots = ["s3://bucket/folder/"]')
    for item in value:
        if not ADDRESS.fullmatch(item) or any(part in (".", "..") for part in item.split("/")):
            raise RunError(
                f"verify.roots: {item!r} is no address of a folder of an object store",
                place,
                remedy='write it as "s3://bucket/folder/"; files below the project root need no mention',
            )
    return tuple(item if item.endswith("/") else f"{item}/" for item in value)
