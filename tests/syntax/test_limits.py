"""The limits hold exactly, and whatever passes them is refused quickly and calmly."""

from __future__ import annotations

import time

import pytest

from pytest_datapolicy.syntax import limits
from tests.syntax.told import read_text, told

NESTED = "DP001 {} values are nested more than 64 levels deep | nest them less deeply"
TOO_MANY = (
    "DP001 {} the file holds more than 100,000 keys and values, an alias counted as what it stands for | split the file"
)


def test_bytes() -> None:
    data = b"a: " + b"b" * 97
    assert told(data, limit=100) == []
    assert told(data + b"b", limit=100) == [
        "DP001 1:1-1:1 the file has 101 bytes, at most 100 allowed | split the file"
    ]
    assert limits.MANIFEST_BYTES == 1_048_576
    assert told(b"#" * limits.MANIFEST_BYTES) != told(b"#" * (limits.MANIFEST_BYTES + 1))


@pytest.mark.parametrize(
    ("opening", "closing", "as_json", "column"),
    [
        ("[", "]", False, 67),
        ("{a: ", "}", False, 256),
        ("[", "]", True, 70),
        ('{"a":', "}", True, 322),
    ],
)
def test_depth(opening: str, closing: str, as_json: bool, column: int) -> None:
    # The mapping at the top is the first level.
    def nested(levels: int) -> str:
        inner = opening * (levels - 1) + "1" + closing * (levels - 1)
        return f'{{"a": {inner}}}' if as_json else f"a: {inner}"

    assert told(nested(64), as_json=as_json) == []
    assert told(nested(65), as_json=as_json) == [NESTED.format(f"1:{column}-1:{column + 1}")]


def test_depth_of_blocks() -> None:
    text = "".join(f"{'  ' * level}k:\n" for level in range(65))
    assert told(text[:-3].rstrip()) == []
    assert told(text + "  " * 65 + "k: 1\n") == [NESTED.format("65:129-65:129")]


def test_depth_through_aliases() -> None:
    deep = "a: &a " + "[" * 40 + "]" * 40 + "\n"
    assert told(deep + "b: " + "[" * 23 + "*a" + "]" * 23 + "\n") == []
    assert told(deep + "b: " + "[" * 24 + "*a" + "]" * 24 + "\n") == [
        "DP001 2:28-2:30 with the alias *a values are nested more than 64 levels deep | nest them less deeply"
    ]
    # Each alias adds a few levels to what the one before it stands for.
    chain = "a0: &a0 [[[x]]]\n" + "".join(f"a{n}: &a{n} [[[*a{n - 1}]]]\n" for n in range(1, 30))
    assert told(chain) == [
        "DP001 22:14-22:18 with the alias *a20 values are nested more than 64 levels deep | nest them less deeply"
    ]


def test_nodes() -> None:
    # The mapping, the key and the list are three.
    text = "a: [" + "1," * (limits.NODES - 4) + "1]\n"
    assert told(text) == []
    assert told(text.replace("1]", "1,1]")) == [TOO_MANY.format(f"1:{len(text) + 1}-1:{len(text) + 2}")]


def test_nodes_of_json() -> None:
    text = '{"a": [' + "1," * (limits.NODES - 4) + "1]}"
    assert told(text, as_json=True) == []
    assert told(text.replace("1]", "1,1]"), as_json=True) == [TOO_MANY.format(f"1:{len(text)}-1:{len(text) + 1}")]


def test_nodes_of_empty_collections() -> None:
    text = '{"a": [' + "[]," * limits.NODES + "0]}"
    assert told(text)[0].endswith(TOO_MANY[9:])
    assert told(text, as_json=True)[0].endswith(TOO_MANY[9:])


def test_nodes_through_aliases() -> None:
    # The mapping, two keys, and a list of nine are thirteen with the second list; each alias stands for ten.
    text = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\nb: ["
    times = (limits.NODES - 14) // 10
    assert told(text + "*a," * times + "]\n") == []
    assert told(text + "*a," * times + "1, 1]\n") == []
    assert told(text + "*a," * times + "1, 1, 1, 1, 1, 1, 1]\n")[0].endswith(TOO_MANY[9:])
    assert told(text + "*a," * (times + 1) + "]\n")[0].endswith(TOO_MANY[9:])


def test_a_bomb_of_aliases() -> None:
    lines = ["a0: &a0 [lol, lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    text = "\n".join(lines)
    started = time.process_time()
    assert told(text) == [TOO_MANY.format("6:25-6:28")]
    assert time.process_time() - started < 1


def test_characters_through_aliases() -> None:
    text = "a: &a " + "x" * 100_000 + "\nb: ["
    assert told(text + "*a," * 10 + "]\n") == []
    assert told(text + "*a," * 11 + "]\n") == [
        "DP001 2:35-2:37 the aliases stand for more than 1,048,576 characters together | use fewer aliases"
    ]
    inside = "a: &a\n  - " + "x" * 100_000 + "\nb: &b [*a, *a, *a]\nc: [*b, *b, "
    assert told(inside + "]\n") == []
    assert told(inside + "*b]\n")[0].endswith("together | use fewer aliases")


def test_aliases_are_not_copied() -> None:
    tree = read_text("a: &a {b: [1]}\nc: [*a, *a]\n").tree
    assert tree["c"][0] is tree["a"]
    assert tree["c"][1] is tree["a"]


@pytest.mark.parametrize("as_json", [False, True], ids=["yaml", "json"])
def test_keys(as_json: bool) -> None:
    keys = [f'"k{number}": 1' for number in range(limits.KEYS + 1)]
    assert told('{"a": {' + ", ".join(keys[:-1]) + "}}", as_json=as_json) == []
    text = '{"a": {' + ", ".join(keys) + "}}"
    column = text.index('"k10000"') + 1
    assert told(text, as_json=as_json) == [
        f"DP001 1:{column}-1:{column + 8} the mapping has 10,001 keys, at most 10,000 allowed | split it"
    ]


@pytest.mark.parametrize("as_json", [False, True], ids=["yaml", "json"])
def test_digits(as_json: bool) -> None:
    assert told(f'{{"a": {"9" * 18}}}', as_json=as_json) == []
    assert told(f'{{"a": -{"9" * 18}}}', as_json=as_json) == []
    assert told(f'{{"a": {"9" * 5000}}}', as_json=as_json) == [
        f"DP001 1:7-1:5007 the number {'9' * 57}... has 5,000 digits, at most 18 allowed"
        " | write a shorter number, or put it in quotes if it is a name"
    ]


@pytest.mark.parametrize("as_json", [False, True], ids=["yaml", "json"])
def test_faults_are_capped(as_json: bool) -> None:
    faults = told('{"a": [' + ", ".join(["01"] * 80) + "]}", as_json=as_json)
    assert len(faults) == limits.FAULTS
    assert len(told('{"a": 1' + ', "a": 1' * 80 + "}", as_json=as_json)) == limits.FAULTS


def test_a_long_key() -> None:
    assert told("k" * 1100 + ": 1\n") == [
        "DP001 1:1101-1:1102 a colon stands where no key can | put the text in quotes, or correct the indentation"
    ]
    assert told('{"' + "k" * 1100 + '": 1}', as_json=True) == []


@pytest.mark.parametrize("as_json", [False, True], ids=["yaml", "json"])
@pytest.mark.parametrize(
    "unit",
    [
        *("[", "{", "- ", "? ", "{a: ", '{"a":', "[[],", "- - a\n", "*a ", "&a ", "! ", "%", "---\n", "...\n"),
        *("#", "# \n", "\n", "\r\n", " ", "\t", "|\n", "a: |\n", '"', "'", "\\", '\\"', "\\n", '"\\u0041",'),
        *(
            "a",
            "a\n",
            "a: ",
            "no: no\n",
            "1:",
            "1_",
            "9",
            "0x",
            "1e1,",
            "1,",
            "é",
            "\U0001f600",
            "\u202e",
            "\u200d",
            "\0",
        ),
    ],
)
def test_a_megabyte_of_anything(unit: str, as_json: bool) -> None:
    text = (unit * (limits.MANIFEST_BYTES // len(unit.encode())))[: limits.MANIFEST_BYTES]
    started = time.process_time()
    assert told(text, as_json=as_json) != []
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "opening", ["a: ", 'a: "', "a: '", "a: |\n ", "a: >\n\n\n ", "# ", "a: 9", "a: 1:1", "a: [1, "]
)
def test_one_long_scalar(opening: str) -> None:
    for filling in ("x", "9", ":1", " ", "\n"):
        text = opening + filling * 300_000
        started = time.process_time()
        told(text)
        assert time.process_time() - started < 10
