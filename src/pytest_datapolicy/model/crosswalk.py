"""The controls of laws and frameworks that a rule gives evidence for, read from the rule's page."""

from __future__ import annotations

import re

from pytest_datapolicy.model.record import NamedTuple

AS_OF = "2026-11"
"""The state of the texts that the identifiers were taken from."""
RELATION = "supports evidence for"
"""What a rule does for a control, and all that it does: no rule shows that anything complies."""
FRAMEWORKS = {
    "EU AI Act": "EU AI Act, as amended",
    "NIST AI RMF": "NIST AI Risk Management Framework",
    "NIST AI 600-1": "NIST AI 600-1, the generative AI profile",
    "GMLP": "Good Machine Learning Practice for medical devices",
}
"""In the order in which they are listed, with what they are called in full."""
_LINE = re.compile(r"- (?P<framework>[^:]+): (?P<control>.+)")


class Control(NamedTuple):
    """One article, action or principle."""

    framework: str
    identifier: str


def controls(docs: str) -> tuple[Control, ...]:
    """The controls that a page lists under ``## Crosswalk``, as ``- Framework: identifier``, in its order."""
    _, _, section = f"\n{docs}".partition("\n## Crosswalk\n")
    found = []
    for line in section.partition("\n## ")[0].splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is not None:
            found.append(Control(match["framework"], match["control"]))
    return tuple(found)
