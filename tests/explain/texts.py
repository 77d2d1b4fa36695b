"""The texts of ``texts.yaml``: ``python -m tests.explain.texts`` writes them anew, to be read before they are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from pytest_datapolicy.render.explained import render
from tests.explain.worked import explained, work

PATH = Path(__file__).with_name("texts.yaml")
HEAD = "# What is printed for a rule and its manifests, whole. Written by python -m tests.explain.texts.\n"


class Block(str):
    """A text of several lines."""

    __slots__ = ()


class Dumper(yaml.SafeDumper):
    """Writes texts as blocks."""


def _represent(dumper: yaml.SafeDumper, value: Block) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(value), style="|")


Dumper.add_representer(Block, _represent)


def read() -> list[dict[str, Any]]:
    """The cases."""
    cases: list[dict[str, Any]] = yaml.safe_load(PATH.read_text("utf-8"))
    return cases


def shown(case: dict[str, Any]) -> str:
    """What a case prints."""
    today = str(case["today"])
    worked = work(case["manifests"], case["policy"], case["rule"], today=today)
    return render(explained(worked, case["rule"], today=today))


def main() -> None:
    """Write the file."""
    cases = [
        {
            **case,
            "policy": Block(case["policy"]),
            "manifests": {path: Block(text) for path, text in case["manifests"].items()},
            "shows": Block(shown(case)),
        }
        for case in read()
    ]
    PATH.write_text(HEAD + yaml.dump(cases, Dumper=Dumper, sort_keys=False, width=10_000), "utf-8")


if __name__ == "__main__":
    main()
