"""What the creators' fields of dataset cards say of origin and labels, and no more than that.

The values were meant to be a closed list, but nothing enforces it, and several mean too many things at once: measured
on real cards, ``machine-generated`` stands for models, machine translation, templates, OCR and crawled human texts,
and ``expert-generated`` for texts of experts as well as for those of grammars that experts wrote.
"""

from __future__ import annotations

import re

from pytest_datapolicy.formats.host import ANYTHING, MACHINE_LABELS
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.vocabulary import SYNTHETIC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Read(NamedTuple):
    """What values mean."""

    value: str
    reason: str = ""
    """Why it is not known better."""
    fits: frozenset[str] | None = None
    """What could still be true; None when the value is exact."""


_LANGUAGE = {
    "crowdsourced": Read("human"),
    "found": Read("unknown", "which tells where the texts were taken from, not who or what wrote them", ANYTHING),
    "expert-generated": Read(
        "unknown", "which can mean that experts wrote the texts, or a grammar or templates that make them", ANYTHING
    ),
    "machine-generated": Read(
        "unknown", "which can mean a model, a machine translation, templates, OCR or a crawler", SYNTHETIC
    ),
    "other": Read("unknown", "which tells nothing", ANYTHING),
}
_ANNOTATIONS = {
    "crowdsourced": Read("crowd"),
    "human-annotated": Read("crowd"),
    "expert-generated": Read("expert"),
    "expert-annotated": Read("expert"),
    "lm-generated": Read("model"),
    "lm-generated and reviewed": Read("model"),
    "llm-generated": Read("model"),
    "algorithmic": Read("program"),
    "found": Read("unknown", "which tells where the labels were taken from, not who gave them", ANYTHING),
    "derived": Read("unknown", "which tells that the labels come from other data, not who gave them", ANYTHING),
    "machine-generated": Read("unknown", "which can mean a model, a program or distant supervision", MACHINE_LABELS),
    "automatic": Read("unknown", "which can mean a model or a program", MACHINE_LABELS),
    "automatic-and-reviewed": Read("unknown", "which can mean a model or a program", MACHINE_LABELS),
    "other": Read("unknown", "which tells nothing", ANYTHING),
}
_WEAKEST = ("crowd", "expert")
"""Of several kinds of people who labelled, the one that claims least counts."""
_UNDEFINED = Read("unknown", "which no version of the card format defines", ANYTHING)

MADE = frozenset(
    {
        *(
            "synthetic",
            "synthetic-data",
            "synthetic data",
            "synthetic-dataset",
            "synthetic_data",
            "synthetically-generated",
        ),
        *("distilabel", "rlaif", "llm-generated", "ai-generated", "machine-generated", "gpt-generated", "simulated"),
    }
)
"""Tags by which authors say that there is synthetic data."""
DIALOGUE = re.compile(
    r"(?:^|[-_ ])(?:conversation(?:al|s)?|dialog(?:ue|ues|s)?|chat(?:bot|bots)?|multi-turn)(?:$|[-_ ])", re.I
)
"""Topics of data in which one side may be a machine, whoever the other is."""
_LABELLED = re.compile(
    r"classification|answering|choice|scoring|similarity|detection|segmentation|recognition|ranking|retrieval|regression"
    r"|tagging|parsing|prediction|matching|inference|-qa(?:$|-)"
)
"""Tasks that need labels, wherever those come from."""


def origin_of(named: Sequence[str], *, dialogue: bool) -> Read:
    """The origin that values of ``language_creators`` tell."""
    answer = _join("language_creators", named, [_LANGUAGE.get(item.lower(), _UNDEFINED) for item in named])
    if dialogue and answer.fits is None:
        reason = "language_creators says crowdsourced, but in a dialogue that can be one side, and a machine the other"
        return Read("unknown", reason, ANYTHING)
    return answer


def labeller_of(named: Sequence[str], tasks: Sequence[str]) -> Read:
    """The labeller that values of ``annotations_creators`` tell."""
    return _join("annotations_creators", named, [_labeller(item.lower(), tasks) for item in named])


def _labeller(word: str, tasks: Sequence[str]) -> Read:
    if word != "no-annotation":
        return _ANNOTATIONS.get(word, _UNDEFINED)
    labelled = next((task for task in tasks if _LABELLED.search(task.lower())), None)
    if labelled is None:
        return Read("none")
    return Read("unknown", f"but {labelled} needs labels, and the card does not tell where they come from", ANYTHING)


def _join(field: str, named: Sequence[str], answers: list[Read]) -> Read:
    """What several values tell together: one answer only when they agree."""
    said = f"{field} says {', '.join(named)[:120]}"
    if len(set(answers)) == 1:
        only = answers[0]
        return only._replace(reason=f"{said}, {only.reason}") if only.reason else only
    if all(item.value in _WEAKEST for item in answers):
        kind = next(kind for kind in _WEAKEST if any(item.value == kind for item in answers))
        return Read(kind, f"{said}, and not who labelled which records")
    fits = {item.fits if item.fits is not None else frozenset({item.value}) for item in answers}
    open_ended = ANYTHING in fits
    return Read(
        "unknown", f"{said}, and not which records are which", ANYTHING if open_ended else frozenset().union(*fits)
    )
