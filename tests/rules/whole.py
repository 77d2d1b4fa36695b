"""All that every case of a rule gives, whole: ``python -m tests.rules.whole`` writes it anew, to be read and then kept.

The case files say what matters in each case. The files beside them hold the rest too: both ends of every place, the
notes, the two values, what keeps a finding the same from run to run, and the calculation with the place of each line.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.engine.explain import decisions
from pytest_datapolicy.engine.run import judge
from pytest_datapolicy.testing import TODAY, _Texts, _waivers, load_text, read_cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.engine.explain import Decision
    from pytest_datapolicy.engine.project import Known
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding

HERE = Path(__file__).parent
CATALOGUE = Catalogue()
FAMILIES = ("collapse", "evaluation", "governance", "integrity", "judgment", "mix", "review")


def cases(family: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Rule, title and case of every case in the files of a family."""
    for path in sorted((HERE / family).glob("*.yaml")):
        rule = CATALOGUE.id_of(path.stem.replace("_", "-"))
        assert rule is not None
        for case in read_cases(str(path)):
            yield rule, f"{rule}: {case['case']}", case


def shown(rule: str, case: dict[str, Any]) -> str:
    """What a case gives: the findings of the rule, how often it was put, and how it decides about each subject."""
    manifests = case["manifests"] if "manifests" in case else case["manifest"]
    here = _Texts(manifests, CATALOGUE, files=case.get("files"))
    there = None if case.get("base") is None else _Texts(case["base"], CATALOGUE, here)
    policy = load_text(case.get("policy", case.get("rules")), CATALOGUE)
    waivers = _waivers(policy, case.get("waivers"), CATALOGUE)
    worked: list[Decision] = []

    def then(known: Known) -> None:
        if (loaded := CATALOGUE.rule(rule)).scope != "policy" and not loaded.needs:
            worked.extend(decisions(known, loaded))

    met: dict[str, tuple[str, ...]] = {}
    given: dict[str, Any] = {
        "today": str(case.get("today", TODAY)),
        "waivers": waivers,
        "base": there,
        "then": then,
        "applied": met,
    }
    judged = judge(here.paths, here.read, policy, CATALOGUE, **given)
    lines = [f"{judged.manifests} manifests, {judged.subjects} subjects, not known: {sorted(judged.undecided)}"]
    lines += [f"put to {count.subjects} ({count.level})" for count in judged.rules if count.rule == rule]
    lines += [f"met in {path}: {' '.join(_of_the_policy(rules))}" for path, rules in sorted(met.items())]
    for finding in judged.findings:
        if finding.rule == rule:
            lines += finding_lines(finding)
    for decision in worked:
        lines += _decision(decision)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _of_the_policy(rules: Iterable[str]) -> list[str]:
    return [rule for rule in rules if not CATALOGUE.card(rule).always_on]


def finding_lines(finding: Finding) -> Iterator[str]:
    """All that a finding says."""
    about = _about(finding.dataset, finding.split, finding.component, finding.thing)
    yield f"{finding.rule} {finding.name} {finding.level} {finding.outcome}: {about} at {_place(finding.place)}"
    yield f"  {finding.fingerprint}"
    yield f"  {finding.message}"
    yield f"  {finding.remedy}"
    yield f"  {_value(finding.observed)} against {_value(finding.limit)}, {_place(finding.clause)} {finding.because}"
    if finding.waiver is not None:
        yield f"  {finding.waiver}"
    for note in finding.related:
        yield f"  {_place(note.place)} {note.text}"


def _decision(decision: Decision) -> Iterator[str]:
    about = _about(decision.dataset, decision.split, decision.component)
    yield f"{decision.outcome} ({decision.level}): {about} at {_place(decision.place)}"
    yield f"  stakes {decision.declared_stakes}, {[floor.stakes for floor in decision.floors]} {dict(decision.facts)}"
    for clause, better in decision.looser:
        yield f"  looser {_place(clause.place)} than {_place(better.place)}"
    for clause, why in decision.others:
        yield f"  apart {_place(clause.place)} {why}"
    for item in decision.judged:
        yield f"  {item.outcome} ({item.level}) by {_place(item.clause.place)}"
        for term, place in item.lines:
            marks = " ".join(filter(None, (term.role, term.thing, "share" if term.share else "", term.of)))
            yield f"    {_place(place)} | {term.label} | {_value(term.value)} | {term.note} | {marks}"


def _about(*names: str | None) -> str:
    return " / ".join("-" if name is None else name for name in names)


def _place(place: Place | None) -> str:
    if place is None:
        return "-"
    span = place.span
    return f"{place.path}:{span.line}:{span.column}-{span.end_line}:{span.end_column}"


def _value(value: object) -> str:
    return str(value) if isinstance(value, int | Fraction) else repr(value)


def path_of(family: str) -> Path:
    """The file of a family."""
    return HERE / family / "whole.txt"


def read(family: str) -> dict[str, str]:
    """What is kept, by the titles of the cases."""
    _, *blocks = path_of(family).read_text("utf-8").split("\n== ")
    pairs = (block.partition(" ==\n") for block in blocks)
    return {title: text.rstrip("\n") + "\n" if text.strip() else "" for title, _, text in pairs}


def main() -> None:
    """Write the files."""
    for family in FAMILIES:
        head = "What every case gives, whole. Written by python -m tests.rules.whole.\n"
        blocks = [f"\n== {title} ==\n{shown(rule, case)}" for rule, title, case in cases(family)]
        path_of(family).write_text(head + "".join(blocks), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
