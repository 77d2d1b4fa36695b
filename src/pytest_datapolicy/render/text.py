"""The report for people: every finding with the lines that it is about, then what was judged under which policy."""

from __future__ import annotations

from pytest_datapolicy.model.amounts import counted
from pytest_datapolicy.render.neutral import neutral, reason, sentence, value
from pytest_datapolicy.render.paint import ansi, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import BaseName, Finding, Report, RuleCount, RunError
    from pytest_datapolicy.render.paint import Paint

PER_RULE = 50
"""So many findings of one rule are printed; the rest is counted."""
LIVE = ("fail", "indeterminate")
UNUSUAL = ("DP702", "DP703", "DP704", "DP708", "DP710")
"""Most trees have no waivers, baseline, selective clauses or inventory, and lack nothing by that."""


def render(report: Report, *, color: bool = False, per_rule: int = PER_RULE) -> str:
    """Findings, errors of the run and the summary."""
    return body(report, color=color, per_rule=per_rule) + errors(report, color=color)


def body(report: Report, *, color: bool = False, per_rule: int = PER_RULE) -> str:
    """Findings and the summary."""
    paint = ansi if color else plain
    lines: list[str] = []
    seen: dict[str, int] = {}
    for finding in report.findings:
        seen[finding.rule] = seen.get(finding.rule, 0) + 1
        if seen[finding.rule] <= per_rule:
            lines += [*describe(finding, paint), ""]
    for rule, number in sorted(seen.items()):
        if number > per_rule:
            rest = paint("strong", f"{number - per_rule:,} more of {rule}")
            lines += [f"{rest} are not printed; --format json lists all", ""]
    lines += summary(report, paint)
    return "\n".join(lines) + "\n"


def errors(report: Report, *, color: bool = False) -> str:
    """What made the run invalid; an empty text when nothing did."""
    paint = ansi if color else plain
    return "".join("\n".join(describe_error(error, paint)) + "\n" for error in report.errors)


def describe(finding: Finding, paint: Paint = plain) -> list[str]:
    """One finding: the lines that it is about, the clause that set the limit, and the smallest remedy."""
    style = finding.level if finding.outcome in LIVE else "quiet"
    kind = finding.level if finding.outcome in LIVE else finding.outcome
    undecided = ", indeterminate" if finding.outcome == "indeterminate" else ""
    title = paint(style, f"{kind}[{named(finding)}{undecided}]")
    lines = [f"{title}: {paint('strong', sentence(finding.message))}"]
    gutter = _gutter(finding)
    lines += _located(finding.place, "", gutter, paint, style)
    for note in finding.related:
        lines += _located(note.place, note.text, gutter, paint, "gutter")
    if finding.clause is not None and finding.clause != finding.place:
        lines += _located(finding.clause, "the clause that asks it", gutter, paint, "gutter")
    notes = list(_notes(finding))
    pad = " " * gutter
    if notes and finding.place.source.strip():
        lines.append(f"{pad} {paint('gutter', '|')}")
    lines += [f"{pad} {paint('gutter', '=')} {paint('strong', f'{word}:')} {text}" for word, text in notes]
    return lines


def named(rule: Finding | RuleCount) -> str:
    """``DP101 max-synthetic-ratio``; an own rule has only the one."""
    return value(rule.rule) if rule.name == rule.rule else f"{value(rule.rule)} {value(rule.name)}"


def describe_error(error: RunError, paint: Paint = plain) -> list[str]:
    """One reason why the run is not valid, with its place."""
    lines = [f"{paint('error', 'error')}: {paint('strong', sentence(error.message))}"]
    gutter = len(str(error.place.line)) if error.place is not None else 1
    if error.place is not None:
        lines += _located(error.place, "", gutter, paint, "error")
    if error.remedy:
        lines.append(f"{' ' * gutter} {paint('gutter', '=')} {paint('strong', 'help:')} {sentence(error.remedy)}")
    return lines


def _gutter(finding: Finding) -> int:
    places = [finding.place, *(note.place for note in finding.related)]
    if finding.clause is not None:
        places.append(finding.clause)
    return max(len(str(place.line)) for place in places)


def _located(place: Place, text: str, gutter: int, paint: Paint, style: str) -> list[str]:
    if not place.path:
        return []  # a crash that is about no file
    from pytest_datapolicy.render.snippet import excerpt, where

    arrow = paint("gutter", "-->")
    note = f" ({sentence(text)})" if text else ""
    return [f"{' ' * gutter}{arrow} {where(place)}{note}", *excerpt(place, gutter, paint, style)]


def _notes(finding: Finding) -> Iterator[tuple[str, str]]:
    if finding.because:
        yield "because", reason(finding.because)
    if finding.remedy:
        yield "help", sentence(finding.remedy)
    if finding.dataset is not None:
        yield "subject", subject(finding)
    if finding.waiver is not None:
        yield "waiver", _waiver(finding.waiver)
    if finding.known:
        yield "note", "the base revision has this finding too"


def _waiver(waiver: Mapping[str, object]) -> str:
    """``until 2027-01-15 (12 days left), owner ..., approved by ... (waivers.yaml:3): reason``."""
    place = f" ({neutral(str(waiver['path']), 300)}:{waiver['line']})" if waiver.get("path") else ""
    why = f": {reason(waiver['reason'])}" if waiver.get("reason") else ""
    return terms(waiver) + place + why


def terms(waiver: Mapping[str, object]) -> str:
    """``until 2027-01-15 (12 days left), owner ..., approved by ...``."""
    left = waiver.get("days_left")
    days = f" ({counted(left, 'days')} left)" if isinstance(left, int) else ""
    parts = [f"until {value(waiver['expires'])}{days}"] if waiver.get("expires") else []
    people = (("owner", "owner"), ("approved by", "approved_by"))
    return ", ".join([*parts, *(f"{word} {value(waiver[key])}" for word, key in people if waiver.get(key))])


def subject(finding: Finding) -> str:
    """``triage-notes@2026.11, split train, component ward-notes``; empty for findings about no data set."""
    names = (("", finding.dataset), ("split ", finding.split), ("component ", finding.component))
    return ", ".join(f"{word}{value(name)}" for word, name in names if name)


def summary(report: Report, paint: Paint = plain) -> Iterator[str]:
    """What was judged under which policy, and what a reader must know to take a pass for what it is."""
    yield f"{scope(report)}: {verdict(report, paint)}"
    yield from (f"policy: {policy}" for policy in policies(report))
    yield from (f"note: {note}" for note in notes(report))
    yield f"root: {neutral(report.root, 300)}; datapolicy {report.version}, {day(report)}"


def scope(report: Report) -> str:
    """``12 manifests, 340 subjects, 29 rules``."""
    rules = sum(rule.subjects > 0 for rule in report.rules)
    return ", ".join(
        (counted(report.manifests, "manifests"), counted(report.subjects, "subjects"), counted(rules, "rules"))
    )


def policies(report: Report) -> Iterator[str]:
    """``acme-org 7 (policies/org.yaml), sha256 0123456789ab`` for every policy that took part."""
    for source in report.policy:
        path = "" if source.path == f"builtin:{source.name}" else f" ({neutral(source.path, 300)})"
        pack = "builtin:" if not path else ""
        version = value(source.version)
        yield f"{pack}{value(source.name)} {version}{path}, sha256 {source.sha256[:12]}"


def notes(report: Report) -> Iterator[str]:
    """Whatever makes a pass less than it seems."""
    if report.policy_default:
        yield "neither settings nor --policy name a policy, so the pack baseline is used"
    if report.deselected:
        yield f"left out with --select or --ignore: {_ids(report.deselected)}"
    idle = [rule.rule for rule in report.rules if not rule.subjects and rule.rule not in UNUSUAL]
    if idle:
        yield f"no subject for {_ids(idle)}"
    if report.base is not None:
        yield from _base(report, report.base)
    if report.baseline is not None:
        absorbed = counted(report.count("baselined"), "findings")
        yield f"{absorbed} absorbed by the baseline {neutral(report.baseline, 300)}"
    if report.skipped:
        what = "file or folder" if report.skipped == 1 else "files and folders"
        yield f"{report.skipped:,} {what} passed over: ignored, hidden or excluded"


def _base(report: Report, base: BaseName) -> Iterator[str]:
    name = f"{neutral(base.revision, 200)} ({base.commit[:12]})"
    yield f"policy, waivers, baseline and settings are those of {name}"
    known = sum(finding.known for finding in report.findings)
    if known:
        yield f"known: {counted(known, 'findings')} that {name} has too"
    if report.only_new:
        yield "only findings that are not known fail"


def day(report: Report) -> str:
    """The day of the decisions."""
    return f"{report.today} (set by hand)" if report.today_given else f"{report.today} UTC"


def _ids(ids: Iterable[str]) -> str:
    return sentence(", ".join(ids))


def verdict(report: Report, paint: Paint = plain) -> str:
    """``3 fail, 1 warning``."""
    numbers = [
        ("error", report.count("fail", "error"), "fail"),
        ("error", report.count("indeterminate", "error"), "indeterminate"),
        ("warning", sum(report.count(outcome, "warning") for outcome in LIVE), "warning"),
        ("advice", sum(report.count(outcome, "advice") for outcome in LIVE), "advice"),
        ("quiet", report.count("waived"), "waived"),
        ("quiet", report.count("baselined"), "baselined"),
    ]
    parts = []
    for style, number, word in numbers:
        if number:
            plural = "s" if word == "warning" and number > 1 else ""
            parts.append(paint(style, f"{number:,} {word}{plural}"))
    return ", ".join(parts) or (paint("good", "nothing failed") if report.manifests else "nothing was judged")
