"""Data contracts of the Open Data Contract Standard (ODCS), version 3.

A contract says what a data set must be like, not who made what is in it: the standard has no field for origin, labels,
purpose or files. Our facts stand in ``customProperties``, under the property ``datapolicy``. An object of the schema
that is named like a split is one. The fields and what each yields are listed in docs/formats.md.
"""

from __future__ import annotations

from pytest_datapolicy.formats.convention import is_split, note_synthetic, state_keywords
from pytest_datapolicy.formats.host import (
    BLOCK,
    EVERY,
    Source,
    Stated,
    host_format,
    is_line,
    is_name,
    is_placeholder,
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
    from pytest_datapolicy.syntax.host import HostDocument

_OWNERS = ("owner", "data owner", "data product owner", "product owner", "data steward", "steward")
"""Roles in a team of those who answer for the data, the most telling first."""
_BOUNDS = ("mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan", "mustBeLessOrEqualTo", "mustBeBetween")


def state(data: bytes, path: str, sibling: Sibling) -> Stated:  # noqa: ARG001 - the file stands alone
    """What a contract states; raises `Refused` for anything but a contract of version 3."""
    document = read_host(data, path, as_json=data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"))
    _refuse_others(document)
    index = next(
        (index for index, item in mappings(document.tree.get("customProperties")) if item.get("property") == BLOCK),
        len(mappings(document.tree.get("customProperties"))),
    )
    return _Contract(Stated("odcs", document, ("customProperties", index, "value"))).read()


def _refuse_others(document: HostDocument) -> None:
    tree, positions = document.tree, document.positions
    if tree.get("kind", "DataContract") != "DataContract" or not {"kind", "apiVersion"} & tree.keys():
        message = "the file has no kind: DataContract, so it is no contract of the Open Data Contract Standard"
        raise refuse(message, "give it kind and apiVersion, or leave it out of the check", text=document.text)
    version = tree.get("apiVersion", "v3")
    if not isinstance(version, str) or not version.removeprefix("v").startswith("3"):
        message = f"apiVersion is {str(version)[:40]}; this release reads version 3 of the standard"
        raise refuse(message, "bring the contract to v3.1.0", positions.span(("apiVersion",)), document.text)
    blocks = [index for index, item in mappings(tree.get("customProperties")) if item.get("property") == BLOCK]
    if len(blocks) > 1:
        first, second = (positions.span(("customProperties", index, "property")) for index in blocks[:2])
        message = f"customProperties has {BLOCK} twice, on lines {first.line} and {second.line}"
        raise refuse(message, "join the two", second, document.text, "DP003")


class _Contract:
    """One contract while it is read."""

    def __init__(self, stated: Stated) -> None:
        self.stated = stated
        self.tree: dict[str, Any] = stated.document.tree

    def read(self) -> Stated:
        self.identity()
        self.owner()
        self.custom()
        self.domains()
        objects = mappings(self.tree.get("schema"))
        for index, item in objects:
            source, name = self.stated.source("schema", index), item.get("name")
            at = EVERY
            if isinstance(name, str) and is_split(name):
                at = ("splits", self.stated.split(name, source.at("name")), "components", "*")
            if at is not EVERY or len(objects) == 1:
                self.rows(item, (*at, "records"), source)
            note_synthetic(self.stated, item.get("tags"), source.at("tags"))
        self.left_out()
        return self.stated

    def identity(self) -> None:
        for key in ("name", "dataProduct", "id"):
            value = self.tree.get(key)
            if isinstance(value, str) and not is_placeholder(value) and slug(value):
                # The name of the contract, which need not be that of the data.
                self.stated.state(
                    ("name",), slug(value), self.stated.source(key), weak=key != "name" or not is_name(value)
                )
                break
        version = self.tree.get("version")
        if isinstance(version, str) and is_version(version) and not is_placeholder(version):
            self.stated.state(("version",), version, self.stated.source("version"))
        elif version is not None:
            self.stated.leave(("version",), self.stated.source("version"), f"version holds {str(version)[:80]}")
        description = self.tree.get("description")
        source = self.stated.source("description")
        if isinstance(description, dict):
            description, source = description.get("purpose"), source.at("purpose")
        if isinstance(description, str) and 0 < len(description.strip()) <= 10_000:
            self.stated.state(("summary",), description, source, weak=True)

    def owner(self) -> None:
        """Who owns the contract: a member with that role who has not left, else the team."""
        team, source = self.tree.get("team"), self.stated.source("team")
        members, at = (team.get("members"), source.at("members")) if isinstance(team, dict) else (team, source)
        found: dict[str, tuple[str, Source]] = {}
        for index, member in mappings(members):
            name = next(iter([*texts(member.get("name")), *texts(member.get("username"))]), "")
            for role in texts(member.get("role")):
                if is_line(name) and not member.get("dateOut"):
                    found.setdefault(role.lower(), (name, at.at(index)))
        if isinstance(team, dict) and is_line(str(team.get("name", ""))):
            found.setdefault("", (str(team["name"]), source.at("name")))
        for role in (*_OWNERS, ""):
            if role in found:
                self.stated.state(("owner",), *found[role], weak=True)
                return

    def custom(self) -> None:
        """Owner and license, which many contracts keep among their own properties."""
        for index, item in mappings(self.tree.get("customProperties")):
            key, value = item.get("property"), item.get("value")
            if key in ("owner", "license") and isinstance(value, str) and is_line(value) and not is_placeholder(value):
                source = self.stated.source("customProperties", index, "value")._replace(name=f"customProperties {key}")
                self.stated.state((key,), value, source, weak=True)

    def domains(self) -> None:
        """The business domain and the tags."""
        domain, tags = self.tree.get("domain"), texts(self.tree.get("tags"))
        source = self.stated.source("tags" if tags else "domain")
        state_keywords(self.stated, [*tags, *texts(domain.lower() if isinstance(domain, str) else None)], source)

    def rows(self, item: dict[str, Any], pointer: Pointer, source: Source) -> None:
        """The number of rows where a check demands exactly one; a bound is no count."""
        for index, check in mappings(item.get("quality")):
            if "rowCount" not in (check.get("metric"), check.get("rule")) or check.get("unit", "rows") != "rows":
                continue
            place, exact = source.at("quality", index), check.get("mustBe")
            if type(exact) is int and exact >= 0:
                self.stated.state(pointer, exact, place.at("mustBe"))
                return
            bound = next((key for key in _BOUNDS if key in check), None)
            if bound is not None:
                self.stated.leave(pointer, place.at(bound), f"{place.at(bound).field} is a bound, not a count")

    def left_out(self) -> None:
        """What a contract says in words that yield no fact."""
        for index, item in mappings(self.tree.get("schema")):
            for number, column in mappings(item.get("properties")):
                if column.get("transformSourceObjects"):
                    source = self.stated.source("schema", index, "properties", number, "transformSourceObjects")
                    named = ", ".join(texts(column["transformSourceObjects"]))[:80]
                    reason = f"transformSourceObjects names {named or 'tables'}, not data sets as name@version"
                    self.stated.leave((*EVERY, "derived_from"), source, reason)
                    return


FORMAT = host_format("odcs", state)
