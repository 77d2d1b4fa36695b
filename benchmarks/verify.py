"""Measuring data: ``python -m benchmarks.verify [ROWS ...]`` prints ratios of CPU time, and peak memory.

For each number of rows (5,000,000 when none is given) data are made in a temporary folder, about 25 bytes a row. Each
line compares whole processes that ran in turn; the figure is the median of their user and system time. The peers are
what a person would write by hand for one question: one query by DuckDB and the digest of the bytes by ``sha256sum``
where there is one, and by hashlib, which is the faster of the two on processors with instructions for SHA. Linux or
macOS (``wait4``).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from benchmarks.lint import Cost, compare, line
from benchmarks.records import TESTED, Made, make

ROWS = 5_000_000
LIMIT = "1GB"
"""For the check and for the peers alike."""
WORDS = 24
"""In records that are long enough to share a run of 13 words."""
CLAIMS_BY_HAND = """
import duckdb, hashlib, sys
path, limit = sys.argv[1:]
with duckdb.connect(config={"memory_limit": limit}) as connection:
    print(connection.execute("SELECT source, count(*) FROM read_parquet(?) GROUP BY source", [path]).fetchall())
with open(path, "rb") as file:
    print(hashlib.file_digest(file, "sha256").hexdigest())
"""
CLAIMS_BY_SUM = """
import duckdb, subprocess, sys
path, limit = sys.argv[1:]
with duckdb.connect(config={"memory_limit": limit}) as connection:
    print(connection.execute("SELECT source, count(*) FROM read_parquet(?) GROUP BY source", [path]).fetchall())
subprocess.run(["sha256sum", path], check=True)
"""
OVERLAP_BY_HAND = """
import duckdb, sys
train, test, limit = sys.argv[1:]
with duckdb.connect(config={"memory_limit": limit}) as connection:
    connection.execute("CREATE TEMP TABLE test AS SELECT DISTINCT lower(trim(text)) AS t FROM read_parquet(?)", [test])
    trained = "SELECT lower(trim(text)) AS t FROM read_parquet(?)"
    found = f"SELECT count(DISTINCT t) FROM ({trained}) SEMI JOIN test USING (t)"
    print(connection.execute(found, [train]).fetchall())
"""
"""The set is built from the smaller side, which takes two thirds of the time of a semi-join as it comes to mind."""


class Seen(NamedTuple):
    """What one number of rows cost."""

    rows: int
    claims: dict[str, Cost]
    overlap: dict[str, Cost]


def check(manifest: Path, *options: str) -> list[str]:
    """The command that measures one data set."""
    return [sys.executable, "-m", "pytest_datapolicy", "check", "--verify", "--no-cache", *options, str(manifest)]


def found(made: Made) -> int:
    """How many records to test on the check finds in training: a measurement of a wrong answer is worth nothing."""
    done = subprocess.run(
        check(made.texts, "--select", "DP606", "--format", "json"), capture_output=True, text=True, check=False
    )
    findings = [finding for finding in json.loads(done.stdout)["findings"] if finding["rule"] == "DP606"]
    share = float(findings[0]["observed"]) if findings else 0.0
    return round(share * (made.rows // TESTED))


def measured(folder: Path, rows: int) -> Seen:
    """Counts, origins and digests, then texts that are compared whole; for few rows also runs of words."""
    times = 3 if rows <= ROWS else 1
    made = make(folder / "short", rows, limit=LIMIT)
    print(f"{rows:,} records to train on, {rows // TESTED:,} to test on, memory limit {LIMIT}, {times} times")
    claims = compare_claims(made)
    overlap = compare_overlap(made, times)
    ratio(overlap, "exact overlap", "<= 1.3")
    if rows <= ROWS:
        if found(made) != made.leaked:
            raise SystemExit(f"{found(made)} records were found in training, {made.leaked} are there")
        long = make(folder / "long", rows // 10, words=WORDS, limit=LIMIT)
        ratio(compare_overlap(long, times), f"exact and 13 words, {rows // 10:,} of {WORDS} words", "")
        odd = make(folder / "odd", rows // 10, odd=50, limit=LIMIT)
        ratio(compare_overlap(odd, times), f"exact overlap, {rows // 10:,}, 2% not ASCII", "")
    return Seen(rows, claims, overlap)


def compare_claims(made: Made) -> dict[str, Cost]:
    """Counts, origins and the digest of one file by the check, and by a query and a digest."""
    commands = {
        "check": check(made.claims),
        "by hand": [sys.executable, "-c", CLAIMS_BY_HAND, str(made.train), LIMIT],
    }
    if shutil.which("sha256sum"):
        commands["by sum"] = [sys.executable, "-c", CLAIMS_BY_SUM, str(made.train), LIMIT]
    claims = compare(commands, 3)
    if "by sum" in claims:
        ratio(claims | {"by hand": claims["by sum"]}, "counts, origins, digest by sha256sum", "<= 1.2")
    ratio(claims, "counts, origins, digest by hashlib", "")
    return claims


def compare_overlap(made: Made, times: int) -> dict[str, Cost]:
    """The overlap by the check and by a query for this one question."""
    by_hand = [sys.executable, "-c", OVERLAP_BY_HAND, str(made.train), str(made.test), LIMIT]
    return compare({"check": check(made.texts, "--select", "DP606"), "by hand": by_hand}, times, codes={"check": (1,)})


def ratio(costs: dict[str, Cost], what: str, target: str) -> None:
    """What the check costs in relation to the work by hand, with the figures."""
    ours, peer = costs["check"], costs["by hand"]
    line(f"{what}: check / by hand", ours.cpu / peer.cpu, "x", target)
    line("  check, CPU (peak memory)", ours.cpu, "s", f"({ours.memory:.0f} MB)")
    line("  by hand, CPU (peak memory)", peer.cpu, "s", f"({peer.memory:.0f} MB)")


def growth(first: Seen, last: Seen) -> None:
    """What each further million rows costs: without what every process costs that starts."""
    millions = (last.rows - first.rows) / 1e6
    for what, before, after in (
        ("counts, origins, digest", first.claims, last.claims),
        ("exact overlap", first.overlap, last.overlap),
    ):
        ours, peer = ((after[who].cpu - before[who].cpu) / millions for who in ("check", "by hand"))
        line(f"{what}, a further million: check / by hand", ours / peer, "x", "")
        line(f"  check, from {first.rows:,} to {last.rows:,}", ours, "s", "")


def main(arguments: list[str]) -> int:
    runs: list[Seen] = []
    for rows in [int(argument) for argument in arguments] or [ROWS]:
        with tempfile.TemporaryDirectory() as name:
            runs.append(measured(Path(name), rows))
    for before, after in pairwise(runs):
        growth(before, after)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
