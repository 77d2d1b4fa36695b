"""For authors of rules, formats and policies: judge texts without a disk, run cases, try the examples of a page.

A case file is a YAML list. Each case gives one manifest (``manifest: |``) or several (``manifests:`` by path), the
rules of a policy (``rules:``) or a whole one (``policy: |``), the day (``today``) and what is expected of the rule
under test (``expect:``, a list of partial findings; ``at`` is ``LINE:COLUMN``). ``applies: false`` says that the rule
must not have been put to any subject. ``waivers:`` is the waiver file ``waivers.yaml``, or several by path; the policy
names them. ``base:`` gives the manifests of the base revision, as one text or by path. ``files:`` are other files by
path: texts, or rows, a list of mappings that is written as the path's suffix says. ``{each: 300, row: {...}}`` among
them is a row so often, with ``{n}`` for its number. Rules that need ``--verify`` read them from a temporary folder.
"""

from __future__ import annotations

import os
from decimal import Decimal
from typing import TYPE_CHECKING, Any, overload

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.engine.covered import covered, wanted
from pytest_datapolicy.engine.run import judge
from pytest_datapolicy.formats.evidence import evidence_beside
from pytest_datapolicy.model.policy import EMPTY_POLICY
from pytest_datapolicy.model.report import Report, RunError
from pytest_datapolicy.testing.tables import file_bytes, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_datapolicy.model.data import Verifier
    from pytest_datapolicy.model.format import Reading
    from pytest_datapolicy.model.policy import Policy
    from pytest_datapolicy.model.report import Finding
    from pytest_datapolicy.model.waivers import Waivers

TODAY = "2026-11-01"
POLICY_PATH = "policy.yaml"
WAIVERS_PATH = "waivers.yaml"
MANIFEST_PATH = "dataset.yaml"
OTHER_BLOCKS = ("policy:", "waivers:", "# base", "# file")
"""How the blocks of a rule's page start that are no manifests to judge."""
STOPS = ("DP000", "DP001", "DP002", "DP003", "DP004")
"""After a finding of these the rule under test has not run, or not to its end."""


def judge_text(
    manifests: str | Mapping[str, str],
    policy: str | Mapping[str, Any] | None = None,
    *,
    today: str = TODAY,
    catalogue: Catalogue | None = None,
    waivers: str | Mapping[str, str] | None = None,
    base: str | Mapping[str, str] | None = None,
    files: Mapping[str, Any] | None = None,
    verify: Callable[[str], Verifier] | bool = False,
) -> Report:
    """Judge manifests given as text, under a policy given as text or as the mapping of its ``rules``.

    `manifests` is one text (it gets the path ``dataset.yaml``) or texts by path; so is `waivers`, where one text gets
    the path ``waivers.yaml``, and `base`, the manifests of the base revision, as ``--base`` has them. `files` are other
    files by path, such as evidence of reviews and data: texts, bytes, or rows of a table. With `verify` the data files
    are read, by the engine of the default settings or by what it opens for a folder. A policy or a waiver file that is
    not valid raises `RunError` with its place.
    """
    catalogue = catalogue or Catalogue()
    here = _Texts(manifests, catalogue, files=files)
    there = None if base is None else _Texts(base, catalogue, here)
    effective = load_text(policy, catalogue)
    covering = _waivers(effective, waivers, catalogue)
    with opened(here.files, verify) as verifier:
        judged = judge(
            here.paths,
            here.read,
            effective,
            catalogue,
            today=today,
            waivers=covering,
            base=there,
            verify=verifier,
            covered=covered(here.files, here.paths, effective) if wanted(effective) is not None else None,
        )
    return Report(
        version="",
        root="",
        today=today,
        today_given=True,
        policy=effective.sources,
        policy_default=False,
        manifests=judged.manifests,
        subjects=judged.subjects,
        skipped=0,
        findings=judged.findings,
        rules=judged.rules,
    )


class _Texts:
    """Manifests as texts; those of the base revision know the ones of the working tree."""

    name = "base"

    def __init__(
        self,
        texts: str | Mapping[str, str],
        catalogue: Catalogue,
        here: _Texts | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> None:
        self.texts = {MANIFEST_PATH: texts} if isinstance(texts, str) else dict(texts)
        self.paths = sorted(self.texts)
        self.files = {**self.texts, **(files or {})}
        self._catalogue = catalogue
        self._here = here

    def read(self, path: str) -> Reading:
        folder = path[: path.rfind("/") + 1]
        text = _bytes(self.texts[path])

        def beside(name: str) -> bytes | None:
            content = self.files.get(folder + name)
            return None if content is None else file_bytes(folder + name, content)

        return self._catalogue.reading(path, text, beside)._replace(evidence=evidence_beside(beside))

    def same(self, path: str) -> bool:
        return self._here is not None and self._here.texts.get(path) == self.texts[path]


def _waivers(policy: Policy, texts: str | Mapping[str, str] | None, catalogue: Catalogue) -> Waivers | None:
    """The waivers that the policy names, read from texts by path."""
    if not policy.waivers.files:
        return None
    from pytest_datapolicy.policy.waivers import load_waivers

    given = {WAIVERS_PATH: texts} if isinstance(texts, str) else dict(texts or {})

    def read(path: str) -> bytes:
        name = os.path.relpath(path).replace(os.sep, "/")
        if name not in given:
            raise FileNotFoundError(path)
        return _bytes(given[name])

    return load_waivers(policy, root=os.getcwd(), catalogue=catalogue, read=read)


@overload
def _bytes(text: str) -> bytes: ...
@overload
def _bytes(text: str | None) -> bytes | None: ...
def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogatepass")


def load_text(policy: str | Mapping[str, Any] | None, catalogue: Catalogue) -> Policy:
    """A policy from its text, or from the mapping of its ``rules``; None is a policy without rules."""
    from pytest_datapolicy.policy.load import load_policy

    if policy is None:
        return EMPTY_POLICY
    text = policy if isinstance(policy, str) else policy_text(policy)

    def read(path: str) -> bytes:
        if path.replace("\\", "/").rpartition("/")[2] != POLICY_PATH:
            raise RunError(f"{path} does not exist")
        return text.encode("utf-8", "surrogatepass")

    return load_policy([POLICY_PATH], root=".", catalogue=catalogue, read=read)


def policy_text(rules: Mapping[str, Any]) -> str:
    """A policy document that holds these rules. Decimals are written as they were spelled."""
    import yaml

    class Dumper(yaml.SafeDumper):
        pass

    def represent(dumper: Any, value: Decimal) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:float", str(value))

    Dumper.add_representer(Decimal, represent)
    document = {"policy": 1, "name": "case", "version": "1", "rules": dict(rules)}
    return str(yaml.dump(document, Dumper=Dumper, sort_keys=False, default_flow_style=False))


def read_cases(path: str) -> list[dict[str, Any]]:
    """The cases of a file. Numbers with a point are Decimal; dates stay text."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    def construct(loader: Any, node: Any) -> Decimal:
        return Decimal(loader.construct_scalar(node))

    Loader.add_constructor("tag:yaml.org,2002:float", construct)
    Loader.yaml_implicit_resolvers = {
        first: [pair for pair in pairs if not pair[0].endswith("timestamp")]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    with open(path, encoding="utf-8") as file:
        cases: list[dict[str, Any]] = yaml.load(file, Loader)  # noqa: S506 - a safe loader
    return cases


def faults(
    case: Mapping[str, Any],
    rule: str,
    *,
    catalogue: Catalogue | None = None,
    verify: Callable[[str], Verifier] | bool = True,
) -> list[str]:
    """What a case shows that it does not expect, one line each; an empty list when the case holds.

    `verify` is what reads the data files, for rules that need it.
    """
    catalogue = catalogue or Catalogue()
    report = judge_text(
        case["manifests"] if "manifests" in case else case["manifest"],
        case.get("policy", case.get("rules")),
        today=str(case.get("today", TODAY)),
        catalogue=catalogue,
        waivers=case.get("waivers"),
        base=case.get("base"),
        files=case.get("files"),
        verify=catalogue.card(rule).needs == "verify" and verify,
    )
    found = [finding for finding in report.findings if finding.rule == rule]
    told = [f"found {_described(finding)}" for finding in found]
    if "applies" in case:
        met = sum(count.subjects for count in report.rules if count.rule == rule)
        if bool(met) != case["applies"]:
            return [f"the rule was put to {met} subjects, expected {'some' if case['applies'] else 'none'}", *told]
    expected = case.get("expect", [])
    stopped = [finding for finding in report.findings if finding.rule in STOPS and finding.rule != rule]
    if any(finding.rule == "DP000" or not expected for finding in stopped):
        return [f"also found {_described(finding)}, so the case shows nothing" for finding in stopped]
    if len(found) != len(expected):
        others = [f"also found {_described(finding)}" for finding in report.findings if finding.rule != rule]
        return [f"{len(found)} findings of {rule}, expected {len(expected)}", *told, *others]
    return [line for wanted, finding in zip(expected, found, strict=True) for line in _differences(wanted, finding)]


def _differences(wanted: Mapping[str, Any], finding: Finding) -> list[str]:
    shown = {
        "at": f"{finding.place.line}:{finding.place.column}",
        "path": finding.place.path,
        "observed": _number(finding.observed),
        "limit": _number(finding.limit),
    }
    lines = []
    for key, value in wanted.items():
        actual = shown.get(key, getattr(finding, key, None))
        expected = _number(value) if key in ("observed", "limit") else value
        if actual != expected:
            lines.append(f"{key}: found {actual!r}, expected {expected!r}")
    return lines


def _number(value: Any) -> Any:
    """Numbers as fractions of their decimal spelling, so that 0.3 in a case file is three tenths."""
    from fractions import Fraction

    return value if value is None or (isinstance(value, str) and not _is_number(value)) else Fraction(str(value))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("/", "", 1).lstrip("-").isdigit()


def _described(finding: Finding) -> str:
    place = f"{finding.place.path}:{finding.place.line}:{finding.place.column}"
    return f"{finding.rule} {finding.outcome} at {place}: {finding.message!r}; remedy {finding.remedy!r}"


def examples(docs: str) -> dict[str, list[str]]:
    """The YAML and CSV blocks of a rule's page, by heading."""
    blocks: dict[str, list[str]] = {}
    heading = ""
    block: list[str] | None = None
    for line in docs.splitlines():
        if block is not None:
            if line.startswith("```"):
                blocks.setdefault(heading, []).append("\n".join(block) + "\n")
                block = None
            else:
                block.append(line)
        elif line.startswith("## "):
            heading = line[3:].strip()
        elif line.startswith(("```yaml", "```csv")):
            block = []
    return blocks


def example_faults(rule: str, catalogue: Catalogue | None = None) -> list[str]:
    """What is wrong with the examples on a rule's page: Bad must have a finding of the rule, Good must have none.

    Blocks that start with ``manifest:`` are manifests, one that starts with ``policy:`` is the policy (of both, when
    there is only one), and ones that start with ``waivers:`` are waiver files. Good takes over the manifests of Bad
    when it has none of its own. A block that starts with ``# base`` is a manifest of the base revision, one that
    starts with ``# file PATH`` a file beside them, from its second line on; with ``(each row 20 times)`` its rows below
    the first stand there as often.
    """
    catalogue = catalogue or Catalogue()
    blocks = examples(catalogue.rule(rule).docs)
    shown = {heading: blocks.get(heading, []) for heading in ("Bad", "Good")}
    policies = [block for texts in shown.values() for block in texts if _starts(block, "policy:")]
    manifests = {
        heading: [block for block in texts if not any(_starts(block, word) for word in OTHER_BLOCKS)]
        for heading, texts in shown.items()
    }
    lines = []
    for heading, blocks_shown in shown.items():
        waivers = next((block for block in blocks_shown if _starts(block, "waivers:")), None)
        own = [block for block in policies if block in blocks_shown]
        texts = manifests[heading] or (manifests["Bad"] if waivers is not None or own else [])
        if not texts:
            lines.append(f"## {heading} holds no manifest")
            continue
        report = judge_text(
            {f"{number}.dataset.yaml": text for number, text in enumerate(texts)},
            next(iter([*own, *policies]), None),
            catalogue=catalogue,
            waivers=waivers,
            base=next((block for block in blocks_shown if _starts(block, "# base")), None),
            files=dict(_file(block) for block in blocks_shown if _starts(block, "# file")),
            verify=catalogue.card(rule).needs == "verify",
        )
        found = [finding for finding in report.findings if finding.rule == rule]
        if bool(found) != (heading == "Bad"):
            told = "; ".join(_described(finding) for finding in report.findings) or "nothing"
            lines.append(f"## {heading} gives {told}")
    return lines


def _file(block: str) -> tuple[str, str]:
    """Path and text of a file that a page shows."""
    head, _, text = block.partition("\n")
    path, _, often = head.removeprefix("# file").strip().partition(" (each row ")
    if often:
        first, *rows = text.splitlines(keepends=True)
        text = first + "".join(rows * int(often.split()[0]))
    return path, text


def _starts(block: str, word: str) -> bool:
    return word in block[:20]


def documented(docs: str, headings: Sequence[str]) -> list[str]:
    """The headings that a rule's page lacks or has in another order."""
    present = [line[3:].strip() for line in docs.splitlines() if line.startswith("## ")]
    return [] if [item for item in present if item in headings] == list(headings) else list(headings)
