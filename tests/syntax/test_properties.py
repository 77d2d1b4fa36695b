"""What holds for every text: twins read equal, nothing but `Refused` is raised, and places are where values are."""

from __future__ import annotations

import json
import string
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_datapolicy.model.document import Document, Refused
from pytest_datapolicy.syntax.reader import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.model.places import Pointer, Span

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

# Texts without characters that no reader takes, in which every YAML indicator and doubtful word is likely.
_TEXTS = st.one_of(
    st.text(alphabet=string.ascii_letters + "éß漢\U0001f600 :#-?!&*|>%@`'\"{}[],=<~\\/\n\t0123456789._", max_size=12),
    st.sampled_from(["no", "y", "012", "1e3", "~", "null", "true", "2026-01-31", "0x1F", ".5", "=", "---", "...", ""]),
)
_KEYS = _TEXTS.filter(lambda key: key != "<<")
_NUMBERS = st.integers(-(10**18) + 1, 10**18 - 1) | st.decimals(
    min_value=-1000, max_value=1000, places=3, allow_nan=False
).map(lambda number: number if number else Decimal("0.000"))
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)
_TREES = st.dictionaries(_KEYS, _VALUES, max_size=5)

# Texts that look like YAML or JSON, or nearly.
_PIECES = st.lists(
    st.sampled_from(
        [
            *("a", "b: ", "- ", "? ", ": ", ", ", "[", "]", "{", "}", "\n", "\n  ", "\n    ", " ", "\t", "#", "'", '"'),
            *("&a ", "*a", "! ", "!!str ", "|", ">", "%YAML 1.1\n", "---\n", "...\n", "<<: ", "no", "012", "1", "-0"),
            *("1e3", "true", "null", "\\", "\\u0041", "\\ud800", "2026-01-31", "date: ", '"a":', "\r\n", "\r", "é"),
            *("\U0001f600", "\u202e", "\ufeff", "\x85", "\u2028", "\u200d", "\0", ".nan", "=", "~", "a: 1\n", "1:30"),
        ]
    ),
    max_size=25,
).map("".join)


def _same(first: Any, second: Any) -> bool:
    """Equal, with numbers and truth values told apart, and with the same order of keys."""
    if isinstance(first, dict):
        return (
            isinstance(second, dict)
            and list(first) == list(second)
            and all(map(_same, first.values(), second.values()))
        )
    if isinstance(first, list):
        return isinstance(second, list) and len(first) == len(second) and all(map(_same, first, second))
    return type(first) is type(second) and str(first) == str(second)


def _json(value: Any, indent: str = "", *, escapes: bool = False) -> str:
    """JSON with exact decimals."""
    if isinstance(value, Decimal):
        return str(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    parts = [_json(item, indent, escapes=escapes) for item in inner]
    if isinstance(value, list):
        return "[" + ",".join(indent + part for part in parts) + "]"
    if isinstance(value, dict):
        keys = [json.dumps(key, ensure_ascii=escapes) for key in value]
        return "{" + ",".join(f"{indent}{key}: {part}" for key, part in zip(keys, parts, strict=True)) + "}"
    return json.dumps(value, ensure_ascii=escapes)


class _Dumper(yaml.SafeDumper):
    """YAML whose every string is in quotes."""


_Dumper.add_representer(
    Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", str(value), style="")
)
_Dumper.add_representer(str, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", value, style="'"))


def _yaml(tree: Any, *, flow: bool) -> str:
    events = yaml.dump(tree, Dumper=_Dumper, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    return events.replace("!!float ", "")


def _read(text: str, *, as_json: bool) -> Document:
    return read(text.encode(), "a.dataset.yaml", as_json=as_json)


def _walk(value: Any, at: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    yield at, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inner:
        yield from _walk(item, (*at, step))


def _cut(document: Document, span: Span) -> str:
    lines = document.text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


@FEW
@given(_TREES, st.sampled_from(["", " ", "\n", "\r\n\t"]), st.booleans())
def test_json_reads_what_was_written(tree: dict[str, Any], indent: str, escapes: bool) -> None:
    assert _same(_read(_json(tree, indent, escapes=escapes), as_json=True).tree, tree)


@FEW
@given(_TREES)
def test_json_in_yaml_is_its_twin(tree: dict[str, Any]) -> None:
    assert _same(_read(_json(tree), as_json=False).tree, tree)


@FEW
@given(_TREES, st.booleans())
def test_yaml_reads_what_was_written(tree: dict[str, Any], flow: bool) -> None:
    assert _same(_read(_yaml(tree, flow=flow), as_json=False).tree, tree)


@FEW
@given(_TREES, st.booleans())
def test_every_value_stands_at_its_place(tree: dict[str, Any], as_json: bool) -> None:
    document = _read(_json(tree, "\n "), as_json=as_json)
    for pointer, value in _walk(document.tree):
        if not isinstance(value, dict | list):
            assert _cut(document, document.positions.span(pointer)) == _json(value)
        if pointer and isinstance(pointer[-1], str):
            assert _cut(document, document.positions.key_span(pointer)) == json.dumps(pointer[-1], ensure_ascii=False)


@FEW
@given(_TREES)
def test_every_value_of_a_block_stands_at_its_place(tree: dict[str, Any]) -> None:
    document = _read(_yaml(tree, flow=False), as_json=False)
    for pointer, value in _walk(document.tree):
        if not isinstance(value, dict | list):
            assert yaml.safe_load(_cut(document, document.positions.span(pointer))) == yaml.safe_load(_json(value))


@FEW
@given(_PIECES, st.booleans())
def test_only_refused_is_raised(text: str, as_json: bool) -> None:
    _read_or_refuse(text.encode(), as_json)


@FEW
@given(st.binary(max_size=60), st.booleans())
def test_only_refused_is_raised_for_bytes(data: bytes, as_json: bool) -> None:
    _read_or_refuse(data, as_json)


@FEW
@given(_TREES, st.data(), st.booleans())
def test_a_text_cut_off_anywhere(tree: dict[str, Any], data: st.DataObject, as_json: bool) -> None:
    whole = (_json(tree, "\n") if as_json else _yaml(tree, flow=False)).encode()
    part = whole[: data.draw(st.integers(0, len(whole)))]
    _read_or_refuse(part, as_json)
    if as_json and part != whole:
        _refused(part, as_json)


@FEW
@given(_PIECES)
def test_what_two_parsers_read_alike(text: str) -> None:
    """What is read at all, PyYAML's full parser reads too, and as an equal tree save for the words of YAML 1.1."""
    try:
        tree = _read(text, as_json=False).tree
    except Refused:
        return
    try:
        there = yaml.load(text, yaml.BaseLoader)
    except yaml.scanner.ScannerError:
        assert "\t" in text  # the one thing known that libyaml takes and PyYAML's own scanner does not
        return
    assert _same(_shape(tree), _shape(there))


def _shape(value: Any) -> Any:
    """The collections and keys of a tree."""
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items()}
    return [_shape(item) for item in value] if isinstance(value, list) else "scalar"


def _read_or_refuse(data: bytes, as_json: bool) -> None:
    try:
        document = read(data, "a.dataset.yaml", as_json=as_json)
    except Refused as refused:
        _well_told(refused)
    else:
        assert isinstance(document.tree, dict)
        for pointer, _ in _walk(document.tree):
            assert document.positions.span(pointer) >= (1, 1, 1, 1)


def _refused(data: bytes, as_json: bool) -> None:
    try:
        read(data, "a.dataset.yaml", as_json=as_json)
    except Refused:
        return
    raise AssertionError(data)


def _well_told(refused: Refused) -> None:
    lines = refused.text.split("\n")
    assert refused.problems
    assert list(refused.problems) == sorted(refused.problems, key=lambda problem: problem.span)
    for problem in refused.problems:
        assert problem.rule in ("DP001", "DP003", "DP004")
        assert problem.message.isprintable()
        assert problem.remedy.isprintable()
        assert 1 <= problem.span.line <= len(lines)
        assert 1 <= problem.span.column <= len(lines[problem.span.line - 1]) + 1
        assert problem.span[:2] <= problem.span[2:]
