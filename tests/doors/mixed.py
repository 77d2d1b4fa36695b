"""Two hundred manifests of every kind, good and bad, under one policy with waivers: same seed, same bytes."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

from benchmarks.manifests import manifest as sound

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COUNT = 200
SETTINGS = 'policy = "policies/house.yaml"\nexclude = ["attic"]\n'
POLICY = """\
policy: 1
name: house
version: "3"
extends: [builtin:baseline]
domains: {medical: {stakes: high}, finance: {stakes: high}}
inventory: [set-000000, set-000001, vanished]
waivers: {files: [waivers.yaml], max_days: 90}
rules:
  known-origin: {level: warning}
  max-synthetic-ratio:
    limits:
      - {max: 0.30, when: {purpose: training}, because: "the house rule"}
      - {max: 0.10, when: {split: "nothing-*"}}
"""
ENTRY = """\
  - {{rule: DP101, dataset: {dataset}, split: train, reason: "{reason}", owner: ada@example.org,
     approved_by: board@example.org, granted: 2026-10-01, expires: {expires}}}
"""
SMALL = """\
manifest: 1
name: {name}
version: "{version}"
stakes: {stakes}
task: {{name: intent, judgment: objective}}
novelty: established
domains: [{domain}]
owner: ada@example.org
license: CC-BY-4.0
splits:
  train:
    purpose: training
    components:
      - {{name: real, origin: human, records: {real}, labels: {{by: expert}}{more}}}
      - {{name: made, origin: {origin}, records: {made}, labels: {{by: expert}}}}
"""


def small(number: int, draw: random.Random, *, more: str = "", version: str = "1") -> str:
    """A manifest with a synthetic share of its own, mostly above the limit."""
    return SMALL.format(
        name=f"set-{number:06d}",
        version=version,
        stakes=draw.choice(("low", "medium", "high", "critical")),
        domain=draw.choice(("retail", "medical", "news")),
        real=draw.choice((0, 200, 5000)),
        origin=draw.choice(("simulation", "rewritten", "unknown", "human")),
        made=draw.randrange(0, 6000),
        more=more,
    )


def _reference(number: int, draw: random.Random) -> str:
    target = draw.choice((f"set-{number - 1:06d}", "nowhere", f"set-{number:06d}"))
    return small(number, draw, more=f", derived_from: ['{target}@{draw.choice((1, 2))}']")


def _as_json(number: int, draw: random.Random) -> str:
    component = {"name": "real", "origin": draw.choice(("human", "simulation")), "records": draw.randrange(9000)}
    split = {
        "purpose": draw.choice(("evaluation", "validation", "preference", "diagnostic")),
        "components": [component],
    }
    head = {"manifest": 1, "name": f"set-{number:06d}", "version": "1", "stakes": "low", "novelty": "novel"}
    return json.dumps({**head, "task": {"judgment": "subjective"}, "splits": {"test": split}}, indent=1)


KINDS: tuple[Callable[[int, random.Random], str], ...] = (
    lambda number, draw: sound(number, draw),
    lambda number, draw: sound(number, draw),
    small,
    small,
    _reference,
    _as_json,
    lambda number, draw: small(number, draw) + "name: twice\n",
    lambda number, draw: small(number, draw) + "more: 1\n",
    lambda number, draw: small(number, draw).replace('"1"', "no"),
    lambda number, draw: small(number, draw)[: draw.randrange(400)],
    lambda number, draw: small(number - 1, draw),
    lambda number, draw: small(number, draw) + "stage: bootstrap\nbootstrap_until: 2026-10-01\n",
)


def write_tree(root: Path) -> None:
    """The tree, with settings, policy and waivers, below `root`."""
    draw = random.Random(11)
    for number in range(COUNT):
        kind = KINDS[0] if number < 2 else draw.choice(KINDS)
        ending = "json" if kind is _as_json else draw.choice(("yaml", "yml"))
        folder = root / draw.choice(("data", "data/deep/er", "more"))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"set-{number:06d}.dataset.{ending}").write_text(kind(number, draw), "utf-8")
    (root / "attic").mkdir()
    (root / "attic" / "old.dataset.yaml").write_text("nothing of this is read", "utf-8")
    (root / "policies").mkdir()
    (root / "policies" / "house.yaml").write_text(POLICY, "utf-8")
    (root / "policies" / "waivers.yaml").write_text("waivers: 1\nentries:\n" + "".join(_entries()), "utf-8")
    (root / "datapolicy.toml").write_text(SETTINGS, "utf-8")


def _entries() -> list[str]:
    """A waiver for every second data set: some hold, some have ended, some are needed by nothing."""
    return [
        ENTRY.format(
            dataset=f"set-{number:06d}@1",
            reason=f"it is being replaced, step {number}",
            expires=("2026-12-20", "2026-10-20", "2026-11-05")[number % 3],
        )
        for number in range(2, COUNT, 2)
    ]
