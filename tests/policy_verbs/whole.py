"""All that diff, lint and test say of the policies in the case files: ``python -m tests.policy_verbs.whole`` writes it.

For a comparison every change with both places; for a policy every mutant with its place and what it changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pytest_datapolicy.app.policies import rules_of
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.engine.compare import changes
from pytest_datapolicy.engine.mutants import mutants
from pytest_datapolicy.policy.load import survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.policy import Clause, Policy
    from pytest_datapolicy.policy.load import Survey

HERE = Path(__file__).parent
PATH = HERE / "whole.txt"
CATALOGUE = Catalogue()
HEAD = 'policy: 1\nname: house\nversion: "1"\n'


def _survey(text: str) -> Survey:
    def read(path: str) -> bytes:
        return b"waivers: 1\nentries: []\n" if path.endswith("waivers.yaml") else text.encode()

    return survey(["policy.yaml"], root=".", catalogue=CATALOGUE, read=read)


def compared(old: str, new: str) -> Iterator[str]:
    """The changes from one policy to another, in their order."""
    before, after = _survey(old), _survey(new)
    rules = {**rules_of(before.policy, CATALOGUE), **rules_of(after.policy, CATALOGUE)}
    for change in changes(before, after, rules):
        yield f"{change.kind}[{change.rule}] {_place(change.old)} -> {_place(change.new)} {change.message}"


def mutated(text: str) -> Iterator[str]:
    """The mutants of a policy."""
    found = _survey(text)
    for mutant in mutants(found, rules_of(found.policy, CATALOGUE), lambda place: place.path == "policy.yaml"):
        yield f"{mutant.what} at {_place(mutant.place)} [{mutant.rule}]"
        yield from _differences(found.policy, mutant.policy)


def _differences(old: Policy, new: Policy) -> Iterator[str]:
    kept, made = list(map(_clause, old.clauses)), list(map(_clause, new.clauses))
    yield from (f"  - {line}" for line in kept if line not in made)
    yield from (f"  + {line}" for line in made if line not in kept)
    if len(kept) - len(made) not in (0, 1):
        yield f"  {len(kept)} clauses become {len(made)}"
    for name in ("floors", "waivers", "externals", "inventory"):
        if getattr(old, name) != getattr(new, name):
            yield f"  {name}: {_plain(getattr(new, name))}"


def _clause(clause: Clause) -> str:
    when = {key: sorted(values) for key, values in clause.when.items()}
    marks = f"{clause.level} {clause.floor_level} {'' if clause.waivable else 'not '}waivable {clause.effective or ''}"
    return f"{clause.rule} {_place(clause.place)} {_plain(clause.limits)} {when} {marks}".rstrip()


def _plain(value: Any) -> str:
    """A value as text that stays the same when the packs change."""
    if hasattr(value, "items"):
        return "{" + ", ".join(f"{key}: {_plain(item)}" for key, item in value.items()) + "}"
    if hasattr(value, "span"):
        return _place(value)
    return "[" + ", ".join(map(_plain, value)) + "]" if isinstance(value, tuple) else str(value)


def _place(place: Place | None) -> str:
    if place is None:
        return "-"
    return "pack" if place.path.startswith("builtin:") else f"{place.path}:{place.line}:{place.column}"


def cases() -> Iterator[tuple[str, list[str]]]:
    """Titles and lines."""
    for case in yaml.safe_load((HERE / "diff.yaml").read_text("utf-8")):
        texts = (HEAD + case["old"] + "\n", HEAD + case["new"] + "\n")
        yield f"diff: {case['case']}", list(compared(*texts))
        yield f"diff, the other way: {case['case']}", list(compared(*texts[::-1]))
    for case in yaml.safe_load((HERE / "trials.yaml").read_text("utf-8")):
        if "builtin:" not in case["policy"]:
            yield f"mutants: {case['case']}", list(mutated(case["policy"]))
    yield "mutants of everything", list(mutated((HERE / "everything.yaml").read_text("utf-8")))


def whole() -> str:
    """The text that is kept."""
    head = "What policies differ in and what is changed to test them. Written by python -m tests.policy_verbs.whole.\n"
    blocks = (f"\n== {title} ==\n" + "".join(f"{line}\n" for line in lines) for title, lines in cases())
    return head + "".join(blocks)


if __name__ == "__main__":
    PATH.write_text(whole(), "utf-8", newline="\n")
