"""One case of a policy test under a policy: what it finds, and what of that was not expected."""

from __future__ import annotations

import os
from fractions import Fraction

from pytest_datapolicy.app.fragments import OUTSIDE
from pytest_datapolicy.engine.run import judge
from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.places import START, Place
from pytest_datapolicy.model.policy import External
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.policy.faults import meant
from pytest_datapolicy.policy.waivers import load_waivers
from pytest_datapolicy.render.text import subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from pytest_datapolicy.app.policy_cases import Case
    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.engine.judged import Judged
    from pytest_datapolicy.model.format import Reading
    from pytest_datapolicy.model.policy import Clause, Policy
    from pytest_datapolicy.model.report import Finding

NOT_OF_CASES = frozenset({"DP708", "DP710"})
"""About the project as a whole, which a case is not."""
WAIVERS = "waivers.yaml"
"""Where the waivers of a case stand for a policy that names no file: whoever extends it may."""
NO_WAIVERS = b'{"waivers": 1, "entries": []}'


class Trial:
    """A case, its manifests read once, to be judged under one policy after the other."""

    def __init__(self, case: Case, root: str, catalogue: Catalogue) -> None:
        self.case = case
        self._root = root
        self._catalogue = catalogue
        self._here = _Texts(case.manifests, catalogue)
        self._base = None if case.base is None else _Texts(case.base, catalogue)
        self.rules = frozenset(str(item["rule"]) for item in case.expect)

    def judged(self, policy: Policy) -> Judged:
        """What the engine says of the case."""
        known = {OUTSIDE: External(OUTSIDE, "human", 0, Place("", START)), **policy.externals}
        bare = policy._replace(externals=known, inventory=(), findings=())
        return judge(
            self._here.paths,
            self._here.read,
            bare,
            self._catalogue,
            today=self.case.today,
            skip=NOT_OF_CASES,
            waivers=self._waivers(bare),
            base=self._base,
        )

    def _waivers(self, policy: Policy) -> Any:
        """The waivers of the case, in the first file that the policy names; the others hold none."""
        labels = [label for label, _ in policy.waivers.files]
        if not labels and self.case.waivers is None:
            return None
        if not labels:
            policy = policy._replace(waivers=policy.waivers._replace(files=((WAIVERS, self.case.place),)))
            labels = [WAIVERS]
        texts = dict.fromkeys((os.path.normpath(os.path.join(self._root, label)) for label in labels), NO_WAIVERS)
        if self.case.waivers is not None:
            texts[next(iter(texts))] = self.case.waivers
        return load_waivers(policy, root=self._root, catalogue=self._catalogue, texts=texts)

    def faults(self, policy: Policy, rule: str = "") -> list[str]:
        """What was expected and not found, and the reverse; of one rule, if one is named."""
        found = [item for item in self.judged(policy).findings if rule in ("", item.rule)]
        expected = [item for item in self.case.expect if rule in ("", item["rule"])]
        return differences(expected, found)

    def decides(self, policy: Policy, clause: Clause) -> tuple[bool, bool]:
        """Whether some subject meets the clause, and whether some finding is its."""
        alone = self.judged(policy._replace(clauses=(clause,)))
        met = sum(count.subjects for count in alone.rules if count.rule == clause.rule)
        missed = {
            (item.dataset, item.split, item.component)
            for item in alone.findings
            if item.rule == clause.rule and item.outcome != "waived"
        }
        return met > len(missed), bool(missed)


class _Texts:
    """Manifests as texts; also as those of the base revision."""

    name = "base"

    def __init__(self, texts: Mapping[str, bytes], catalogue: Catalogue) -> None:
        self.paths: Sequence[str] = sorted(texts)
        self._texts = texts
        self._catalogue = catalogue
        self._read: dict[str, Reading | Refused] = {}

    def read(self, path: str) -> Reading:
        known = self._read.get(path)
        if known is None:
            try:
                known = self._catalogue.reading(path, self._texts[path])
            except Refused as refused:
                known = refused
            self._read[path] = known
        if isinstance(known, Refused):
            raise known
        return known

    def same(self, path: str) -> bool:  # noqa: ARG002 - compared all the same
        return False


def differences(expected: Iterable[Mapping[str, Any]], found: Iterable[Finding]) -> list[str]:
    """Each expected finding that is not there, and each finding that nobody expected."""
    left = list(found)
    lines = []
    for wanted in sorted(expected, key=len, reverse=True):
        match = next((item for item in left if _is(wanted, item)), None)
        if match is None:
            lines.append(f"expected and not found: {_wanted(wanted)}")
        else:
            left.remove(match)
    return lines + [f"found and not expected: {_told(item)}" for item in left]


def _is(wanted: Mapping[str, Any], finding: Finding) -> bool:
    return all(_value(value) == _value(getattr(finding, key)) for key, value in wanted.items())


def _value(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else Fraction(value)


def _wanted(wanted: Mapping[str, Any]) -> str:
    first = f"{wanted['rule']} {wanted['outcome']} at level {wanted['level']}"
    rest = [f"{key} {value}" for key, value in wanted.items() if key not in ("rule", "outcome", "level")]
    return ", ".join([first, *rest])


def _told(finding: Finding) -> str:
    about = subject(finding)
    head = f"{finding.rule} {finding.outcome} at level {finding.level}"
    return f"{head}{', ' if about else ''}{about}: {finding.message}"


def check_rules(cases: Iterable[Case], policy: Policy, catalogue: Catalogue) -> None:
    """Raise `RunError` for an expected finding of a rule that does not exist."""
    own = [rule.id for rule in policy.custom]
    for case in cases:
        for item in case.expect:
            rule = item["rule"]
            if rule not in catalogue and rule not in own:
                remedy = meant(rule, [*catalogue.keys, *own]) or "see `datapolicy rules`"
                raise RunError(f"this case expects a finding of {rule}, which is no rule", case.place, remedy=remedy)
