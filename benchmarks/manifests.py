"""Varied manifests of about 60 lines for measurements: same seed, same bytes."""

from __future__ import annotations

import random
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

STAKES = ("low", "medium", "high", "critical")
DOMAINS = ("retail", "support", "news", "code", "law-texts", "travel")
SLICES = ("sepsis", "stroke", "refund", "night", "accent", "long-tail")


def manifest(number: int, draw: random.Random) -> str:
    """One manifest that the pack baseline passes."""
    stakes = draw.choice(STAKES[:3])
    real = draw.randrange(20_000, 400_000)
    lines = [
        "manifest: 1",
        f"name: set-{number:06d}",
        f'version: "2026.{draw.randrange(1, 13)}"',
        f"summary: Records of {draw.choice(DOMAINS)} number {number}",
        f"stakes: {stakes}",
        f"task: {{name: {draw.choice(('triage', 'intent', 'ranking'))}, judgment: objective}}",
        "novelty: established",
        f"domains: [{draw.choice(DOMAINS)}]",
        f"models: [{{name: acme-{draw.randrange(9)}, family: acme}}]",
        f"owner: team-{draw.randrange(40)}@example.org",
        "license: CC-BY-4.0",
        "splits:",
        "  train:",
        "    purpose: training",
        "    components:",
    ]
    lines += _real("collected", real, number, draw)
    for part in range(draw.randrange(1, 3)):
        lines += _synthetic(f"generated-{part}", real // 20, draw)
    lines += ["  test:", "    purpose: evaluation", "    scored_by: human", "    components:"]
    lines += _real("held-out", draw.randrange(3_000, 9_000), -number - 1, draw)
    return "\n".join(lines) + "\n"


def _real(name: str, records: int, number: int, draw: random.Random) -> list[str]:
    first, second = draw.sample(SLICES, 2)
    digest = sha256(f"{name}{number}".encode()).hexdigest()
    return [
        f"      - name: {name}",
        "        origin: human",
        f"        records: {records}",
        f"        tokens: {records * 57}",
        f"        slices: {{{first}: {draw.randrange(900, 1500)}, {second}: {draw.randrange(900, 1500)}}}",
        "        labels:",
        f"          by: {draw.choice(('expert', 'crowd'))}",
        "          annotators: 3",
        "          adjudicated: true",
        "          agreement: {metric: krippendorff_alpha, value: 0.84, records: 600}",
        "        collected: {from: 2025-11-01, to: 2026-02-28}",
        "        files:",
        f'          - {{path: "data/{name}-{number}.parquet", records: {records}, sha256: "{digest}"}}',
    ]


def _synthetic(name: str, records: int, draw: random.Random) -> list[str]:
    sampled = min(records, 700)
    return [
        f"      - name: {name}",
        "        origin: model",
        f"        records: {records}",
        f"        tokens: {records * 61}",
        f"        generator: {{name: gen-{draw.randrange(9)}, family: other, generation: 1}}",
        "        labels: {by: expert}",
        "        review:",
        "          method: random",
        f"          seed: {draw.randrange(10**8)}",
        f"          sampled: {sampled}",
        f"          accepted: {sampled}",
        "          corrected: 0",
        "          rejected: 0",
        "          resolution: fixed",
        "          reviewers: [{id: r-17, kind: human}, {id: r-22, kind: human}]",
        "          date: 2026-10-30",
    ]


def write(folder: Path, count: int, seed: int = 7) -> None:
    """`count` manifests below `folder`, a hundred to a folder."""
    draw = random.Random(seed)
    for number in range(count):
        place = folder / f"{number // 100:04d}" / f"set-{number:06d}.dataset.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(manifest(number, draw), "utf-8")
