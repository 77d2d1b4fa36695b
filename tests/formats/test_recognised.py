"""Which files are looked for, which are recognised by what they hold, and what stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.app import check
from pytest_datapolicy.catalogue import Catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_datapolicy.model.report import Report

ANSWERS = 'name: {}, version: "1", stakes: low, task: {{judgment: objective}}, novelty: novel'
CARD = """\
---
language_creators: [crowdsourced]
annotations_creators: [crowdsourced]
dataset_info: {splits: [{name: train, num_examples: 10}]}
datapolicy: {ANSWERS, splits: {train: {purpose: training}}}
---
""".replace("ANSWERS", ANSWERS.format("card"))
CROISSANT = """\
{"@context": {"@vocab": "https://schema.org/"}, "@type": "sc:Dataset", "name": "eaten",
 "datapolicy": {"version": "1", "stakes": "low", "task": {"judgment": "objective"}, "novelty": "novel",
  "splits": {"train": {"purpose": "training", "components": [{"origin": "human", "records": 1}]}}}}
"""
NATIVE = f"manifest: 1\n{ANSWERS.format('native')}\n".replace(", ", "\n") + (
    "splits: {train: {purpose: training, components: [{name: a, origin: human, records: 1}]}}\n"
)


def project(top: Path, files: dict[str, str], settings: str = "") -> Path:
    for name, text in {"datapolicy.toml": settings, **files}.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return top


def judged(top: Path, *paths: str) -> Report:
    return check([str(top / path) for path in paths] or None, root=str(top), today="2026-11-01")


def told(report: Report) -> list[str]:
    return [f"{finding.rule} {finding.place.path}" for finding in report.findings if finding.rule < "DP1"]


FILES = {
    "README.md": "# A project\n",
    "data/README.md": CARD,
    "data/croissant.json": CROISSANT,
    "x.dataset.yaml": NATIVE,
}


def test_foreign_formats_are_not_looked_for_unless_asked(tmp_path: Path) -> None:
    report = judged(project(tmp_path, FILES))
    assert (report.manifests, told(report)) == (1, [])


def test_settings_choose_formats(tmp_path: Path) -> None:
    report = judged(project(tmp_path, FILES, 'formats = ["native", "huggingface", "croissant"]'))
    assert (report.manifests, report.skipped, told(report)) == (3, 1, [])


def test_settings_can_leave_the_native_format_out(tmp_path: Path) -> None:
    report = judged(project(tmp_path, FILES, 'formats = ["croissant"]'))
    assert report.manifests == 1


def test_an_unknown_format_in_the_settings_is_an_error(tmp_path: Path) -> None:
    report = judged(project(tmp_path, FILES, 'formats = ["huggingfaces"]'))
    assert [(error.code, error.message, error.remedy) for error in report.errors] == [
        (2, "formats: unknown format 'huggingfaces'", "did you mean huggingface?")
    ]


@pytest.mark.parametrize("name", ["README.md", "card.md", "odd.txt"])
def test_a_named_card_is_recognised_by_its_front_matter(tmp_path: Path, name: str) -> None:
    report = judged(project(tmp_path, {name: CARD}), name)
    assert (report.manifests, told(report), report.errors) == (1, [], ())


@pytest.mark.parametrize("name", ["metadata.json", "croissant.json", "eaten"])
def test_a_named_croissant_file_is_recognised_by_its_context(tmp_path: Path, name: str) -> None:
    report = judged(project(tmp_path, {name: CROISSANT}), name)
    assert (report.manifests, told(report), report.errors) == (1, [], ())


def test_a_glob_of_the_settings_brings_files_of_any_name(tmp_path: Path) -> None:
    report = judged(project(tmp_path, {"deep/metadata.json": CROISSANT}, 'manifests = ["**/metadata.json"]'))
    assert (report.manifests, told(report), report.errors) == (1, [], ())


def test_a_named_readme_without_front_matter_is_refused_as_a_card(tmp_path: Path) -> None:
    report = judged(project(tmp_path, {"README.md": "# A project\n"}), "README.md")
    assert [finding.message for finding in report.findings] == [
        "the file does not start with front matter, so it is no dataset card"
    ]


def test_a_native_name_stays_native_whatever_it_holds(tmp_path: Path) -> None:
    report = judged(project(tmp_path, {"croissant.dataset.json": CROISSANT}, 'formats = ["native", "croissant"]'))
    assert [(finding.rule, finding.message) for finding in report.findings][:1] == [
        ("DP002", "this is no manifest: required field manifest is missing")
    ]


def test_a_readme_that_is_a_folder_is_found_and_refused(tmp_path: Path) -> None:
    project(tmp_path, {"data/README.md/a.txt": ""}, 'formats = ["huggingface"]')
    assert [f"{finding.rule} {finding.message}" for finding in judged(tmp_path).findings] == [
        "DP001 this is a directory, not a regular file"
    ]


def test_files_beside_are_read_from_the_same_folder(tmp_path: Path) -> None:
    files = {
        "a/README.md": CARD,
        "a/eval.yaml": "evaluation_framework: x\ntasks: [{split: train}]\n",
        "eval.yaml": "evaluation_framework: x\ntasks: []\ntasks: []\n",
    }
    report = judged(project(tmp_path, files, 'formats = ["huggingface"]'))
    clashes = [finding for finding in report.findings if finding.rule == "DP007"]
    assert [(finding.rule, finding.message, finding.related[0].place.path) for finding in clashes] == [
        (
            "DP007",
            "purpose is training in the datapolicy block of this file, but eval.yaml tasks[0].split says evaluation",
            "a/eval.yaml",
        )
    ]


def test_a_link_beside_that_leads_out_of_the_project_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "secret.yaml"
    outside.write_text("evaluation_framework: x\n", "utf-8")
    top = project(tmp_path / "top", {"README.md": CARD}, 'formats = ["huggingface"]')
    (top / "eval.yaml").symlink_to(outside)
    assert [finding.message for finding in judged(top).findings] == ["this leads out of the project root"]


def test_a_host_file_may_be_larger_than_a_manifest(tmp_path: Path) -> None:
    body = "All of it is prose.\n" * 60_000
    report = judged(project(tmp_path, {"README.md": CARD + body}, 'formats = ["huggingface"]'))
    assert (report.manifests, told(report)) == (1, [])


def test_findings_point_at_the_true_line_of_the_card(tmp_path: Path) -> None:
    card = CARD.replace("crowdsourced", "found", 1).replace("train", "test").replace("testing", "evaluation")
    report = judged(project(tmp_path, {"README.md": card.replace("\n", "\r\n")}), "README.md")
    found = next(finding for finding in report.findings if finding.rule == "DP201")
    assert (found.place.line, found.place.column, found.place.source) == (2, 1, "language_creators: [found]")


def test_the_head_of_a_file_tells_its_format() -> None:
    catalogue = Catalogue()
    assert catalogue.format_of("a/b.txt", b"\xef\xbb\xbf---\r\na: b\r\n---\r\n").name == "huggingface"
    assert catalogue.format_of("a/b.txt", b' {"@type": "x", "@context": {}}').name == "croissant"
    assert catalogue.format_of("a/b.txt", b"manifest: 1\n").name == "native"
    assert catalogue.format_of("a/README.md", b"").name == "huggingface"
    assert catalogue.format_of("dataset.yaml", b"---\nmanifest: 1\n").name == "native"
