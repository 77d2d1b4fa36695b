"""The pages on waivers and adoption, followed to the letter: files written, commands run, output compared."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.app.trees import write

if TYPE_CHECKING:
    from tests.waivers.conftest import Command

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?( shown)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _unlike(text: str) -> str:
    """Output without what depends on how many rules there are."""
    return re.sub(r"\d+ rules: ", "N rules: ", text)


@pytest.mark.parametrize("page", ["waivers", "adoption"])
def test_page(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, datapolicy: Command) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, **{"datapolicy.toml": ""})
    output = ""
    ran = 0
    for language, title, shown, text in BLOCK.findall((DOCS / f"{page}.md").read_text("utf-8")):
        if language == "sh":
            words = shlex.split(text)
            assert words[0] == "datapolicy"
            _, out, err = datapolicy(*words[1:])
            output = out + err
            ran += 1
        elif language == "text":
            assert _unlike(text) in _unlike(output)
        elif shown:
            assert (tmp_path / title).read_text("utf-8") == text
        else:
            write(tmp_path, **{title: text})
    assert ran >= 2
