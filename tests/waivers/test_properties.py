"""What no waiver and no baseline can do, whatever the manifests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_datapolicy.engine.baseline import absorb, record
from pytest_datapolicy.fix.baseline import baseline_text
from pytest_datapolicy.fix.waivers import EMPTY, entry_text, with_entry
from pytest_datapolicy.policy.baseline import load_baseline
from pytest_datapolicy.syntax.reader import read
from tests.properties.strategies import as_json, manifests
from tests.waivers.bench import CATALOGUE, ROOT, judged, policy_of, waiver, waivers

if TYPE_CHECKING:
    from pytest_datapolicy.engine.judged import Judged
    from pytest_datapolicy.model.report import Finding

POLICY = policy_of(
    {
        "policy.yaml": """\
policy: 1
name: house
version: "1"
waivers: {files: [waivers.yaml]}
rules:
  max-synthetic-ratio: {limits: [{max: 0.5}, {max: 0.3, when: {stakes: high}}]}
  min-real-records: {limits: [{min: 1000}]}
  known-origin: {level: warning, limits: [{max: 0.1}]}
  human-only-evaluation: {}
  human-labelled-evaluation: {waivable: false}
  min-evaluation-records: {limits: [{min: 1500}]}
  review-error-bound: {limits: [{max_error: 0.02, confidence: 0.95}]}
  human-reviewers: {limits: [{min: 2}]}
"""
    }
)
RULES = ("DP101", "DP102", "DP103", "DP201", "DP202", "DP207", "DP402", "DP403", "DP009", "DP005", "DP001")
ALLOW = {
    "DP101": ("max", ("0.55", "0.8", "1")),
    "DP102": ("min", ("0", "10", "500")),
    "DP103": ("max", ("0.2", "1")),
    "DP201": ("allow", ("[human, observed, model]", "[human, observed, simulation, unknown]")),
    "DP207": ("min", ("0", "100")),
    "DP402": ("max_error", ("0.1", "0.5")),
    "DP403": ("min", ("0", "1")),
}
ALWAYS_ON = frozenset(entry.id for entry in CATALOGUE if entry.always_on)
quick = settings(max_examples=60, deadline=None)


@st.composite
def entries(draw: st.DrawFn, *, bounded: bool | None = None, rule: str = "") -> dict[str, str]:
    """The fields of one waiver that is valid as far as its own words go."""
    rule = rule or draw(st.sampled_from(sorted(ALLOW) if bounded else RULES))
    fields = {"rule": rule}
    if draw(st.booleans()):
        fields["split"] = draw(st.sampled_from(("train", "test")))
        if draw(st.booleans()):
            fields["component"] = draw(st.sampled_from(("c0", "c1", "e0")))
    if rule in ALLOW and (draw(st.booleans()) if bounded is None else bounded):
        name, values = ALLOW[rule]
        fields["allow"] = f"{{{name}: {draw(st.sampled_from(values))}}}"
    return fields


def judge(manifest: dict[str, Any], *fields: dict[str, str], today: str = "2026-11-01") -> Judged:
    texts = {"dataset.json": as_json(manifest)}
    made = [waiver(**{"dataset": "made@1", **item}) for item in fields]
    return judged(texts, POLICY, waivers(*made), today=today)


def about_data(report: Judged) -> list[Finding]:
    return [finding for finding in report.findings if finding.dataset is not None]


@quick
@given(manifests(), st.lists(entries(), min_size=1, max_size=4))
def test_a_waiver_changes_only_its_rule_and_its_subject(manifest: dict[str, Any], fields: list[dict[str, str]]) -> None:
    before, after = about_data(judge(manifest)), about_data(judge(manifest, *fields))
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        if other.outcome != "waived":
            assert other == one
            continue
        assert other._replace(outcome=one.outcome, waiver=None) == one
        assert one.outcome in ("fail", "indeterminate")
        assert any(
            item["rule"] == one.rule
            and item.get("split", one.split) == one.split
            and item.get("component", one.component) == one.component
            for item in fields
        )


@quick
@given(manifests(), st.lists(entries(), min_size=1, max_size=4))
def test_always_on_and_not_waivable_findings_are_never_waived(
    manifest: dict[str, Any], fields: list[dict[str, str]]
) -> None:
    # records that do not add up: DP009
    manifest["splits"]["train"]["components"][0]["slices"] = {"rare": 10**6}
    after = about_data(judge(manifest, *fields, {"rule": "DP009"}))
    assert any(finding.rule == "DP009" for finding in after)
    assert {finding.outcome for finding in after if finding.rule in (*ALWAYS_ON, "DP202")} <= {"fail", "indeterminate"}


@quick
@given(manifests(), st.lists(entries(bounded=True), min_size=1, max_size=4))
def test_a_bounded_waiver_never_covers_what_cannot_be_decided(
    manifest: dict[str, Any], fields: list[dict[str, str]]
) -> None:
    before, after = about_data(judge(manifest)), about_data(judge(manifest, *fields))
    for one, other in zip(before, after, strict=True):
        if one.outcome == "indeterminate":
            assert other == one


@quick
@given(manifests(), entries(bounded=True, rule="DP101"))
def test_a_bounded_waiver_covers_what_passes_with_that_limit(manifest: dict[str, Any], fields: dict[str, str]) -> None:
    allowed = float(ALLOW["DP101"][1][0] if "0.55" in fields["allow"] else fields["allow"].strip("{}").split(": ")[1])
    for finding in about_data(judge(manifest, fields)):
        if finding.rule == "DP101" and fields.get("split", "train") == finding.split and "component" not in fields:
            within = finding.outcome == "waived"
            assert within == (finding.outcome != "indeterminate" and float(finding.observed or 0) <= allowed)


@quick
@given(manifests(), entries(), st.integers(0, 60), st.integers(0, 40))
def test_over_the_days_a_verdict_is_fail_then_waived_then_fail(
    manifest: dict[str, Any], fields: dict[str, str], start: int, length: int
) -> None:
    from datetime import date, timedelta

    first = date(2026, 2, 1)
    days = [(first + timedelta(days=number)).isoformat() for number in range(0, 102, 3)]
    granted, expires = first + timedelta(days=start), first + timedelta(days=start + length)
    dated = {**fields, "granted": granted.isoformat(), "expires": expires.isoformat()}
    verdicts = {day: about_data(judge(manifest, dated, today=day)) for day in days}
    for number in range(len(verdicts[days[0]])):
        waived = [day for day in days if verdicts[day][number].outcome == "waived"]
        alive = [day for day in days if granted.isoformat() <= day <= expires.isoformat()]
        assert waived in ([], alive)


@quick
@given(manifests(), st.lists(entries(), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_no_outcome(
    manifest: dict[str, Any], fields: list[dict[str, str]], random: Any
) -> None:
    before = about_data(judge(manifest, *fields))
    random.shuffle(fields)
    after = about_data(judge(manifest, *fields))
    assert [finding._replace(waiver=None) for finding in before] == [finding._replace(waiver=None) for finding in after]


@quick
@given(st.lists(manifests(), min_size=1, max_size=3))
def test_what_is_recorded_is_absorbed_and_nothing_else(several: list[dict[str, Any]]) -> None:
    texts = {f"{n}.dataset.json": as_json({**one, "version": str(n)}) for n, one in enumerate(several)}
    findings = judged(texts, POLICY, waivers()).findings
    entries = record(findings, ALWAYS_ON)
    after, stale = absorb(findings, entries, ALWAYS_ON)
    assert stale == []
    for one, other in zip(findings, after, strict=True):
        held = one.outcome == "fail" and one.rule not in ALWAYS_ON and one.dataset is not None
        assert other.outcome == ("baselined" if held else one.outcome)


@quick
@given(st.lists(manifests(), min_size=1, max_size=3), st.data())
def test_a_baseline_survives_its_file_and_the_order_of_manifests(
    several: list[dict[str, Any]], data: st.DataObject
) -> None:
    texts = {f"{n}.dataset.json": as_json({**one, "version": str(n)}) for n, one in enumerate(several)}
    entries = record(judged(texts, POLICY, waivers()).findings, ALWAYS_ON)
    name = data.draw(st.sampled_from(("b.json", "b.yaml")))
    text = baseline_text(entries, as_json=name.endswith("json")).encode()
    loaded = load_baseline(os.path.join(ROOT, name), root=ROOT, read=lambda path: text)
    assert [entry._replace(place=None) for entry in loaded.entries] == entries
    moved = dict(zip(sorted(texts, reverse=True), texts.values(), strict=True))
    after, stale = absorb(judged(moved, POLICY, waivers()).findings, loaded.entries, ALWAYS_ON)
    assert stale == []
    assert "fail" not in {f.outcome for f in after if f.rule not in ALWAYS_ON and f.dataset is not None}


texts = st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), max_codepoint=0x2FF), min_size=1, max_size=40)


@quick
@given(
    st.fixed_dictionaries({"rule": texts, "dataset": texts, "reason": texts, "owner": texts, "split": texts}),
    st.dictionaries(texts, st.one_of(st.just("0.350"), texts, st.lists(texts, min_size=2, max_size=3)), max_size=2),
    st.sampled_from((EMPTY, "waivers: 1\nentries:\n- a: b # kept\n\n# end\n", "entries:\n    - a: b\nwaivers: 1\n")),
)
def test_any_text_of_an_entry_reads_back_and_the_file_stays(
    fields: dict[str, str], allow: dict[str, Any], file: str
) -> None:
    from decimal import Decimal

    from pytest_datapolicy.fix.waivers import NUMBER

    entry = entry_text({**fields, "granted": "2026-11-01"}, allow)
    new = with_entry(file, entry, after=0 if file is EMPTY else file[: file.index("a: b")].count("\n") + 1)
    tree = read(new.encode(), "waivers.yaml", as_json=False).tree
    numbers = {
        name: (Decimal(value) if "." in value else int(value))
        if isinstance(value, str) and NUMBER.fullmatch(value) and len(value) < 18
        else value
        for name, value in allow.items()
    }
    expected = {**fields, "granted": "2026-11-01"} | ({"allow": numbers} if allow else {})
    assert tree["entries"][-1] == expected
    kept = [line for line in file.split("\n") if line and line != "entries: []"]
    assert [line for line in new.split("\n") if line in kept] == kept
