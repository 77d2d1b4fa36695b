"""Own rules of a policy (``custom:``): from expressions to rules like any other."""

from __future__ import annotations

import re

from pytest_datapolicy.model.places import Span
from pytest_datapolicy.model.policy import Clause
from pytest_datapolicy.model.rule import NOT_APPLICABLE, Draft, Rule, Term
from pytest_datapolicy.policy import cel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.rule import Context
    from pytest_datapolicy.policy.faults import Faults
    from pytest_datapolicy.policy.text import PolicyText

IDENTITY = re.compile(r"[A-Z][A-Z0-9]*(?:[-_][A-Z0-9]+)*")
SCOPES = {
    "dataset": ("dataset", "policy"),
    "split": ("dataset", "split", "policy"),
    "component": ("dataset", "split", "component", "policy"),
}


class CustomRules:
    """The own rules of all policy files of a run."""

    def __init__(self, catalogue: Catalogue, faults: Faults) -> None:
        self._catalogue = catalogue
        self._faults = faults
        self._languages: dict[str, cel.Language] = {}
        self._schema: Mapping[str, Any] = {}
        self._places: dict[str, Place] = {}
        self.rules: list[Rule] = []
        self.clauses: list[Clause] = []

    def add(self, text: PolicyText) -> None:
        """Take the own rules of one policy file, or note what is wrong with them."""
        bodies: dict[str, Any] = text.tree.get("custom", {})
        if not bodies:
            return
        if not self._schema:
            from pytest_datapolicy.schemas import load

            self._schema = load("manifest")
        start = len(self._faults)
        for identity, body in bodies.items():
            try:
                self._rule(identity, body, text)
            except cel.Missing:
                message = "own rules in CEL need an extra that is not installed"
                self._faults.add(message, text.key("custom"), f"pip install '{cel.EXTRA}'")
                return
        self._faults.sort(start)

    def _rule(self, identity: str, body: Mapping[str, Any], text: PolicyText) -> None:
        place = text.key("custom", identity)
        if not IDENTITY.fullmatch(identity) or re.fullmatch(r"DP\d+", identity):
            self._faults.add(
                f"{identity} is not an id for an own rule", place, "write one such as ACME001; DP is taken"
            )
            return
        if identity in self._catalogue or identity in self._places:
            first = self._places.get(identity)
            where = f" in {first.path}:{first.line}" if first is not None else ""
            self._faults.add(f"{identity} names a rule already{where}", place, "choose another id")
            return
        self._places[identity] = place
        names = SCOPES[body["scope"]]
        expressions = {
            key: self._expression(body[key], names, text, ("custom", identity, key))
            for key in ("when", "require")
            if key in body
        }
        require = expressions["require"]
        if require is None or None in expressions.values():
            return
        check = _Check(names, expressions.get("when"), require, body, text.tree["name"], self._schema)
        level = body.get("level", "error")
        rule = Rule(identity, identity, body["scope"], body["summary"], check, level=level, explain=check.explain)
        self.rules.append(rule)
        self.clauses.append(Clause(identity, level, {}, {}, place, because=body["summary"], policy=text.tree["name"]))

    def _expression(
        self, source: str, names: tuple[str, ...], text: PolicyText, pointer: tuple[str, ...]
    ) -> cel.Expression | None:
        scope = names[-2]
        if scope not in self._languages:
            self._languages[scope] = cel.Language(self._schema, names)
        try:
            return self._languages[scope].compile(source)
        except cel.ExpressionError as error:
            place, exact = _within(text.value(*pointer), source, error)
            where = "" if exact else f" (line {error.line}, column {error.column} of the expression)"
            self._faults.add(f"{pointer[-1]} of {pointer[1]}: {error.message}{where}", place, error.remedy)
            return None


def _within(value: Place, source: str, error: cel.ExpressionError) -> tuple[Place, bool]:
    """The place of a fault in the policy file, and whether it is exact: the expression must stand there as it is."""
    if "\n" not in source:
        for quote in (0, 1):
            start = value.column - 1 + quote
            if value.source[start : start + len(source)] == source:
                column = start + error.column
                return value._replace(span=Span(value.line, column, value.line, column + 1)), True
    return value, False


class _Check:
    """The check of one own rule. Keeps the values of the data set it saw last: its subjects come one after another."""

    def __init__(
        self,
        names: tuple[str, ...],
        when: cel.Expression | None,
        require: cel.Expression,
        body: Mapping[str, Any],
        policy: str,
        schema: Mapping[str, Any],
    ) -> None:
        self._names = names
        self._when = when
        self._require = require
        self._message: str = body["message"]
        self._sources: dict[str, str] = {key: body[key] for key in ("when", "require") if key in body}
        self._policy = policy
        self._numbers = cel.number_fields(schema)
        self._last: tuple[Manifest, dict[str, Any], int] | None = None

    def __call__(self, subject: Any, clause: Clause, context: Context) -> Iterable[Draft]:
        variables, longest = self._variables(subject, context)
        try:
            if self._when is not None and not self._when.holds(variables, longest):
                return NOT_APPLICABLE
            if self._require.holds(variables, longest):
                return ()
        except cel.Undecided as reason:
            message = f"{clause.rule} cannot be told: {reason}"
            return (
                Draft(
                    message,
                    "give what is missing, or say in the rule what its lack means: has(...)",
                    subject.pointer,
                    outcome="indeterminate",
                ),
            )
        return (Draft(self._message, f"meet the demand: {clause.because}", subject.pointer),)

    def explain(self, subject: Any, clause: Clause, context: Context) -> Iterable[Term]:  # noqa: ARG002
        """The value of each expression, up to the one that decides."""
        variables, longest = self._variables(subject, context)
        for name, expression in (("when", self._when), ("require", self._require)):
            if expression is None:
                continue
            try:
                holds = expression.holds(variables, longest)
            except cel.Undecided as reason:
                yield Term(name, "unknown", f"{self._sources[name]}: {reason}")
                return
            yield Term(name, "true" if holds else "false", self._sources[name])
            if not holds:
                return

    def _variables(self, subject: Any, context: Context) -> tuple[dict[str, Any], int]:
        manifest: Manifest = subject if self._names[-2] == "dataset" else subject.manifest
        if self._last is None or self._last[0] is not manifest:
            data = cel.plain(manifest.tree, self._numbers)
            for split in manifest.splits:
                data["splits"][split.name]["name"] = split.name
                for component in split.components:
                    values = data["splits"][split.name]["components"][component.index]
                    values["synthetic"] = component.is_synthetic
            self._last = (manifest, data, cel.longest_list(data))
        _, data, longest = self._last
        variables = {"dataset": data}
        if "component" in self._names:
            variables["split"] = data["splits"][subject.split.name]
            variables["component"] = variables["split"]["components"][subject.index]
        elif "split" in self._names:
            variables["split"] = data["splits"][subject.name]
        variables["policy"] = {"name": self._policy, "today": context.today, "stakes": context.stakes}
        return variables, longest
