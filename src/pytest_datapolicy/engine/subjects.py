"""The subjects of a manifest with the rules that judge each, by when they can be judged."""

from __future__ import annotations

from pytest_datapolicy.engine.plan import READERS_RULES
from pytest_datapolicy.model.rule import Draft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_datapolicy.engine.findings import Located
    from pytest_datapolicy.engine.plan import Base, Selected, Selection
    from pytest_datapolicy.model.manifest import Manifest, Subject


def drafts_of(answer: Iterable[Draft]) -> tuple[Draft, ...]:
    """What a check answered; raises TypeError for anything but drafts, None included: it is no "pass"."""
    drafts = tuple(answer)
    for draft in drafts:
        if not isinstance(draft, Draft):
            raise TypeError(f"a check gives drafts, not {type(draft).__name__}")
    return drafts


def subjects_of(manifest: Manifest, base: Base) -> Iterator[tuple[Subject, Selection]]:
    """The data set, its splits and their components, each with the rules that judge it."""
    yield manifest, base.dataset(manifest)
    for split in manifest.splits:
        yield split, base.split(split)
        for component in split.components:
            yield component, base.component(component)


def rules_met(manifest: Manifest, base: Base, located: Iterable[Located]) -> tuple[str, ...]:
    """The ids of the rules that were put to any subject of a manifest."""
    met: dict[str, int] = dict.fromkeys(READERS_RULES[1:], 1)
    for _, selection in subjects_of(manifest, base):
        for rule in selection.rules:
            met[rule] = met.get(rule, 0) + 1
    for item in located:
        if any(draft.outcome == "not-applicable" for draft in item.drafts) and item.first:
            met[item.rule.id] -= 1
    return tuple(sorted(rule for rule, subjects in met.items() if subjects))


def look_up(subjects: Iterable[tuple[Subject, Selection]]) -> None:
    """Look up what would judge them, for clauses that wait for something to match."""
    for _ in subjects:
        pass


def of_itself(selection: Selection) -> Iterable[Selected]:
    """What a manifest itself decides."""
    return selection.local


def of_lineage(selection: Selection) -> Iterable[Selected]:
    """What lineage decides."""
    return selection.lineage


def of_project(selection: Selection) -> Iterable[Selected]:
    """What the whole project decides."""
    return selection.project


def alone(selection: Selection) -> Iterable[Selected]:
    """What can be decided of a manifest without references when it is read, and counted."""
    selection.uses += 1
    return selection.alone


def first(selection: Selection) -> Iterable[Selected]:
    """What can be decided of a manifest with references when it is read, and counted."""
    selection.uses += 1
    return selection.local
