"""``datapolicy init``: what is known is filled in, the four questions are left open, nothing is overwritten."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from pytest_datapolicy import check
from pytest_datapolicy.cli import main
from pytest_datapolicy.testing import read_cases

HOSTS = {case["file"]: case["text"] for case in read_cases(str(Path(__file__).with_name("hosts.yaml")))}
QUESTIONS = [
    "required field novelty is missing in this manifest",
    "required field stakes is missing in this manifest",
    "required field task is missing in this manifest",
]
PURPOSE = "required field purpose is missing in this split"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "triage-notes"
    folder.mkdir()
    (folder / "datapolicy.toml").touch()
    monkeypatch.chdir(folder)
    return folder


def _answered(text: str) -> str:
    """The manifest when somebody has taken away the # from the questions."""
    return re.sub(r"(?m)^( *)# (stakes|task|novelty|purpose):", r"\1\2:", text)


def _found(folder: Path) -> list[tuple[str, str]]:
    report = check([str(folder)], today="2026-11-01")
    assert [error.message for error in report.errors] == []
    return sorted((item.rule, item.message) for item in report.findings)


@pytest.mark.parametrize("name", HOSTS)
def test_the_next_check_asks_the_four_questions_and_nothing_else(
    name: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / name).write_text(HOSTS[name], "utf-8")
    assert main(["init", name]) == 0
    [written] = [path for path in project.iterdir() if path.name.endswith("dataset.yaml")]
    text = written.read_text("utf-8")
    splits = yaml.safe_load(text)["splits"]
    unsaid = [split for split, parts in splits.items() if "purpose" not in parts]
    opened = "".join(f", splits.{split}.purpose" for split in unsaid)
    assert capsys.readouterr().out == f"wrote {written.name}\nopen: stakes, task, novelty{opened}\n"
    expected = [*QUESTIONS, *[PURPOSE for _ in unsaid]]
    assert _found(project) == sorted(("DP002", message) for message in expected)
    written.write_text(_answered(text), "utf-8")
    rules = {rule for rule, _ in _found(project)}
    assert not rules & {"DP000", "DP001", "DP002", "DP003", "DP004", "DP007"}


def test_a_card_is_filled_in_with_the_place_of_each_fact(project: Path) -> None:
    (project / "README.md").write_text(HOSTS["README.md"], "utf-8")
    assert main(["init", "README.md"]) == 0
    lines = (project / "dataset.yaml").read_text("utf-8").splitlines()
    assert lines == [
        "# Fills the gaps of README.md, whose facts stand below with their places: where the two differ, that is told.",
        "manifest: 1",
        "describes: {path: README.md, format: huggingface}",
        "name: triage-notes  # the name of the folder",
        'version: "1"  # a first version: README.md gives none',
        "license: cc-by-4.0  # README.md:2 license",
        "# Three questions that no file answers. Take away the # and choose.",
        "# stakes: low                      # low, medium, high or critical: how costly is a wrong answer?",
        "# task: {judgment: objective}      # objective: there is a right answer; subjective: people judge",
        "# novelty: established             # established or novel: is the domain new to the model?",
        "splits:",
        "  train:  # README.md:7 dataset_info.splits[0]",
        "    # purpose: training   # training, validation, evaluation, preference or diagnostic",
        "    components:",
        "      - name: all",
        "        origin: unknown  # README.md:4: language_creators says machine-generated, "
        "which can mean a model, a machine translation, templates, OCR or a crawler",
        "        records: 120  # README.md:7 dataset_info.splits[0].num_examples",
        "        labels:",
        "          by: expert  # README.md:3 annotations_creators",
        "  test:  # README.md:8 dataset_info.splits[1]",
        "    # purpose: training   # training, validation, evaluation, preference or diagnostic",
        "    components:",
        "      - name: all",
        "        origin: unknown  # README.md:4: language_creators says machine-generated, "
        "which can mean a model, a machine translation, templates, OCR or a crawler",
        "        records: 30  # README.md:8 dataset_info.splits[1].num_examples",
        "        labels:",
        "          by: expert  # README.md:3 annotations_creators",
    ]


def test_a_folder_of_data_files(project: Path) -> None:
    data = project / "corpus"
    (data / "test").mkdir(parents=True)
    (data / "train-00000-of-00002.csv").write_text('id,text\n1,"a\nb"\n2,c\n')
    (data / "train-00001-of-00002.csv").write_text("id,text\n3,d\n")
    (data / "test" / "part.jsonl").write_text('{"id": 1}\n\n{"id": 2}\n')
    (data / "extra.parquet").write_bytes(b"PAR1")
    (data / ".hidden.csv").write_text("id\n1\n")
    (data / "link.csv").symlink_to(data / "extra.parquet")
    (data / "notes.md").write_text("no data")
    assert main(["init", "corpus"]) == 0
    tree = yaml.safe_load((data / "dataset.yaml").read_text("utf-8"))
    found = {
        split: [(item["origin"], item["records"], [(file["path"], file.get("records")) for file in item["files"]])]
        for split, parts in tree["splits"].items()
        for item in parts["components"]
    }
    assert found == {
        "data": [("unknown", 0, [("extra.parquet", None)])],
        "test": [("unknown", 2, [("test/part.jsonl", 2)])],
        "train": [("unknown", 3, [("train-00000-of-00002.csv", 2), ("train-00001-of-00002.csv", 1)])],
    }
    [file] = tree["splits"]["test"]["components"][0]["files"]
    assert file["sha256"] == sha256((data / "test" / "part.jsonl").read_bytes()).hexdigest()
    assert _found(project) == sorted(("DP002", message) for message in [*QUESTIONS, PURPOSE, PURPOSE, PURPOSE])


def test_nothing_is_overwritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "README.md").write_text(HOSTS["README.md"], "utf-8")
    (project / "dataset.yaml").symlink_to(project / "nowhere.yaml")
    assert main(["init", "README.md"]) == 2
    assert "dataset.yaml exists, and is left as it is" in capsys.readouterr().err
    assert not (project / "nowhere.yaml").exists()
    assert main(["init", "README.md", "--output", "notes.dataset.yaml"]) == 0
    assert sorted(path.name for path in project.iterdir() if path.suffix != ".toml") == [
        "README.md",
        "dataset.yaml",
        "notes.dataset.yaml",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.json"], "there is no file or folder 'nothing.json'"),
        (["datapolicy.toml"], "datapolicy.toml is no card, Croissant file, data package or contract"),
        (["empty"], "no data file below 'empty'"),
        (["broken.croissant"], "broken.croissant cannot be read: "),
        (["block.datapackage.json"], "block.datapackage.json has a datapolicy block already"),
        (
            ["README.md", "--output", "empty/dataset.yaml"],
            "empty/dataset.yaml would lie below the file that it describes",
        ),
    ],
)
def test_what_cannot_be_started(
    arguments: list[str], message: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "empty").mkdir()
    (project / "README.md").write_text(HOSTS["README.md"], "utf-8")
    (project / "broken.croissant").write_text('{"@context": ', "utf-8")
    (project / "block.datapackage.json").write_text('{"resources": [], "datapolicy": {}}', "utf-8")
    before = sorted(project.rglob("*"))
    assert main(["init", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert sorted(project.rglob("*")) == before


def test_data_that_the_manifest_cannot_name(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "corpus").mkdir()
    (project / "corpus" / "a.csv").write_text("id\n1\n")
    (project / "other").mkdir()
    assert main(["init", "corpus", "--output", "other/dataset.yaml"]) == 2
    assert "cannot be named in other/dataset.yaml" in capsys.readouterr().err
    assert main(["init", "corpus", "--output", "dataset.yaml"]) == 0
    assert "{path: corpus/a.csv, records: 1, sha256: " in (project / "dataset.yaml").read_text("utf-8")


def test_a_place_that_cannot_be_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "README.md").write_text(HOSTS["README.md"], "utf-8")
    (project / "file").touch()
    assert main(["init", "README.md", "--output", "../gone/dataset.yaml"]) == 2
    assert main(["init", str(project / "README.md"), "--output", "file/dataset.yaml"]) in (2, 4)
    assert sorted(path.name for path in project.iterdir()) == ["README.md", "datapolicy.toml", "file"]
    assert "error" in capsys.readouterr().err


def test_a_comment_stays_one_whatever_a_host_says(project: Path) -> None:
    (project / "README.md").write_text('---\nlanguage_creators: ["x\\n  origin: human"]\n---\n', "utf-8")
    assert main(["init", "README.md"]) == 0
    tree = yaml.safe_load((project / "dataset.yaml").read_text("utf-8"))
    assert [component["origin"] for component in tree["splits"]["data"]["components"]] == ["unknown"]
