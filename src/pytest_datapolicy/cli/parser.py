"""argparse with the product's own errors: exit 2, what was wrong, and what was probably meant."""

from __future__ import annotations

import argparse

from pytest_datapolicy.app.suggest import did_you_mean
from pytest_datapolicy.cli.output import write_stdout
from pytest_datapolicy.model.report import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """A parser of one command."""

    def __init__(self, verb: str, description: str, epilog: str = "") -> None:
        super().__init__(
            prog=f"datapolicy {verb}",
            description=description,
            epilog=epilog,
            allow_abbrev=False,  # an option that comes later must not change what an abbreviation means today
            formatter_class=_formatter,
        )

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace | None:
        """The options; None when help was asked for and has been printed. Raises `RunError` for wrong usage."""
        try:
            options, unknown = self.parse_known_args(arguments)
        except SystemExit:
            return None
        if unknown:
            word = unknown[0].partition("=")[0]
            kind = "option" if word.startswith("-") else "argument"
            meant = did_you_mean(word, self._option_string_actions) if kind == "option" else ""
            raise RunError(f"unknown {kind} {word!r}", remedy=meant or self._see())
        return options

    def error(self, message: str) -> NoReturn:
        """Raise `RunError` in place of ending the process."""
        raise RunError(message, remedy=self._see())

    def _see(self) -> str:
        return f"see `{self.prog} --help`"

    def _print_message(self, message: str, file: object = None) -> None:
        del file
        write_stdout(message)


def _formatter(prog: str) -> argparse.HelpFormatter:
    # argparse makes one for every option. Without a width it imports shutil, and that compression, to ask the terminal.
    return argparse.RawDescriptionHelpFormatter(prog, width=100)
