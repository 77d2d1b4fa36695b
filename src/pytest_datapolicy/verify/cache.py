"""Results kept from run to run: found by the bytes of the data, the check and the engine, and by nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

FORMAT = 1
MOST_BYTES = 64 << 20
IGNORED = b"# Results of `datapolicy check --verify`; nothing is lost with them.\n*\n"


class Cache:
    """A folder of results, or none."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder

    @property
    def on(self) -> bool:
        """Whether results are kept."""
        return self._folder is not None

    def get(self, key: str, valid: Callable[[Any], bool]) -> Any | None:
        """The result with this key; None when there is none or when it is not whole."""
        if self._folder is None:
            return None
        try:
            with open(self._file(key), "rb") as file:
                data = file.read(MOST_BYTES)
            entry = json.loads(data)
            body = entry["result"]
            whole = entry["format"] == FORMAT and entry["key"] == key and entry["sha256"] == _digest(body)
            return body if whole and valid(body) else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError, AttributeError, IndexError):
            return None

    def put(self, key: str, result: Any) -> None:
        """Keep a result. A folder that cannot be written to keeps nothing."""
        if self._folder is None:
            return
        entry = {"format": FORMAT, "key": key, "sha256": _digest(result), "result": result}
        name = self._file(key)
        try:
            os.makedirs(os.path.dirname(name), exist_ok=True)
            self._ignore()
            descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(name), suffix=".tmp")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(json.dumps(entry).encode("ascii"))
                os.replace(temporary, name)
            except OSError:
                os.unlink(temporary)
        except OSError:
            return

    def _file(self, key: str) -> str:
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return os.path.join(self._folder or "", name[:2], f"{name}.json")

    def _ignore(self) -> None:
        """Keep git from offering results for a commit."""
        name = os.path.join(self._folder or "", ".gitignore")
        if not os.path.lexists(name):
            with open(name, "xb") as file:
                file.write(IGNORED)


def key_of(check: Sequence[object], digests: Sequence[str]) -> str:
    """What decides a result: the check with its parameters, and the bytes of the data."""
    return json.dumps([check, digests])


def _digest(result: Any) -> str:
    return hashlib.sha256(json.dumps(result, sort_keys=True).encode("ascii")).hexdigest()
