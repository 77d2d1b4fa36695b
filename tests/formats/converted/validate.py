"""Puts files to the validator of their format and prints what it says of each: ``validate.py FORMAT FILE...``."""

from __future__ import annotations

import json
import sys
from importlib import import_module, resources
from typing import Any


def croissant(path: str) -> list[str]:
    """Errors of mlcroissant."""
    module: Any = import_module("mlcroissant")
    try:
        return sorted(module.Dataset(jsonld=path).metadata.ctx.issues.errors)
    except module.ValidationError as error:
        return [str(error)]


def frictionless(path: str) -> list[str]:
    """Errors of frictionless, the data files included."""
    report: Any = import_module("frictionless").validate(path)
    return [str(error) for task in report.tasks for error in task.errors] + [str(error) for error in report.errors]


def odcs(path: str) -> list[str]:
    """Errors by the JSON Schema of the standard."""
    schema = json.loads((resources.files("open_data_contract_standard") / "schema.json").read_text("utf-8"))
    validators: Any = import_module("jsonschema").validators
    with open(path, encoding="utf-8") as file:
        contract = import_module("yaml").safe_load(file)
    return [error.message for error in validators.validator_for(schema)(schema).iter_errors(contract)]


if __name__ == "__main__":
    check = {"croissant": croissant, "frictionless": frictionless, "odcs": odcs}[sys.argv[1]]
    json.dump({path: check(path) for path in sys.argv[2:]}, sys.stdout)
