"""Values against a JSON Schema: a fast answer, and, when it is no, every fault at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_datapolicy.model.document import Document, Problem
    from pytest_datapolicy.syntax.walk import Schema


class Shape:
    """A compiled schema.

    Integers are stricter than JSON Schema has them: 100.0 is no integer. Formats, such as date, are checked.
    """

    __slots__ = ("_is_valid", "_parts", "_rule", "_schema")

    def __init__(self, schema: dict[str, Any] | str, rule: str = "DP002") -> None:
        """`schema` as a mapping or as its JSON text, which is parsed only when there is something to explain."""
        import jsonschema_rs

        self._schema = schema
        self._rule = rule
        self._is_valid = jsonschema_rs.validator_for(schema, validate_formats=True).is_valid
        self._parts: Schema | None = None

    def fits(self, tree: Any) -> bool:
        """Whether values are valid, as far as the schema goes."""
        return self._is_valid(tree)

    def problems(self, document: Document) -> list[Problem]:
        """Every fault of the document's values, in the order of the text; none when they are valid."""
        is_valid = self._is_valid(document.tree)
        if is_valid and not (".0" in document.text and _has_whole_decimal(document.tree)):
            return []
        from pytest_datapolicy.syntax.explain import explain, unexplained

        problems = explain(self._in_parts(), document, self._rule)
        return problems if problems or is_valid else [unexplained(document, self._rule)]

    def _in_parts(self) -> Schema:
        if self._parts is None:
            from pytest_datapolicy.syntax.walk import Schema

            schema = self._schema
            if isinstance(schema, str):
                import json

                schema = json.loads(schema)
            self._parts = Schema(schema)
        return self._parts


def _has_whole_decimal(tree: Any) -> bool:
    """Whether any number is written with a fraction of zeros: JSON Schema takes those for integers."""
    stack = [tree]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
        elif hasattr(value, "to_integral_value") and value == value.to_integral_value():
            return True
    return False
