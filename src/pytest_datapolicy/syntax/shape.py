"""Values against a JSON Schema: a fast answer, and, when it is no, every fault at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_datapolicy.model.document import Document, Problem


class Shape:
    """A compiled schema.

    Integers are stricter than JSON Schema has them: 100.0 is no integer. Formats, such as date, are checked.
    """

    __slots__ = ("_rule", "_schema", "_validator")

    def __init__(self, schema: dict[str, Any] | str, rule: str = "DP002") -> None:
        """`schema` as a mapping or as its JSON text, which is parsed only when there is something to explain."""
        import jsonschema_rs

        self._schema = schema
        self._rule = rule
        self._validator = jsonschema_rs.validator_for(schema, validate_formats=True)

    def problems(self, document: Document) -> list[Problem]:
        """Every fault of the document's values, in the order of the text; none when they are valid."""
        suspect = ".0" in document.text
        if self._validator.is_valid(document.tree) and not (suspect and _has_whole_decimal(document.tree)):
            return []
        from pytest_datapolicy.syntax.explain import explain

        schema = self._schema
        if isinstance(schema, str):
            import json

            schema = self._schema = json.loads(schema)
        return explain(schema, self._validator, document, self._rule)


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
