"""The built-in rules, formats and packs, as a plugin like any other."""

from __future__ import annotations

from pytest_datapolicy.hooks import FormatEntry, PackEntry, RuleEntry
from pytest_datapolicy.rules.ledger import LEDGER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

NATIVE_NAMES = tuple(f"{stem}{ending}" for stem in ("dataset", "*.dataset") for ending in (".yaml", ".yml", ".json"))

PACKS = ("baseline", "high-stakes", "preference", "evaluation", "anti-collapse", "strict")
CARD = rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n"
JSON_LD = rb"(?s)(?:\xef\xbb\xbf)?\s*\{.*\"@context\""
PACKAGE = rb"(?s)(?:\xef\xbb\xbf)?(?:\s*\{.*\"resources\"\s*:\s*\[|(?:.*\n)?resources:\s)"
CONTRACT = rb"(?s)(?:\xef\xbb\xbf)?(?:.*[\n{,]\s*)?[\"']?kind[\"']?\s*:\s*[\"']?DataContract\b"


def datapolicy_rules() -> Iterable[RuleEntry]:
    return [
        RuleEntry(rule.id, rule.name, module, rule.always_on, rule.without_policy, rule.needs, rule)
        for module, rule in LEDGER
    ]


def datapolicy_packs() -> Iterable[PackEntry]:
    return [PackEntry(name, "pytest_datapolicy.packs", f"{name}.yaml") for name in PACKS]


def datapolicy_formats() -> Iterable[FormatEntry]:
    return [
        FormatEntry("native", "pytest_datapolicy.formats.native", NATIVE_NAMES),
        FormatEntry(
            "huggingface", "pytest_datapolicy.formats.huggingface", ("readme.md",), by_default=False, content=CARD
        ),
        FormatEntry(
            "croissant",
            "pytest_datapolicy.formats.croissant",
            ("croissant.json", "*croissant*.json", "*.croissant"),
            by_default=False,
            content=JSON_LD,
        ),
        FormatEntry(
            "frictionless",
            "pytest_datapolicy.formats.frictionless",
            ("*datapackage.json", "*datapackage.yaml", "*datapackage.yml"),
            by_default=False,
            content=PACKAGE,
        ),
        FormatEntry(
            "odcs",
            "pytest_datapolicy.formats.odcs",
            ("*.odcs.yaml", "*.odcs.yml", "*.odcs.json", "*datacontract.yaml", "*datacontract.yml"),
            by_default=False,
            content=CONTRACT,
        ),
    ]
