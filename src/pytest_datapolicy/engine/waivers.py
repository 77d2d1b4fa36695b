"""The one place that decides which finding a waiver covers, and what becomes of the waiver itself.

Every door comes through here. An entry covers findings of its rule at its subject, from the day it is granted to its
last good day. With ``allow`` it covers a finding that passes once the clause has that limit, and nothing that cannot be
decided; without, it covers the finding entirely.
"""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.policy.tighter import limit_text
from pytest_datapolicy.policy.waivers import Fault, day_after, days_between, invalid, not_waivable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pytest_datapolicy.engine.findings import Located
    from pytest_datapolicy.engine.index import Index
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding
    from pytest_datapolicy.model.rule import Draft
    from pytest_datapolicy.model.waivers import Waiver, Waivers

    Pair = tuple[Located, Draft]
    """What one clause says of a subject."""

NOTICE = 14
"""With fewer days left than this the end of a waiver is announced."""
UNDECIDED = ("fail", "indeterminate")
CRASHES = (Exception, SystemExit, GeneratorExit)
BEYOND = Fault("allow", "", "")
"""No fault of the waiver: what was found is more than it allows."""


class Met(NamedTuple):
    """What one finding meant for one waiver."""

    dataset: str
    outcome: str
    """``covered``, ``spare`` (another waiver lasts longer), ``expired`` (it would be covered), ``beyond`` (it is more
    than the waiver allows) or ``invalid``."""
    fault: Fault | None = None


class Matcher:
    """The waivers of one run. Holds what they met, so that one matcher serves one run."""

    def __init__(self, waivers: Waivers, today: str) -> None:
        self._waivers = waivers
        self._today = today
        self._by_subject: dict[tuple[str, str], list[Waiver]] = {}
        for waiver in sorted(waivers.entries, key=_preference):
            self._by_subject.setdefault((waiver.rule, waiver.dataset), []).append(waiver)
        self._met: dict[Place, list[Met]] = {}

    def forget(self, dataset: str) -> None:
        """Take back what findings of a data set meant: they are made anew."""
        for place, met in self._met.items():
            self._met[place] = [item for item in met if item.dataset != dataset]

    def settle(
        self, rule: str, dataset: str, names: tuple[str | None, str | None], pairs: Sequence[Pair]
    ) -> Waiver | None:
        """The waiver that covers a finding, given as what each clause says of it."""
        split, component = names
        chosen: Waiver | None = None
        for entry in self._by_subject.get((rule, dataset), ()):
            elsewhere = entry.split not in (None, split) or entry.component not in (None, component)
            if elsewhere or self._today < entry.granted:
                continue
            faults = [fault for pair in pairs if (fault := _fault(entry, pair)) is not None]
            if self._today > entry.expires:
                if not faults and chosen is None:
                    self._note(entry, Met(dataset, "expired"))
            elif not faults:
                self._note(entry, Met(dataset, "spare" if chosen else "covered"))
                chosen = chosen or entry
            else:
                for fault in faults:
                    self._note(entry, Met(dataset, "beyond" if fault is BEYOND else "invalid", fault))
        return chosen

    def _note(self, entry: Waiver, met: Met) -> None:
        self._met.setdefault(entry.place, []).append(met)

    def facts(self, waiver: Waiver) -> dict[str, object]:
        """What a report says of the waiver that covers a finding."""
        return {
            "owner": waiver.owner,
            "approved_by": waiver.approved_by,
            "reason": waiver.reason,
            "granted": waiver.granted,
            "expires": waiver.expires,
            "days_left": days_between(self._today, waiver.expires),
            "allow": dict(waiver.written) or None,
            "path": waiver.place.path,
            "line": waiver.place.line,
        }

    def findings(self, index: Index, decided: Callable[[str, str], bool], level: str | None) -> list[Finding]:
        """DP702, DP703 and DP704, once all manifests are judged.

        `decided` tells whether a rule was put to a data set at all. `level` is that of DP704; None leaves it out.
        """
        found = list(self._waivers.findings)
        for waiver in self._waivers.entries:
            told = self._told(waiver, index, decided, level)
            found += told if isinstance(told, list) else filter(None, (told,))
        return found

    def _told(
        self, waiver: Waiver, index: Index, decided: Callable[[str, str], bool], level: str | None
    ) -> list[Finding] | Finding | None:
        strange = _strange(waiver, index)
        if strange is not None:
            return invalid(strange, _label(waiver), waiver.places)
        met = self._met.get(waiver.place, [])
        outcomes = {item.outcome for item in met}
        if "invalid" in outcomes:
            faults = dict.fromkeys(item.fault for item in met if item.fault not in (None, BEYOND))
            return [invalid(fault, _label(waiver), waiver.places) for fault in faults]
        if "expired" in outcomes:
            return self._ended(waiver)
        if "covered" in outcomes:
            return self._ending(waiver)
        if level is None or self._today < waiver.granted:
            return None
        if "spare" in outcomes:
            return self._double(waiver, level)
        return _needless(waiver, level, beyond="beyond" in outcomes) if decided(waiver.rule, waiver.dataset) else None

    def _ended(self, waiver: Waiver) -> Finding:
        message = f"the waiver of {waiver.rule} for {waiver.subject} expired on {waiver.expires}, and is still needed"
        remedy = "meet the demand, or agree on a new waiver"
        return _finding(
            "DP702", "live-waiver", "error", waiver, "expires", message, remedy, self._today, waiver.expires
        )

    def _ending(self, waiver: Waiver) -> Finding | None:
        left = days_between(self._today, waiver.expires)
        if left >= NOTICE:
            return None
        when = "today" if left == 0 else f"in {left} day{'s' if left > 1 else ''}"
        message = f"the waiver of {waiver.rule} for {waiver.subject} ends {when}, on {waiver.expires}"
        remedy = f"meet the demand before {day_after(waiver.expires, 1)}, or agree on a new waiver"
        return _finding("DP702", "live-waiver", "warning", waiver, "expires", message, remedy, left, NOTICE)

    def _double(self, waiver: Waiver, level: str) -> Finding | None:
        """Another waiver makes this one needless on every day that it lives; one that it only outlasts renews it."""
        for other in self._by_subject[waiver.rule, waiver.dataset]:
            if other is waiver:
                break
            same = (other.split, other.component) == (waiver.split, waiver.component)
            if same and other.granted <= waiver.granted and (not other.allow or other.allow == waiver.allow):
                message = f"the waiver of {waiver.rule} for {waiver.subject} allows nothing that the waiver at "
                message += f"{other.place.path}:{other.place.line} does not allow for as long"
                return _finding("DP704", "needed-waiver", level, waiver, "", message, "remove it", None, None)
        return None


def _preference(waiver: Waiver) -> tuple[object, ...]:
    """Of several waivers for one finding the one that lasts longest counts; the order of files and entries never."""
    return (-int(waiver.expires.replace("-", "")), waiver.granted, waiver.place)


def _fault(entry: Waiver, pair: Pair) -> Fault | None:
    """Why a waiver does not cover what a clause says."""
    item, draft = pair
    clause = item.clause
    if not clause.waivable:
        return not_waivable(item.rule, clause.policy, clause.place)
    if not entry.allow:
        return None
    if draft.outcome != "fail":
        return BEYOND
    for parameter in item.rule.parameters:
        if parameter.name in entry.allow:
            allowed, limit = entry.allow[parameter.name], clause.limits[parameter.name]
            if limit is None or parameter.at_least_as_tight(allowed, limit):
                return _not_looser(parameter.name, allowed, limit, clause.place)
    return None if _passes(entry, item, draft) else BEYOND


def _not_looser(name: str, allowed: Any, limit: Any, place: Place | None) -> Fault:
    if limit is None:
        message = f"allow gives {name}, for which the clause sets no limit"
        return Fault("allow", message, f"remove {name}", place)
    message = f"{name} {limit_text(allowed)} is not looser than {limit_text(limit)}, which the clause sets"
    return Fault("allow", message, "remove the waiver, or allow what is really needed", place)


def _passes(entry: Waiver, item: Located, draft: Draft) -> bool:
    """Whether the demand is met once the clause has the limits that the waiver allows."""
    if item.context is None:
        return False
    clause = item.clause._replace(limits={**item.clause.limits, **entry.allow})
    try:
        again = list(item.rule.check(item.subject, clause, item.context))
    except CRASHES:
        return False
    return not any(
        other.outcome in UNDECIDED
        and (other.thing, other.split, other.component) == (draft.thing, draft.split, draft.component)
        for other in again
    )


def _strange(waiver: Waiver, index: Index) -> Fault | None:
    """What of a waiver's subject is not there; None also when it may stand in a file that cannot be read."""
    entry = index.entries.get(waiver.dataset)
    if entry is None:
        return None if index.may_be_unreadable(waiver.dataset) else _no_dataset(waiver.dataset, index)
    manifest = entry.manifest()
    splits = {split.name: split for split in manifest.splits}
    if waiver.split is not None and waiver.split not in splits:
        message = f"{waiver.dataset} has no split {waiver.split}"
        return Fault("split", message, _nearest(waiver.split, splits, "the splits are"))
    if waiver.component is None:
        return None
    chosen = splits.values() if waiver.split is None else (splits[waiver.split],)
    names = {component.name: None for split in chosen for component in split.components}
    if waiver.component in names:
        return None
    where = waiver.dataset if waiver.split is None else f"split {waiver.split} of {waiver.dataset}"
    message = f"{where} has no component {waiver.component}"
    return Fault("component", message, _nearest(waiver.component, names, "the components are"))


def _no_dataset(reference: str, index: Index) -> Fault:
    from pytest_datapolicy.policy.faults import meant

    name = reference.partition("@")[0]
    versions = sorted(known for known in index.entries if known.partition("@")[0] == name)
    remedy = meant(reference, versions) or (f"the project has {', '.join(versions[:5])}" if versions else "")
    remedy = remedy or meant(reference, index.entries) or "remove the waiver, or correct the reference"
    return Fault("dataset", f"there is no manifest of {reference}", remedy)


def _nearest(word: str, known: dict[str, Any], otherwise: str) -> str:
    from pytest_datapolicy.policy.faults import meant

    return meant(word, known) or f"{otherwise} {', '.join(sorted(known)[:10])}"


def _needless(waiver: Waiver, level: str, *, beyond: bool) -> Finding:
    message = f"the waiver of {waiver.rule} for {waiver.subject} covers no finding"
    remedy = "remove it"
    if beyond:
        allowed = ", ".join(f"{name} {limit_text(value)}" for name, value in waiver.allow.items())
        message += f": what was found is not within {allowed}"
        remedy = "meet what it allows, or agree on another waiver"
    return _finding("DP704", "needed-waiver", level, waiver, "", message, remedy, None, None)


def _finding(
    rule: str,
    name: str,
    level: str,
    waiver: Waiver,
    field: str,
    message: str,
    remedy: str,
    observed: int | str | None,
    limit: int | str | None,
) -> Finding:
    fault = Fault(field, message, remedy, None, observed, limit)
    return invalid(fault, _label(waiver), waiver.places)._replace(rule=rule, name=name, level=level)


def _label(waiver: Waiver) -> str:
    parts = (waiver.rule, waiver.dataset, waiver.split, waiver.component)
    return " ".join(part for part in parts if part is not None)
