"""A small catalogue of made-up rules, policies as text, and what a merged policy says in one line a clause."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.hooks import PackEntry, RuleEntry
from pytest_datapolicy.model.rule import Parameter, Rule
from pytest_datapolicy.policy.load import load_policy
from pytest_datapolicy.policy.tighter import limit_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Clause, Policy
    from pytest_datapolicy.model.report import RunError
    from pytest_datapolicy.model.rule import Context, Draft

ROOT = os.path.abspath(os.path.join(os.sep, "project"))
SHELF = "tests.policy.shelf"


def _nothing(subject: object, clause: Clause, context: Context) -> Iterable[Draft]:
    return ()


def _rule(identity: str, name: str, *parameters: Parameter, **more: object) -> Rule:
    return Rule(identity, name, "component", "it holds", _nothing, parameters)._replace(**more)  # type: ignore[arg-type]


EVALUATION = {"purpose": frozenset({"evaluation", "validation"})}
RULES = (
    _rule("DP002", "valid-manifest", always_on=True),
    _rule(
        "DP101",
        "max-synthetic-ratio",
        Parameter("max", "share", "lower", "greatest share"),
        Parameter("measure", "choice", "none", "what is counted", default="records", choices=("records", "tokens")),
    ),
    _rule("DP102", "min-real-records", Parameter("min", "count", "higher", "fewest records")),
    _rule(
        "DP104",
        "min-real-per-slice",
        Parameter("min", "count", "higher", "fewest records"),
        Parameter("slices", "names", "none", "which slices", required=False),
    ),
    _rule("DP105", "bootstrap-expiry", Parameter("max_days", "days", "lower", "longest time")),
    _rule(
        "DP201",
        "human-only-evaluation",
        Parameter(
            "allow",
            "choices",
            "fewer",
            "origins",
            default=("human", "observed"),
            choices=("human", "observed", "model"),
        ),
        applies=EVALUATION,
        never={"purpose": frozenset({"diagnostic"})},
    ),
    _rule(
        "DP401",
        "review-sample-floor",
        Parameter("min_records", "count", "higher", "fewest records", required=False),
        Parameter("min_fraction", "share", "higher", "least share", required=False),
    ),
    _rule(
        "DP402",
        "review-error-bound",
        Parameter("max_error", "share", "lower", "greatest rate"),
        Parameter("confidence", "share", "higher", "least confidence"),
    ),
    _rule("DP502", "real-core-kept", Parameter("min_ratio", "ratio", "higher", "least ratio")),
    _rule("DP707", "named-owner"),
    _rule("DP708", "live-clause", level="warning"),
    _rule("DP710", "complete-inventory", waivable=False),
)


class Bench(Catalogue):
    """A catalogue of the rules above, and of the packs on the shelf beside this file."""

    def __init__(self) -> None:
        self._rules = {rule.id: rule for rule in RULES}
        self._entries = {rule.id: RuleEntry(rule.id, rule.name, "", rule.always_on) for rule in RULES}
        self._by_name = {rule.name: rule.id for rule in RULES}
        self.formats = {}
        self.packs = {name: PackEntry(name, SHELF, f"{name}.yaml") for name in ("basic", "strict")}


CATALOGUE = Bench()


def whole(path: str, text: str) -> str:
    """`text` as a whole policy: unless it says so itself, it follows three lines that name it after its file."""
    stem = os.path.splitext(os.path.basename(path))[0]
    return text if text.startswith(("policy:", "{")) else f'policy: 1\nname: {stem}\nversion: "1"\n{text}'


def load(files: Mapping[str, str], names: Sequence[str] = ("policy.yaml",)) -> Policy:
    """The union of the named policies, among files given as text by their path in a project."""

    def read(path: str) -> bytes:
        name = os.path.relpath(path, ROOT).replace(os.sep, "/")
        if name not in files:
            raise FileNotFoundError
        return whole(name, files[name]).encode()

    paths = [name if ":" in name else os.path.join(ROOT, name) for name in names]
    return load_policy(paths, root=ROOT, catalogue=CATALOGUE, read=read)


def spot(place: Place | None) -> str:
    """``policy.yaml:3:7``."""
    return "" if place is None else f"{place.path}:{place.line}:{place.column}"


def clause_line(clause: Clause) -> str:
    """A clause in one line, without its place."""
    limits = [f"{name}={limit_text(value)}" for name, value in clause.limits.items() if value is not None]
    when = [f"{key}={'|'.join(sorted(values))}" for key, values in sorted(clause.when.items())]
    parts = [clause.rule, clause.level, *limits]
    parts += ["when", *when] if when else []
    parts += [] if clause.waivable else ["fixed"]
    parts += [f"from {clause.effective}"] if clause.effective else []
    return " ".join(parts)


def error_lines(error: RunError) -> list[str]:
    """All errors of one reading: place, message, remedy."""
    return [" | ".join(filter(None, (spot(one.place), one.message, one.remedy))) for one in (error, *error.others)]
