"""What one pytest session asks of the engine, and the answer, found once."""

from __future__ import annotations

import os

import pytest

from pytest_datapolicy.app import Measuring, adoption_of, inspect, utc_today
from pytest_datapolicy.render.neutral import neutral

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from pytest_datapolicy.model.report import Finding, RunError


class Verdict:
    """What the engine says of the whole project, found once for each session."""

    def __init__(self, config: pytest.Config) -> None:
        self.applied: dict[str, tuple[str, ...]] = {}
        self.report, self.policy = inspect(**options_of(config), applied=self.applied)
        self.root = self.report.root
        self._findings: dict[str, list[Finding]] = {}
        for finding in self.report.findings:
            self._findings.setdefault(finding.place.path, []).append(finding)
        self.governing: dict[str, tuple[str, ...]] = dict.fromkeys(
            (source.path for source in self.report.policy), ("DP701",)
        )
        """Policies, waiver files and the baseline, each with the rules that judge it."""
        self.governing |= dict.fromkeys((path for path, _ in self.policy.waivers.files), ("DP702", "DP703", "DP704"))
        if self.report.baseline is not None:
            self.governing[self.report.baseline] = ("DP704",)
        for _, place in self.policy.inventory:
            self.governing[place.path] = ("DP701", "DP710")

    def relative(self, path: Path) -> str | None:
        """A path as reports name it; None when it is outside of the project."""
        text = os.path.relpath(path, self.root).replace(os.sep, "/")
        return None if text.startswith("../") else text

    def knows(self, path: str) -> bool:
        """Whether the file is a manifest of the project."""
        return path in self.applied or path in self._findings

    def findings(self, path: str) -> list[Finding]:
        """The findings at this file, in report order."""
        return self._findings.get(path, [])

    def fails(self, finding: Finding) -> bool:
        """Whether this finding fails in this session."""
        return finding.fails and not (self.report.only_new and finding.known)

    def without_file(self) -> list[str]:
        """The paths of findings that no file of the project can be collected for: vanished manifests, packs."""
        return [path for path in self._findings if not os.path.isfile(os.path.join(self.root, path))]

    def rules(self, path: str) -> tuple[str, ...]:
        """The rules put to this file, and those with a finding at it."""
        return tuple(sorted({*self.applied.get(path, ()), *(finding.rule for finding in self.findings(path))}))


VERDICT = pytest.StashKey[Verdict]()


def _start(config: pytest.Config) -> Path:
    """Where the project root is looked for, upwards: the working directory, as the command line has it.

    pytest's own root is what its arguments have in common, among them values of options that it does not know yet. It
    counts when the session is about another place than the working directory.
    """
    here = config.invocation_params.dir
    return here if here.is_relative_to(config.rootpath) else config.rootpath


def found_in(config: pytest.Config) -> Verdict:
    """The session's verdict, whether or not the run is valid."""
    found = config.stash.get(VERDICT, None)
    if found is None:
        found = config.stash[VERDICT] = Verdict(config)
    return found


def verdict(config: pytest.Config) -> Verdict:
    """The session's verdict. A run that is not valid is a usage error, with its place."""
    found = found_in(config)
    if found.report.errors:
        raise pytest.UsageError("\n".join(_error_text(error) for error in found.report.errors))
    return found


def options_of(config: pytest.Config) -> dict[str, Any]:
    """How the command line asks for the project to be judged."""
    only_new, base = config.getoption("--datapolicy-only-new"), config.getoption("--datapolicy-base")
    if only_new and base is None:
        raise pytest.UsageError("--datapolicy-only-new needs --datapolicy-base")
    baseline: str | None = config.getoption("--datapolicy-baseline")
    by_hand = config.getoption("--datapolicy-today") is not None or hasattr(config, "workerinput")
    return {
        "root": str(_start(config)),
        "policy": config.getoption("--datapolicy-policy"),
        "today": today(config) if by_hand else None,
        "adoption": None if baseline is None else adoption_of(baseline),
        "base": base,
        "only_new": only_new,
        "verify": Measuring()
        if config.getoption("--datapolicy-verify") or config.getini("datapolicy_verify")
        else None,
    }


def _error_text(error: RunError) -> str:
    place = f"{error.place.path}:{error.place.line}:{error.place.column}: " if error.place is not None else ""
    return neutral(f"datapolicy: {place}{error.message}" + (f" ({error.remedy})" if error.remedy else ""))


def today(config: pytest.Config) -> str:
    """The day that decides: one day for the whole session, the controller's under xdist."""
    given: str | None = config.getoption("--datapolicy-today")
    if given is not None:
        return given
    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker is not None and "datapolicy_today" in worker:
        return str(worker["datapolicy_today"])
    return utc_today()
