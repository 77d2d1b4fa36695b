"""What a rule is: identity, scope, typed parameters and one pure function from a subject to drafts."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple, Protocol
from pytest_datapolicy.model.vocabulary import SYNTHETIC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from fractions import Fraction
    from typing import Any

    from pytest_datapolicy.model.data import Data
    from pytest_datapolicy.model.evidence import OpenEvidence
    from pytest_datapolicy.model.manifest import Component, ComponentKey, Manifest
    from pytest_datapolicy.model.places import Place, Pointer
    from pytest_datapolicy.model.policy import Clause, DomainFloor

EVALUATION = frozenset({"evaluation", "validation"})
SYNTHETIC_ORIGINS = SYNTHETIC


class Draft(NamedTuple):
    """One demand not met by one subject, before the engine ties it to files, levels and waivers.

    A check that yields nothing says "pass".
    """

    message: str
    """What was found and what is allowed, in one sentence without a full stop."""
    remedy: str
    """The smallest change that would pass, in one sentence without a full stop."""
    at: Pointer
    """What to look at in the subject's manifest; a field that is missing points at the place where it should be."""
    observed: int | Fraction | str | None = None
    limit: int | Fraction | str | None = None
    outcome: str = "fail"
    """``fail``, ``indeterminate`` or ``not-applicable``."""
    thing: str = ""
    """The slice, file, reference or family that the draft is about, when one subject can have several."""
    related: tuple[tuple[str, Pointer, str], ...] = ()
    """Further places as (``name@version`` or path, pointer, what to see there)."""
    path: str = ""
    """For rules of scope ``project``: the manifest that `at` points into."""
    split: str | None = None
    """For rules whose subject is wider than the draft: the split that it is about."""
    component: str | None = None
    place: Place | None = None
    """For rules of scope ``project`` about a policy: what to look at there, in place of `at`."""


NOT_APPLICABLE = (Draft("", "", (), outcome="not-applicable"),)
"""What a check returns when its demand cannot be put to this subject, for instance because it names no slices."""


class Term(NamedTuple):
    """One line of a worked calculation: a number, or a word where there is none, and how it comes about."""

    label: str
    """What the value is of: a component, ``real records``, ``share``."""
    value: int | Fraction | str
    note: str = ""
    """How the value comes about and why it counts as it does."""
    at: Pointer | None = None
    """Where the manifest says it."""
    role: str = ""
    """``observed`` or ``limit`` for the two values that are compared, else empty."""
    thing: str = ""
    """As in `Draft`: what the line is about, when one subject can have several."""
    share: bool = False
    """The value is a share, for people to read in percent."""
    of: str = ""
    """The data set (``name@version``) that `at` points into, when it is not the subject's own."""


class Parameter(NamedTuple):
    """A typed limit that a clause may set."""

    name: str
    kind: str
    """``share`` (a decimal from 0 to 1), ``ratio`` (a decimal from 0), ``count`` (an integer from 0), ``days``,
    ``choice``, ``choices`` (a set of values), ``name`` (a string) or ``names`` (a list of strings)."""
    tighter: str
    """``lower``, ``higher``, ``fewer`` (a subset is tighter) or ``none`` (values cannot be compared)."""
    summary: str
    unit: str = ""
    default: Any = None
    """None: the parameter has no default. For ``choices`` a tuple that clauses may only shrink."""
    choices: tuple[str, ...] = ()
    required: bool = True
    """With no default and not required, the clause may leave it out and the check sees None."""

    def at_least_as_tight(self, value: Any, other: Any) -> bool:
        """Whether what passes the limit `value` passes `other` too, as far as this parameter goes."""
        if value == other:
            return True
        if value is None or other is None:
            return False
        if self.tighter == "lower":
            return bool(value <= other)
        if self.tighter == "higher":
            return bool(value >= other)
        return self.tighter == "fewer" and set(value) <= set(other)


class Lineage(Protocol):
    """What a component descends from, over the whole project."""

    memo: dict[str, Any]
    """By rule id: what a rule found for a component and may use again for those that descend from it."""

    def depth(self, component: Component) -> int | Undecidable:
        """Synthetic generation depth: 0 for real content (see the decision reference)."""
        ...

    def families(self, component: Component) -> frozenset[str] | Undecidable:
        """Case-folded families of the component's own generator and of every generator on the way down."""
        ...

    def ancestors(self, component: Component) -> frozenset[tuple[str, ComponentKey]] | Undecidable:
        """Every component that this one descends from, as (``name@version``, (split, component)); without itself."""
        ...

    def resolve(self, reference: str) -> tuple[Component, ...] | Undecidable:
        """The components that a reference names; an empty tuple for an external data set."""
        ...

    def manifest(self, reference: str) -> Manifest | Undecidable | None:
        """The manifest of ``name@version``, holding only what lineage needs; None for an external data set."""
        ...


class Project(Protocol):
    """What can be told only when all manifests are known."""

    def clashes(self) -> Iterable[Clash]:
        """Manifests whose ``name@version`` another manifest has too."""
        ...

    def cycles(self) -> Iterable[tuple[tuple[str, str, Pointer, str], ...]]:
        """Groups of components that descend from themselves: each as (``name@version``, its path, the pointer of the
        reference that closes the cycle, the component as ``split/component``), the first by path in front."""
        ...

    def shared(self, reference: str) -> Iterable[Shared]:
        """What the evaluation of a data set shares with the training of any."""
        ...

    def expected(self) -> tuple[Expected, ...]:
        """The data sets that policies expect (``inventory``), and whether they are there."""
        ...

    def uncovered(self, include: Sequence[str], exclude: Sequence[str]) -> Uncovered | None:
        """Files of the tree that no manifest names; None when this run does not know the tree."""
        ...


class Clash(NamedTuple):
    """A manifest that names the same data set as another one, the earlier unless only that one is asked for."""

    reference: str
    path: str
    first_path: str


class Shared(NamedTuple):
    """Something that an evaluation component has in common with training."""

    kind: str
    """``digest``, ``file``, ``files`` (a folder or a glob holds or overlaps the other entry), ``training-descends``,
    ``evaluation-descends`` or ``common-ancestor``."""
    thing: str
    """The digest, the file or the component that both have."""
    at: Pointer
    """In the manifest of the evaluation component."""
    split: str
    component: str
    other: str
    """The training component, as ``name@version#split/component``."""
    other_at: Pointer
    other_file: str = ""
    """The entry of its ``files``, as its manifest has it."""


class Expected(NamedTuple):
    """A data set that a policy expects."""

    name: str
    place: Place
    """Where the policy names it."""
    found: str
    """``present``, ``absent``, or ``unreadable`` when only a manifest that cannot be read may be its."""


class Uncovered(NamedTuple):
    """Data files that no manifest names."""

    paths: tuple[str, ...]
    """From the project root, in order."""
    unread: bool
    """A manifest that cannot be read may name them."""


class Earlier(NamedTuple):
    """What the base revision declares of a data set."""

    revision: str
    """The base revision as the user names it."""
    manifest: Manifest
    path: str
    """What `Draft.related` calls that manifest."""
    lost: str = ""
    """``gone`` when no manifest of the working tree describes the data set, ``unreadable`` when one that cannot be read
    may; the subject is then the manifest of the base revision."""

    def note(self, pointer: Pointer, text: str) -> tuple[tuple[str, Pointer, str], ...]:
        """The place of a value in the base revision, for `Draft.related`."""
        return ((self.path, pointer, f"{text} in {self.revision}"),)


class Undecidable(NamedTuple):
    """Why lineage cannot be told."""

    reason: str
    """A clause of a sentence: ``web-crawl@2024 names no manifest of the project``."""
    reference: str = ""
    missing: bool = False
    """The reference names nothing (DP005), rather than something that cannot be read or decided."""


class Context(NamedTuple):
    """What a check may know beyond its subject and its clause."""

    today: str
    """The UTC day as YYYY-MM-DD."""
    stakes: str
    """The stakes that decide: the higher of the declared ones and the floors of the domains."""
    floors: Mapping[str, tuple[DomainFloor, ...]]
    lineage: Lineage | None = None
    """Given to rules that declare ``lineage=True``."""
    project: Project | None = None
    """Given to rules of scope ``project`` and to those that declare ``project=True``."""
    earlier: Earlier | None = None
    """Given to rules that need the base revision."""
    evidence: OpenEvidence | None = None
    """Opens and recounts the files that the subject's manifest names as evidence of reviews."""
    data: Data | None = None
    """Given to rules that need ``verify``: what the data files of the subject's data set hold."""


def not_loaded(subject: Any, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """In place of the check of a rule whose module has not been imported."""
    raise RuntimeError(f"{clause.rule} is listed, not loaded")


class Rule(NamedTuple):
    """A named demand with a stable id. A rule holds no state; its module holds its docs."""

    id: str
    name: str
    scope: str
    """``dataset``, ``split``, ``component``, ``project`` or ``policy``."""
    summary: str
    """What holds, in a few words: "(weighted) synthetic share of the split <= max"."""
    check: Callable[[Any, Clause, Context], Iterable[Draft]]
    parameters: tuple[Parameter, ...] = ()
    applies: Mapping[str, frozenset[str]] = {}
    """Values of ``when`` keys (purpose, origin, labels) that hold for clauses that do not set that key themselves."""
    never: Mapping[str, frozenset[str]] = {}
    """Values of ``when`` keys that no clause can reach, whatever it says."""
    always_on: bool = False
    waivable: bool = True
    level: str = "error"
    """The level of a clause that names none."""
    lineage: bool = False
    """The check asks ``context.lineage``; such rules run when all manifests are known."""
    project: bool = False
    """The check asks ``context.project``, for a subject that `Project.shared` names."""
    without_policy: bool = False
    """The rule also runs where no policy names it, with every limit None."""
    needs: str = ""
    """``verify`` or ``base`` for rules that run only with that option."""
    since: str = "0.1.0"
    docs: str = ""
    """The module docstring; filled in by the catalogue."""
    explain: Callable[[Any, Clause, Context], Iterable[Term]] | None = None
    """Shows the calculation behind an answer of `check`, pass or not, with ``context.lineage`` and ``context.project``
    given. Runs only for ``datapolicy explain``; None where the answer needs no calculation."""
