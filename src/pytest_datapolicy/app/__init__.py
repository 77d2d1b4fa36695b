"""The use cases that every door shares. One engine, many doors: all of them come through `check`."""

from __future__ import annotations

import os

from pytest_datapolicy import __version__
from pytest_datapolicy.app.discovery import find_manifests
from pytest_datapolicy.app.reading import manifest_reader
from pytest_datapolicy.app.settings import load_settings
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.engine.judged import Judged
from pytest_datapolicy.engine.run import judge
from pytest_datapolicy.hooks import PluginError
from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.model.policy import EMPTY_POLICY, Policy
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import Report, RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from pytest_datapolicy.app.adoption import Adoption
    from pytest_datapolicy.app.base import Base
    from pytest_datapolicy.app.discovery import Found
    from pytest_datapolicy.app.settings import Settings
    from pytest_datapolicy.engine.covered import Covered
    from pytest_datapolicy.engine.project import Known
    from pytest_datapolicy.model.waivers import Waivers
    from pytest_datapolicy.verify.verification import Verification

DEFAULT_POLICY = ("builtin:baseline",)


class Measuring(NamedTuple):
    """How data files are read."""

    cached: bool = True
    """Results that were kept of the same bytes are used."""
    show_records: bool = False
    """Findings may quote records."""


def check(
    paths: Sequence[str] | None = None,
    *,
    policy: Sequence[str] | str | None = None,
    root: str | None = None,
    today: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    allow_empty: bool = False,
    baseline: str | Adoption | None = None,
    base: str | None = None,
    only_new: bool = False,
    verify: bool = False,
    cached: bool = True,
    show_records: bool = False,
) -> Report:
    """Judge the manifests of a project.

    `paths` are files or folders to report on (default: the whole project); references and project rules see all
    manifests of the project. `policy` names policy files or packs (``builtin:baseline``); default is what the settings
    say, or the pack ``baseline``. `today` is a UTC day as YYYY-MM-DD. `select` and `ignore` name rules by id or name.
    `baseline` is a file of findings that were there when the policy was adopted. With `base`, a git revision, policy,
    waivers, baseline and settings are those of that revision, and what a data set declares is compared with what it
    declared there; with `only_new` the findings that the revision has too do not fail. With `verify` the data files are
    read, and what manifests claim of them is measured; `cached` results of the same bytes are used, and `show_records`
    lets findings quote records.

    Never raises for a user's mistake: what makes the run invalid stands in ``Report.errors``.
    """
    report, _ = inspect(
        paths,
        policy=policy,
        root=root,
        today=today,
        select=select,
        ignore=ignore,
        allow_empty=allow_empty,
        adoption=adoption_of(baseline) if isinstance(baseline, str) else baseline,
        base=base,
        only_new=only_new,
        verify=Measuring(cached, show_records) if verify else None,
    )
    return report


def inspect(
    paths: Sequence[str] | None = None,
    *,
    policy: Sequence[str] | str | None = None,
    root: str | None = None,
    today: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    allow_empty: bool = False,
    applied: dict[str, tuple[str, ...]] | None = None,
    then: Callable[[Known], None] | None = None,
    adoption: Adoption | None = None,
    texts: Mapping[str, bytes] | None = None,
    base: str | None = None,
    only_new: bool = False,
    verify: Measuring | None = None,
) -> tuple[Report, Policy]:
    """Like `check`, with the policy that was in force; fills `applied` with the rules put to each manifest.

    `then` is called when all is decided (see `engine.run.judge`). `adoption` is the baseline in use. `texts` holds, by
    absolute path, what waiver files are to be read as in place of what they hold. `verify` has the data files read.
    """
    day = today if today is not None else utc_today()
    state = _State(root or os.getcwd(), day, today_given=today is not None, applied=applied)
    state.then = then
    state.adoption = adoption
    state.texts = texts or {}
    state.only_new = only_new
    state.verify = verify
    try:
        if base is not None:
            state.base = open_base((root or next(iter(paths or ()), None)) or os.getcwd(), base)
        state.run(list(paths or ()), [policy] if isinstance(policy, str) else policy, root, select, ignore)
    except RunError as error:
        state.errors += [error, *error.others]
    except PluginError as error:
        state.errors.append(RunError(str(error), remedy="repair or uninstall that plugin"))
    finally:
        if state.base is not None:
            state.base.close()
        if state.verifier is not None:
            state.verifier.close()
    if not state.errors and not allow_empty:
        state.errors += state.empty()
    return state.report(), state.policy


def default_policy() -> Policy:
    """The policy of runs that name none; it need not be read."""
    from pytest_datapolicy.packs.generated import BASELINE

    return BASELINE


def load(
    names: Sequence[str], root: str, catalogue: Catalogue, read: Callable[[str], bytes | None] | None = None
) -> Policy:
    """The union of the policies that are named. Raises `RunError`."""
    from pytest_datapolicy.policy.load import load_policy

    return load_policy(names, root=root, catalogue=catalogue, read=read)


def utc_today() -> str:
    """The UTC day as YYYY-MM-DD."""
    import time

    return time.strftime("%Y-%m-%d", time.gmtime())


class _State:
    """What is known of a run so far: a report can be made of it whenever it ends."""

    def __init__(self, root: str, today: str, *, today_given: bool, applied: dict[str, tuple[str, ...]] | None) -> None:
        self.root = root
        self.applied = applied
        self.then: Callable[[Known], None] | None = None
        self.adoption: Adoption | None = None
        self.texts: Mapping[str, bytes] = {}
        self.base: Base | None = None
        self.only_new = False
        self.verify: Measuring | None = None
        self.verifier: Verification | None = None
        self.today = today
        self.today_given = today_given
        self.policy: Policy = EMPTY_POLICY
        self.policy_default = False
        self.found: Found | None = None
        self.judged = Judged((), (), 0, 0)
        self.deselected: tuple[str, ...] = ()
        self.errors: list[RunError] = []

    def run(
        self,
        paths: list[str],
        policy: Sequence[str] | None,
        root: str | None,
        select: Sequence[str],
        ignore: Sequence[str],
    ) -> None:
        check_day(self.today)
        base, start = self.base, root or (paths[0] if paths else os.getcwd())
        settings = load_settings(start) if base is None else base.settings(start)
        self.root = settings.root
        catalogue = Catalogue()
        names = policy if policy is not None else settings.policy
        self.policy_default = not names
        given = None if base is None else base.bytes_of
        self.policy = load(names, settings.root, catalogue, given) if names else default_policy()
        self.deselected = deselected(catalogue, self.policy, select, ignore)
        waivers = self.waivers(catalogue)
        if self.adoption is not None:
            self.adoption.open(settings.root, self.given())
        skip = frozenset(self.deselected)
        data = data_files(self.policy, skip)
        self.found = find_manifests(settings, catalogue.formats, paths, data)
        tree = None if base is None else base.tree(settings, catalogue, self.found)
        self.judged = judge(
            self.found.paths,
            manifest_reader(settings.root, catalogue, self.found.problems, None if tree is None else tree.seen),
            self.policy,
            catalogue,
            today=self.today,
            skip=skip,
            reported=self.found.reported,
            applied=self.applied,
            then=self.then,
            waivers=waivers,
            base=tree,
            verify=self.opened(settings),
            covered=covered(self.found.data, self.found.paths, self.policy) if data is not None else None,
        )
        if self.adoption is not None:
            self.judged = self.adoption.apply(self.judged, catalogue, skip)
        if base is not None and tree is not None and self.judged.findings:
            there = judge(
                tree.paths,
                tree.read,
                self.policy,
                catalogue,
                today=self.today,
                skip=skip,
                waivers=waivers,
                covered=covered(tree.data(data), tree.paths, self.policy) if data is not None else None,
            )
            if self.adoption is not None:
                there = self.adoption.apply(there, catalogue, skip)
            self.judged = base.mark(self.judged, there, tree)

    def opened(self, settings: Settings) -> Verification | None:
        """What opens the data files, if they are to be read."""
        if self.verify is not None:
            from pytest_datapolicy.verify import open_verifier

            cached, show = self.verify
            self.verifier = open_verifier(settings.root, settings.verify, cached=cached, show_records=show)
        return self.verifier

    def given(self) -> Callable[[str], bytes] | None:
        """What gives waiver files and baselines in place of the file system."""
        return None if self.base is None else self.base.file

    def waivers(self, catalogue: Catalogue) -> Waivers | None:
        """The waivers of the files that the policy names; None when it names none."""
        if not self.policy.waivers.files:
            return None
        from pytest_datapolicy.policy.waivers import load_waivers

        return load_waivers(self.policy, root=self.root, catalogue=catalogue, read=self.given(), texts=self.texts)

    def empty(self) -> list[RunError]:
        """Why nothing was judged, or not where it should have been: exit 3."""
        errors = list(self.found.errors) if self.found is not None else []
        if not errors and not self.judged.manifests:
            remedy = "add a dataset.yaml or *.dataset.yaml, name a file, or pass --allow-empty"
            errors.append(RunError("no manifest found", remedy=remedy, code=3))
        return errors

    def report(self) -> Report:
        return Report(
            version=__version__,
            root=self.root,
            today=self.today,
            today_given=self.today_given,
            policy=self.policy.sources,
            policy_default=self.policy_default,
            manifests=self.judged.manifests,
            subjects=self.judged.subjects,
            skipped=self.found.skipped if self.found is not None else 0,
            findings=self.judged.findings,
            rules=self.judged.rules,
            deselected=self.deselected,
            errors=tuple(self.errors),
            baseline=self.adoption.label if self.adoption is not None else None,
            base=self.base.name if self.base is not None else None,
            only_new=self.only_new,
        )


def adoption_of(file: str, mode: str = "use") -> Adoption:
    """A baseline for one run (see `app.adoption`), imported when there is one."""
    from pytest_datapolicy.app.adoption import Adoption

    return Adoption(file, mode)


def open_base(start: str, name: str) -> Base:
    """The revision that a change is judged against (see `app.base`), imported when there is one."""
    from pytest_datapolicy.app.base import Base

    return Base(start, name)


def read_manifest(root: str, path: str) -> Manifest:
    """One manifest, read again for whoever needs its values. Raises `Refused`."""
    return Manifest(manifest_reader(root, Catalogue())(path).tree)


def deselected(catalogue: Catalogue, policy: Policy, select: Sequence[str], ignore: Sequence[str]) -> tuple[str, ...]:
    """The ids that ``--select`` and ``--ignore`` leave out, own rules included. Always-on rules are never left out."""
    if not select and not ignore:
        return ()
    own = [rule.id for rule in policy.custom]
    chosen = {_identity(catalogue, own, key) for key in select}
    ignored = {_identity(catalogue, own, key) for key in ignore}
    optional = [*(entry.id for entry in catalogue if not entry.always_on), *own]
    return tuple(identity for identity in optional if identity in ignored or (chosen and identity not in chosen))


def _identity(catalogue: Catalogue, own: Sequence[str], key: str) -> str:
    identity = key if key in own else catalogue.id_of(key)
    if identity is None:
        from difflib import get_close_matches

        near = get_close_matches(key, [*catalogue.keys, *own], n=1)
        raise RunError(f"unknown rule {key!r}", remedy=f"did you mean {near[0]}?" if near else "see `datapolicy rules`")
    return identity


def data_files(policy: Policy, skip: Container[str] = ()) -> re.Pattern[str] | None:
    """The paths that the policy takes for data files, of which each is to be named; None when it does not ask."""
    if "DP605" in skip or not any(clause.rule == "DP605" for clause in policy.clauses):
        return None
    from pytest_datapolicy.engine.covered import wanted

    return wanted(policy)


def covered(files: Iterable[str], manifests: Iterable[str], policy: Policy) -> Covered:
    """What is to be named of the tree's data files (see `engine.covered`), imported when a policy asks."""
    from pytest_datapolicy.engine.covered import covered as made

    return made(files, manifests, policy)


def check_day(today: str) -> None:
    """Raise `RunError` for anything but a calendar day as YYYY-MM-DD."""
    from datetime import date

    try:
        valid = date.fromisoformat(today).isoformat() == today
    except ValueError:
        valid = False
    if not valid:
        raise RunError(f"{today!r} is not a day", remedy="write it as YYYY-MM-DD")
