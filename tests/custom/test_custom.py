"""Own rules in CEL: decisions, faults at their place, bounds, and how they stand beside other rules."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.policy import cel
from pytest_datapolicy.testing import judge_text

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_datapolicy.model.report import Finding

MANIFEST = """\
manifest: 1
name: notes
version: "1"
stakes: high
task: {judgment: objective}
novelty: established
domains: [medical]
splits:
  train:
    purpose: training
    components:
      - {name: real, origin: human, records: 100, weight: 1, slices: {stroke: 3}, labels: {by: expert}}
      - name: made
        origin: model
        records: 50
        generator: {name: gen, family: acme}
  test:
    purpose: evaluation
    components:
      - {name: held, origin: human, records: 20, labels: {by: expert}}
"""
HEAD = 'policy: 1\nname: acme\nversion: "1"\ncustom:\n'


def policy(scope: str, require: str, *, when: str | None = None, level: str | None = None) -> str:
    """A policy with one own rule; JSON strings are YAML strings."""
    lines = ["  ACME001:", "    summary: what holds", f"    scope: {scope}"]
    lines += [f"    when: {json.dumps(when)}"] if when is not None else []
    lines += [f"    require: {json.dumps(require)}", "    message: it does not hold"]
    lines += [f"    level: {level}"] if level is not None else []
    return HEAD + "\n".join(lines) + "\n"


def found(text: str, manifest: str = MANIFEST) -> list[Finding]:
    return [finding for finding in judge_text(manifest, text).findings if finding.rule == "ACME001"]


@pytest.mark.parametrize(
    ("scope", "require", "subjects"),
    [
        ("component", "component.records >= 50", ["test/held"]),
        ("component", "component.records >= 20", []),
        ("component", "component.origin == 'human' || has(component.review)", ["train/made"]),
        ("component", "!component.synthetic", ["train/made"]),
        ("component", "split.purpose != 'evaluation' || component.labels.by in ['expert', 'crowd']", []),
        ("component", "!has(component.weight) || component.weight <= 0.5", ["train/real"]),
        ("component", "!has(component.slices) || component.slices['stroke'] > 3", ["train/real"]),
        ("split", "split.components.all(c, c.records > 50)", ["test", "train"]),
        ("split", "split.name.matches('^tr')", ["test"]),
        ("dataset", "dataset.domains.exists(d, d == 'legal')", [""]),
        ("dataset", "dataset.splits.all(s, size(dataset.splits[s].components) > 1)", [""]),
        ("dataset", "policy.stakes == 'high' && policy.today == '2026-11-01' && policy.name == 'acme'", []),
    ],
)
def test_decisions(scope: str, require: str, subjects: list[str]) -> None:
    findings = found(policy(scope, require))
    assert sorted("/".join(filter(None, (f.split, f.component))) for f in findings) == subjects
    assert {(f.outcome, f.message, f.level) for f in findings} <= {("fail", "it does not hold", "error")}


def test_a_finding_points_at_the_subject_and_at_the_rule() -> None:
    finding = found(policy("component", "component.records > 20", when="split.purpose == 'evaluation'"))[0]
    assert (finding.place.line, finding.place.column) == (20, 9)
    assert finding.clause is not None
    assert (finding.clause.path, finding.clause.line, finding.clause.column) == ("policy.yaml", 5, 3)
    assert finding.remedy == "meet the demand: what holds"


def test_when_that_matches_nothing_is_not_applicable() -> None:
    report = judge_text(MANIFEST, policy("component", "false", when="component.origin == 'simulation'"))
    assert [count.subjects for count in report.rules if count.rule == "ACME001"] == [0]
    assert report.findings == ()


def test_a_level_below_error_does_not_fail_the_run() -> None:
    report = judge_text(MANIFEST, policy("dataset", "false", level="warning"))
    assert (report.exit_code(), report.exit_code(strict=True)) == (0, 1)


@pytest.mark.parametrize(
    ("require", "reason"),
    [
        ("component.review.sampled >= 10", "review is missing"),
        ("component.tokens > 1", "tokens is missing"),
        ("component.records / (component.records - component.records) > 1", "divide by zero"),
        ("component.slices['sepsis'] > 1", "slices is missing"),
    ],
)
def test_an_evaluation_error_is_indeterminate(require: str, reason: str) -> None:
    finding = next(f for f in found(policy("component", require)) if f.component == "made")
    assert finding.outcome == "indeterminate"
    assert finding.message == f"ACME001 cannot be told: {reason}"


def test_an_error_in_when_is_indeterminate_not_a_pass() -> None:
    findings = found(policy("component", "true", when="component.review.sampled > 1"))
    assert {finding.outcome for finding in findings} == {"indeterminate"}


def refusal(text: str) -> RunError:
    with pytest.raises(RunError) as caught:
        judge_text(MANIFEST, text)
    return caught.value


@pytest.mark.parametrize(
    ("scope", "require", "message", "at", "remedy"),
    [
        ("component", "component.orgin == 'x'", "component has no field orgin", "orgin", "did you mean origin?"),
        (
            "component",
            "componnt.origin == 'x'",
            "there is no name componnt here",
            "componnt",
            "did you mean component?",
        ),
        ("split", "component.records > 1", "there is no name component here", "component", "the names are "),
        ("component", "component.records > 'a'", "found no matching overload", "> 'a'", ""),
        ("component", "component.records", "the expression gives int, not true or false", "component", "compare it"),
        ("component", "component.records >", "mismatched input", '",', ""),
        ("split", "split.components.all(c, c.recrds > 1)", "component has no field recrds", "recrds", "did you mean "),
        ("dataset", "dataset.task.judgement == 'x'", "task has no field judgement", "judgement", "did you mean "),
    ],
)
def test_faults_are_told_at_their_column(scope: str, require: str, message: str, at: str, remedy: str) -> None:
    text = policy(scope, require)
    error = refusal(text)
    assert error.message.startswith(f"require of ACME001: {message}")
    assert error.code == 2
    assert error.place is not None
    line = text.splitlines()[7]
    column = len(line) if at == '",' else line.index(at) + 1
    assert (error.place.path, error.place.line, error.place.column) == ("policy.yaml", 8, column)
    assert error.remedy.startswith(remedy)


def test_a_fault_in_an_expression_of_several_lines_names_line_and_column() -> None:
    body = "  ACME001:\n    summary: s\n    scope: dataset\n    message: m\n"
    body += "    require: |\n      true &&\n      dataset.nam == 'x'\n"
    error = refusal(HEAD + body)
    assert error.message == "require of ACME001: dataset has no field nam (line 2, column 9 of the expression)"
    assert error.place is not None
    assert error.place.line == 9


@pytest.mark.parametrize(
    ("identity", "message"),
    [
        ("DP101", "DP101 is not an id for an own rule"),
        ("acme", "acme is not an id for an own rule"),
        ("DP999", "DP999 is not an id for an own rule"),
    ],
)
def test_ids_that_are_taken_or_malformed(identity: str, message: str) -> None:
    error = refusal(policy("dataset", "true").replace("ACME001", identity))
    assert error.message == message
    assert error.place is not None
    assert (error.place.line, error.place.column) == (5, 3)


@pytest.mark.parametrize(
    ("require", "message"),
    [
        ("true || " * 400 + "true", "the expression has 3,204 characters, at most 2,000 allowed"),
        ("(" * 40 + "true" + ")" * 40, "brackets are nested more than 32 deep"),
        (
            "dataset.domains.all(a, dataset.domains.all(b, dataset.domains.all(c, a == b && b == c)))",
            "loops are nested more than 2 deep",
        ),
    ],
)
def test_expressions_are_bounded(require: str, message: str) -> None:
    assert refusal(policy("dataset", require)).message == f"require of ACME001: {message}"


def test_brackets_in_strings_do_not_count() -> None:
    assert found(policy("dataset", "'" + "(" * 60 + "' != dataset.name")) == []


def test_long_lists_in_nested_loops_are_not_walked() -> None:
    words = ", ".join(f"d{number}" for number in range(1500))
    manifest = MANIFEST.replace("[medical]", f"[{words}]")
    require = "dataset.domains.all(a, dataset.domains.exists(b, a == b))"
    finding = found(policy("dataset", require), manifest)[0]
    assert finding.outcome == "indeterminate"
    assert finding.message == "ACME001 cannot be told: a list of 1,500 is too long for loops nested 2 deep"


def test_a_regular_expression_that_backtracks_elsewhere_ends() -> None:
    manifest = MANIFEST.replace("name: notes", "name: " + "a" * 100)
    assert found(policy("dataset", "!dataset.name.matches('^(a|a)*b$')"), manifest) == []


def test_without_the_extra_the_policy_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cel_expr_python.cel", None)
    error = refusal(policy("dataset", "true"))
    assert error.message == "own rules in CEL need an extra that is not installed"
    assert error.remedy == "pip install 'pytest-datapolicy[cel]'"


def test_a_policy_without_own_rules_loads_no_engine() -> None:
    code = (
        "import sys; from pytest_datapolicy.testing import judge_text; "
        f"judge_text({MANIFEST!r}, {{'named-owner': {{}}}}); "
        "print(any('cel' in name.split('.')[0] for name in sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert shown.stdout.strip() == "False"


def test_select_and_ignore_name_own_rules(tmp_path: Path) -> None:
    (tmp_path / "dataset.yaml").write_text(MANIFEST, "utf-8")
    (tmp_path / "org.yaml").write_text(policy("dataset", "false"), "utf-8")

    def run(*options: str) -> Any:
        command = [
            sys.executable,
            "-m",
            "pytest_datapolicy",
            "check",
            "--policy",
            "org.yaml",
            "--format",
            "json",
            *options,
        ]
        return json.loads(subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False).stdout)

    assert [item["rule"] for item in run("--select", "ACME001")["findings"]] == ["ACME001"]
    assert run("--ignore", "ACME001")["findings"] == []


def test_numbers_of_the_schema_become_doubles() -> None:
    assert cel.plain({"weight": 2, "records": 2}, frozenset({"weight"})) == {"weight": 2.0, "records": 2}
