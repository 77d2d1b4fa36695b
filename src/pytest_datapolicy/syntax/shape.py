"""Values against a JSON Schema: a fast answer, and, when it is no, every fault at its place."""

from __future__ import annotations

from pytest_datapolicy import schemas
from pytest_datapolicy.syntax.gate import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.model.document import Document, Problem
    from pytest_datapolicy.syntax.walk import Schema


class Shape:
    """A compiled schema.

    Integers are stricter than JSON Schema has them: 100.0 is no integer. Formats, such as date, are checked.
    """

    __slots__ = ("_gate", "_parts", "_rule", "_schema")

    def __init__(self, schema: dict[str, Any] | str, rule: str = "DP002") -> None:
        """`schema` is a mapping, or the name of one that ships."""
        self._schema = schema
        self._rule = rule
        self._gate = compiled(schemas.bare(schema) if isinstance(schema, str) else schema)
        self._parts: Schema | None = None

    def fits(self, tree: Any) -> bool:
        """Whether values are valid, as far as the schema goes."""
        if self._gate is not None:
            return self._gate(tree)
        parts = self._in_parts()
        return parts.accepts(parts.root, tree)

    def problems(self, document: Document) -> list[Problem]:
        """Every fault of the document's values, in the order of the text; none when they are valid."""
        if self._gate is not None and self._gate(document.tree):
            return []
        from pytest_datapolicy.syntax.explain import explain, unexplained

        problems = explain(self._in_parts(), document, self._rule)
        return problems if problems or self.fits(document.tree) else [unexplained(document, self._rule)]

    def _in_parts(self) -> Schema:
        if self._parts is None:
            from pytest_datapolicy.syntax.walk import Schema

            schema = self._schema
            self._parts = Schema(schemas.load(schema) if isinstance(schema, str) else schema)
        return self._parts
