"""The pack strict against the pack baseline: ``python -m benchmarks.packs [COUNT]`` prints the ratio of CPU time.

All manifests pass both, so that what is measured is deciding, not the telling of findings.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from benchmarks import manifests
from benchmarks.lint import compare, line

REVIEW = """\
        review:
          method: random
          seed: 5
          sampled: 700
          accepted: 700
          corrected: 0
          rejected: 0
          reviewers: [{id: r-17, kind: human}, {id: r-22, kind: human}]
          date: 2026-10-30
"""


def manifest(number: int, draw: random.Random) -> str:
    """One manifest that the pack strict passes: a lineage for what was made, a review of what evaluates."""
    text = manifests.manifest(number, draw)
    name, version = f"set-{number:06d}", text.partition('version: "')[2].partition('"')[0]
    lines = []
    for row in text.splitlines():
        lines.append(row)
        if row == "        origin: model":
            lines.append(f"        derived_from: [{name}@{version}#train/collected]")
        if row == "          date: 2026-10-30":
            lines.append(f"          of: {name}@{version}")
    train, _, test = ("\n".join(lines) + "\n").partition("  test:\n")
    slices = next(row for row in train.splitlines() if "slices:" in row)
    rows = [slices if "slices:" in row else row for row in test.splitlines()]
    return f"{train}  test:\n" + "\n".join(rows) + "\n" + REVIEW


def write(folder: Path, count: int, seed: int = 7) -> None:
    """`count` manifests below `folder`, a hundred to a folder."""
    draw = random.Random(seed)
    for number in range(count):
        place = folder / f"{number // 100:04d}" / f"set-{number:06d}.dataset.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(manifest(number, draw), "utf-8")


def main(arguments: list[str]) -> int:
    count = int(arguments[0]) if arguments else 2_000
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), count)
        (Path(name) / "datapolicy.toml").touch()  # the project root
        check = [sys.executable, "-m", "pytest_datapolicy", "check", name, "--today", "2026-11-01", "--policy"]
        costs = compare({pack: [*check, f"builtin:{pack}"] for pack in ("baseline", "strict")}, 5)
    ratio = costs["strict"].cpu / costs["baseline"].cpu
    line(f"check {count:,} manifests with strict / with baseline", ratio, "x", "<= 1.3")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
