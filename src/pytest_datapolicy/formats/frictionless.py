"""Frictionless data packages, version 1 and 2: datapackage.json, or its YAML twin.

A package says what its files are, not who made what is in them: no field gives an origin, a labeller or a purpose. A
resource that is named like a split is one; other resources are files. The fields and what each yields are listed in
docs/formats.md.
"""

from __future__ import annotations

from pytest_datapolicy.formats.convention import is_split, state_keywords
from pytest_datapolicy.formats.host import (
    EVERY,
    Source,
    Stated,
    host_format,
    is_file,
    is_line,
    is_name,
    is_placeholder,
    is_sha256,
    is_version,
    refuse,
    slug,
    texts,
)
from pytest_datapolicy.formats.trees import mappings
from pytest_datapolicy.syntax.host import read_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.model.format import Sibling
    from pytest_datapolicy.model.places import Pointer

_OWNERS = ("maintainer", "contact", "publisher", "rightsHolder")
"""Roles of those who answer for a package, the most telling first."""
_LENGTHS = {32: "an MD5", 40: "a SHA-1", 128: "a SHA-512"}


def state(data: bytes, path: str, sibling: Sibling) -> Stated:  # noqa: ARG001 - the file stands alone
    """What a data package states; raises `Refused` for a file without resources."""
    document = read_host(data, path, as_json=data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"))
    if not isinstance(document.tree.get("resources"), list):
        message = "the file lists no resources, so it is no data package"
        remedy = "list its files under resources, or leave it out of the check"
        raise refuse(message, remedy, document.positions.span(("resources",)), document.text)
    return _Package(Stated("frictionless", document)).read()


class _Package:
    """One data package while it is read."""

    def __init__(self, stated: Stated) -> None:
        self.stated = stated
        self.tree: dict[str, Any] = stated.document.tree

    def read(self) -> Stated:
        self.identity()
        self.license()
        self.owner()
        state_keywords(self.stated, self.tree.get("keywords"), self.stated.source("keywords"))
        resources = mappings(self.tree["resources"])
        for index, resource in resources:
            source, name = self.stated.source("resources", index), resource.get("name")
            at = EVERY
            if isinstance(name, str) and is_split(name):
                at = ("splits", self.stated.split(name, source.at("name")), "components", "*")
            self.files(resource, at, source, counts=at is not EVERY or len(resources) == 1)
        self.lineage()
        self.classified()
        return self.stated

    def identity(self) -> None:
        for key in ("name", "title"):
            value = self.tree.get(key)
            if isinstance(value, str) and not is_placeholder(value) and slug(value):
                self.stated.state(("name",), slug(value), self.stated.source(key), weak=not is_name(value))
                break
        version = self.tree.get("version")
        if isinstance(version, str) and is_version(version) and not is_placeholder(version):
            self.stated.state(("version",), version, self.stated.source("version"))
        elif version is not None:
            self.stated.leave(("version",), self.stated.source("version"), f"version holds {str(version)[:80]}")
        for key in ("description", "title"):
            value = self.tree.get(key)
            if isinstance(value, str) and 0 < len(value.strip()) <= 10_000:
                self.stated.state(("summary",), value, self.stated.source(key), weak=True)
                break

    def license(self) -> None:
        """The licenses of the package, also as drafts of version 1 spelled them."""
        key = "licenses" if "licenses" in self.tree else "license"
        source, listed = self.stated.source(key), self.tree.get(key)
        named = [_license(item) for item in (listed if isinstance(listed, list) else [listed])]
        whole = ", ".join(dict.fromkeys(filter(None, named)))
        if whole and is_line(whole):
            # A title or an address cannot contradict an identifier.
            self.stated.state(("license",), whole, source, weak=" " in whole or "://" in whole)
        elif listed is not None:
            self.stated.leave(("license",), source, f"{key} names none")

    def owner(self) -> None:
        found: dict[str, tuple[str, Source]] = {}
        for index, item in mappings(self.tree.get("contributors")):
            roles = texts(item.get("roles")) or texts(item.get("role"))
            given = " ".join(texts([item.get("givenName"), item.get("familyName")]))
            name = next(iter([*texts(item.get("title")), *texts(given), *texts(item.get("organization"))]), "")
            for role in roles:
                if is_line(name):
                    found.setdefault(role, (name, self.stated.source("contributors", index)))
        for role in _OWNERS:
            if role in found:
                self.stated.state(("owner",), *found[role], weak=True)
                return

    def files(self, resource: dict[str, Any], at: Pointer, source: Source, *, counts: bool) -> None:
        """The files of one resource, and what is counted in them."""
        key = "path" if "path" in resource else "url"
        paths = texts(resource.get(key))
        for path in paths:
            if not is_file(path):
                reason = f"{source.at(key).field} is {path[:120]}, which names no single file"
                self.stated.leave((*at, "files"), source.at(key), reason)
                continue
            digest, reason, place = _digest(resource, source)
            if digest and len(paths) > 1:
                digest, reason = "", f"{place.field} is one digest for {len(paths)} files"
            file: dict[str, Any] = {"sha256": digest} if digest else {}
            self.stated.state((*at, "files", path), file, place if digest else source.at(key))
            if reason:
                self.stated.leave((*at, "files", path, "sha256"), place, reason)
        if counts:
            self.count((*at, "records"), resource, source, ("rows",))
            self.count((*at, "bytes"), resource, source, ("bytes",))

    def count(self, pointer: Pointer, resource: dict[str, Any], source: Source, key: Pointer) -> None:
        """A count, at the resource or in the ``stats`` that frictionless writes."""
        stats = resource.get("stats")
        held = {("stats", *key): stats.get(key[0]) if isinstance(stats, dict) else None, key: resource.get(str(key[0]))}
        for path, value in held.items():
            if type(value) is int and value >= 0:
                self.stated.state(pointer, value, source.at(*path))
            elif value is not None:
                self.stated.leave(pointer, source.at(*path), f"{source.at(*path).field} gives no whole number")

    def lineage(self) -> None:
        parents = [
            str(next((item[key] for key in ("title", "name", "path") if item.get(key)), "a source without a title"))
            for _, item in mappings(self.tree.get("sources"))
        ]
        if parents:
            reason = f"sources names {', '.join(parents)[:80]}, not as name@version"
            self.stated.leave((*EVERY, "derived_from"), self.stated.source("sources"), reason)

    def classified(self) -> None:
        """Camtrap DP tells row by row who classified an observation, and only who did last."""
        if "camtrap-dp" in str(self.tree.get("profile", "")) + str(self.tree.get("$schema", "")):
            key = "profile" if "camtrap-dp" in str(self.tree.get("profile", "")) else "$schema"
            reason = "a Camtrap data package tells row by row who classified, human or machine, and only who did last"
            self.stated.leave((*EVERY, "labels", "by"), self.stated.source(key), reason)


def _license(item: Any) -> str:
    """A license by its identifier, else its title, else its address."""
    held = [item.get(key) for key in ("name", "id", "type", "title", "path", "url")] if isinstance(item, dict) else item
    return next((text for text in texts(held) if not is_placeholder(text)), "")


def _digest(resource: dict[str, Any], source: Source) -> tuple[str, str, Source]:
    """The SHA-256 of a resource, or why there is none, and where that is said."""
    stats = resource.get("stats")
    held: list[tuple[Pointer, Any]] = [(("hash",), resource.get("hash"))]
    if isinstance(stats, dict):
        held += [(("stats", key), stats.get(key)) for key in ("sha256", "hash", "md5")]
    reason, place = "", source
    for path, value in held:
        if not isinstance(value, str) or not value:
            continue
        algorithm, _, digest = value.rpartition(":")
        lower = digest.lower()
        if algorithm.lower().replace("-", "") in ("sha256", "") and is_sha256(lower):
            return lower, "", source.at(*path)
        if not reason:
            hexadecimal = all(char in "0123456789abcdef" for char in lower)
            kind = _LENGTHS.get(len(lower)) if hexadecimal else None
            what = f"{kind} digest, and only SHA-256 pins a file" if kind else f"{value[:80]}, which is no SHA-256"
            reason, place = f"{source.at(*path).field} is {what}", source.at(*path)
    return "", reason, place


FORMAT = host_format("frictionless", state)
