"""What the data files say of the claims about them (``--verify``): one data set after the other."""

from __future__ import annotations

from pytest_datapolicy.engine.findings import Located
from pytest_datapolicy.engine.subjects import drafts_of, subjects_of
from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.model.rule import Context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.engine.plan import Base
    from pytest_datapolicy.engine.project import Known
    from pytest_datapolicy.model.format import Reading

CRASHES = (Exception, SystemExit, GeneratorExit)


def verified(known: Known, today: str) -> Iterator[tuple[str, Reading, list[Located]]]:
    """Each manifest that was judged, with what the rules that read data say of it."""
    asked = frozenset(known.paths)
    judged = sorted((entry for _, entry in known.manifests if entry.path in asked), key=lambda entry: entry.path)
    for position, entry in enumerate(judged, 1):
        reading = known.reread(entry.path)
        if reading is None:
            continue
        tainted = known.lineage.tainted(entry.manifest()) if entry.linked else frozenset()
        manifest = Manifest(reading.tree, tainted)
        data = known.data(manifest, entry.path, left=len(judged) - position)
        facts = Context(today, entry.base.stakes, known.plan.floors, known.lineage, known.project)
        context = facts._replace(evidence=reading.evidence, data=data)
        yield entry.path, reading, list(_located(manifest, entry.base, context))


def _located(manifest: Manifest, base: Base, context: Context) -> Iterator[Located]:
    for subject, selection in subjects_of(manifest, base):
        for rule, clauses in selection.verified:
            for clause in clauses:
                first = clause is clauses[0]
                try:
                    drafts = drafts_of(rule.check(subject, clause, context))
                except RunError:
                    raise  # no engine could be started: the run itself is not valid
                except CRASHES as error:
                    yield Located(rule, subject, clause, (), error, first, context)
                else:
                    yield Located(rule, subject, clause, drafts, None, first, context)
