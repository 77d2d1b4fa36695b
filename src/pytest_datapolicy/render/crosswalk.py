"""Which rules support evidence for which control: for people, for programs and for the documentation."""

from __future__ import annotations

import re

from pytest_datapolicy.model.crosswalk import AS_OF, FRAMEWORKS, RELATION, controls
from pytest_datapolicy.render.neutral import neutral

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from pytest_datapolicy.model.crosswalk import Control
    from pytest_datapolicy.model.rule import Rule

NOTE = (
    f"Each rule {RELATION} the controls beside it, as of {AS_OF}. A rule that passes does not show that anything "
    "complies, and none of this is legal advice."
)


def by_control(rules: Iterable[Rule]) -> dict[Control, list[Rule]]:
    """The rules of each control, controls in the order of their framework and number."""
    found: dict[Control, list[Rule]] = {}
    for rule in rules:
        for control in controls(rule.docs):
            found.setdefault(control, []).append(rule)
    return {control: found[control] for control in sorted(found, key=_order)}


def _order(control: Control) -> tuple[object, ...]:
    known = [*FRAMEWORKS].index(control.framework) if control.framework in FRAMEWORKS else len(FRAMEWORKS)
    parts = re.split(r"(\d+)", control.identifier)
    numbers = [(part.isdigit(), int(part) if part.isdigit() else part) for part in parts]
    return (known, control.framework, control.identifier.startswith("Annex"), numbers)


def as_text(rules: Iterable[Rule]) -> str:
    """One line a control."""
    table = by_control(rules)
    lines = [NOTE, ""]
    for framework, of_one in _frameworks(table).items():
        lines.append(neutral(FRAMEWORKS.get(framework, framework)))
        width = max(len(neutral(control.identifier)) for control in of_one)
        for control, supporting in of_one.items():
            ids = " ".join(rule.id for rule in supporting)
            lines.append(f"  {neutral(control.identifier):<{width}}  {ids}")
        lines.append("")
    return "\n".join(lines)


def as_object(rules: Iterable[Rule]) -> dict[str, Any]:
    """Plain values."""
    return {
        "as_of": AS_OF,
        "relation": RELATION,
        "controls": [
            {
                "framework": control.framework,
                "control": control.identifier,
                "rules": [{"id": rule.id, "name": rule.name} for rule in supporting],
            }
            for control, supporting in by_control(rules).items()
        ],
    }


def as_markdown(rules: Iterable[Rule]) -> str:
    """One table a framework, with links to the pages of the rules."""
    lines: list[str] = []
    for framework, of_one in _frameworks(by_control(rules)).items():
        lines += [f"## {FRAMEWORKS.get(framework, framework)}", "", "| Control | Rules |", "| --- | --- |"]
        for control, supporting in of_one.items():
            links = ", ".join(f"[{rule.id} {rule.name}](rules/{rule.name}.md)" for rule in supporting)
            lines.append(f"| {control.identifier} | {links} |")
        lines.append("")
    return "\n".join(lines)


def _frameworks(table: Mapping[Control, list[Rule]]) -> dict[str, dict[Control, list[Rule]]]:
    found: dict[str, dict[Control, list[Rule]]] = {}
    for control, supporting in table.items():
        found.setdefault(control.framework, {})[control] = supporting
    return found
