"""Which controls rules may name: those whose text was read, and no others."""

from __future__ import annotations

import json

import pytest

from pytest_datapolicy.cli import main
from pytest_datapolicy.model.crosswalk import Control, controls
from pytest_datapolicy.render.crosswalk import by_control
from tests.generate import SHIPPED
from tests.packs.made import CATALOGUE

SEEN = {
    "EU AI Act": {
        "Article 4a(1)(a)",
        *(f"Article 10(2)({letter})" for letter in "abcdefgh"),
        "Article 10(3)",
        "Article 10(4)",
        "Article 14",
        "Article 15(4)",
        "Article 50(2)",
        "Annex III",
        "Annex IV(2)(d)",
    },
    "NIST AI RMF": {"MAP 2.3", "MEASURE 2.5"},
    "NIST AI 600-1": {
        *("MS-1.3-002", "MS-1.3-003", "MS-2.5-001", "MS-2.5-002", "MS-2.5-005", "MS-2.8-002", "MS-2.9-002"),
        *("MS-2.11-005", "MP-2.3-001", "MP-2.3-002", "MP-2.3-004", "MG-2.2-002", "MG-2.2-003"),
    },
    "GMLP": {
        "Training Data Sets Are Independent of Test Sets (2021, principle 4)",
        "Reference Datasets Based Upon Best Available Methods (2021, principle 5)",
    },
}
"""By framework. The last article of the amended EU AI Act that moved is 10(5): its content is Article 4a now."""


@pytest.mark.parametrize("rule", SHIPPED)
def test_only_what_was_seen(rule: str) -> None:
    named = controls(CATALOGUE.rule(rule).docs)
    assert [control for control in named if control.identifier not in SEEN.get(control.framework, ())] == []
    assert len(set(named)) == len(named)


@pytest.mark.parametrize("rule", SHIPPED)
def test_every_line_of_the_section_is_read(rule: str) -> None:
    """A line that is spelled another way would be left out of the tables without a word."""
    _, _, section = CATALOGUE.rule(rule).docs.partition("## Crosswalk\n")
    lines = [line for line in section.partition("\n## ")[0].splitlines() if line.strip()]
    none = lines[0].startswith("None of its own: ")
    assert len(controls(CATALOGUE.rule(rule).docs)) == (0 if none else len(lines))


def test_a_page_is_parsed() -> None:
    page = "## Evidence\n\n- EU AI Act: no\n\n## Crosswalk\n\n- EU AI Act: Annex III\n- X: 1: 2\n\n## More\n\n- A: b\n"
    assert controls(page) == (Control("EU AI Act", "Annex III"), Control("X", "1: 2"))
    assert controls("no such heading") == ()


def test_controls_come_in_the_order_of_their_numbers() -> None:
    named = [control.identifier for control in by_control(CATALOGUE.rule(rule) for rule in SHIPPED)]
    acts = [name for name in named if name.startswith(("Article", "Annex"))]
    assert acts[0] == "Article 4a(1)(a)"
    assert acts[-2:] == ["Annex III", "Annex IV(2)(d)"]
    assert acts.index("Article 10(2)(h)") < acts.index("Article 10(3)") < acts.index("Article 14")
    assert named.index("MS-2.9-002") < named.index("MS-2.11-005")


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--crosswalk"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Each rule supports evidence for the controls beside it, as of 2026-11. ")
    assert "\n  Article 14        DP209\n" in out
    assert main(["rules", "--crosswalk", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["as_of"], found["relation"]) == ("2026-11", "supports evidence for")
    assert {
        "framework": "EU AI Act",
        "control": "Article 14",
        "rules": [{"id": "DP209", "name": "independent-judge"}],
    } in found["controls"]
