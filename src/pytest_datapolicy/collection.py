"""Manifests in the pytest tree: a file each, an item for each rule that applies; and data sets for tests to rely on.

The whole project is judged once, by the same use case as the command line; items only report what was found there.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pytest_datapolicy.app import inspect
from pytest_datapolicy.render.neutral import neutral
from pytest_datapolicy.render.text import describe
from pytest_datapolicy.session import options_of, today, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_datapolicy.model.manifest import Manifest, Split
    from pytest_datapolicy.model.report import Finding, Report
    from pytest_datapolicy.session import Verdict

LIVE = ("fail", "indeterminate")


class DatapolicyWarning(UserWarning):
    """A finding at level warning."""


class FindingsError(Exception):
    """The findings that make an item fail."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(f"{finding.rule} {finding.message}" for finding in findings))
        self.findings = tuple(findings)


class Collector:
    """The hooks of an active plugin."""

    def __init__(self, config: pytest.Config) -> None:
        self._one_item = config.getini("datapolicy_items")
        if self._one_item not in ("rule", "manifest"):
            raise pytest.UsageError(f"datapolicy_items is {self._one_item!r}; write rule or manifest")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["datapolicy_today"] = today(node.config)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """End a session at once whose run is not valid."""
        verdict(session.config)

    def pytest_report_header(self, config: pytest.Config) -> list[str]:
        found = verdict(config)
        policies = ", ".join(f"{source.name} {source.version}" for source in found.report.policy)
        note = " (no policy named: the pack baseline)" if found.report.policy_default else ""
        return [neutral(f"datapolicy: policy {policies}{note}, {found.report.manifests} manifests, root {found.root}")]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Add what no file can be collected for, such as a vanished manifest, before anything is deselected."""
        found = verdict(config)
        for path in found.without_file():
            if _asked_for(config, os.path.join(found.root, "" if ":" in path else path)):
                items += Absent.from_parent(session, name=path, nodeid=neutral(path)).collect()

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        found = verdict(parent.config)
        path = found.relative(file_path)
        if path is None:
            return None
        kind: type[ManifestFile]
        if path in found.governing:
            kind = PolicyFile
        elif found.knows(path):
            kind = OneItemFile if self._one_item == "manifest" else ManifestFile
        else:
            return None
        nodeid = neutral(os.path.relpath(file_path, parent.config.rootpath).replace(os.sep, "/"))
        file: pytest.Collector = kind.from_parent(parent, path=file_path, nodeid=nodeid)
        return file


class ManifestFile(pytest.File):
    """One manifest: an item for each rule that applies."""

    @cached_property
    def subject(self) -> str:
        """The path as reports name it."""
        path = verdict(self.config).relative(self.path)
        return path if path is not None else str(self.path)

    def collect(self) -> Iterator[pytest.Item]:
        for rule in verdict(self.config).rules(self.subject):
            yield RuleItem.from_parent(self, name=rule)


class OneItemFile(ManifestFile):
    """One manifest, one item."""

    def collect(self) -> Iterator[pytest.Item]:
        yield RuleItem.from_parent(self, name="datapolicy")


class PolicyFile(ManifestFile):
    """A policy, a waiver file or the baseline: an item for each rule that judges such a file."""

    def collect(self) -> Iterator[pytest.Item]:
        found = verdict(self.config)
        rules = {finding.rule for finding in found.findings(self.subject)}
        for rule in sorted({*found.governing[self.subject], *rules}):
            yield RuleItem.from_parent(self, name=rule)


class Absent(pytest.Collector):
    """A path with findings and without a file, or one outside of the project: a policy of a package."""

    @property
    def subject(self) -> str:
        """The path as reports name it."""
        return self.name

    def collect(self) -> Iterator[pytest.Item]:
        for rule in verdict(self.config).rules(self.subject):
            yield RuleItem.from_parent(self, name=rule)


def _asked_for(config: pytest.Config, path: str) -> bool:
    """Whether the command line names a folder that a path lies in."""
    folders = (os.path.join(config.invocation_params.dir, arg) for arg in config.args if "::" not in arg)
    return any(path.startswith(os.path.join(os.path.normpath(folder), "")) for folder in folders)


class RuleItem(pytest.Item):
    """What one rule (or, for ``datapolicy``, every rule) says of one file."""

    def findings(self) -> list[Finding]:
        parent: Any = self.parent
        findings = verdict(self.config).findings(parent.subject)
        return [finding for finding in findings if self.name in ("datapolicy", finding.rule)]

    def runtest(self) -> None:
        findings = self.findings()
        for finding in findings:
            if finding.level == "warning" and finding.outcome in LIVE:
                self.warn(DatapolicyWarning(neutral(f"{_where(finding)}: {finding.rule} {finding.message}")))
        found = verdict(self.config)
        failing = [finding for finding in findings if found.fails(finding)]
        if failing:
            raise FindingsError(failing)
        excused = [finding for finding in findings if finding.fails or finding.outcome in ("waived", "baselined")]
        if excused:
            pytest.xfail("; ".join(neutral(_excuse(finding, found.report)) for finding in excused))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, FindingsError):
            return "\n\n".join(render_finding(finding) for finding in excinfo.value.findings)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        findings = self.findings()
        line = findings[0].place.line if findings else 1
        # pytest rewrites dots of a text that the node id ends with; this one it leaves alone.
        return self.path, line - 1, f"{self.name} {self.nodeid.rpartition('::')[0]}:{line}"


def render_finding(finding: Finding) -> str:
    """One finding as the command line prints it, without colour."""
    return "\n".join(describe(finding))


def _where(finding: Finding) -> str:
    return f"{finding.place.path}:{finding.place.line}:{finding.place.column}"


def _excuse(finding: Finding, report: Report) -> str:
    """Why a finding does not fail: the waiver's reason and who stands behind it, the baseline, or the base revision."""
    waiver = finding.waiver
    if finding.fails and report.base is not None:
        return f"{finding.rule} known in {report.base.revision}: {finding.message}"
    if waiver is None:
        return f"{finding.rule} in the baseline: {finding.message}"
    until = f"until {waiver['expires']}, owner {waiver['owner']}, approved by {waiver['approved_by']}"
    return f"{finding.rule} {waiver['reason']} (waived {until})"


class Dataset(NamedTuple):
    """A data set that a test may rely on: its manifest has no failing finding for the split."""

    manifest: Manifest
    split: Split | None
    """The split that the marker names, if it names one."""
    folder: Path
    """Where the manifest stands; the paths of its files are relative to it."""

    @property
    def files(self) -> tuple[Path, ...]:
        """The data files of the split, or of all splits."""
        splits = self.manifest.splits if self.split is None else (self.split,)
        components = [component for split in splits for component in split.components]
        return tuple(self.folder / file.path for component in components for file in component.files)


class Datapolicy:
    """What the fixture ``datapolicy`` gives."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @classmethod
    def of(cls, config: pytest.Config) -> Datapolicy:
        return cls(config)

    @property
    def report(self) -> Report:
        """The report of the whole project."""
        return verdict(self._config).report

    def check(self, *paths: str | os.PathLike[str]) -> Report:
        """Judge files or folders under the session's policy; all manifests of the project without any."""
        if not paths:
            return self.report
        options = options_of(self._config) | {"root": None}
        return inspect([os.fspath(path) for path in paths], **options)[0]

    def manifest(self, name: str) -> Manifest:
        """The manifest of ``name@version``, or of ``name`` when the project holds one version of it.

        Raises LookupError when there is none, or more than one.
        """
        return self._find(name)[0]

    def dataset(self, name: str, split: str | None = None) -> Dataset:
        """A data set and, if named, one split of it, whether or not they meet the policy. Raises LookupError."""
        manifest, path = self._find(name)
        chosen = manifest.split(split) if split is not None else None
        if split is not None and chosen is None:
            names = ", ".join(item.name for item in manifest.splits)
            raise LookupError(f"{manifest.reference} has no split {split}; it has {names}")
        return Dataset(manifest, chosen, Path(verdict(self._config).root, path).parent)

    def _find(self, name: str) -> tuple[Manifest, str]:
        found = verdict(self._config)
        manifests = list(_manifests(found, name))
        if len(manifests) == 1:
            return manifests[0]
        if not manifests:
            raise LookupError(f"no manifest of {name} in {found.root} can be read")
        raise LookupError(f"{name} stands in {', '.join(path for _, path in manifests)}; name one version")


def _manifests(found: Verdict, name: str) -> Iterator[tuple[Manifest, str]]:
    from pytest_datapolicy.app import read_manifest

    for path in sorted(found.applied):
        manifest = read_manifest(found.root, path)
        if name in (manifest.name, manifest.reference):
            yield manifest, path


def require_dataset(item: pytest.Item) -> None:
    """Make the test error at set-up unless the data set of its marker can be relied on."""
    for marker in item.iter_markers("dataset"):
        _reliable(item, marker)


def marked_dataset(item: pytest.Item) -> Dataset:
    """The data set of the test's nearest marker."""
    marker = item.get_closest_marker("dataset")
    if marker is None:
        raise _refusal(item, 'the fixture dataset needs the marker: @pytest.mark.dataset("name@version")')
    return _reliable(item, marker)


def _reliable(item: pytest.Item, marker: pytest.Mark) -> Dataset:
    try:
        name, split, purpose = _arguments(marker)
        dataset = Datapolicy(item.config).dataset(name, split)
    except LookupError as error:
        raise _refusal(item, str(error)) from None
    splits = dataset.manifest.splits if dataset.split is None else (dataset.split,)
    if purpose is not None:
        for other in splits:
            if other.purpose != purpose:
                raise _refusal(item, f"split {other.name} of {name} has purpose {other.purpose}, not {purpose}")
    names = {chosen.name for chosen in splits}
    failing = [
        finding
        for finding in verdict(item.config).report.findings
        if finding.fails
        and finding.dataset == dataset.manifest.reference
        and (finding.split is None or finding.split in names)
    ]
    if failing:
        raise _refusal(item, "\n\n".join([f"{name} does not meet its policy:", *map(render_finding, failing)]))
    return dataset


def _refusal(item: pytest.Item, text: str) -> BaseException:
    return pytest.fail.Exception(f"{neutral(item.nodeid)}: {text}", pytrace=False)


def _arguments(marker: pytest.Mark) -> tuple[str, str | None, str | None]:
    def read(name: str, split: str | None = None, purpose: str | None = None) -> tuple[str, str | None, str | None]:
        return name, split, purpose

    try:
        return read(*marker.args, **marker.kwargs)
    except TypeError as error:
        text = str(error).replace("_arguments.<locals>.read()", "dataset")
        raise LookupError(f"@pytest.mark.dataset: {text}") from None
