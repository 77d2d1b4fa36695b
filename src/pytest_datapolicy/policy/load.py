"""Policy files to one policy: read with all that they extend, checked, merged."""

from __future__ import annotations

from pytest_datapolicy.model.policy import Policy, PolicySource
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.policy import terms
from pytest_datapolicy.policy.clauses import entries
from pytest_datapolicy.policy.faults import Faults
from pytest_datapolicy.policy.merge import Demands, join, merged
from pytest_datapolicy.policy.sources import Sources
from pytest_datapolicy.policy.tighter import place_key
from pytest_datapolicy.policy.tree import PolicyTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.model.report import Finding
    from pytest_datapolicy.policy.clauses import Entry
    from pytest_datapolicy.policy.custom import CustomRules
    from pytest_datapolicy.policy.tree import Node


class Survey(NamedTuple):
    """A policy together with the files that it was made of."""

    policy: Policy
    files: tuple[tuple[Node, tuple[Entry, ...]], ...]
    """Every file with what it says of each rule, parents before children."""
    roots: tuple[str, ...]
    """The files that were named, as reported."""


def load_policy(
    names: Sequence[str],
    *,
    root: str,
    catalogue: Catalogue,
    read: Callable[[str], bytes | None] | None = None,
) -> Policy:
    """The union of the policies with these names, and of all that they extend.

    A name is a path (relative to the working directory), ``builtin:<pack>`` or ``package:<package>/<file>``. `read`
    gives the bytes of a file by its absolute path in place of the file system: it raises FileNotFoundError for what is
    not there, and gives None for what the file system is to give. Raises `RunError` with the place of the first fault,
    which holds the others.
    """
    return survey(names, root=root, catalogue=catalogue, read=read).policy


def survey(
    names: Sequence[str],
    *,
    root: str,
    catalogue: Catalogue,
    read: Callable[[str], bytes | None] | None = None,
) -> Survey:
    """Like `load_policy`, with the files that took part: for whoever shows where a policy has its values from."""
    faults = Faults()
    tree = PolicyTree(Sources(root, catalogue, read), faults)
    roots = [node for node in map(tree.root, names) if node is not None]
    faults.close()
    demands: dict[object, Demands] = {}
    findings: list[Finding] = []
    files: list[tuple[Node, tuple[Entry, ...]]] = []
    for node in tree.order:
        start = len(faults)
        own = entries(node.text, catalogue, faults)
        files.append((node, own))
        demands[node.source.key], found = merged(
            node,
            own,
            terms.terms(node.source, node.text, faults),
            [demands[parent.source.key] for parent in node.parents],
            faults,
        )
        faults.sort(start)
        findings += found
    union = join(demands[node.source.key] for node in roots)
    externals = terms.externals(union, faults)
    custom = _custom(tree.order, catalogue, faults)
    added = custom.clauses if custom is not None else []
    if not (faults or union.held or union.inventory or added):
        message = "no rule is on: no policy that is named demands anything"
        place = roots[0].text.key("rules") if roots and "rules" in roots[0].text.tree else None
        faults.add(message, place, "add rules, or extend a pack: extends: [builtin:baseline]")
    faults.close()
    policy = Policy(
        sources=tuple(_source(node) for node in tree.order),
        clauses=tuple(
            sorted([*(item.clause for item in union.held.values()), *added], key=lambda c: (c.rule, place_key(c)))
        ),
        floors=terms.floors(union),
        externals=externals,
        findings=tuple(sorted(findings, key=lambda finding: finding.sort_key)),
        inventory=tuple(sorted(union.inventory.items())),
        waivers=terms.waiver_terms(union),
        custom=tuple(custom.rules) if custom is not None else (),
    )
    return Survey(policy, tuple(files), tuple(node.source.label for node in roots))


def _custom(nodes: Sequence[Node], catalogue: Catalogue, faults: Faults) -> CustomRules | None:
    """The own rules of all files; None, without loading what they need, when there are none."""
    if not any(node.text.tree.get("custom") for node in nodes):
        return None
    from pytest_datapolicy.policy.custom import CustomRules

    found = CustomRules(catalogue, faults)
    for node in nodes:
        found.add(node.text)
    return found


def _source(node: Node) -> PolicySource:
    tree = node.text.tree
    return PolicySource(tree["name"], tree["version"], node.text.label, node.sha256)
