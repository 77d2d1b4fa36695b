"""The corpus command: what it prints and when it fails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from benchmarks.corpus import main

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "file\texpected_origin\texpected_label_origin\n"

PRINTED = """\
croissant: 1 files, 1 read, 0 refused or crashed
  median N ms a file, slowest N ms
huggingface: 4 files, 3 read, 1 refused or crashed
  median N ms a file, slowest N ms
  1 refused: DP001 the file does not start with front matter, so it is no dataset card
no reader: 1 files in other
all: 5 files, median N ms a file

labelled: 4 files, 3 of them with a reader

origin: truth down, read across
                   human  simulation     unknown
human                  1           .           .
model                  .           1           1
right: 1 of 3, 33.3%
honestly unknown: 1 of 3, 33.3%
wrong: 1 of 3, 33.3%
synthetic data read as human: 0

labels: truth down, read across
              absent    expert   unknown
crowd              .         .         1
expert             .         1         .
none               1         .         .
right: 1 of 3, 33.3%
honestly unknown: 2 of 3, 66.7%
wrong: 0 of 3, 0.0%
labels of machines, or none, read as human: 0
"""


def corpus(top: Path, files: dict[str, str], labelled: str = "") -> str:
    for name, text in {**files, **({"LABELLED.tsv": HEAD + labelled} if labelled else {})}.items():
        path = top / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return str(top)


def card(origin: str, labels: str) -> str:
    return f"---\nlanguage_creators: [{origin}]\nannotations_creators: [{labels}]\n---\n"


def test_a_table_for_each_fact(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "hf_card/a.md": card("crowdsourced", "expert-generated"),
        "hf_card/b.md": card("machine-generated", "machine-generated"),
        "hf_card/c.md": "no front matter",
        "hf_dataset_infos/d.json": '{"x": {"splits": {"train": {"num_examples": 1}}}}',
        "mixed/e.json": '{"@context": {}, "@type": "Dataset", "digitalSourceType": "DataDrivenMediaDigitalSource"}',
        "other/f.json": "[]",
    }
    truth = (
        *("hf_card/a.md human human-expert", "hf_card/b.md model crowd"),
        *("mixed/e.json model none", "other/f.json model none"),
    )
    labelled = "".join(f"{line}\n" for line in truth).replace(" ", "\t")
    assert main([corpus(tmp_path, files, labelled)]) == 0
    printed = re.sub(r"[0-9]+\.[0-9]+ ms", "N ms", capsys.readouterr().out)
    assert printed == PRINTED


def test_synthetic_data_read_as_human_fails_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = corpus(tmp_path, {"hf_card/a.md": card("crowdsourced", "other")}, "hf_card/a.md\tmixed\tnone\n")
    assert main([folder]) == 1
    assert "synthetic data read as human: 1\n  hf_card/a.md\n" in capsys.readouterr().out


def test_without_a_truth_there_is_no_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([corpus(tmp_path, {"hf_card/a.md": card("found", "found")})]) == 0
    assert "labelled" not in capsys.readouterr().out


def test_a_folder_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([str(tmp_path / "none")])
    assert caught.value.code == 2
    assert "is not a folder" in capsys.readouterr().err
