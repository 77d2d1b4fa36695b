"""JSON of exact numbers, indented."""

from __future__ import annotations

import json
from decimal import Decimal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def dump(value: Any, indent: str = "") -> str:
    """A value as JSON; decimals are written as numbers, digit by digit."""
    inner = f"{indent}  "
    if isinstance(value, dict) and value:
        pairs = [f"{inner}{json.dumps(key, ensure_ascii=False)}: {dump(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(pairs) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        return "[\n" + ",\n".join(f"{inner}{dump(item, inner)}" for item in value) + f"\n{indent}]"
    if isinstance(value, list):
        return "[" + ", ".join(dump(item) for item in value) + "]"
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
