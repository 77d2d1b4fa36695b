"""What a session says when it finishes: the verdict on the whole tree, whatever was collected, and a report file.

Items can be deselected, ignored and marked; the gate judges every manifest of the project anew, by the same use case as
the command line. Only the controller does so: workers of pytest-xdist neither decide nor write.
"""

from __future__ import annotations

import os
import sys

import pytest

from pytest_datapolicy.app import inspect
from pytest_datapolicy.fix.files import replace_file
from pytest_datapolicy.render import json, text
from pytest_datapolicy.render.neutral import neutral
from pytest_datapolicy.session import found_in, options_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

    from pytest_datapolicy.model.report import Report

PASSED = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
"""Statuses that the gate may change; others fail already."""


class Gate:
    """The hooks of ``--datapolicy-strict`` and ``--datapolicy-output``."""

    def __init__(self, *, strict: bool, output: str | None) -> None:
        self._strict = strict
        self._output = output
        self._text = ""
        """What is left to be printed."""
        self._status: pytest.ExitCode | None = None
        self._decided = False

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Decide before the summary is printed, and have the last word when all other plugins had theirs."""
        self._decide(session)
        try:
            yield
        finally:
            self._fail(session)
            if self._text:
                # Without the terminal reporter, or with --no-summary, nobody printed it.
                sys.stderr.write(self._text + "\n")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._text:
            terminalreporter.section("datapolicy")
            terminalreporter.write_line(self._text)
            self._text = ""

    def _decide(self, session: pytest.Session) -> None:
        report = self._report(session.config)
        self._decided = True
        told = []
        code = report.exit_code(strict=self._strict) if self._strict else 0
        if code:
            told.append(text.render(report).rstrip("\n"))
            self._status = pytest.ExitCode.TESTS_FAILED if code == 1 else pytest.ExitCode.USAGE_ERROR
        unwritten = self._write(report)
        if unwritten:
            told.append(unwritten)
            self._status = pytest.ExitCode.USAGE_ERROR
        self._text = "\n".join(told)
        self._fail(session)

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Write the report of a session that never started: it says why."""
        if not self._decided and (unwritten := self._write(self._report(config))):
            sys.stderr.write(unwritten + "\n")

    def _write(self, report: Report) -> str:
        """Write the report file, if there is to be one, and say why it could not be written."""
        if self._output is None:
            return ""
        try:
            replace_file(self._output, json.render(report, root=_relative(report.root)).encode())
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            return neutral(f"datapolicy: {self._output!r} could not be written: {reason}")
        return ""

    def _report(self, config: pytest.Config) -> Report:
        """What was found when the session started; under strict the tree is judged anew, as it is now."""
        return inspect(**options_of(config))[0] if self._strict else found_in(config).report

    def _fail(self, session: pytest.Session) -> None:
        if self._status is not None and session.exitstatus in PASSED:
            session.exitstatus = self._status


def _relative(root: str) -> str:
    try:
        return os.path.relpath(root).replace(os.sep, "/")
    except ValueError:  # another drive
        return os.path.basename(root)
