"""Results kept from run to run: found by the bytes of the data, the check and the engine, and by nothing else.

Each is signed with a key that lies outside the project: whoever may change the project, and so the folder of results,
cannot put one there that counts.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sys
import tempfile
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

FORMAT = 1
KEY_BYTES = 32
MOST_BYTES = 64 << 20


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
            whole = entry["format"] == FORMAT and entry["key"] == key and self._is_ours(key, body, entry["signature"])
            return body if whole and valid(body) else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError, AttributeError, IndexError):
            return None

    def put(self, key: str, result: Any) -> None:
        """Keep a result. A folder that cannot be written to keeps nothing."""
        if self._folder is None or self._secret is None:
            return
        entry = {"format": FORMAT, "key": key, "signature": _signed(self._secret, key, result), "result": result}
        name = self._file(key)
        try:
            os.makedirs(os.path.dirname(name), exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(name), suffix=".tmp")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(json.dumps(entry).encode("ascii"))
                os.replace(temporary, name)
            except OSError:
                os.unlink(temporary)
        except OSError:
            return

    @cached_property
    def _secret(self) -> bytes | None:
        """The user's key, made when there is none; None where none can be kept: then nothing counts."""
        name = os.path.join(_user_folder(), "key")
        try:
            os.makedirs(os.path.dirname(name), mode=0o700, exist_ok=True)
            if not os.path.exists(name):
                descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(name))
                with os.fdopen(descriptor, "wb") as file:
                    file.write(os.urandom(KEY_BYTES))
                os.replace(temporary, name)
            with open(name, "rb") as file:
                secret = file.read(KEY_BYTES + 1)
        except OSError:
            return None
        return secret if len(secret) == KEY_BYTES else None

    def _is_ours(self, key: str, result: Any, signature: str) -> bool:
        return self._secret is not None and hmac.compare_digest(_signed(self._secret, key, result), signature)

    def _file(self, key: str) -> str:
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return os.path.join(self._folder or "", name[:2], f"{name}.json")


def key_of(check: Sequence[object], digests: Sequence[str]) -> str:
    """What decides a result: the check with its parameters, and the bytes of the data."""
    return json.dumps([check, digests])


def _signed(secret: bytes, key: str, result: Any) -> str:
    return hmac.new(secret, json.dumps([key, result], sort_keys=True).encode("ascii"), hashlib.sha256).hexdigest()


def _user_folder() -> str:
    """Where programs keep what they can make again, for this user."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(base, "pytest-datapolicy")
