"""Linting many manifests and one: ``python -m benchmarks.lint [COUNT]`` prints ratios of CPU time, and peak memory.

Each line compares whole processes that ran in turn, several times; the figure is the median of their user and system
time. Needs Linux or macOS (``wait4``), and check-jsonschema for the third line.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.manifests import write

if TYPE_CHECKING:
    from collections.abc import Mapping

PARSE = """
import sys, os, yaml
for top, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(top, name), "rb") as file:
            yaml.load(file.read(), yaml.CSafeLoader)
"""


class Cost(NamedTuple):
    """CPU seconds and peak resident memory in MB of one process."""

    cpu: float
    memory: float


def run(command: list[str], *, codes: tuple[int, ...] = (0,)) -> Cost:
    """Run a process to its end and measure it."""
    with open(os.devnull, "wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        raise SystemExit(f"{command[:4]} ended with {process.returncode}")
    scale = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale / 2**20)


def compare(
    commands: dict[str, list[str]], times: int, *, codes: Mapping[str, tuple[int, ...]] = MappingProxyType({})
) -> dict[str, Cost]:
    """Median costs of commands that are run in turn; those of `codes` may end with these exit codes, others with 0."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            costs[name].append(run(command, codes=codes.get(name, (0,))))
    return {
        name: Cost(statistics.median(c.cpu for c in found), statistics.median(c.memory for c in found))
        for name, found in costs.items()
    }


def line(label: str, value: float, unit: str, target: str) -> None:
    """One line of the table."""
    print(f"{label:<62} {value:>9.2f} {unit:<6} {target}")


def many(folder: Path, count: int) -> None:
    """A tree of manifests: against the bare parse, and against check-jsonschema with the same schema."""
    python = sys.executable
    schema = folder / "schema.json"
    shown = subprocess.run([python, "-m", "pytest_datapolicy", "schema", "manifest"], check=True, capture_output=True)
    schema.write_bytes(shown.stdout)
    tree = folder / "tree"
    small = folder / "small"
    write(tree, count)
    write(small, count // 10)
    files = [str(path) for path in sorted(small.rglob("*.yaml"))]
    check = [python, "-m", "pytest_datapolicy", "check", "--policy", "builtin:baseline"]
    costs = compare({"check": [*check, str(tree)], "parse": [python, "-c", PARSE, str(tree)]}, 5)
    fewer = compare(
        {
            "check": [*check, str(small)],
            "peer": [python, "-m", "check_jsonschema", "--schemafile", str(schema), *files],
        },
        3,
    )
    line(f"check {count:,} manifests / CSafeLoader parses them", costs["check"].cpu / costs["parse"].cpu, "x", "<= 1.0")
    line(f"check-jsonschema / check, {count // 10:,} manifests", fewer["peer"].cpu / fewer["check"].cpu, "x", ">= 5")
    retained = (costs["check"].memory - fewer["check"].memory) * 1024 / (count - count // 10)
    line(f"memory retained a passing manifest ({costs['check'].memory:.0f} MB in all)", retained, "KB", "< 1")
    line("check, each manifest", costs["check"].cpu / count * 1e6, "us", "")
    line("CSafeLoader, each manifest", costs["parse"].cpu / count * 1e6, "us", "")


def one(folder: Path) -> None:
    """One manifest: the whole process against a process that only imports yaml."""
    write(folder / "one", 1)
    python = sys.executable
    script = shutil.which("datapolicy", path=os.path.dirname(python)) or "datapolicy"
    costs = compare(
        {"check": [script, "check", str(folder / "one")], "import": [python, "-c", "import yaml"]},
        15,
    )
    line("check one manifest / python -c 'import yaml'", costs["check"].cpu / costs["import"].cpu, "x", "<= 2.5")


def main(arguments: list[str]) -> int:
    count = int(arguments[0]) if arguments else 10_000
    with tempfile.TemporaryDirectory() as name:
        one(Path(name))
        many(Path(name), count)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
