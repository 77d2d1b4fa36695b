"""What a terminal shows while data are measured: nothing of what is over, and nothing at all when it was quick."""

from __future__ import annotations

import re
import time

import pytest

from pytest_datapolicy.verify import progress
from pytest_datapolicy.verify.progress import Progress


def seen(printed: str) -> list[str]:
    """What stood on the line, one after the other; times left out."""
    parts = re.sub(r"\[.*?\]", "[]", printed).split("\r")
    return [part.strip() for part in parts]


@pytest.mark.parametrize(("seconds", "shown"), [(0.0, False), (0.3, True)])
def test_the_line_is_empty_in_the_end(
    seconds: float, shown: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "DELAY", 0.1)
    with Progress(watched=True).working("notes@1: overlap"):
        time.sleep(seconds)
    lines = seen(capsys.readouterr().err)
    assert ("notes@1: overlap []" in lines) is shown
    assert lines[-1] == ""


def test_nobody_watches(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "DELAY", 0.0)
    bar = Progress(watched=False)
    with bar.reading("notes@1: digests", 10):
        bar.read(10)
    assert capsys.readouterr() == ("", "")
