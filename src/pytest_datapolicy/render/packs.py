"""What each pack asks, rule by rule and by stakes: for people, for programs and for the documentation."""

from __future__ import annotations

from pytest_datapolicy.engine.explain import values_text
from pytest_datapolicy.engine.strictness import strictest
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.vocabulary import STAKES
from pytest_datapolicy.policy.load import load_policy
from pytest_datapolicy.policy.tighter import limit_text
from pytest_datapolicy.render.json import number
from pytest_datapolicy.render.neutral import neutral

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Rule

TODAY = "9999-12-31"
"""Clauses count at the level that they have in the end."""
HEAD = ("rule", "name", "pack", "level", *STAKES, "when", "sets")


class Row(NamedTuple):
    """What one pack itself asks of one selection of data."""

    rule: Rule
    pack: str
    level: str
    waivable: bool
    when: Mapping[str, frozenset[str]]
    """Without ``stakes``."""
    sets: tuple[str, ...]
    """The parameters, in the order of the values."""
    asked: Mapping[str, tuple[Clause, ...]]
    """By stakes: the clauses that count there, the strictest first."""


class Overview(NamedTuple):
    """All packs of an installation."""

    rows: tuple[Row, ...]
    """By rule, then in the order of the packs."""
    holds: Mapping[str, tuple[str, ...]]
    """By pack: the packs that it extends, at any remove."""
    unused: tuple[str, ...]
    """Rules that no pack names."""


def overview(catalogue: Catalogue) -> Overview:
    """Load every pack and lay out its own clauses."""
    rows: list[Row] = []
    holds: dict[str, tuple[str, ...]] = {}
    for pack in catalogue.packs:
        policy = load_policy([f"builtin:{pack}"], root=".", catalogue=catalogue)
        holds[pack] = tuple(source.path.removeprefix("builtin:") for source in policy.sources[:-1])
        own = [clause for clause in policy.clauses if clause.place is not None and _pack(clause) == pack]
        rows += _rows(catalogue, pack, own)
    used = {row.rule.id for row in rows}
    unused = tuple(entry.id for entry in catalogue if not entry.always_on and entry.id not in used)
    order = list(catalogue.packs)
    return Overview(tuple(sorted(rows, key=lambda row: (row.rule.id, order.index(row.pack)))), holds, unused)


def _pack(clause: Clause) -> str:
    return clause.place.path.removeprefix("builtin:") if clause.place is not None else ""


def _rows(catalogue: Catalogue, pack: str, clauses: Sequence[Clause]) -> Iterator[Row]:
    groups: dict[tuple[object, ...], list[Clause]] = {}
    for clause in clauses:
        when = tuple(sorted((key, values) for key, values in clause.when.items() if key != "stakes"))
        sets = tuple(name for name, value in clause.limits.items() if _told(catalogue.rule(clause.rule), name, value))
        groups.setdefault((clause.rule, clause.level, clause.waivable, when, sets), []).append(clause)
    for group in groups.values():
        first = group[0]
        rule = catalogue.rule(first.rule)
        selection = {key: values for key, values in first.when.items() if key != "stakes"}
        sets = tuple(name for name, value in first.limits.items() if _told(rule, name, value))
        asked = {
            stakes: strictest(rule, [item for item in group if stakes in item.when.get("stakes", STAKES)], TODAY)
            for stakes in STAKES
        }
        yield Row(rule, pack, first.level, first.waivable, selection, sets, asked)


def _told(rule: Rule, name: str, value: object) -> bool:
    """Whether a value is worth a word: what a rule does by itself is not."""
    default = next(parameter.default for parameter in rule.parameters if parameter.name == name)
    return value is not None and value != default


def _cell(row: Row, stakes: str) -> str:
    asked = ["/".join(limit_text(clause.limits[name]) for name in row.sets) or "yes" for clause in row.asked[stakes]]
    return " and ".join(asked) or "-"


def _cells(row: Row) -> tuple[str, ...]:
    level = row.level if row.waivable else f"{row.level}, no waiver"
    when = "; ".join(f"{key} {values_text(key, values)}" for key, values in row.when.items())
    by_stakes = (_cell(row, stakes) for stakes in STAKES)
    return (row.rule.id, row.rule.name, row.pack, level, *by_stakes, when, "/".join(row.sets))


def as_text(found: Overview) -> str:
    """The table in columns, then what each pack holds beside its own rows."""
    rows = [HEAD, *(tuple(neutral(cell) for cell in _cells(row)) for row in found.rows)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(HEAD) - 1)]
    lines = ["  ".join([*map(str.ljust, row, widths), row[-1]]).rstrip() for row in rows]
    return "\n".join([*lines, "", *_legend(found)]) + "\n"


def _legend(found: Overview) -> Iterator[str]:
    for pack, held in found.holds.items():
        if held:
            yield f"{neutral(pack)} also asks what {', '.join(map(neutral, held))} ask{'s' if len(held) == 1 else ''}"
    yield f"in no pack: {', '.join(found.unused)}"


def as_object(found: Overview) -> dict[str, Any]:
    """Plain values, for `render.json.dumps`."""
    return {
        "packs": [{"name": pack, "holds": list(held)} for pack, held in found.holds.items()],
        "rows": [
            {
                "rule": row.rule.id,
                "name": row.rule.name,
                "pack": row.pack,
                "level": row.level,
                "waivable": row.waivable,
                "when": {key: sorted(values) for key, values in row.when.items()},
                "stakes": {stakes: [_clause(row, clause) for clause in row.asked[stakes]] for stakes in STAKES},
            }
            for row in found.rows
        ],
        "in_no_pack": list(found.unused),
    }


def _clause(row: Row, clause: Clause) -> dict[str, Any]:
    limits = {name: clause.limits[name] for name in row.sets}
    return {
        "limits": {name: list(value) if isinstance(value, tuple) else number(value) for name, value in limits.items()},
        "because": clause.because,
        "line": clause.place.line if clause.place is not None else None,
    }


def as_markdown(found: Overview) -> str:
    """The table with links to the pages of the rules, then what each pack holds beside its own rows."""
    lines = [f"| {' | '.join(HEAD[1:])} |", f"|{' --- |' * len(HEAD[1:])}"]
    for row in found.rows:
        cells = list(_cells(row)[1:])
        cells[0] = f"[{row.rule.id} {row.rule.name}](rules/{row.rule.name}.md)"
        lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |"))
    return "\n".join([*lines, "", *(f"- {line}" for line in _legend(found))]) + "\n"
