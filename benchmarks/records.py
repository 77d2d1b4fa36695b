"""Data sets of any size for measurements: made-up words in Parquet, written by DuckDB below a memory limit."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

TESTED = 50
"""One record to test on for so many to train on."""
LEAKED = 100
"""One of so many records to test on is a record to train on."""
SYLLABLES = [head + tail for head in "bdfghjklmnprstvz" for tail in ("a", "e", "i", "o", "u", "an", "er", "in")]
WORDS = [SYLLABLES[number % 128] + SYLLABLES[(number * 7 + number // 128) % 128] for number in range(4096)]
HEAD = """\
manifest: 1
name: {name}
version: "1"
stakes: low
task: {{name: measuring, judgment: objective}}
novelty: established
splits:
"""
CLAIMS = """\
  train:
    purpose: training
    columns: {{id: id, origin: source, origins: {{ward: human, script: simulation}}}}
    components:
      - name: wards
        origin: human
        records: {real}
        files: [{{path: train.parquet, sha256: "{digest}"}}]
        where: {{source: ward}}
      - name: script
        origin: simulation
        records: {made}
        files: [{{path: train.parquet, sha256: "{digest}"}}]
        where: {{source: script}}
"""
TEXTS = """\
  train:
    purpose: training
    columns: {{id: id, text: [text]}}
    components:
      - {{name: notes, origin: unknown, records: {train}, files: [{{path: train.parquet}}]}}
  test:
    purpose: evaluation
    columns: {{id: id, text: [text]}}
    components:
      - {{name: notes, origin: unknown, records: {test}, files: [{{path: test.parquet}}]}}
"""
POLICY = """\
policy: 1
name: measuring
version: "1"
rules: {file-present: {}}
"""


class Made(NamedTuple):
    """A folder of data with two manifests: one claims counts, origins and digests, the other has texts to compare."""

    folder: Path
    rows: int
    leaked: int
    """Records to test on that are records to train on."""

    @property
    def train(self) -> Path:
        return self.folder / "train.parquet"

    @property
    def test(self) -> Path:
        return self.folder / "test.parquet"

    @property
    def claims(self) -> Path:
        return self.folder / "claims.dataset.yaml"

    @property
    def texts(self) -> Path:
        return self.folder / "texts.dataset.yaml"


def make(folder: Path, rows: int, *, words: int = 9, limit: str = "2GB", odd: int = 0) -> Made:
    """Write `rows` records of so many words to train on and some to test on; one in `odd` of them is not ASCII.

    The check runs below the memory `limit`.
    """
    folder.mkdir(parents=True)
    made = Made(folder, rows, len(range(0, rows // TESTED, LEAKED)))
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "2GB",
        "preserve_insertion_order": "false",
    }
    connection = duckdb.connect(config=config)
    connection.execute("SET enable_progress_bar = false")
    connection.execute("CREATE TEMP TABLE words AS SELECT ? AS v", [WORDS])
    # Row i of the test is row i of the training where it leaked, else one that is behind its end.
    leaked = f"CASE WHEN i % {LEAKED} = 0 THEN i ELSE {rows} + i END"
    _copy(connection, f"SELECT i, i AS seed FROM range({rows}) r(i)", words, odd, made.train)
    _copy(connection, f"SELECT i, {leaked} AS seed FROM range({rows // TESTED}) r(i)", words, odd, made.test)
    connection.close()
    with open(made.train, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    script = len(range(0, rows, 5))
    facts = {"digest": digest, "real": rows - script, "made": script, "train": rows, "test": rows // TESTED}
    made.claims.write_text(HEAD.format(name="claims") + CLAIMS.format(**facts), "utf-8")
    made.texts.write_text(HEAD.format(name="texts") + TEXTS.format(**facts), "utf-8")
    (folder / "policy.yaml").write_text(POLICY, "utf-8")
    (folder / "datapolicy.toml").write_text(
        f'policy = "policy.yaml"\n\n[verify]\nmemory_limit = "{limit}"\n', encoding="utf-8"
    )
    return made


def _copy(connection: duckdb.DuckDBPyConnection, seeds: str, words: int, odd: int, path: Path) -> None:
    chosen = ", ".join(f"v[1 + (hash(seed * 64 + {place}) % 4096)::INT]" for place in range(words))
    end = f"CASE WHEN {odd} > 0 AND seed % {max(odd, 1)} = 0 THEN ' café.' ELSE '.' END"
    source = "CASE WHEN i % 5 = 0 THEN 'script' ELSE 'ward' END"
    connection.execute(
        f"COPY (SELECT 'r' || i AS id, concat_ws(' ', {chosen}) || {end} AS text, {source} AS source "
        f"FROM words, ({seeds})) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
    )
