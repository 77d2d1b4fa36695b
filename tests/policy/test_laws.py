"""Laws of merging: order, grouping and repetition mean nothing, and a child takes nothing away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_datapolicy.model.vocabulary import LEVEL_RANK, LEVELS
from tests.policy.bench import load

if TYPE_CHECKING:
    from pytest_datapolicy.model.policy import Clause, Policy

SELECTIONS = (
    None,
    "{stakes: high}",
    "{stakes: [high, critical]}",
    "{stakes: [low]}",
    "{purpose: [training, validation]}",
)
LIMITS = {
    "DP101": ("max: 0.1", "max: 0.3", "max: 0.3, measure: tokens", "max: 0.9"),
    "DP102": ("min: 0", "min: 100", "min: 1000"),
    "DP201": ("allow: [human]", "allow: [human, observed]"),
    "DP402": (
        "max_error: 0.05, confidence: 0.9",
        "max_error: 0.02, confidence: 0.9",
        "max_error: 0.05, confidence: 0.95",
    ),
    "DP707": ("because: law",),
}


@st.composite
def entries(draw: st.DrawFn) -> str:
    """One rule of a policy, as a line of YAML."""
    rule = draw(st.sampled_from(sorted(LIMITS)))
    fields = []
    level = draw(st.sampled_from([None, *LEVELS]))
    fields += [f"level: {level}"] if level else []
    fields += draw(st.sampled_from([[], ["waivable: true"], ["waivable: false"]]))
    clauses = draw(st.lists(st.tuples(st.sampled_from(LIMITS[rule]), st.sampled_from(SELECTIONS)), max_size=3))
    if clauses or rule not in ("DP201", "DP707"):
        clauses = clauses or [(LIMITS[rule][0], None)]
        texts = [limit + (f", when: {when}" if when else "") for limit, when in clauses]
        fields.append(f"limits: [{', '.join('{' + text + '}' for text in texts)}]")
    return f"  {rule}: {{{', '.join(fields)}}}"


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """The rules of one policy."""
    lines = draw(st.lists(entries(), max_size=4, unique_by=lambda line: line.split(":")[0]))
    return "\n".join(["rules:", *lines, "  DP708: {}"]) + "\n"


def said(policy: Policy) -> tuple[set[Any], list[Any]]:
    """What a policy says, as sets: its clauses and its findings."""
    return {_frozen(clause) for clause in policy.clauses}, list(policy.findings)


def _frozen(clause: Clause) -> Any:
    when = frozenset((key, values) for key, values in clause.when.items())
    return clause._replace(when=when, limits=frozenset(clause.limits.items()))  # type: ignore[arg-type]


def extending(*names: str, body: str = "") -> str:
    return f"extends: [{', '.join(f'./{name}.yaml' for name in names)}]\n{body}"


@settings(max_examples=40, deadline=None)
@given(bodies(), bodies(), bodies(), bodies())
def test_order_grouping_and_repetition_mean_nothing(base: str, left: str, right: str, other: str) -> None:
    files = {
        "base.yaml": base,
        "a.yaml": extending("base", body=left),
        "b.yaml": extending("base", body=right),
        "c.yaml": other,
        "abc.yaml": extending("a", "b", "c"),
        "cba.yaml": extending("c", "b", "a", "b"),
        "ab.yaml": extending("a", "b"),
        "bc.yaml": extending("b", "c"),
        "a_bc.yaml": extending("a", "bc"),
        "ab_c.yaml": extending("ab", "c"),
    }
    expected = said(load(files, ["abc.yaml"]))
    for name in ("cba", "a_bc", "ab_c"):
        assert said(load(files, [f"{name}.yaml"])) == expected
    assert said(load(files, ["a.yaml", "b.yaml", "c.yaml"])) == expected
    assert said(load(files, ["c.yaml", "a.yaml", "b.yaml", "a.yaml", "base.yaml"])) == expected


@settings(max_examples=60, deadline=None)
@given(bodies(), bodies(), bodies())
def test_a_child_removes_and_loosens_nothing(base: str, team: str, child: str) -> None:
    files = {"base.yaml": base, "team.yaml": extending("base", body=team), "child.yaml": extending("team", body=child)}
    below = {(clause.rule, clause.place): clause for clause in load(files, ["child.yaml"]).clauses}
    for clause in load(files, ["team.yaml"]).clauses:
        kept = below[clause.rule, clause.place]
        assert (kept.limits, kept.when, kept.effective) == (clause.limits, clause.when, clause.effective)
        assert LEVEL_RANK[kept.level] >= LEVEL_RANK[clause.level]
        assert kept.waivable <= clause.waivable


@settings(max_examples=40, deadline=None)
@given(bodies(), st.randoms(use_true_random=False))
def test_the_order_of_rules_and_clauses_means_nothing(body: str, random: Any) -> None:
    head, *lines = body.splitlines()
    shuffled = random.sample(lines, len(lines))
    parents = "DP101: {limits: [{max: 0.3}]}, DP102: {level: warning, limits: [{min: 100}]}, DP201: {waivable: false}"
    base = f"rules: {{{parents}}}\n"

    def without_places(text: str) -> list[str]:
        policy = load({"base.yaml": base, "policy.yaml": extending("base", body=text)})
        clauses = sorted(repr(_frozen(clause._replace(place=None, when={}, limits={}))) for clause in policy.clauses)
        limits = sorted(repr((clause.rule, sorted(clause.limits.items(), key=str))) for clause in policy.clauses)
        return [*clauses, *limits, *sorted(finding.message for finding in policy.findings)]

    assert without_places("\n".join([head, *lines]) + "\n") == without_places("\n".join([head, *shuffled]) + "\n")
