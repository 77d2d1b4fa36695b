"""Acme's additions to pytest-datapolicy: a rule, a format and a pack."""

from __future__ import annotations

from pytest_datapolicy.hooks import FormatEntry, PackEntry, RuleEntry, hookimpl


@hookimpl
def datapolicy_rules() -> list[RuleEntry]:
    """One rule; its module is imported when a policy names it."""
    return [RuleEntry("ACME101", "told-summary", "acme_datapolicy.told_summary")]


@hookimpl
def datapolicy_packs() -> list[PackEntry]:
    """One pack, to extend as ``builtin:acme``."""
    return [PackEntry("acme", "acme_datapolicy", "acme.yaml")]


@hookimpl
def datapolicy_formats() -> list[FormatEntry]:
    """One format, for files that end in ``.dataset.tsv``."""
    return [FormatEntry("listing", "acme_datapolicy.listing", ("*.dataset.tsv",))]
