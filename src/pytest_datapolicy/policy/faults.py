"""What is wrong with a policy: gathered with the place of each, raised as one error that ends the run."""

from __future__ import annotations

from pytest_datapolicy.model.document import place_in
from pytest_datapolicy.model.places import START
from pytest_datapolicy.model.report import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.document import Refused
    from pytest_datapolicy.model.places import Place


class Faults:
    """The faults met so far, in the order of reading."""

    def __init__(self) -> None:
        self._errors: list[RunError] = []

    def __bool__(self) -> bool:
        return bool(self._errors)

    def add(self, message: str, place: Place | None, remedy: str = "") -> None:
        """Note one fault."""
        self._errors.append(RunError(message, place, remedy=remedy))

    def take(self, refused: Refused, path: str, named: Place | None) -> None:
        """Note what the reader or the schema says of the policy file at `path`, which a policy names at `named`."""
        for problem in refused.problems:
            if named is not None and problem.span == START and not refused.text:
                self.add(f"{path}: {problem.message}", named, problem.remedy)
            else:
                self.add(problem.message, place_in(path, refused.text, problem.span), problem.remedy)

    def sort(self, start: int) -> None:
        """Put the faults since number `start`, all of one file, in the order of its text."""
        self._errors[start:] = sorted(self._errors[start:], key=_position)

    def __len__(self) -> int:
        return len(self._errors)

    def close(self) -> None:
        """Raise the first fault, holding the others, if there is any."""
        if self._errors:
            first = self._errors[0]
            raise RunError(first.message, first.place, remedy=first.remedy, others=self._errors[1:])


def _position(error: RunError) -> tuple[int, int]:
    return (0, 0) if error.place is None else (error.place.line, error.place.column)


def meant(word: str, known: Iterable[str]) -> str:
    """``did you mean X?`` for the known word that is closest, or an empty string."""
    from pytest_datapolicy.syntax.suggestions import nearest

    options = list(known)
    # A longer word for a short one (maximum for max) is far from it by letters.
    close = nearest(word, options) or next((o for o in options if len(o) > 2 and word.startswith(o)), None)
    return f"did you mean {close}?" if close else ""


def named(name: str) -> str:
    """A name of the user's as a message can carry it."""
    from pytest_datapolicy.syntax import wording

    return wording.named(name)
