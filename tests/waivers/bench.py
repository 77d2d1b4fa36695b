"""A small policy, manifests and waivers, and what a report says of them in one line a finding."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.engine.run import judge
from pytest_datapolicy.policy.load import load_policy
from pytest_datapolicy.policy.waivers import load_waivers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_datapolicy.engine.judged import Judged
    from pytest_datapolicy.model.format import Reading
    from pytest_datapolicy.model.policy import Policy
    from pytest_datapolicy.model.report import Finding

CATALOGUE = Catalogue()
ROOT = os.path.abspath(os.path.join(os.sep, "project"))
ABOUT_WAIVERS = ("DP702", "DP703", "DP704")
POLICY = """\
policy: 1
name: house
version: "1"
waivers: {files: [waivers.yaml], max_days: 90, approvers: [board@example.org]}
rules:
  max-synthetic-ratio: {limits: [{max: 0.3, when: {purpose: training}}]}
"""
MANIFEST = """\
manifest: 1
name: intents
version: "1"
stakes: low
task: {name: intent, judgment: objective}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {name: tickets, origin: human, records: 60, labels: {by: expert}}
      - {name: made, origin: simulation, records: 40, labels: {by: program}}
"""
TERMS = "owner: ada@example.org, approved_by: board@example.org"


def waiver(rule: str = "DP101", dataset: str = "intents@1", **more: str) -> str:
    """One entry on one line; fields as they are written."""
    given = {"reason": "r", "granted": "2026-10-01", "expires": "2026-12-15", **more}
    fields = ", ".join(f"{key}: {value}" for key, value in given.items())
    return f"  - {{rule: {rule}, dataset: {dataset}, {TERMS}, {fields}}}\n"


def waivers(*entries: str) -> str:
    """A waiver file."""
    return "waivers: 1\nentries:\n" + "".join(entries) if entries else "waivers: 1\nentries: []\n"


def policy_of(files: Mapping[str, str], names: Sequence[str] = ("policy.yaml",)) -> Policy:
    """The union of policies among `files`, by path."""

    def read(path: str) -> bytes:
        name = os.path.relpath(path, ROOT).replace(os.sep, "/")
        if name not in files:
            raise FileNotFoundError(path)
        return files[name].encode()

    return load_policy([os.path.join(ROOT, name) for name in names], root=ROOT, catalogue=CATALOGUE, read=read)


def judged(
    manifests: str | Mapping[str, str] = MANIFEST,
    policy: str | Policy = POLICY,
    entries: str | Mapping[str, str] = "",
    *,
    today: str = "2026-11-01",
    **more: Any,
) -> Judged:
    """Judge texts by path; one text is ``dataset.yaml``, ``policy.yaml`` or ``waivers.yaml``."""
    texts = {"dataset.yaml": manifests} if isinstance(manifests, str) else manifests
    files = {"waivers.yaml": entries or waivers()} if isinstance(entries, str) else entries
    effective = policy_of({"policy.yaml": policy}) if isinstance(policy, str) else policy

    def read(path: str) -> Reading:
        return CATALOGUE.reading(path, texts[path].encode())

    def read_file(path: str) -> bytes:
        return files[os.path.relpath(path, ROOT).replace(os.sep, "/")].encode()

    covering = load_waivers(effective, root=ROOT, catalogue=CATALOGUE, read=read_file)
    return judge(texts, read, effective, CATALOGUE, today=today, waivers=covering, **more)


def line(finding: Finding) -> str:
    """``DP101 waived intents@1 train/made``; the level when it is not error."""
    subject = "/".join(filter(None, (finding.split, finding.component)))
    level = "" if finding.level == "error" else f"{finding.level} "
    return " ".join(filter(None, (finding.rule, f"{level}{finding.outcome}", finding.dataset, subject, finding.thing)))


def told(report: Judged, *, without: Iterable[str] = ()) -> list[str]:
    """All findings but those of the rules `without`; about waivers by rule, level and line."""
    return [
        f"{f.rule} {f.level} {f.place.path}:{f.place.line}" if f.rule in ABOUT_WAIVERS else line(f)
        for f in report.findings
        if f.rule not in without
    ]
