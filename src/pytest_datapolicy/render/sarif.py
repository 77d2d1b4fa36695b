"""The report as SARIF 2.1.0, for code scanning and for result stores.

A finding that cannot be decided is a result of kind ``open``, whose level the standard wants to be ``none``; the level
that it has here, and that makes the run fail, stands in its properties. Gate on the exit code of the run.
"""

from __future__ import annotations

import os
import posixpath
import re
from urllib.parse import quote

from pytest_datapolicy.model.places import Place, Span
from pytest_datapolicy.model.report import RuleCount
from pytest_datapolicy.render.facts import ENDINGS, REASONS, VIRTUAL, errors, in_repository, permission
from pytest_datapolicy.render.json import dumps, number, summary
from pytest_datapolicy.render.neutral import neutral, reason, sentence, value
from pytest_datapolicy.render.snippet import where
from pytest_datapolicy.render.text import LIVE, subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pytest_datapolicy.model.report import Finding, Report, RunError
    from pytest_datapolicy.model.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
FINGERPRINT = "datapolicySubject/v1"
LEVELS = {"error": "error", "warning": "warning", "advice": "note", "disabled": "none"}


def render(
    report: Report,
    *,
    code: int | None = None,
    prefix: str = "",
    rule: Callable[[str], Rule | None] = lambda _: None,
) -> str:
    """The report as one SARIF log with one run, in ASCII.

    `code` is the exit code of the run, if it is not that of the report alone. `prefix` leads from the top of the
    repository to the project root. `rule` gives the rule with an id, for its docs.
    """
    run = _Run(report, prefix).written(report.exit_code() if code is None else code, rule)
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


class _Run:
    """One run object in the making."""

    def __init__(self, report: Report, prefix: str) -> None:
        self._report = report
        self._prefix = prefix
        # Results are expected to have a location; a crash that is about no file is told as a notification alone.
        self._findings = [finding for finding in report.findings if finding.place.path]
        rules = {finding.rule: RuleCount(finding.rule, finding.name, finding.level, 0) for finding in report.findings}
        rules |= {count.rule: count for count in report.rules}
        self._rules = [rules[identity] for identity in sorted(rules)]
        self._index = {count.rule: index for index, count in enumerate(self._rules)}
        self._compared = report.base is not None

    def written(self, code: int, rule: Callable[[str], Rule | None]) -> dict[str, Any]:
        """The whole object."""
        report = self._report
        return {
            "tool": {
                "driver": {
                    "name": "pytest-datapolicy",
                    "version": report.version,
                    "rules": [_descriptor(count, rule(count.rule)) for count in self._rules],
                    "notifications": [
                        {"id": reason.replace(" ", "-"), "shortDescription": {"text": ENDINGS[code]}}
                        for code, reason in REASONS.items()
                    ],
                }
            },
            "invocations": [self._invocation(code)],
            "originalUriBaseIds": {ROOT: {"description": {"text": "the top of the repository"}}},
            "columnKind": "unicodeCodePoints",
            "results": [self._result(finding) for finding in self._findings],
            "properties": {
                "today": report.today,
                "todayGiven": report.today_given,
                "policyDefault": report.policy_default,
                "policy": [
                    {
                        "name": value(source.name),
                        "version": value(source.version),
                        "path": neutral(source.path, 300),
                        "sha256": source.sha256,
                    }
                    for source in report.policy
                ],
                "leftOut": [value(identity) for identity in report.deselected],
                "skipped": report.skipped,
                "summary": summary(report),
                **_compared_with(report),
            },
        }

    def _invocation(self, code: int) -> dict[str, Any]:
        told = list(errors(self._report))
        invocation: dict[str, Any] = {
            "executionSuccessful": code < 2,
            "exitCode": code,
            "exitCodeDescription": ENDINGS[code],
        }
        configuration = [self._notification(error) for error in told if error.code == 2]
        execution = [self._notification(error) for error in told if error.code != 2]
        execution += [self._crash(finding) for finding in self._report.findings if finding.rule == "DP000"]
        if configuration:
            invocation["toolConfigurationNotifications"] = configuration
        if execution:
            invocation["toolExecutionNotifications"] = execution
        return invocation

    def _notification(self, error: RunError) -> dict[str, Any]:
        return self._told(REASONS[error.code], error.message, error.remedy, error.place)

    def _crash(self, finding: Finding) -> dict[str, Any]:
        return self._told(REASONS[4], finding.message, finding.remedy, finding.place)

    def _told(self, reason: str, message: str, remedy: str, place: Place | None) -> dict[str, Any]:
        notification: dict[str, Any] = {
            "descriptor": {"id": reason.replace(" ", "-")},
            "level": "error",
            "message": {"text": _sentences(message, remedy)},
        }
        if place is not None and place.path:
            notification["locations"] = [self._location(place)]
        return notification

    def _result(self, finding: Finding) -> dict[str, Any]:
        undecided = finding.outcome == "indeterminate"
        location = self._location(finding.place)
        if finding.dataset is not None:
            name = finding.component or finding.split or finding.dataset
            location["logicalLocations"] = [{"name": value(name), "fullyQualifiedName": subject(finding)}]
        result: dict[str, Any] = {
            "ruleId": value(finding.rule),
            "ruleIndex": self._index[finding.rule],
            "kind": "open" if undecided else "fail",
            "level": "none" if undecided else LEVELS[finding.level],
            "message": {"text": _sentences(finding.message, finding.remedy)},
            "locations": [location],
        }
        related = self._related(finding)
        if related:
            result["relatedLocations"] = related
        if finding.fingerprint:
            result["partialFingerprints"] = {FINGERPRINT: finding.fingerprint}
        result["suppressions"] = self._suppressions(finding)
        if self._compared:
            result["baselineState"] = "unchanged" if finding.known else "new"
        result["properties"] = _properties(finding)
        return result

    def _location(self, place: Place, text: str = "") -> dict[str, Any]:
        span = place.span
        location: dict[str, Any] = {
            "physicalLocation": {
                "artifactLocation": self._artifact(place),
                "region": {
                    "startLine": span.line,
                    "startColumn": span.column,
                    "endLine": span.end_line,
                    "endColumn": span.end_column,
                },
            }
        }
        return {**location, "message": {"text": escaped(sentence(text))}} if text else location

    def _artifact(self, place: Place) -> dict[str, str]:
        return {"uri": self._uri(place), "uriBaseId": ROOT}

    def _uri(self, place: Place) -> str:
        """A relative reference. What lies outside of the repository keeps only its name: paths tell of machines."""
        path = in_repository(place, self._prefix)
        if path is None:
            path = place.path if place.path.startswith(VIRTUAL) else posixpath.basename(place.path)
        try:
            data = os.fsencode(path)
        except UnicodeEncodeError:
            data = path.encode("utf-8", "surrogatepass")
        return quote(data, safe="/")

    def _related(self, finding: Finding) -> list[dict[str, Any]]:
        places = [(note.place, note.text) for note in finding.related]
        if finding.clause is not None:
            places.append((finding.clause, "the clause that asks it"))
        return _unique(
            self._location(place, text) for place, text in places if in_repository(place, self._prefix) is not None
        )

    def _suppressions(self, finding: Finding) -> list[dict[str, Any]]:
        if finding.outcome in LIVE:
            return []
        waiver = finding.waiver or {}
        why = reason(waiver.get("reason") or permission(finding))
        suppression: dict[str, Any] = {"kind": "external", "status": "accepted", "justification": why}
        kept = {key: value(waiver[key]) for key in ("owner", "approved_by", "granted", "expires") if waiver.get(key)}
        if waiver.get("path"):
            line = int(str(waiver["line"]))
            place = Place(str(waiver["path"]), Span(line, 1, line, 1))
            suppression["location"] = {"physicalLocation": {"artifactLocation": self._artifact(place)}}
            suppression["location"]["physicalLocation"]["region"] = {"startLine": line}
        if kept:
            suppression["properties"] = kept
        return [suppression]


def escaped(text: str) -> str:
    """Text that a message may hold without being read as a placeholder or a link."""
    if "](" in text:
        text = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return text.replace("{", "{{").replace("}", "}}")


def _sentences(message: str, remedy: str) -> str:
    return escaped(sentence(message) + (f". Remedy: {sentence(remedy)}" if remedy else ""))


def _compared_with(report: Report) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if report.baseline is not None:
        told["baseline"] = neutral(report.baseline, 300)
    if report.base is not None:
        told["base"] = {"revision": value(report.base.revision), "commit": report.base.commit}
    return told


def _descriptor(count: RuleCount, rule: Rule | None) -> dict[str, Any]:
    descriptor: dict[str, Any] = {"id": value(count.rule), "name": value(count.name)}
    if rule is not None:
        demand = {"text": escaped(neutral(rule.summary))}
        descriptor |= {"shortDescription": demand, "fullDescription": demand, "help": _help(rule)}
    descriptor["defaultConfiguration"] = {"enabled": count.level != "disabled", "level": LEVELS[count.level]}
    descriptor["properties"] = {"subjects": count.subjects}
    return descriptor


def _help(rule: Rule) -> dict[str, str]:
    """The docs of a rule as Markdown, and their prose up to the first example as plain text."""
    docs = "\n".join(map(neutral, rule.docs.strip().split("\n"))) or neutral(rule.summary)
    prose = "\n".join(line for line in docs.partition("\n## Bad\n")[0].split("\n") if not line.startswith("#"))
    paragraphs = (" ".join(part.split("\n")) for part in prose.replace("`", "").split("\n\n"))
    return {
        "text": escaped("\n\n".join(part.strip() for part in paragraphs if part.strip())),
        "markdown": re.sub(r"\{(\d+)\}", r"{{\1}}", docs),
    }


def _properties(finding: Finding) -> dict[str, Any]:
    """What SARIF has no property for."""
    texts = {
        "outcome": finding.outcome,
        "level": finding.level,
        "dataset": finding.dataset,
        "split": finding.split,
        "component": finding.component,
        "thing": finding.thing,
    }
    properties: dict[str, Any] = {key: value(text) for key, text in texts.items() if text}
    if finding.because:
        properties["because"] = reason(finding.because)
    if finding.clause is not None:
        properties["clause"] = where(finding.clause)
    for key, one, other in (
        ("observed", finding.observed, finding.limit),
        ("limit", finding.limit, finding.observed),
    ):
        if one is not None:
            properties[key] = value(one) if isinstance(one, str) else number(one, other)
    return properties


def _unique(locations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for location in locations:
        if location not in found:
            found.append(location)
    return found
