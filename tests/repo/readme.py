"""The commands and the output that README.md shows. `.ci/run` runs this file by its path: standard library only."""

from __future__ import annotations

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"


def blocks(language: str) -> list[str]:
    """The fenced blocks of README.md in this language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def command(number: int) -> str:
    """The README's first or second command: one line that a reader copies."""
    line = blocks("sh")[number - 1].strip()
    if "\n" in line:
        raise ValueError(f"README.md: command {number} is not one line")
    return line


def not_shown(output: str) -> list[str]:
    """The README's blocks of output (language `text`) that `output` does not hold line for line."""
    return [block for block in blocks("text") if "\n" + block not in "\n" + output]


def main(argv: list[str]) -> int:
    """`command N` prints a command; `shown FILE` ends with 1 unless FILE holds the output shown for the first one."""
    verb, argument = argv
    if verb == "command":
        sys.stdout.write(command(int(argument)) + "\n")
        return 0
    shown = blocks("text")[0]
    if shown in not_shown(Path(argument).read_text("utf-8")):
        sys.stderr.write(f"README.md shows output that the command did not print:\n{shown}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
