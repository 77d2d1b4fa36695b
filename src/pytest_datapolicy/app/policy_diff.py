"""The use case behind ``datapolicy policy diff``: two policies, and the data sets that they judge otherwise."""

from __future__ import annotations

import os

from pytest_datapolicy.app import check_day, utc_today
from pytest_datapolicy.app.discovery import find_manifests
from pytest_datapolicy.app.policies import open_catalogue, rules_of
from pytest_datapolicy.app.reading import manifest_reader
from pytest_datapolicy.app.settings import load_settings
from pytest_datapolicy.engine.compare import Change, changes
from pytest_datapolicy.engine.plan import ELSEWHERE
from pytest_datapolicy.engine.run import judge
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.model.vocabulary import LEVEL_RANK
from pytest_datapolicy.policy.load import survey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_datapolicy.app.discovery import Found
    from pytest_datapolicy.app.settings import Settings
    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Policy
    from pytest_datapolicy.model.report import Finding
    from pytest_datapolicy.policy.load import Survey

LIVE = ("fail", "indeterminate")


class Affected(NamedTuple):
    """A data set of which the two policies find different things."""

    dataset: str
    path: str
    old: str
    """The gravest level of what the old policy finds; ``pass`` when it finds nothing."""
    new: str
    gone: tuple[Finding, ...]
    come: tuple[Finding, ...]


class Compared(NamedTuple):
    """Two policies compared."""

    changes: tuple[Change, ...]
    affected: tuple[Affected, ...]
    manifests: int
    today: str

    @property
    def looser(self) -> bool:
        """Whether the new policy asks less in any way."""
        return any(change.kind == "looser" for change in self.changes)


def diff(old: str, new: str, paths: Sequence[str], *, today: str | None = None) -> Compared:
    """Compare two policies, each a file, a pack, a file of a package, or ``REV:PATH`` of a git revision.

    The manifests at `paths` (default: of the project) are judged by both, without waivers. Raises `RunError` for a
    policy that is not valid, and for paths without a manifest.
    """
    day = today or utc_today()
    check_day(day)
    settings, catalogue = load_settings(next(iter(paths), os.getcwd())), open_catalogue()
    (before, old_name), (after, new_name) = (_policy(name, settings, catalogue) for name in (old, new))
    rules = {**rules_of(before.policy, catalogue), **rules_of(after.policy, catalogue)}
    found = changes(before, after, rules)
    told = tuple(item._replace(old=_of(item.old, old_name), new=_of(item.new, new_name)) for item in found)
    manifests = find_manifests(settings, catalogue.formats, list(paths))
    if manifests.errors:
        raise manifests.errors[0]
    judged = [_judged(item.policy, manifests, settings, catalogue, day) for item in (before, after)]
    total = sum(manifests.reported is None or manifests.reported(path) for path in manifests.paths)
    return Compared(told, tuple(_affected(*judged)), total, day)


def _policy(name: str, settings: Settings, catalogue: Catalogue) -> tuple[Survey, str]:
    """A policy with the files that it is made of, and the revision that they are of (empty: the working tree)."""
    revision, colon, path = name.partition(":")
    if not colon or name.startswith(("builtin:", "package:")) or os.path.lexists(name):
        return survey([name], root=settings.root, catalogue=catalogue), ""
    from pytest_datapolicy.app.base import Base

    try:
        base = Base(os.getcwd(), revision)
    except RunError as error:
        raise RunError(error.message.removeprefix("--base "), remedy=error.remedy) from None
    try:
        here = path.startswith(("./", "../"))
        full = os.path.normpath(os.path.join(os.getcwd() if here else base.revision.top, path))
        root = base.settings(os.path.dirname(full)).root
        return survey([full], root=root, catalogue=catalogue, read=base.bytes_of), revision
    finally:
        base.close()


def _of(place: Place | None, revision: str) -> Place | None:
    """A place with the revision of its file."""
    if place is None or not revision or place.path.startswith(ELSEWHERE[:2]):
        return place
    return place._replace(path=f"{revision}:{place.path}")


def _judged(
    policy: Policy, manifests: Found, settings: Settings, catalogue: Catalogue, today: str
) -> dict[str, Finding]:
    """What a policy finds, by what makes it the same finding."""
    read = manifest_reader(settings.root, catalogue, manifests.problems)
    judged = judge(manifests.paths, read, policy, catalogue, today=today, reported=manifests.reported)
    return {
        f"{item.dataset} {item.fingerprint}": item
        for item in judged.findings
        if item.dataset is not None and item.outcome in LIVE
    }


def _affected(old: dict[str, Finding], new: dict[str, Finding]) -> Iterable[Affected]:
    gone = [item for key, item in old.items() if key not in new or _weight(new[key]) != _weight(item)]
    come = [item for key, item in new.items() if key not in old or _weight(old[key]) != _weight(item)]
    for dataset in sorted({str(item.dataset) for item in (*gone, *come)}):
        left = tuple(item for item in gone if item.dataset == dataset)
        added = tuple(item for item in come if item.dataset == dataset)
        was, now = (_verdict(item for item in side.values() if item.dataset == dataset) for side in (old, new))
        yield Affected(dataset, (*left, *added)[0].place.path, was, now, left, added)


def _weight(finding: Finding) -> tuple[str, str]:
    return (finding.level, finding.outcome)


def _verdict(findings: Iterable[Finding]) -> str:
    return max((item.level for item in findings), key=LEVEL_RANK.__getitem__, default="pass")
