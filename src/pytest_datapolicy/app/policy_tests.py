"""The use case behind ``datapolicy policy test``: cases, coverage of clauses, and mutants that no case notices."""

from __future__ import annotations

import os

from pytest_datapolicy.app.policies import each, open_catalogue, raise_all, rules_of
from pytest_datapolicy.app.policy_cases import case_file, document
from pytest_datapolicy.app.policy_trial import Trial, check_rules
from pytest_datapolicy.app.settings import load_settings
from pytest_datapolicy.engine.mutants import Mutant, mutants
from pytest_datapolicy.engine.plan import ELSEWHERE
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.policy.effective import identity
from pytest_datapolicy.policy.load import survey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_datapolicy.app.policy_cases import CaseFile
    from pytest_datapolicy.app.settings import Settings
    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Rule
    from pytest_datapolicy.policy.load import Survey

ENDINGS = (".yaml", ".yml")
TESTS = "tests"


class Failed(NamedTuple):
    """A case that shows something else than it expects."""

    title: str
    place: Place
    lines: tuple[str, ...]


class Undecided(NamedTuple):
    """A clause that no case meets, or that no case misses."""

    rule: str
    place: Place
    met: bool
    missed: bool


class Survivor(NamedTuple):
    """A change of a policy that no case notices."""

    rule: str
    what: str
    place: Place


class Tested(NamedTuple):
    """What the tests of some policies say."""

    files: tuple[str, ...]
    cases: int
    failed: tuple[Failed, ...]
    clauses: int
    undecided: tuple[Undecided, ...]
    mutants: int | None
    """So many were tried; None when none were asked for, or when cases fail."""
    survivors: tuple[Survivor, ...]

    @property
    def passes(self) -> bool:
        """Whether every case holds, every clause is decided and no mutant survives."""
        return not (self.failed or self.undecided or self.survivors)


class _Suite(NamedTuple):
    """The cases of one file with the policy that they are about."""

    path: str
    file: CaseFile
    survey: Survey
    rules: Mapping[str, Rule]
    trials: tuple[Trial, ...]

    @property
    def about(self) -> set[str]:
        """The policies that it tests, as reported."""
        return set(self.survey.roots)


def run_tests(paths: Sequence[str], *, mutate: bool = False) -> Tested:
    """Run the test files at `paths`, or those beside the policies there; by default those of the settings.

    Raises `RunError`, which holds every fault, for a policy or a test file that is not valid.
    """
    settings, catalogue = load_settings(next(iter(paths), os.getcwd())), open_catalogue()
    policies, files, beside = _found(paths, settings)
    own = {_label(path, settings) for path in policies}
    suites = [
        suite for suite in _suites([*files, *beside], settings, catalogue) if suite.path in files or own & suite.about
    ]
    if not suites:
        where = ", ".join(sorted(own)) or "the policy of the settings"
        raise RunError(f"no test file for {where}", remedy=f"write one: {TESTS}/<policy>.yaml beside the policy")
    if not policies:
        own = {label for suite in suites for label in suite.survey.roots if not label.startswith(ELSEWHERE)}
    surveys = [suite.survey for suite in suites] + each(policies, settings, catalogue)
    for suite in suites:
        check_rules(suite.file.cases, suite.survey.policy, catalogue)
    failed = tuple(
        Failed(trial.case.title, trial.case.place, tuple(lines))
        for suite in suites
        for trial in suite.trials
        if (lines := trial.faults(suite.survey.policy))
    )
    clauses = {identity(clause): clause for item in surveys for clause in item.policy.clauses if _in(clause.place, own)}
    undecided = tuple(_undecided(clauses, suites))
    tried: int | None = None
    survivors: tuple[Survivor, ...] = ()
    if mutate and not failed:
        tried, survivors = _survivors(suites, own)
    return Tested(
        tuple(suite.file.label for suite in suites),
        sum(len(suite.trials) for suite in suites),
        failed,
        len(clauses),
        undecided,
        tried,
        survivors,
    )


def _in(place: Place | None, own: Iterable[str]) -> bool:
    return place is not None and place.path in own


def _label(path: str, settings: Settings) -> str:
    real = path if path.startswith(("builtin:", "package:")) else os.path.realpath(path)
    return real if real is path else os.path.relpath(real, os.path.realpath(settings.root)).replace(os.sep, "/")


def _found(paths: Sequence[str], settings: Settings) -> tuple[list[str], list[str], list[str]]:
    """The policies that are to be covered, the test files that are asked for, and those that stand beside a policy."""
    policies: list[str] = []
    files: list[str] = []
    for path in map(os.path.abspath, paths):
        if os.path.isdir(path):
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(names):
                    if name.endswith(ENDINGS):
                        _sort(os.path.join(folder, name), settings, policies, files, named=False)
        else:
            _sort(path, settings, policies, files, named=True)
    if not paths:
        policies = [path for path in settings.policy if not path.startswith(("builtin:", "package:"))]
    beside: list[str] = []
    for policy in policies:
        folder = os.path.join(os.path.dirname(policy), TESTS)
        if os.path.isdir(folder):
            beside += (os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(ENDINGS))
    files = list(dict.fromkeys(files))
    return list(dict.fromkeys(policies)), files, [path for path in dict.fromkeys(beside) if path not in files]


def _sort(path: str, settings: Settings, policies: list[str], files: list[str], *, named: bool) -> None:
    """Put a file where it belongs, by what it says that it is. Others are passed over, unless they were named."""
    try:
        tree = document(path, settings.root, dates=_ANY_DATE).tree
    except RunError:
        if named or os.path.basename(os.path.dirname(path)) == TESTS:
            raise
        return
    if "cases" in tree:
        files.append(path)
    elif "policy" in tree:
        policies.append(path)
    elif named:
        raise RunError(f"{_label(path, settings)} is no policy and no test file", remedy="name one, or a folder")


class _Any(frozenset[str]):
    def __contains__(self, item: object) -> bool:
        return True


_ANY_DATE = _Any()
"""Which fields hold dates is for whoever reads the file for good."""


def _suites(files: Sequence[str], settings: Settings, catalogue: Catalogue) -> list[_Suite]:
    """The test files with their policies. Raises `RunError` that holds the faults of all of them."""
    suites: list[_Suite] = []
    faults: list[RunError] = []
    surveys: dict[tuple[str, ...], Survey] = {}
    for path in files:
        try:
            file = case_file(path, settings.root, catalogue)
            names = file.policies or settings.policy
            if not names:
                remedy = "write policy: ../org.yaml, or name the file like the policy in the folder above"
                raise RunError(f"{file.label} does not say which policy it tests", remedy=remedy)
            if names not in surveys:
                surveys[names] = survey(names, root=settings.root, catalogue=catalogue)
        except RunError as error:
            faults += [error, *error.others]
            continue
        found = surveys[names]
        trials = tuple(Trial(case, settings.root, catalogue) for case in file.cases)
        suites.append(_Suite(path, file, found, rules_of(found.policy, catalogue), trials))
    raise_all(faults)
    return suites


def _undecided(clauses: Mapping[tuple[object, ...], Clause], suites: Sequence[_Suite]) -> Iterator[Undecided]:
    for key, clause in sorted(clauses.items(), key=lambda item: _place_key(item[1].place)):
        met = missed = False
        for suite, trial in _likely(suites, clause.rule):
            held = next((item for item in suite.survey.policy.clauses if identity(item) == key), None)
            if held is not None and not (met and missed):
                passes, fails = trial.decides(suite.survey.policy, held)
                met, missed = met or passes, missed or fails
        if not (met and missed) and clause.place is not None:
            yield Undecided(clause.rule, clause.place, met, missed)


def _place_key(place: Place | None) -> tuple[object, ...]:
    return () if place is None else (place.path, place.line, place.column)


def _likely(suites: Sequence[_Suite], rule: str) -> list[tuple[_Suite, Trial]]:
    """All trials, those in front that expect something of the rule."""
    pairs = [(suite, trial) for suite in suites for trial in suite.trials]
    return sorted(pairs, key=lambda pair: rule not in pair[1].rules)


def _survivors(suites: Sequence[_Suite], own: set[str]) -> tuple[int, tuple[Survivor, ...]]:
    """How many mutants there are, and those under which every case of every file holds."""
    tried: dict[tuple[object, ...], list[tuple[_Suite, Mutant]]] = {}
    for suite in {id(item.survey): item for item in suites}.values():
        for mutant in mutants(suite.survey, suite.rules, lambda place: _in(place, own)):
            tried.setdefault((mutant.place, mutant.rule, mutant.what), []).append((suite, mutant))
    left = [
        Survivor(mutant.rule, mutant.what, mutant.place)
        for versions in tried.values()
        if not any(_notices(suites, suite.survey, mutant) for suite, mutant in versions)
        for _, mutant in versions[:1]
    ]
    return len(tried), tuple(sorted(left, key=lambda item: (*_place_key(item.place), item.what)))


def _notices(suites: Sequence[_Suite], about: Survey, mutant: Mutant) -> bool:
    """Whether some case about this policy fails under the mutant."""
    policy = mutant.policy
    if mutant.rule:
        policy = policy._replace(clauses=tuple(item for item in policy.clauses if item.rule == mutant.rule))
    return any(
        trial.faults(policy, mutant.rule) for suite, trial in _likely(suites, mutant.rule) if suite.survey is about
    )
