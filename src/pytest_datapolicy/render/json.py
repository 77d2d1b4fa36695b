"""The report for programs: one JSON object, the same bytes for the same tree and clock."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from json.encoder import encode_basestring_ascii

from pytest_datapolicy.render.neutral import COMMAND, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding, Report

LIVE = ("fail", "indeterminate")


class _Number(str):
    """A JSON number as it is to be written."""

    __slots__ = ()


def render(report: Report, *, root: str = ".") -> str:
    """The report as JSON. `root` is how to name the project root, so that the output does not tell where it lies."""
    return dumps(as_object(report, root=root))


def dumps(value: object) -> str:
    """JSON text of plain values and numbers made by `number`, indented, in ASCII, with a final line end."""
    parts: list[str] = []
    _write(value, "\n", parts)
    return "".join(parts) + "\n"


def as_object(report: Report, *, root: str = ".") -> dict[str, Any]:
    """The report as plain values; shares are `_Number`."""
    result: dict[str, Any] = {
        "schema": 1,
        "tool": {"name": "pytest-datapolicy", "version": report.version},
        "today": report.today,
        "policy": [
            {"name": source.name, "version": source.version, "path": source.path, "sha256": source.sha256}
            for source in report.policy
        ],
        "summary": summary(report),
        "findings": [as_finding(finding) for finding in report.findings],
        "rules": [{"rule": rule.rule, "level": rule.level, "subjects": rule.subjects} for rule in report.rules],
        "run": {
            "root": root,
            "today_given": report.today_given,
            "policy_default": report.policy_default,
            "left_out": list(report.deselected),
            "skipped": report.skipped,
        },
    }
    if report.baseline is not None:
        result["run"]["baseline"] = report.baseline
    if report.base is not None:
        revision, commit = report.base
        result["run"]["base"] = {"revision": revision, "commit": commit, "only_new": report.only_new}
    errors = _errors(report)
    if errors:
        first = errors[0]
        result["error"] = {key: first[key] for key in ("message", "path", "line", "column")}
        result["errors"] = errors
    return result


def summary(report: Report) -> dict[str, int]:
    """The counts; every finding is in exactly one of the last six."""
    return {
        "manifests": report.manifests,
        "subjects": report.subjects,
        "fail": report.count("fail", "error"),
        "indeterminate": report.count("indeterminate", "error"),
        "waived": report.count("waived"),
        "baselined": report.count("baselined"),
        "warning": sum(report.count(outcome, "warning") for outcome in LIVE),
        "advice": sum(report.count(outcome, "advice") for outcome in LIVE),
    }


def as_finding(finding: Finding) -> dict[str, Any]:
    """One finding as plain values."""
    span = finding.place.span
    result = {
        "rule": finding.rule,
        "name": finding.name,
        "level": finding.level,
        "outcome": finding.outcome,
        "dataset": finding.dataset,
        "split": finding.split,
        "component": finding.component,
        "message": finding.message,
        "remedy": finding.remedy,
        "observed": number(finding.observed, finding.limit),
        "limit": number(finding.limit, finding.observed),
        "path": finding.place.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "clause": _place(finding.clause),
        "waiver": _waiver(finding.waiver),
        "fingerprint": finding.fingerprint,
    }
    if finding.known:
        result["known"] = True
    return result


def _waiver(waiver: dict[str, Any] | None) -> dict[str, Any] | None:
    """A waiver with the limits that it allows as numbers."""
    if waiver is None or not waiver.get("allow"):
        return waiver
    return {**waiver, "allow": {name: number(value) for name, value in waiver["allow"].items()}}


def _place(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"path": place.path, "line": place.line, "column": place.column}


def _errors(report: Report) -> list[dict[str, Any]]:
    """What makes the run end with 2, 3 or 4, the gravest first; a rule that crashed is as grave as an error can be."""
    told: list[tuple[int, str, str, Place | None]] = [
        (error.code, error.message, error.remedy, error.place) for error in report.errors
    ]
    crash = next((finding for finding in report.findings if finding.rule == "DP000"), None)
    if crash is not None:
        told.append((4, crash.message, crash.remedy, crash.place))
    told.sort(key=lambda item: (4, 2, 3).index(item[0]))
    return [{"message": message, "remedy": remedy, **(_place(place) or _NOWHERE)} for _, message, remedy, place in told]


_NOWHERE: dict[str, Any] = {"path": None, "line": None, "column": None}


def number(value: object, other: object = None) -> object:
    """`value` as JSON writes it. A share has the digits that it takes to tell it from `other`, and no more."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Decimal):
        return value
    share = Fraction(value)
    if share.denominator == 1:
        return int(share)
    against = Fraction(other) if isinstance(other, int | Fraction | Decimal) else share
    text = repr(float(share))
    if share == against or float(share) != float(against):
        return _Number(text)
    digits = len(text)
    while _rounded(share, digits) == _rounded(against, digits):
        digits += 1
    return _Number(f"{_rounded(share, digits):f}")


def _rounded(value: Fraction, digits: int) -> Decimal:
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    return context.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(context)


def _write(value: object, line: str, parts: list[str]) -> None:
    """Add the JSON text of `value`; `line` is a line end with the indentation that holds outside of it."""
    if isinstance(value, _Number):
        parts.append(value)
    elif isinstance(value, str):
        parts.append(_string(value))
    elif value is None or isinstance(value, bool):
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, int):
        parts.append(str(value))
    elif isinstance(value, dict):
        inner = f"{line}  "
        for index, (key, item) in enumerate(value.items()):
            parts.append(f"{',' if index else '{'}{inner}{_string(key)}: ")
            _write(item, inner, parts)
        parts.append(f"{line}}}" if value else "{}")
    elif isinstance(value, list | tuple):
        inner = f"{line}  "
        for index, item in enumerate(value):
            parts.append(f"{',' if index else '['}{inner}")
            _write(item, inner, parts)
        parts.append(f"{line}]" if value else "[]")
    else:
        raise TypeError(f"a report holds a {type(value).__name__}")


def _string(text: str) -> str:
    written = encode_basestring_ascii(_without_surrogates(text))
    if "##" not in written:
        return written
    import re

    # JSON has another spelling for what would be a command in the log of a build.
    return re.sub(COMMAND, r"#\\u0023", written)


def _without_surrogates(text: str) -> str:
    # A lone surrogate is a byte of a file name that is not UTF-8. JSON has no way to say it that readers agree on.
    if text.isascii():
        return text
    return "".join(visible(char) if "\ud800" <= char <= "\udfff" else char for char in text)
