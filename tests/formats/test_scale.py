"""Foreign files as large as the limits allow are read in time in proportion to their size."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from pytest_datapolicy.testing import judge_text

ANSWERS = {"name": "a", "version": "1", "stakes": "low", "task": {"judgment": "objective"}, "novelty": "novel"}
SECONDS = 30
"""Each takes one or two; what grows with the square of its size takes minutes."""


def card(**fields: Any) -> dict[str, str]:
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in {**fields, "datapolicy": ANSWERS}.items())
    return {"README.md": f"---\n{lines}---\n"}


def croissant(**fields: Any) -> dict[str, str]:
    return {"croissant.json": json.dumps({"@context": {}, "@type": "Dataset", "datapolicy": ANSWERS, **fields})}


CASES = {
    "splits": card(dataset_info={"splits": [{"name": f"s{i}", "num_examples": 1} for i in range(5000)]}),
    "names that are respelled alike": card(dataset_info={"splits": [{"name": chr(0x4E00 + i)} for i in range(5000)]}),
    "configurations": card(
        language_creators={f"c{i}": "found" for i in range(5000)},
        dataset_info=[{"config_name": f"c{i}", "splits": [{"name": "train"}]} for i in range(5000)],
    ),
    "tags": card(tags=[f"t{i}" for i in range(40_000)]),
    "files of splits": croissant(
        recordSet=[{"dataType": "cr:Split", "data": [{"a": f"s{i}"} for i in range(3000)]}],
        distribution=[{"@type": "cr:FileObject", "contentUrl": f"f{i}", "sha256": "x"} for i in range(5000)],
    ),
    "doubts": {"README.md": "---\ndatapolicy:\n  x:\n" + "  - no\n" * 40_000 + "---\n"},
    "doubts of JSON": {
        "croissant.json": '{"@context": {}, "datapolicy": [' + "1e5, " * 40_000 + '0], "@type": "Dataset"}'
    },
}


@pytest.mark.parametrize("files", CASES.values(), ids=CASES.keys())
def test_large_files_take_time_in_proportion(files: dict[str, str]) -> None:
    start = time.process_time()
    report = judge_text(files)
    assert time.process_time() - start < SECONDS
    assert report.manifests == 1
    assert {finding.rule for finding in report.findings} <= {"DP002", "DP004"}
