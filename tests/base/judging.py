"""Judging the working directory against a revision, in few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_datapolicy import check

if TYPE_CHECKING:
    from pytest_datapolicy.model.report import Finding, Report

TODAY = "2026-11-01"


def against(base: str | None = "HEAD", *paths: str, **options: Any) -> Report:
    """The report on the working directory, or on `paths`, against a revision."""
    return check(list(paths) or None, base=base, today=TODAY, **options)


def short(finding: Finding) -> str:
    """``DP101 notes@1 data/notes.dataset.yaml:12 fail new``."""
    where = f"{finding.place.path}:{finding.place.line}"
    level = "" if finding.level == "error" else f" {finding.level}"
    known = "known" if finding.known else "new"
    return f"{finding.rule} {finding.dataset or '-'} {where} {finding.outcome}{level} {known}"


def told(report: Report) -> list[str]:
    """Its findings, and what makes it invalid, in short."""
    return [*map(short, report.findings), *(f"exit {error.code}: {error.message}" for error in report.errors)]
