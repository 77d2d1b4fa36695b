"""Test files of policies: read, each case with its place, its manifests and what is expected of it."""

from __future__ import annotations

import os

from pytest_datapolicy.app.fragments import as_json, manifest
from pytest_datapolicy.model.document import Refused, place_in
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.model.vocabulary import LEVELS
from pytest_datapolicy.policy.faults import meant
from pytest_datapolicy.syntax.files import read_regular
from pytest_datapolicy.syntax.limits import DATE_KEYS, MANIFEST_BYTES
from pytest_datapolicy.syntax.reader import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.model.document import Document
    from pytest_datapolicy.model.places import Place, Pointer

TODAY = "2026-11-01"
FILE_KEYS = ("tests", "policy", "today", "manifest", "cases")
CASE_KEYS = ("case", "manifest", "manifests", "base", "waivers", "today", "expect")
EXPECT_KEYS = ("rule", "dataset", "split", "component", "thing", "outcome", "level", "message", "observed", "limit")
DEFAULTS = {"outcome": "fail", "level": "error"}
OUTCOMES = ("fail", "indeterminate", "waived")


class Case(NamedTuple):
    """One case of a test file."""

    title: str
    place: Place
    today: str
    manifests: Mapping[str, bytes]
    """Texts by path."""
    base: Mapping[str, bytes] | None
    waivers: bytes | None
    expect: tuple[Mapping[str, Any], ...]


class CaseFile(NamedTuple):
    """One test file."""

    label: str
    policies: tuple[str, ...]
    """The policies under test as absolute paths, packs or files of packages; empty: those of the settings."""
    cases: tuple[Case, ...]


def document(path: str, root: str, *, dates: frozenset[str] = DATE_KEYS) -> Document:
    """A YAML file of the project. Raises `RunError` with the place of what keeps it from being read."""
    label = os.path.relpath(path, root).replace(os.sep, "/")
    inside = not label.startswith("../")
    try:
        return read(
            read_regular(path, root=root if inside else None, limit=MANIFEST_BYTES),
            label,
            as_json=path.endswith(".json"),
            date_keys=dates,
        )
    except FileNotFoundError:
        raise RunError(f"there is no file {label}") from None
    except Refused as refused:
        problem = refused.problems[0]
        place = place_in(label, refused.text, problem.span)
        raise RunError(problem.message, place, remedy=problem.remedy) from None


def case_file(path: str, root: str, catalogue: Catalogue) -> CaseFile:
    """The cases of one file. Raises `RunError` for what is no test file."""
    return _Reader(document(path, root, dates=DATE_KEYS | {"today"}), path, catalogue).file()


class _Reader:
    """Reads one test file."""

    def __init__(self, text: Document, path: str, catalogue: Catalogue) -> None:
        self._text = text
        self._path = path
        self._catalogue = catalogue

    def file(self) -> CaseFile:
        tree = self._text.tree
        self._known(tree, FILE_KEYS, ())
        if tree.get("tests") != 1:
            self._refuse("tests is the version of the format, and must be 1", ("tests",), "write tests: 1")
        cases = self._list(tree, "cases", (), of=dict)
        if not cases:
            self._refuse("a test file without cases tests nothing", ("cases",), "add a case")
        common = self._mapping(tree, "manifest", ())
        return CaseFile(
            self._text.path,
            tuple(self._policies(tree)),
            tuple(self._case(item, ("cases", number), common, tree) for number, item in enumerate(cases)),
        )

    def _policies(self, tree: Mapping[str, Any]) -> Iterable[str]:
        folder = os.path.dirname(self._path)
        given = tree.get("policy")
        if given is None:
            beside = os.path.join(os.path.dirname(folder), os.path.basename(self._path))
            if os.path.lexists(beside):
                yield os.path.abspath(beside)
            return
        for name in given if isinstance(given, list) else [given]:
            if not isinstance(name, str) or not name:
                self._refuse("policy must be a name or a list of names", ("policy",), "write policy: ../org.yaml")
            shipped = name.startswith(("builtin:", "package:"))
            yield name if shipped else os.path.abspath(os.path.join(folder, name))

    def _case(self, body: Mapping[str, Any], at: Pointer, common: Mapping[str, Any], file: Mapping[str, Any]) -> Case:
        self._known(body, CASE_KEYS, at)
        title = body.get("case")
        if not isinstance(title, str) or not title:
            self._refuse("a case needs a line that says what it shows", (*at, "case"), "add case: ...")
        if "manifest" in body and "manifests" in body:
            self._refuse("a case has manifest or manifests, not both", (*at, "manifest"), "keep one of the two")
        expect = self._list(body, "expect", at, of=dict)
        if "expect" not in body:
            self._refuse("a case needs what is expected of it", at, "add expect: [] when nothing is to be found")
        base = self._mapping(body, "base", at) if "base" in body else None
        waivers = self._list(body, "waivers", at, of=dict) if "waivers" in body else None
        several = self._mapping(body, "manifests", at) if "manifests" in body else None
        single = {"": self._mapping(body, "manifest", at)}
        return Case(
            str(title),
            self._text.place((*at, "case")),
            str(body.get("today", file.get("today", TODAY))),
            self._texts(single if several is None else several, common, at),
            None if base is None else self._texts({"": base}, common, at),
            None if waivers is None else as_json({"waivers": 1, "entries": waivers}).encode(),
            tuple(self._expected(item, (*at, "expect", number)) for number, item in enumerate(expect)),
        )

    def _texts(self, fragments: Mapping[str, Any], common: Mapping[str, Any], at: Pointer) -> dict[str, bytes]:
        texts = {}
        for name, fragment in fragments.items():
            if not isinstance(fragment, dict):
                self._refuse("a manifest must be a mapping", (*at, "manifests", name), "write fields as key: value")
            named = {"name": name} if name else {}
            tree = manifest(common, named, fragment)
            texts[f"{name or 'case'}.dataset.json"] = as_json(tree).encode()
        return texts

    def _expected(self, body: Mapping[str, Any], at: Pointer) -> Mapping[str, Any]:
        self._known(body, EXPECT_KEYS, at)
        rule = str(body.get("rule", ""))
        identity = self._catalogue.id_of(rule) or rule
        if not rule:
            self._refuse("an expected finding needs its rule", at, "add rule: DP101, or its name")
        for key, known in (("outcome", OUTCOMES), ("level", LEVELS)):
            if body.get(key, known[0]) not in known:
                self._refuse(f"{key} is none of {', '.join(known)}", (*at, key), meant(str(body[key]), known))
        return {**DEFAULTS, **body, "rule": identity}

    def _known(self, body: Mapping[str, Any], keys: tuple[str, ...], at: Pointer) -> None:
        for key in body:
            if key not in keys:
                remedy = meant(key, keys) or f"the fields are {', '.join(keys)}"
                self._refuse(f"there is no field {key} here", (*at, key), remedy, key=True)

    def _mapping(self, body: Mapping[str, Any], key: str, at: Pointer) -> Mapping[str, Any]:
        value = body.get(key, {})
        if not isinstance(value, dict):
            self._refuse(f"{key} must be a mapping", (*at, key), "write its fields as key: value")
        return dict(value)

    def _list(self, body: Mapping[str, Any], key: str, at: Pointer, *, of: type) -> list[Any]:
        value = body.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, of) for item in value):
            self._refuse(f"{key} must be a list of mappings", (*at, key), "write its entries with a dash")
        return list(value)

    def _refuse(self, message: str, at: Pointer, remedy: str, *, key: bool = False) -> None:
        raise RunError(message, self._text.place(at, key=key), remedy=remedy)
