"""Pages that are made of other files when the site is built: one a rule, and the references of manifest and policy.

Nothing of them is kept in the repository, so nothing can be stale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.schemas import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FAMILIES = {
    "DP0": "Integrity: always on",
    "DP1": "The mix of real and synthetic data",
    "DP2": "Evaluation",
    "DP3": "Human judgment",
    "DP4": "Human review of synthetic data",
    "DP5": "Collapse over generations",
    "DP6": "Claims against the data",
    "DP7": "Governance",
}


def on_files(files: Any, config: Any) -> Any:
    """Add the generated pages to the site."""
    from mkdocs.structure.files import File

    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def pages() -> dict[str, str]:
    """All generated pages, by path below ``docs``."""
    catalogue = Catalogue()
    made = {"rules/index.md": index(catalogue)}
    for entry in catalogue:
        made[f"rules/{entry.name}.md"] = rule_page(catalogue, entry.id)
    made["reference/manifest.md"] = reference(
        load("manifest"),
        "Manifest reference",
        "A manifest describes one version of one data set. It is found by its name: `dataset.yaml`, `dataset.json`, "
        "`*.dataset.yaml`, `*.dataset.json` (or `.yml`). This page is made from the JSON Schema that ships with the "
        "package; `datapolicy schema manifest` prints it, for editors to complete and check from.",
    )
    made["reference/policy.md"] = reference(
        load("policy"),
        "Policy reference",
        "A policy says what is allowed. All clauses that match a subject apply to it, and all must hold, so a policy "
        "that extends another can only tighten it. This page is made from the JSON Schema that ships with the "
        "package; `datapolicy schema policy` prints it.",
    )
    return made


def index(catalogue: Catalogue) -> str:
    """The table of all rules, by family."""
    lines = [
        "# Rules",
        "",
        "Each page is made from the file that holds the rule; `datapolicy explain ID` prints it.",
        "",
    ]
    family = ""
    for entry in catalogue:
        rule = catalogue.rule(entry.id)
        if entry.id[:3] != family:
            family = entry.id[:3]
            lines += [
                "",
                f"## {FAMILIES.get(family, family)}",
                "",
                "| id | name | about | holds when |",
                "|---|---|---|---|",
            ]
        lines.append(f"| {rule.id} | [{rule.name}]({rule.name}.md) | {rule.scope} | {_cell(rule.summary)} |")
    return "\n".join(lines) + "\n"


def rule_page(catalogue: Catalogue, identity: str) -> str:
    """The page of one rule: what its file says, under its id and name."""
    rule = catalogue.rule(identity)
    facts = [f"about: {rule.scope}"]
    facts.append("always on" if rule.always_on else f"level: {rule.level} unless a policy says otherwise")
    facts.append("can be waived" if rule.waivable else "cannot be waived")
    facts.append(f"since {rule.since}")
    crosswalk = (
        "\n\nThe rule *supports evidence for* these controls; it does not establish compliance with them "
        "(as of 2026-11)."
    )
    docs = rule.docs.strip().replace("## Crosswalk", "## Crosswalk" + crosswalk)
    return f"# {rule.id} {rule.name}\n\n*{'; '.join(facts)}*\n\n{docs}\n"


def reference(schema: Mapping[str, Any], title: str, intro: str) -> str:
    """A JSON Schema as a page: a table for each kind of mapping."""
    lines = [f"# {title}", "", intro, "", "## Top level", "", *table(schema, schema)]
    for name, node in schema.get("$defs", {}).items():
        if "properties" in node:
            lines += ["", f"## {name}", "", str(node.get("description", "")), "", *table(node, schema)]
    return "\n".join(lines) + "\n"


def table(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    """The fields of one mapping."""
    yield "| field | kind | meaning |"
    yield "|---|---|---|"
    required = set(node.get("required", ())) | set(node.get("else", {}).get("required", ()))
    for name, field in node["properties"].items():
        mark = " **required**" if name in required else ""
        told = " ".join(_told(field, schema))
        yield f"| `{name}`{mark} | {_kind(field, schema)} | {_cell(told)} |"


def _told(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    target = _target(field, schema)
    yield str(field.get("description", target.get("description", "")))
    values, told = target.get("enum", ()), target.get("enumDescriptions", ())
    if told:
        yield "<br>" + "<br>".join(f"`{value}`: {text}" for value, text in zip(values, told, strict=True))
    example = next(iter(field.get("examples", target.get("examples", ()))), None)
    if isinstance(example, (str, int, float)) and not told:
        yield f"Example: `{example}`"


def _kind(field: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    reference = str(field.get("$ref", "")).rpartition("/")[2]
    target = _target(field, schema)
    if "enum" in target:
        return " or ".join(f"`{value}`" for value in target["enum"])
    if "const" in target:
        return f"`{target['const']}`"
    if reference and "properties" in target:
        return f"[{reference}](#{reference.lower()})"
    kind = target.get("type", "")
    if kind == "array":
        return f"list of {_kind(target.get('items', {}), schema)}"
    if kind == "object" and isinstance(target.get("additionalProperties"), dict):
        return f"mapping to {_kind(target['additionalProperties'], schema)}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind or "value")


def _target(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in field:
        field = schema["$defs"][str(field["$ref"]).rpartition("/")[2]]
    return field


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
