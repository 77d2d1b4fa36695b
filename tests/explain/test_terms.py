"""The parts of calculations that are more than a sum."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest

from pytest_datapolicy.model.terms import chance_text
from tests.explain.worked import work

POLICY = {"DP501": {"limits": [{"max": 1}]}}


def exact(population: int, defective: int, sampled: int, most: int) -> Fraction:
    ways = sum(comb(defective, k) * comb(population - defective, sampled - k) for k in range(most + 1))
    return Fraction(ways, comb(population, sampled))


@pytest.mark.parametrize(
    ("population", "defective", "sampled", "most", "text"),
    [
        (4000, 385, 400, 29, "0.0501"),
        (4000, 386, 400, 29, "0.0484"),
        (10, 5, 5, 5, "1"),
        (10, 8, 8, 6, "0.622"),
        (10, 9, 9, 7, "0"),
    ],
)
def test_a_chance_is_shown(population: int, defective: int, sampled: int, most: int, text: str) -> None:
    assert chance_text(population, defective, sampled, most, Fraction(1, 20)) == text
    if most < sampled:
        assert abs(float(text) - float(exact(population, defective, sampled, most))) < 5e-4


def test_a_chance_has_the_digits_that_tell_it_from_its_limit() -> None:
    for near in (Fraction(5006, 100_000), Fraction(50064, 1_000_000)):
        text = chance_text(4000, 385, 400, 29, near)
        assert float(text) != float(near)
        assert (float(text) > near) == (exact(4000, 385, 400, 29) > near)


def test_what_would_take_too_long_is_not_shown() -> None:
    assert chance_text(10**10, 10**6, 10**5, 3, Fraction(1, 20)) == ""
    assert chance_text(10**8, 10**6, 10**7, 50_000, Fraction(1, 20)) == ""
    assert chance_text(10, 11, 5, 3, Fraction(1, 20)) == ""


def chain(number: int, length: int) -> str:
    """A manifest of components, each made from the one before."""
    lines = [f"manifest: 1\nname: n{number}\nversion: '1'\nstakes: low\ntask: {{name: t, judgment: objective}}"]
    lines += ["novelty: established", "splits:", "  s:", "    purpose: training", "    components:"]
    for index in range(length):
        parent = f"n{number}@1#s/c{index - 1}" if index else f"n{number - 1}@1#s/c{length - 1}" if number else ""
        origin = f"model, generator: {{family: f, name: g}}, derived_from: ['{parent}']" if parent else "human"
        lines.append(f"      - {{name: c{index}, records: 1, origin: {origin}}}")
    return "\n".join(lines) + "\n"


def test_two_thousand_generations() -> None:
    files = {f"{number}.dataset.yaml": chain(number, 1000) for number in range(2)}
    worked = work(files, POLICY, "DP501", chosen=lambda split, component: component == "c999")
    (decision,) = (item for item in worked.decisions["DP501"] if item.dataset == "n1@1")
    lines = decision.judged[0].lines
    assert [line.term.value for line in lines[:3]] == ["model", 1998, 1999]
    path = [line for line in lines if line.term.label == "builds on"]
    assert [line.term.value for line in path] == list(range(1998, 1978, -1))
    assert path[0].term.note == "n1@1#s/c998 (origin model)"
    assert lines[-2].term.note == "1,978 generations more"
