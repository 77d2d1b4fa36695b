"""Manifests and a policy to findings.

First every manifest is read, judged by what it says itself, remembered in the index and dropped. Then, when all are
known, what depends on others is decided: references, lineage, held-out evaluation, clashes and cycles. Nothing is read
twice but the manifests that such a finding points into.
"""

from __future__ import annotations

from pytest_datapolicy.engine.findings import Located, Maker, conflict_findings, crash_finding, reader_findings
from pytest_datapolicy.engine.heldout import HeldOut, shared_files
from pytest_datapolicy.engine.index import Index
from pytest_datapolicy.engine.judged import Judged
from pytest_datapolicy.engine.leaf import LeafLineage
from pytest_datapolicy.engine.plan import READERS_RULES, Plan
from pytest_datapolicy.engine.project import Known, ProjectFacts
from pytest_datapolicy.engine.subjects import (
    alone,
    drafts_of,
    first,
    look_up,
    of_itself,
    of_lineage,
    of_project,
    rules_met,
    subjects_of,
)
from pytest_datapolicy.model.document import Problem, Refused
from pytest_datapolicy.model.fingerprint import fingerprint
from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.model.places import START
from pytest_datapolicy.model.report import RuleCount
from pytest_datapolicy.model.rule import Context
from pytest_datapolicy.model.vocabulary import LEVEL_RANK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.engine.claims import BaseTree
    from pytest_datapolicy.engine.covered import Covered
    from pytest_datapolicy.engine.index import Entry
    from pytest_datapolicy.engine.lineage import ProjectLineage
    from pytest_datapolicy.engine.plan import Base, Selected, Selection
    from pytest_datapolicy.engine.waivers import Matcher
    from pytest_datapolicy.model.data import Verifier
    from pytest_datapolicy.model.format import Reading
    from pytest_datapolicy.model.places import Place, Pointer
    from pytest_datapolicy.model.policy import Policy
    from pytest_datapolicy.model.report import Finding
    from pytest_datapolicy.model.rule import Shared
    from pytest_datapolicy.model.waivers import Waivers

CRASHES = (Exception, SystemExit, GeneratorExit)
"""What a rule or a format reader may raise without taking the run down. An interrupt from the keyboard still does."""
REREAD = 64
"""So many manifests that were read again are kept."""
WAIVERS_RULES = ("DP702", "DP703", "DP704")
"""Rules whose subjects are waivers."""


def judge(
    paths: Iterable[str],
    read: Callable[[str], Reading],
    policy: Policy,
    catalogue: Catalogue,
    *,
    today: str,
    skip: frozenset[str] = frozenset(),
    reported: Callable[[str], bool] | None = None,
    applied: dict[str, tuple[str, ...]] | None = None,
    waivers: Waivers | None = None,
    then: Callable[[Known], None] | None = None,
    base: BaseTree | None = None,
    verify: Verifier | None = None,
    covered: Covered | None = None,
) -> Judged:
    """Judge all manifests at `paths` (relative to the project root).

    `read` gives a manifest or raises `Refused`. `reported` chooses the manifests that are judged; the others are only
    known to references and project rules. `skip` holds the ids of rules that are left out. `applied`, when given, is
    filled with the ids of the rules that were put to each manifest. `waivers` cover what they are valid for.
    `then` is called when all is decided. `base` holds the manifests to compare declarations with, `verify`
    opens the data files. `covered` holds the paths of the tree's data files, when the policy asks who names them.
    """
    options = frozenset({"base"} if base is not None else ()) | frozenset({"verify"} if verify is not None else ())
    run = _Run(read, policy, catalogue, today, skip, applied, waivers, options)
    run.covered = covered
    for path in sorted(paths):
        run.first_pass(path, judged=reported is None or reported(path))
    run.second_pass()
    if base is not None:
        run.compare(base)
    if verify is not None:
        run.verify(verify)
    if then is not None:
        then(run.known(verify))
    # A finding may point into the file that a manifest describes: what was asked for are manifests, not places.
    told = [group for path, group in run.findings.items() if not path or reported is None or reported(path)]
    findings = [finding for group in told for finding in group]
    findings += [_marked(finding) for finding in (*policy.findings, *run.about_waivers(), *run.idle())]
    findings.sort(key=lambda finding: finding.sort_key)
    return Judged(tuple(findings), run.counts(), run.manifests, run.subjects, run.undecided())


def _marked(finding: Finding) -> Finding:
    """A finding about a policy with its fingerprint."""
    return finding._replace(fingerprint=fingerprint(finding.rule, None, None, None, finding.thing))


class _Run:
    """The state of one run."""

    def __init__(
        self,
        read: Callable[[str], Reading],
        policy: Policy,
        catalogue: Catalogue,
        today: str,
        skip: frozenset[str],
        applied: dict[str, tuple[str, ...]] | None,
        waivers: Waivers | None,
        options: frozenset[str],
    ) -> None:
        self._read = read
        self._skip = skip
        self._waivers = waivers
        self._matcher = None if waivers is None else _matcher(waivers, today)
        self._applied = applied
        self._rule_sets: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._catalogue = catalogue
        self._leaf = LeafLineage()
        self._plan = Plan(policy, catalogue, today, leaf=self._leaf, skip=skip, options=options)
        self._waiting = set(self._plan.selective()) if "DP708" in self._plan.rules else set()
        self._compared = 0
        self._unread = False
        self._index = Index(policy.externals, keep_slices=self._plan.uses["slice"])
        self._held_out = HeldOut()
        self.covered: Covered | None = None
        self._maker = Maker(today, self._matcher)
        self._today = today
        self._unasked = self._index.unasked
        self._left_out: set[str] = set()
        self._digests: dict[str, int] = {}
        self._readings: dict[str, Reading | None] = {}
        self._told: dict[str, Finding] = {}
        self.findings: dict[str, list[Finding]] = {}
        self.manifests = 0
        self.subjects = 0

    def first_pass(self, path: str, *, judged: bool) -> None:
        """Read one manifest, judge what it says itself, remember what others may need, and let it go."""
        self.manifests += judged
        reading = self._try_read(path)
        if reading is None:
            return
        manifest = Manifest(reading.tree)
        base = self._plan.base(manifest)
        entry = self._index.add(manifest, path, base)
        self._digests[path] = hash(reading.document.source)
        self._held_out.add(manifest, path)
        if self.covered is not None:
            self.covered.add(manifest, path)
        if not judged:
            self._unasked.add(path)
            self._left_out.add(manifest.name)
            if not self._waiting <= self._plan.live:
                look_up(subjects_of(manifest, base))
            return
        self.subjects += 1 + len(manifest.splits) + sum([len(split.components) for split in manifest.splits])
        context = base.leaf if reading.evidence is None else base.leaf._replace(evidence=reading.evidence)
        located = self._judge(manifest, base, context, first if entry.linked else alone)
        if self._applied is not None:
            rules = rules_met(manifest, base, located)
            self._applied[path] = self._rule_sets.setdefault(rules, rules)
        if located and (findings := self._maker.findings(located, reading, self._place_of)):
            self.findings[path] = findings
        if reading.conflicts:
            self._add(path, conflict_findings(reading, self._catalogue))
        manifest.let_go()

    def _try_read(self, path: str) -> Reading | None:
        try:
            return self._read(path)
        except Refused as refused:
            self._index.add_unreadable(refused.text)
            self.findings[path] = reader_findings(refused, path, self._catalogue)
        except CRASHES as error:
            self.findings[path] = [crash_finding(f"the reader of {path}", error, path, None)]
        self._unread = True
        return None

    def _judge(
        self, manifest: Manifest, base: Base, context: Context, kinds: Callable[[Selection], Iterable[Selected]]
    ) -> list[Located]:
        """All drafts about one manifest, of the kinds of rules asked for."""
        located: list[Located] = []
        for subject, selection in subjects_of(manifest, base):
            for rule, clauses in kinds(selection):
                for clause in clauses:
                    try:
                        drafts = rule.check(subject, clause, context)
                        if drafts or drafts is None:
                            is_first = clause is clauses[0]
                            located.append(Located(rule, subject, clause, drafts_of(drafts), None, is_first, context))
                    except CRASHES as error:
                        located.append(Located(rule, subject, clause, (), error))
        return located

    def second_pass(self) -> None:
        """Decide what depends on other manifests."""
        self._lineage = lineage = self._project_lineage() if self._index.linked else None
        shared = self._shared(lineage) if "DP204" in self._plan.rules else {}
        inventory = self._plan.policy.inventory
        self._project = project = ProjectFacts(
            self._index, lineage, shared, inventory, covered=self.covered, unread=self._unread
        )
        for reference, entry in self._index:
            if entry.path not in self._unasked and (entry.linked or project.shares(reference)):
                self._second_look(reference, entry, lineage, project)
        context = Context(self._today, "low", self._plan.floors, lineage or self._leaf, project)
        for item in self._plan.of_scope("project"):
            try:
                drafts = drafts_of(self._plan.loaded(item.rule.id).check(project, item.clause, context))
            except CRASHES as error:
                self._add("", [crash_finding(f"rule {item.rule.id}", error, "", None)])
                continue
            for draft in drafts:
                located = Located(item.rule, None, item.clause, (draft,))
                if draft.place is None:
                    self._locate(draft.path, [located])
                else:
                    self._tell(self._maker.about_policy(located, draft, draft.place))

    def known(self, verifier: Verifier | None = None) -> Known:
        """What was known in the end."""
        lineage = self._lineage or self._project_lineage()
        paths = tuple(sorted(self._digests.keys() - self._unasked))
        return Known(self._plan, self._index, lineage, self._project, paths, self._reread, verifier)

    def _project_lineage(self) -> ProjectLineage:
        from pytest_datapolicy.engine.lineage import ProjectLineage

        return ProjectLineage(self._index)

    def _shared(self, lineage: ProjectLineage | None) -> dict[str, list[Shared]]:
        shared: dict[str, list[Shared]] = {}
        if lineage is not None:
            from pytest_datapolicy.engine.descent import shared_lineage

            shared = shared_lineage(lineage, self._index)
        suspects = ((path, self._reread(path)) for path in self._held_out.suspects())
        loaded = [(path, Manifest(reading.tree)) for path, reading in suspects if reading is not None]
        for reference, items in shared_files(loaded).items():
            shared.setdefault(reference, []).extend(items)
        return shared

    def _second_look(self, reference: str, entry: Entry, lineage: ProjectLineage | None, project: ProjectFacts) -> None:
        manifest = entry.manifest()
        tainted = lineage.tainted(manifest) if lineage is not None and entry.linked else frozenset()
        context = Context(self._today, entry.base.stakes, self._plan.floors, lineage or self._leaf, project)
        if tainted:
            manifest = entry.manifest(tainted)
            reading = self._reread(entry.path)
            if reading is not None:
                if self._matcher is not None:
                    self._matcher.forget(reference)
                known = context._replace(evidence=reading.evidence)
                located = self._judge(Manifest(reading.tree, tainted), entry.base, known, of_itself)
                self.findings[entry.path] = self._maker.findings(located, reading, self._place_of)
                self._add(entry.path, conflict_findings(reading, self._catalogue))
        located = self._judge(manifest, entry.base, context, of_lineage) if entry.linked else []
        if project.shares(reference):
            located += self._judge(manifest, entry.base, context, of_project)
        self._locate(entry.path, located)

    def _locate(self, path: str, located: list[Located]) -> None:
        """Tie drafts to the file that they are about, reading it once more for their places."""
        if any(item.error or any(draft.outcome != "not-applicable" for draft in item.drafts) for item in located):
            reading = self._reread(path)
            if reading is not None:
                self._add(path, self._maker.findings(located, reading, self._place_of))
        else:
            self._maker.findings(located, None, self._place_of)

    def _add(self, path: str, findings: list[Finding]) -> None:
        self.findings.setdefault(path, []).extend(findings)

    def _tell(self, finding: Finding) -> None:
        """Add a finding about a policy; of several clauses the one of the highest level counts."""
        other = self._told.get(finding.fingerprint)
        if other is not None:
            if LEVEL_RANK[other.level] >= LEVEL_RANK[finding.level]:
                return
            self.findings[""].remove(other)
        self._told[finding.fingerprint] = finding
        self._add("", [finding])

    def _reread(self, path: str) -> Reading | None:
        """A manifest that was judged before; None, and a finding, when it is not the same any more."""
        if path in self._readings:
            return self._readings[path]
        reading: Reading | None
        try:
            reading = self._read(path)
        except Refused:
            reading = None
        if reading is None or hash(reading.document.source) != self._digests[path]:
            changed = Problem("DP001", "the file changed while it was checked", "run the check again", START)
            self._add(path, reader_findings(Refused([changed]), path, self._catalogue))
            reading = None
        if len(self._readings) >= REREAD:
            self._readings.clear()
        self._readings[path] = reading
        return reading

    def _place_of(self, target: str, pointer: Pointer) -> Place | None:
        """The place of a pointer in another manifest, named by reference or path."""
        entry = self._index.entries.get(target.partition("#")[0])
        reading = self._reread(target if entry is None else entry.path)
        return None if reading is None else reading.place(pointer)

    def compare(self, tree: BaseTree) -> None:
        """Decide what depends on the base revision."""
        from pytest_datapolicy.engine.claims import Claims

        claims = Claims(tree, self._index, self._plan, self._maker, self._today)
        for pair in claims.pairs():
            path = pair.before.path if pair.reference is None else self._index.entries[pair.reference].path
            if pair.reference is None or path not in self._unasked:
                self._add(path, claims.findings(pair, self._reread, self._place_of))
            if pair.reference is not None and self._applied is not None and path in self._applied:
                self._applied[path] = tuple(sorted({*self._applied[path], *claims.rules}))
        self._compared = claims.subjects

    def verify(self, verifier: Verifier) -> None:
        """Decide what the data files say."""
        from pytest_datapolicy.engine.verified import verified

        for path, reading, located in verified(self.known(verifier), self._today):
            self._add(path, self._maker.findings(located, reading, self._place_of))

    def idle(self) -> Iterable[Finding]:
        """The findings about clauses that match nothing; none when nobody knows what they might have matched."""
        if self._unread or "DP708" not in self._plan.rules or not (self._waiting or self._plan.own_floors):
            return ()
        from pytest_datapolicy.engine.liveness import idle

        return idle(self._plan, self._index)

    def about_waivers(self) -> list[Finding]:
        """The findings about waivers, when all manifests are judged."""
        if self._matcher is None:
            return []
        level = self._plan.level("DP704") if "DP704" in self._plan.rules else None
        return self._matcher.findings(self._index, self._was_put, level)

    def _was_put(self, rule: str, reference: str) -> bool:
        """Whether this run can tell that a rule has no finding about a data set."""
        entry = self._index.entries.get(reference)
        if entry is None or entry.path in self._unasked or rule in self._skip:
            return False
        if rule not in self._plan.rules and rule in self._catalogue and self._catalogue.card(rule).needs:
            return False
        return not any(finding.rule == "DP000" for finding in self.findings.get(entry.path, ()))

    def undecided(self) -> frozenset[str]:
        """Names of data sets of which this run does not know all findings."""
        return frozenset(self._left_out | self._index.unreadable)

    def counts(self) -> tuple[RuleCount, ...]:
        """How many subjects each rule met, and at which level."""
        met = self._plan.subjects()
        counts = []
        for identity in sorted(met):
            rule = self._plan.rules[identity]
            subjects = 1 if rule.scope == "project" and self.manifests else met[identity]
            if rule.scope == "policy":
                subjects = len(self._plan.policy.sources)
            if identity == "DP708":
                subjects = len(self._plan.selective())
            if rule.needs == "base":
                subjects = self._compared
            if identity in WAIVERS_RULES:
                subjects = 0 if self._waivers is None else self._waivers.total
            if identity in READERS_RULES:
                subjects = self.manifests
            subjects -= min(subjects, self._maker.not_applicable.get(identity, 0))
            counts.append(RuleCount(identity, rule.name, self._plan.level(identity), subjects))
        for identity, level in self._plan.left_aside.items():
            counts.append(RuleCount(identity, self._catalogue.card(identity).name, level, 0))
        return tuple(sorted(counts))


def _matcher(waivers: Waivers, today: str) -> Matcher:
    """Imported when there are waivers: most trees have none."""
    from pytest_datapolicy.engine.waivers import Matcher

    return Matcher(waivers, today)
