"""Command lines that need no argparse: its import takes longer than the judgement of a manifest."""

from __future__ import annotations

from types import SimpleNamespace

from pytest_datapolicy.model.record import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence
    from typing import Any


def plain(arguments: Sequence[str], options: Mapping[str, Mapping[str, Any]]) -> Namespace | None:
    """What argparse makes of options and any number of ``paths``; None for whatever it has something to say of.

    `options` holds what argparse is told of each.
    """
    values = {_name(word): told.get("default", False if _is_flag(told) else None) for word, told in options.items()}
    paths: list[str] = []
    interrupted = False
    words = iter(arguments)
    for word in words:
        if not word.startswith("-"):
            if interrupted:
                return None
            paths.append(word)
            continue
        interrupted = bool(paths)
        option, given, value = word.partition("=")
        told = options.get(option)
        if told is None or told.keys() & {"nargs", "type"} or (given and _is_flag(told)):
            return None
        if _is_flag(told):
            values[_name(option)] = True
            continue
        if not given:
            value = next(words, "-")
            if value.startswith("-"):
                return None
        if value not in told.get("choices", (value,)):
            return None
        several = told.get("action") == "append"
        values[_name(option)] = [*(values[_name(option)] or ()), value] if several else value
    return cast("Namespace", SimpleNamespace(paths=paths, **values))


def _is_flag(told: Mapping[str, Any]) -> bool:
    return told.get("action") == "store_true"


def _name(option: str) -> str:
    return option[2:].replace("-", "_")
