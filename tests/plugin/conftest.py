"""A small project with one data set that passes and one that fails, for every test of the plugin."""

from __future__ import annotations

import pytest

GOOD = """\
manifest: 1
name: {name}
version: "1"
stakes: low
task: {{name: intent, judgment: objective}}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {{name: tickets, origin: human, records: 6000, labels: {{by: expert}}}}
  test:
    purpose: evaluation
    components:
      - {{name: sampled, origin: human, records: 900, labels: {{by: expert}}}}
"""
BAD = """\
manifest: 1
name: {name}
version: "1"
stakes: low
task: {{name: intent, judgment: objective}}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {{name: tickets, origin: human, records: 6000, labels: {{by: expert}}}}
  test:
    purpose: evaluation
    components:
      - name: sampled
        origin: model
        records: 900
        labels: {{by: expert}}
        generator: {{name: acme-llm, family: acme}}
"""
POLICY = """\
policy: 1
name: house
version: "3"
rules:
  human-only-evaluation:
    limits: [{because: "evaluation is anchored in reality"}]
  max-synthetic-ratio: {limits: [{max: 0.5, when: {purpose: training}}]}
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """``data/good.dataset.yaml`` passes, ``data/bad.dataset.yaml`` has one failing finding (DP201)."""
    data = pytester.mkdir("data")
    (data / "good.dataset.yaml").write_text(GOOD.format(name="good"), "utf-8")
    (data / "bad.dataset.yaml").write_text(BAD.format(name="bad"), "utf-8")
    pytester.path.joinpath("org.yaml").write_text(POLICY, "utf-8")
    pytester.makefile(".toml", datapolicy='policy = "org.yaml"\n')
    return pytester
