"""Where policies come from: files of the project, packs and installed packages; nothing else, and no network."""

from __future__ import annotations

import os

from pytest_datapolicy.model.document import Problem, Refused
from pytest_datapolicy.model.places import START
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.policy.faults import meant, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_datapolicy.catalogue import Catalogue

POLICY_BYTES = 1 << 20
SHIPPED = "pytest_datapolicy.packs"
_ROOT_MARKS = ("datapolicy.toml", "pyproject.toml", ".git")


class Source(NamedTuple):
    """One policy file, not yet read."""

    kind: str
    """``file``, ``pack`` or ``package``."""
    label: str
    """As reported."""
    path: str
    """Of a file, absolute; otherwise relative to the package, with ``/``."""
    root: str
    """The folder that the file and what it extends stay below; the package's name otherwise."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two sources the same file."""
        return ("file" if self.kind == "file" else "package", "" if self.kind == "file" else self.root, self.path)

    @property
    def shipped(self) -> bool:
        """Whether it is one of the packs of this product, which its own tests hold valid."""
        return self.kind == "pack" and self.root == SHIPPED


class Unresolved(Exception):  # noqa: N818 - it is an answer, and the caller gives it a place
    """A name that leads to no policy."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Sources:
    """Names to policy files, and these to bytes."""

    def __init__(self, root: str, catalogue: Catalogue, read: Callable[[str], bytes | None] | None) -> None:
        self._root = os.path.abspath(root) if read else os.path.realpath(root)
        self._given_root = os.path.abspath(root)
        self._packs = catalogue.packs
        self._pack_files = {(pack.package, pack.file): pack.name for pack in catalogue.packs.values()}
        self._read = read

    def named(self, name: str) -> Source:
        """The policy that an option or the settings name. Raises `Unresolved`."""
        if name.startswith(("builtin:", "package:")):
            return self._installed(name)
        _refuse_foreign(name)
        path = os.path.abspath(name)
        if below(path, self._given_root):
            return self._file(os.path.join(self._root, os.path.relpath(path, self._given_root)), self._root)
        if self._read is None:
            real = os.path.realpath(path)
            if below(real, self._root):
                return self._file(real, self._root)
        return self._file(path, self._own_root(path))

    def extended(self, name: str, source: Source) -> Source:
        """The policy that another one names in ``extends``. Raises `Unresolved`."""
        if name.startswith(("builtin:", "package:")):
            return self._installed(name)
        _refuse_foreign(name)
        if name.startswith(("/", "\\", "~")) or os.path.isabs(name):
            message = f"{named(name)} is no path relative to this policy"
            raise Unresolved(message, "write a path relative to this policy, or package:<package>/<file>")
        if source.kind == "file":
            path = os.path.normpath(os.path.join(os.path.dirname(source.path), name))
            if not below(path, source.root):
                raise Unresolved(f"{named(name)} leads out of the project root", "move the policy into the project")
            return self._file(path, source.root)
        inside = _inside(source.path.rpartition("/")[0], name)
        if inside is None:
            raise Unresolved(f"{named(name)} leads out of the package {source.root}", "name a file of the package")
        return self._in_package(source.root, inside)

    def _installed(self, name: str) -> Source:
        kind, _, rest = name.partition(":")
        if kind == "builtin":
            pack = self._packs.get(rest)
            if pack is None:
                remedy = meant(rest, self._packs) or f"the packs are {', '.join(sorted(self._packs))}"
                raise Unresolved(f"there is no pack {named(rest)}", remedy)
            return Source("pack", f"builtin:{rest}", pack.file, pack.package)
        package, slash, file = rest.partition("/")
        inside = _inside("", file)
        if not slash or not all(part.isidentifier() for part in package.split(".")) or not inside:
            message = f"{named(name)} does not name a file of a package"
            raise Unresolved(message, "write package:<package>/<file>, for example package:acme_policies/org.yaml")
        return self._in_package(package, inside)

    def _in_package(self, package: str, file: str) -> Source:
        pack = self._pack_files.get((package, file))
        if pack is not None:
            return Source("pack", f"builtin:{pack}", file, package)
        # What stands beside a pack, and is extended by it, is part of the pack.
        kind = "pack" if any(package == other for other, _ in self._pack_files) else "package"
        return Source(kind, f"package:{package}/{file}", file, package)

    def _file(self, path: str, root: str) -> Source:
        real = path if self._read else os.path.realpath(path)
        seen = real if below(real, root) else path  # a link that leads out is refused when it is read
        return Source("file", os.path.relpath(seen, self._root).replace(os.sep, "/"), seen, root)

    def _own_root(self, path: str) -> str:
        """The project root of a policy outside the project: what it extends stays below that."""
        folder = start = os.path.dirname(path)
        while not any(self._is_there(os.path.join(folder, mark)) for mark in _ROOT_MARKS):
            if os.path.dirname(folder) == folder:
                return start
            folder = os.path.dirname(folder)
        return folder

    def _is_there(self, path: str) -> bool:
        try:
            given = self._read is not None and self._read(path) is not None
        except FileNotFoundError:
            return False
        return given or os.path.exists(path)

    def bytes_of(self, source: Source) -> bytes:
        """The content of a policy file. Raises `Unresolved` if there is none and `Refused` if it cannot be read."""
        if source.kind != "file":
            return _package_bytes(source)
        try:
            data = None if self._read is None else self._read(source.path)
            if data is not None:
                return data
            from pytest_datapolicy.syntax.files import read_regular

            if not os.path.lexists(source.path):
                raise FileNotFoundError
            return read_regular(source.path, root=source.root, limit=POLICY_BYTES)
        except FileNotFoundError:
            raise Unresolved(f"there is no file {named(source.label)}", self._neighbour(source)) from None
        except OSError as error:
            raise Unresolved(f"{named(source.label)} cannot be read: {error.strerror or error}") from None

    def _neighbour(self, source: Source) -> str:
        name = os.path.basename(source.path)
        if name in self._packs:
            return f"did you mean builtin:{name}?"
        try:
            names = [] if self._read else os.listdir(os.path.dirname(source.path))
        except OSError:
            names = []
        return meant(name, [item for item in names if item.endswith((".yaml", ".yml", ".json"))])


def below(path: str, folder: str) -> bool:
    """Whether the absolute `path` lies in `folder`, by name."""
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def _refuse_foreign(name: str) -> None:
    if not name or "\0" in name:
        raise Unresolved(f"{named(name)} names no policy", "write builtin:<pack>, package:<package>/<file> or a path")
    scheme, colon, rest = name.partition(":")
    if not colon or len(scheme) < 2 or "/" in scheme or "\\" in scheme:
        return
    if rest.startswith("//"):
        message = f"{named(name)} is an address, and policies are not read from the network"
        raise Unresolved(message, "install the policy as a package, or copy it into the project")
    close = meant(f"{scheme}:", ("builtin:", "package:")).replace("?", f"{rest}?")
    remedy = close or "write builtin:<pack>, package:<package>/<file> or a path"
    raise Unresolved(f"{named(name)} names no policy", remedy)


def _inside(folder: str, name: str) -> str | None:
    """The path `name`, seen from `folder`, within a package; None if it leads out."""
    import posixpath

    path = posixpath.normpath(posixpath.join(folder, name))
    outside = path.startswith(("/", "..")) or "\\" in name or path == "."
    return None if outside else path


def _package_bytes(source: Source) -> bytes:
    """A file of an installed package. The package is not imported: reading a policy runs no code of others."""
    from importlib.util import find_spec

    from pytest_datapolicy.syntax.files import read_regular

    top, _, inner = source.root.partition(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise Unresolved(f"the package {top} is not installed", f"install {top} where datapolicy runs")
    for location in spec.submodule_search_locations:
        folder = os.path.join(location, *inner.split(".")) if inner else location
        path = os.path.join(folder, *source.path.split("/"))
        if os.path.lexists(path):
            return read_regular(path, root=folder, limit=POLICY_BYTES)
        if not os.path.isdir(location) and hasattr(spec.loader, "get_data"):
            try:
                return _limited(spec.loader.get_data(path))  # type: ignore[union-attr]
            except OSError:
                continue
    raise Unresolved(f"the package {source.root} has no file {named(source.path)}")


def _limited(data: bytes) -> bytes:
    """A file of an archive, where no file system tells the size beforehand."""
    if len(data) > POLICY_BYTES:
        message = f"the file has {len(data):,} bytes, at most {POLICY_BYTES:,} allowed"
        raise Refused([Problem("DP001", message, "split the policy", START)])
    return data
