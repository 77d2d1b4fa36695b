"""Expressions of own rules: CEL, checked against the manifest schema when a policy loads, evaluated on plain values.

The engine is Google's own (``cel-expr-python``, C++): of the three packages on PyPI it alone checks types and field
names before anything runs, its errors carry line and column, regular expressions run in linear time (RE2), and a
decision takes about 20 us. ``cel-python`` needs 2 ms for the same decision and ``common-expression-language`` 25 us;
neither knows the fields of a variable, so that a misspelt one would be found only on the data set that reaches it. The
price is 50 MB in the extra ``[cel]``. Language: https://github.com/google/cel-spec, version 1.
"""

from __future__ import annotations

import re
from decimal import Decimal
from importlib import import_module

from pytest_datapolicy.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

LONGEST = 2000
"""Characters of one expression."""
DEEPEST = 32
"""Brackets within brackets."""
MACROS = ("all", "exists", "exists_one", "filter", "map")
DEEPEST_MACROS = 2
"""Loops over lists within loops over lists."""
STEPS = 1_000_000
"""What nested loops may take, counted as the longest list to the power of their depth."""
EXTRA = "pytest-datapolicy[cel]"

_PACKAGE = "datapolicy"
_KINDS = {"string": 9, "integer": 3, "number": 1, "boolean": 8}
_MESSAGE, _ONE, _MANY = 11, 1, 3
_ANY = ".google.protobuf.Value"
_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_FIELD = re.compile(r"undefined field '([^']*)' not found in struct 'datapolicy\.([^']*)'")
_NAME = re.compile(r"undeclared reference to '([^']*)'")
_STRING = re.compile(
    r"""[rR]?(?:\"\"\".*?\"\"\"|'''.*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|//[^\n]*""", re.DOTALL
)


class ExpressionError(Exception):
    """An expression that cannot be used. ``line`` and ``column`` count from 1 within the expression."""

    def __init__(self, message: str, line: int = 1, column: int = 1, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.remedy = remedy


class Missing(Exception):  # noqa: N818 - told to the user as a fault of the installation
    """The extra is not installed."""


class Undecided(Exception):  # noqa: N818 - an answer: the outcome is indeterminate
    """An expression that gives no answer for these values."""


class Expression(NamedTuple):
    """A checked expression."""

    program: Any
    depth: int
    """Of nested loops."""

    def holds(self, variables: Mapping[str, Any], longest: int) -> bool:
        """Whether the expression is true. Raises `Undecided` with the reason when that cannot be told."""
        if self.depth > 1 and longest**self.depth > STEPS:
            raise Undecided(f"a list of {longest:,} is too long for loops nested {self.depth} deep")
        value = self.program.eval(data=variables)
        answer = value.value()
        if value.type().name() == "ERROR" or not isinstance(answer, bool):
            raise Undecided(_reason(str(answer)))
        return answer


class Language:
    """The variables that expressions of one scope may use, and their fields."""

    def __init__(self, schema: Mapping[str, Any], names: tuple[str, ...]) -> None:
        try:
            cel = import_module("cel_expr_python.cel")
            descriptors = import_module("google.protobuf.descriptor_pb2")
            pools = import_module("google.protobuf.descriptor_pool")
            import_module("google.protobuf.struct_pb2")
        except ImportError as error:
            raise Missing(str(error)) from error
        self._names = names
        file = descriptors.FileDescriptorProto(name="datapolicy.proto", package=_PACKAGE, syntax="proto3")
        file.dependency.append("google/protobuf/struct.proto")
        self._messages = _Messages(file, schema)
        pool = pools.DescriptorPool()
        pool.AddSerializedFile(pools.Default().FindFileByName("google/protobuf/struct.proto").serialized_pb)
        pool.AddSerializedFile(file.SerializeToString())
        typed = {name: cel.Type(f"{_PACKAGE}.{name.capitalize()}") for name in names}
        self._checker = cel.NewEnv(pool, variables=typed)
        self._runner = cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN))

    def compile(self, text: str) -> Expression:
        """The expression, checked. Raises `ExpressionError` with the place of the fault."""
        depth = bounded(text)
        try:
            checked = self._checker.compile(text)
        except RuntimeError as error:
            raise self._fault(str(error)) from None
        kind = checked.return_type().name()
        if kind != "BOOL":
            raise ExpressionError(
                f"the expression gives {kind.lower()}, not true or false", remedy="compare it with =="
            )
        return Expression(self._runner.compile(text), depth)

    def _fault(self, raw: str) -> ExpressionError:
        from pytest_datapolicy.policy.faults import meant

        found = _ERROR.search(raw)
        line, column, message = (int(found[1]), int(found[2]), found[3]) if found else (1, 1, raw.splitlines()[0])
        if field := _FIELD.search(message):
            known = self._messages.fields.get(field[2], ())
            remedy = meant(field[1], known) or f"the fields are {', '.join(sorted(known))}"
            return ExpressionError(f"{field[2].lower()} has no field {field[1]}", line, column + 1, remedy)
        if name := _NAME.search(message):
            start = max(column - 1 - len(name[1].partition(".")[0]), 0) if "." in name[1] else column - 1
            remedy = meant(name[1].partition(".")[0], self._names) or f"the names are {', '.join(self._names)}"
            return ExpressionError(f"there is no name {name[1].partition('.')[0]} here", line, start + 1, remedy)
        return ExpressionError(message.removeprefix("Syntax error: "), line, column)


class _Messages:
    """The manifest schema as message types: the fields that a variable has, and the kind of each."""

    def __init__(self, file: Any, schema: Mapping[str, Any]) -> None:
        self._file = file
        self._schema = schema
        self.fields: dict[str, list[str]] = {}
        defs = schema["$defs"]
        self._message("Dataset", schema["properties"], {})
        self._message("Split", defs["split"]["properties"], {"name": {"type": "string"}})
        self._message("Component", defs["component"]["properties"], {"synthetic": {"type": "boolean"}})
        own = {name: {"type": "string"} for name in ("name", "today", "stakes")}
        self._message("Policy", own, {})

    def _message(self, name: str, properties: Mapping[str, Any], more: Mapping[str, Any]) -> str:
        if name not in self.fields:
            self.fields[name] = [*properties, *more]
            message = self._file.message_type.add(name=name)
            for number, (field, node) in enumerate({**properties, **more}.items(), 1):
                self._field(message, field, number, node)
        return f".{_PACKAGE}.{name}"

    def _field(self, message: Any, name: str, number: int, node: Mapping[str, Any]) -> None:
        node, title = self._resolve(node, f"{message.name}_{name}")
        if node.get("type") == "array":
            item, title = self._resolve(node["items"], title)
            kind, target = self._kind(item, title)
            message.field.add(name=name, number=number, label=_MANY, type=kind, type_name=target)
        elif node.get("type") == "object" and "properties" not in node:
            entry = message.nested_type.add(name=f"{name.capitalize().replace('_', '')}Entry")
            entry.options.map_entry = True
            entry.field.add(name="key", number=1, label=_ONE, type=_KINDS["string"])
            value, title = self._resolve(node.get("additionalProperties") or {}, title)
            kind, target = self._kind(value, title)
            entry.field.add(name="value", number=2, label=_ONE, type=kind, type_name=target)
            path = f".{_PACKAGE}.{message.name}.{entry.name}"
            message.field.add(name=name, number=number, label=_MANY, type=_MESSAGE, type_name=path)
        else:
            kind, target = self._kind(node, title)
            message.field.add(name=name, number=number, label=_ONE, type=kind, type_name=target)

    def _kind(self, node: Mapping[str, Any], title: str) -> tuple[int, str | None]:
        if node.get("type") == "object" and "properties" in node:
            more = {"split": {"name": {"type": "string"}}, "component": {"synthetic": {"type": "boolean"}}}
            return _MESSAGE, self._message(title.capitalize(), node["properties"], more.get(title, {}))
        kind = node.get("type")
        if kind is None and "enum" in node:
            kind = "string"
        return (_KINDS[kind], None) if isinstance(kind, str) and kind in _KINDS else (_MESSAGE, _ANY)

    def _resolve(self, node: Any, title: str) -> tuple[Mapping[str, Any], str]:
        """The node behind references, and the name for messages made of it."""
        node = node if isinstance(node, dict) else {}
        while "$ref" in node:
            title = node["$ref"].rpartition("/")[2]
            node = self._schema["$defs"][title]
        return node, title


def bounded(text: str) -> int:
    """How deep loops are nested. Raises `ExpressionError` for an expression beyond the bounds."""
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression has {len(text):,} characters, at most {LONGEST:,} allowed")
    bare = _STRING.sub(lambda found: " " * len(found[0]), text)
    stack: list[bool] = []
    deepest = 0
    for index, character in enumerate(bare):
        if character in "([{":
            called = re.search(r"\.\s*(\w+)\s*$", bare[max(0, index - 40) : index])
            stack.append(character == "(" and called is not None and called[1] in MACROS)
            deepest = max(deepest, sum(stack))
        elif character in ")]}" and stack:
            stack.pop()
        if len(stack) > DEEPEST or deepest > DEEPEST_MACROS:
            line, column = bare.count("\n", 0, index) + 1, index - bare.rfind("\n", 0, index)
            what = "brackets" if len(stack) > DEEPEST else "loops"
            limit = DEEPEST if len(stack) > DEEPEST else DEEPEST_MACROS
            raise ExpressionError(f"{what} are nested more than {limit} deep", line, column, "split it in two rules")
    return deepest


def plain(value: Any, numbers: frozenset[str], key: str = "") -> Any:
    """Values as the evaluator takes them: exact decimals become doubles, and so do whole numbers of number fields."""
    if isinstance(value, dict):
        return {name: plain(item, numbers, name) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item, numbers, key) for item in value]
    if isinstance(value, Decimal) or (key in numbers and type(value) is int):
        return float(value)
    return value


def number_fields(schema: Mapping[str, Any]) -> frozenset[str]:
    """The names of fields that hold numbers which need not be whole."""
    found = set()
    waiting: list[Any] = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            for name, item in node.get("properties", {}).items():
                if isinstance(item, dict) and item.get("type") == "number":
                    found.add(name)
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return frozenset(found)


def longest_list(value: Any) -> int:
    """The length of the longest list or mapping within a value."""
    longest = 0
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, (dict, list)):
            longest = max(longest, len(item))
            waiting.extend(item.values() if isinstance(item, dict) else item)
    return longest


def _reason(raw: str) -> str:
    """An evaluation error in the words of a message."""
    text = raw.partition(": ")[2] or raw
    missing = re.search(r'Key not found in map : "([^"]*)"', text)
    if missing:
        return f"{missing[1]} is missing"
    return text[:1].lower() + text[1:80]
