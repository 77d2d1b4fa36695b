"""What makes two findings of different runs the same finding."""

from __future__ import annotations


def fingerprint(rule: str, dataset: str | None, split: str | None, component: str | None, thing: str) -> str:
    """32 hex digits for one rule, subject and thing.

    Version, values, path and line take no part, so a finding keeps its fingerprint while the data set lives on.
    `dataset` may be a name or ``name@version``.
    """
    from hashlib import sha256

    name = (dataset or "").partition("@")[0]
    parts = (rule, name, split or "", component or "", thing)
    # Lengths keep parts apart: no text that a part may hold can stand for a border between two.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
