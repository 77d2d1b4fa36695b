"""Objects of object stores, through fsspec: asked for only below the addresses that the settings allow."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 8 << 20
STRONG = ("ETag", "etag", "md5", "md5Hash", "content_hash", "generation")
MARKS = (*STRONG, "mtime", "LastModified", "last_modified", "updated", "created")
"""What stores tell of an object that differs when it has been written to, the best first. Of several only one counts:
a listing of objects may tell less of each than a question about one."""


class Missing(Exception):  # noqa: N818 - a message on its way
    """An address at which nothing can be read."""

    def __init__(self, reason: str, remedy: str, kind: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.kind = kind


class Store:
    """One file system of fsspec."""

    def __init__(self, system: Any, protocol: str) -> None:
        self.system = system
        self.protocol = protocol

    def state(self, address: str) -> tuple[object, ...]:
        """What differs when the object has been written to. Raises `OSError`."""
        try:
            self.system.invalidate_cache()
            return _state(self.system.info(address))
        except OSError:
            raise
        except Exception as error:  # each store has errors of its own
            raise OSError(type(error).__name__) from error

    def open(self, address: str) -> IO[bytes]:
        """The object's bytes. Raises `OSError`."""
        try:
            return cast("IO[bytes]", self.system.open(address, "rb"))
        except OSError:
            raise
        except Exception as error:
            raise OSError(type(error).__name__) from error

    def blocks(self, address: str) -> Iterator[bytes]:
        """The object's bytes, one block at a time. Raises `OSError`."""
        try:
            with self.system.open(address, "rb", block_size=BLOCK, cache_type="readahead") as file:
                while block := file.read(BLOCK):
                    yield block
        except OSError:
            raise
        except Exception as error:
            raise OSError(type(error).__name__) from error


def open_store(address: str) -> tuple[Store, bool, list[tuple[str, int, tuple[object, ...]]]]:
    """The store of an address, whether it stands for several objects, and those: address, size and state of each.

    Raises `Missing`.
    """
    protocol = address.partition("://")[0]
    try:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(address)
        system.invalidate_cache()
        several, found = _found(system, path)
    except ImportError as error:
        reason = f"{address} needs a package that is not installed: {error.name or error}"
        raise Missing(reason, f"install the package that reads {protocol}:// for fsspec", "unreadable") from None
    except FileNotFoundError:
        raise Missing(f"{address} is not there", "restore it, or correct the address", "absent") from None
    except PermissionError:
        raise Missing(f"{address} may not be read", "give read permission", "unreadable") from None
    except Exception as error:  # each store has errors of its own
        reason = f"{address} cannot be read: {type(error).__name__}"
        raise Missing(reason, "make it readable from here", "unreadable") from None
    if not found:
        what = "no object matches" if several else "no object is below"
        raise Missing(f"{what} {address}", "restore the objects, or correct the address", "absent")
    store = Store(system, protocol)
    named = [(f"{protocol}://{system._strip_protocol(name).lstrip('/')}", info) for name, info in found.items()]
    return store, several, sorted((name, int(info["size"]), _state(info)) for name, info in named)


def _found(system: Any, path: str) -> tuple[bool, dict[str, dict[str, Any]]]:
    if "*" in path or "?" in path:
        found = system.glob(path, detail=True)
    elif system.isdir(path):
        found = system.find(path, detail=True)
    else:
        return False, {path: system.info(path)}
    files = {name: info for name, info in found.items() if info["type"] == "file"}
    return True, {name: info if _is_strong(info) else system.info(name) for name, info in files.items()}


def _is_strong(info: dict[str, Any]) -> bool:
    return any(info.get(mark) is not None for mark in STRONG)


def _state(info: dict[str, Any]) -> tuple[object, ...]:
    mark = next((mark for mark in MARKS if info.get(mark) is not None), None)
    return int(info["size"]), mark, None if mark is None else str(info[mark])
