"""``datapolicy convert``: from a manifest to every format and back, and what is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.cli import main
from pytest_datapolicy.formats.writing import WRITERS
from pytest_datapolicy.model.format import alone, no_hosts

Captured = pytest.CaptureFixture[str]
NAMES = {"croissant": "croissant.json", "frictionless": "datapackage.json", "huggingface": "README.md"}
NOTES = """\
manifest: 1
name: triage-notes
version: "2026.11"
stakes: high
task: {judgment: objective}
novelty: established
domains: [medical]
license: Ask first
splits:
  train:
    purpose: training
    components:
      - {name: ward, origin: human, records: 120, weight: 0.50, files: [{path: data/a.csv}]}
      - {name: made, origin: rewritten, records: 10, generator: {name: gen}}
"""
CARD = """\
---
license: cc-by-4.0
pretty_name: Notes
language: [en]
size_categories: [n<1K]
annotations_creators: [expert-generated]
dataset_info:
  features: [{name: a, dtype: string}, {name: b, dtype: string}]
  splits: [{name: train, num_examples: 120}]
datapolicy:
  name: notes
  version: "1"
  stakes: low
  task: {judgment: objective}
  novelty: established
  splits: {train: {purpose: training, components: [{origin: human}]}}
---
"""


@pytest.fixture(autouse=True)
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("notes.dataset.yaml").write_text(NOTES)
    Path("README.md").write_text(CARD)
    return tmp_path


@pytest.mark.parametrize("form", WRITERS)
def test_there_and_back(form: str, capsys: Captured) -> None:
    path = NAMES.get(form, "contract.odcs.yaml")
    Path("there").mkdir()
    assert main(["convert", "--to", form, "notes.dataset.yaml", "--output", f"there/{path}"]) == 0
    assert main(["convert", "--to", "native", f"there/{path}", "--output", "back.dataset.yaml"]) == 0
    capsys.readouterr()
    native = Catalogue().format_named("native")
    before = native.read(NOTES.encode(), "notes.dataset.yaml").tree
    assert native.read(Path("back.dataset.yaml").read_bytes(), "back.dataset.yaml").tree == before


@pytest.mark.parametrize(
    ("form", "lost"),
    [
        ("croissant", "lost: data/a.csv has no sha256, which Croissant asks of every file\n"),
        ("frictionless", "lost: license is no identifier, which a data package asks for\n"),
        ("odcs", ""),
        ("huggingface", ""),
    ],
)
def test_what_a_format_has_no_field_for_is_named(form: str, lost: str, capsys: Captured) -> None:
    assert main(["convert", "--to", form, "notes.dataset.yaml"]) == 0
    said = capsys.readouterr()
    assert said.err == lost
    # Nothing of it is gone: it stands in the block.
    path = NAMES.get(form, "contract.odcs.yaml")
    tree = Catalogue().format_named(form).reading(said.out.encode(), path, alone, no_hosts).tree
    assert tree["license"] == "Ask first"
    assert tree["splits"]["train"]["components"][0]["files"] == [{"path": "data/a.csv"}]


def test_a_card_to_a_manifest_with_its_places(capsys: Captured) -> None:
    assert main(["convert", "--to", "native", "README.md"]) == 0
    said = capsys.readouterr()
    assert said.out == (
        "manifest: 1\n"
        "name: notes\n"
        'version: "1"\n'
        "stakes: low\n"
        "task: {judgment: objective}\n"
        "novelty: established\n"
        "license: cc-by-4.0  # README.md:2 license\n"
        "splits:\n"
        "  train:\n"
        "    purpose: training\n"
        "    components:\n"
        "      - name: all\n"
        "        origin: human\n"
        "        records: 120\n"
        "        labels: {by: expert}\n"
    )
    assert said.err == ("lost: pretty_name\nlost: language\nlost: size_categories\nlost: dataset_info.features\n")


def test_a_sidecar_is_converted_whole(capsys: Captured) -> None:
    Path("datapackage.json").write_text(
        '{"name": "n", "version": "2", "homepage": "x", "resources": [{"name": "test", "path": "a.csv", "rows": 4}]}'
    )
    Path("n.dataset.yaml").write_text(
        "manifest: 1\ndescribes: {path: datapackage.json}\nstakes: low\ntask: {judgment: objective}\n"
        "novelty: novel\nsplits: {test: {purpose: evaluation, components: [{origin: human}]}}\n"
    )
    assert main(["convert", "--to", "native", "n.dataset.yaml"]) == 0
    said = capsys.readouterr()
    assert said.err == "lost: homepage\n"
    assert said.out.splitlines()[1:3] == [
        'name: "n"  # datapackage.json:1 name',
        'version: "2"  # datapackage.json:1 version',
    ]
    assert said.out.splitlines()[-5:] == [
        "      - name: all",
        "        origin: human",
        "        records: 4",
        "        files:",
        "          - {path: a.csv}",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\nlicense: mit\n---\n", "README.md:2: required field name is missing in this manifest, and 5 more"),
        (CARD.replace("[{origin: human}]", "[{origin: human, records: 7}]"), "README.md contradicts itself: "),
        ("no card", "README.md: the file does not start with front matter, so it is no dataset card"),
    ],
)
def test_what_is_no_whole_manifest(text: str, message: str, capsys: Captured) -> None:
    Path("README.md").write_text(text)
    assert main(["convert", "--to", "croissant", "README.md"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err


def test_an_output_file_is_never_overwritten(capsys: Captured) -> None:
    assert main(["convert", "--to", "odcs", "notes.dataset.yaml", "--output", "README.md"]) == 2
    assert "README.md exists, and is left as it is" in capsys.readouterr().err
    assert Path("README.md").read_text() == CARD
    assert main(["convert", "--to", "odcs", "notes.dataset.yaml", "--output", "no/such.yaml"]) == 4
    assert "'no/such.yaml' could not be written: No such file or directory" in capsys.readouterr().err


def test_a_format_that_is_not_written(capsys: Captured) -> None:
    assert main(["convert", "--to", "parquet", "notes.dataset.yaml"]) == 2
    assert "invalid choice: 'parquet'" in capsys.readouterr().err
