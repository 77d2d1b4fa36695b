"""Properties that hold for every manifest and policy: which way a change can move a verdict, and what moves nothing."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_datapolicy.policy.load import load_policy
from pytest_datapolicy.testing import load_text

from .strategies import CATALOGUE, as_json, at_the_limit, judge, judge_texts, manifests, told, verdicts

CAP = """\
policy: 1
name: cap
version: "1"
rules:
  max-synthetic-ratio: {{limits: [{{max: {maximum}}}]}}
"""
HOUSE = """\
policy: 1
name: house
version: "1"
domains: {medical: {stakes: high}}
rules:
  max-synthetic-ratio:
    limits:
      - {max: 0.5}
      - {max: 0.3, when: {stakes: high}}
  min-real-records: {limits: [{min: 100}]}
  known-origin: {limits: [{max: 0.1}]}
  human-only-evaluation: {}
  human-labelled-evaluation: {}
  min-evaluation-records: {limits: [{min: 50}]}
  review-sample-floor: {limits: [{min_records: 20, min_fraction: 0.05}]}
  review-error-bound: {limits: [{max_error: 0.05, confidence: 0.9}]}
  human-reviewers: {limits: [{min: 1}]}
  max-generation: {limits: [{max: 1}]}
"""
quick = settings(max_examples=120, deadline=None)
MADE = {"human": "model", "observed": "model"}


def train(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    components: list[dict[str, Any]] = manifest["splits"]["train"]["components"]
    return components


@quick
@given(at_the_limit())
def test_a_share_at_the_limit_passes_and_one_record_over_fails(made: tuple[dict[str, Any], Decimal, int]) -> None:
    manifest, maximum, offset = made
    assume(all(0 <= component["records"] < 10**18 for component in train(manifest)))
    findings = judge(manifest, CAP.format(maximum=maximum)).findings
    assert [finding.rule for finding in findings] == (["DP101"] if offset > 0 else [])


@quick
@given(manifests(), st.integers(1, 1000), st.sampled_from(("model", "simulation", "unknown")))
def test_adding_synthetic_records_never_helps_the_share(manifest: dict[str, Any], records: int, origin: str) -> None:
    policy = CAP.format(maximum="0.3")
    before = verdicts(judge(manifest, policy)).get("DP101", 0)
    assume(any(component["records"] for component in train(manifest)))
    added = {"name": "added", "origin": origin, "records": records, "generator": {"name": "gen"}}
    train(manifest).append(added)
    assert verdicts(judge(manifest, policy)).get("DP101", 0) >= before


@quick
@given(manifests(), st.data())
def test_splitting_a_component_changes_no_share(manifest: dict[str, Any], data: st.DataObject) -> None:
    policy = CAP.format(maximum="0.3")
    before = [(f.outcome, f.observed) for f in judge(manifest, policy).findings]
    components = train(manifest)
    index = data.draw(st.integers(0, len(components) - 1))
    whole = components[index]
    whole.pop("review", None)
    part = data.draw(st.integers(0, whole["records"]))
    components[index : index + 1] = [
        {**whole, "name": "one", "records": part},
        {**whole, "name": "two", "records": whole["records"] - part},
    ]
    assert [(f.outcome, f.observed) for f in judge(manifest, policy).findings] == before


@quick
@given(manifests(), st.randoms(use_true_random=False))
def test_order_of_keys_and_components_changes_no_finding(manifest: dict[str, Any], random: Any) -> None:
    before = told(judge(manifest, HOUSE))

    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            items = [(key, shuffled(item)) for key, item in value.items()]
            random.shuffle(items)
            return dict(items)
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    other = shuffled(manifest)
    for split in other["splits"].values():
        random.shuffle(split["components"])
    assert told(judge(other, HOUSE)) == before


@quick
@given(manifests(), st.permutations(range(3)))
def test_order_of_clauses_changes_no_byte(manifest: dict[str, Any], order: list[int]) -> None:
    clauses = ["{max: 0.5}", "{max: 0.3, when: {stakes: high}}", "{max: 0.2, when: {judgment: subjective}}"]
    head = 'policy: 1\nname: p\nversion: "1"\nrules:\n  max-synthetic-ratio:\n    limits: ['
    before = told(judge(manifest, head + ", ".join(clauses) + "]\n"))
    assert told(judge(manifest, head + ", ".join(clauses[index] for index in order) + "]\n")) == before


@quick
@given(st.lists(manifests(), min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_order_of_files_changes_no_byte(several: list[dict[str, Any]], random: Any) -> None:
    files = {f"{n}.dataset.json": {**one, "name": f"set-{n}"} for n, one in enumerate(several)}
    items = list(files.items())
    random.shuffle(items)
    assert judge(dict(items), HOUSE) == judge(files, HOUSE)


@quick
@given(manifests())
def test_yaml_and_json_twins_agree(manifest: dict[str, Any]) -> None:
    text = as_json(manifest)
    plain = yaml.safe_dump(yaml.safe_load(text), sort_keys=False)
    twin = judge_texts({"dataset.yaml": plain.encode()}, load_text(HOUSE, CATALOGUE))
    assert told(twin) == told(judge(manifest, HOUSE))


@quick
@given(manifests(), st.data())
def test_unknown_is_never_better_than_model(manifest: dict[str, Any], data: st.DataObject) -> None:
    split = data.draw(st.sampled_from(sorted(manifest["splits"])))
    index = data.draw(st.integers(0, len(manifest["splits"][split]["components"]) - 1))
    known, unknown = copy.deepcopy(manifest), copy.deepcopy(manifest)
    component = known["splits"][split]["components"][index]
    component.update(origin="model", generator={"name": "gen", "family": "acme"})
    unknown["splits"][split]["components"][index].update(origin="unknown", generator=component["generator"])
    model, nothing = verdicts(judge(known, HOUSE)), verdicts(judge(unknown, HOUSE))
    assert all(nothing.get(rule, 0) >= rank for rule, rank in model.items())


@quick
@given(manifests(), st.integers(0, 99), st.integers(0, 99))
def test_a_child_policy_never_passes_what_its_parent_fails(manifest: dict[str, Any], parent: int, child: int) -> None:
    def rules(maximum: int, name: str) -> str:
        return CAP.format(maximum=f"{Decimal(maximum) / 100:f}").replace("name: cap", f"name: {name}")

    texts = {
        "parent.yaml": rules(parent, "parent"),
        "child.yaml": rules(child, "child") + "extends: [./parent.yaml]\n",
    }
    alone = verdicts(judge_by(manifest, texts, "parent.yaml"))
    extended = verdicts(judge_by(manifest, texts, "child.yaml"))
    assert all(extended.get(rule, 0) >= rank for rule, rank in alone.items())


def judge_by(manifest: dict[str, Any], policies: dict[str, str], name: str) -> Any:
    """Judge under one of several policy files that may extend each other."""

    def read(path: str) -> bytes:
        return policies[path.replace("\\", "/").rpartition("/")[2]].encode()

    policy = load_policy([name], root=".", catalogue=CATALOGUE, read=read)
    return judge_texts({"dataset.json": as_json(manifest).encode()}, policy)


@quick
@given(manifests(), st.sampled_from(("low", "medium", "high", "critical")))
def test_higher_stakes_never_make_a_verdict_better(manifest: dict[str, Any], stakes: str) -> None:
    order = ("low", "medium", "high", "critical")
    assume(order.index(stakes) >= order.index(manifest["stakes"]))
    before = verdicts(judge(manifest, HOUSE))
    after = verdicts(judge({**manifest, "stakes": stakes}, HOUSE))
    assert all(after.get(rule, 0) >= rank for rule, rank in before.items())


@quick
@given(manifests())
def test_laundering_never_helps(manifest: dict[str, Any]) -> None:
    """Synthetic records moved into a child that is declared human and names them as its parent."""
    synthetic = [c for c in train(manifest) if c["origin"] not in ("human", "observed")]
    assume(synthetic)
    before = verdicts(judge(manifest, HOUSE)).get("DP101", 0)
    laundered = copy.deepcopy(manifest)
    moved = next(c for c in train(laundered) if c["origin"] not in ("human", "observed"))
    pool = {"purpose": "diagnostic", "components": [dict(moved, name="pool")]}
    laundered["splits"]["pool"] = pool
    for field in ("generator", "review"):
        moved.pop(field, None)
    moved.update(origin="human", derived_from=["made@1#pool/pool"])
    after = judge(laundered, HOUSE)
    assert verdicts(after).get("DP101", 0) >= before
    assert "DP007" in verdicts(after)
