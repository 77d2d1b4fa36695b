"""What the examples give now. `python -m tests.repo.examples` writes it down: examples.yaml and the README's count.

For changes of a pack or of a rule that are meant; the difference is what reviewers read.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples"
EXPECTED = Path(__file__).with_name("examples.yaml")
COUNT = r"^\d+ manifests, .*$"
HEAD = """\
# Every finding of `datapolicy check examples`, in the order of the report: rule, line, subject, level; with a question
# mark where the rule cannot tell. Written by `python -m tests.repo.examples`.

"""


def names() -> list[str]:
    """The data sets among the examples, in order."""
    return sorted(path.parent.name for path in FOLDER.glob("*/dataset.yaml"))


def check(*options: str) -> str:
    """The output of the README's first command, once all is installed. It ends with 1: some examples fail."""
    command = [sys.executable, "-m", "pytest_datapolicy", "check", "examples", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if (done.returncode, done.stderr) != (1, ""):
        raise AssertionError(f"datapolicy check examples ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def report() -> dict[str, Any]:
    """The same as JSON."""
    found: dict[str, Any] = json.loads(check("--format", "json"))
    return found


def line_of(finding: dict[str, Any]) -> str:
    """A finding in one line of examples.yaml."""
    subject = "/".join(name for name in (finding["split"], finding["component"]) if name) or "-"
    doubt = "?" if finding["outcome"] == "indeterminate" else ""
    return f"{finding['rule']} {finding['line']} {subject} {finding['level']}{doubt}"


def lines_of(found: dict[str, Any], name: str) -> list[str]:
    """The findings about one example."""
    return [line_of(finding) for finding in found["findings"] if finding["path"] == f"{name}/dataset.yaml"]


def main() -> None:
    found = report()
    text = HEAD
    for name in names():
        lines = lines_of(found, name)
        text += f"{name}:\n" + "".join(f"  - {line}\n" for line in lines) if lines else f"{name}: []\n"
    EXPECTED.write_text(text, "utf-8")
    (count,) = re.findall(COUNT, check(), re.MULTILINE)
    readme = ROOT / "README.md"
    readme.write_text(re.sub(COUNT, count, readme.read_text("utf-8"), count=1, flags=re.MULTILINE), "utf-8")


if __name__ == "__main__":
    main()
