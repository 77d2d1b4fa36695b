"""``datapolicy schema``: the JSON Schemas, for editors and for programs that read reports."""

from __future__ import annotations

from pytest_datapolicy.cli.output import write_stdout
from pytest_datapolicy.cli.parser import Parser

SCHEMAS = ("manifest", "sidecar", "policy", "waivers", "baseline", "report")


def run(arguments: list[str]) -> int:
    """Print one schema."""
    parser = Parser(
        "schema", "Print the JSON Schema of manifests, sidecars, policies, waiver files, baselines or reports."
    )
    parser.add_argument("what", choices=SCHEMAS, help="what the schema describes")
    options = parser.parse(arguments)
    if options is None:
        return 0
    if options.what == "sidecar":
        import json

        from pytest_datapolicy.schemas.sidecar import sidecar

        write_stdout(json.dumps(sidecar(), indent=2, ensure_ascii=False) + "\n")
        return 0
    from pytest_datapolicy.schemas import text

    write_stdout(text(options.what))
    return 0
