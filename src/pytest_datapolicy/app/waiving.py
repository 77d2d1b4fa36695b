"""Writing a waiver, unless a check would refuse it (DP703): the check itself is asked, with the file as it would be."""

from __future__ import annotations

import os

from pytest_datapolicy.app import DEFAULT_POLICY, check_day, inspect
from pytest_datapolicy.app.settings import load_settings
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.fix.files import replace_file
from pytest_datapolicy.fix.waivers import EMPTY, entry_text, with_entry
from pytest_datapolicy.hooks import PluginError
from pytest_datapolicy.model.document import Refused, place_in
from pytest_datapolicy.model.record import NamedTuple
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.policy.load import load_policy
from pytest_datapolicy.policy.waivers import WAIVER_BYTES
from pytest_datapolicy.syntax.files import read_regular
from pytest_datapolicy.syntax.reader import read
from pytest_datapolicy.syntax.shape import Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_datapolicy.model.document import Document
    from pytest_datapolicy.model.places import Place
    from pytest_datapolicy.model.report import Finding


class Added(NamedTuple):
    """A waiver that was written."""

    place: Place
    notes: tuple[str, ...]
    """What a check says of it now: that it covers nothing, or that it ends soon."""


def add_waiver(
    fields: Mapping[str, str],
    allow: Mapping[str, str | Sequence[str]],
    *,
    file: str | None,
    policy: Sequence[str] | None,
    today: str,
) -> Added:
    """Append an entry to a waiver file that the policy names. Raises `RunError` for what a check would refuse."""
    for key in ("granted", "expires"):
        check_day(fields[key])
    root, label = _target(file, policy)
    path = os.path.normpath(os.path.join(root, label))
    old = _old_text(path, label, root)
    before = _parsed(old, label)
    entries = before.tree["entries"]
    number = len(entries)
    last = before.positions.span(("entries", number - 1)).line if number else 0
    new = with_entry(old, entry_text(fields, allow), after=last)
    after = _parsed(new, label)
    if after.tree["entries"][:-1] != entries or len(after.tree["entries"]) != number + 1:
        raise RunError(f"{label} is written in a way that an entry cannot be added to", remedy="add it by hand")
    report, _ = inspect(policy=policy, today=today, texts={path: new.encode()})
    if report.errors:
        raise report.errors[0]
    place = place_in(label, new, after.positions.span(("entries", number)))
    about = [finding for finding in report.findings if finding.place.path == label and _is_about(finding, place)]
    faults = sorted(
        ((_field(finding), finding) for finding in about if finding.rule == "DP703"), key=lambda item: item[0]
    )
    if faults:
        errors = [RunError(finding.message, at, remedy=finding.remedy) for at, finding in faults]
        raise RunError(errors[0].message, errors[0].place, remedy=errors[0].remedy, others=errors[1:])
    try:
        replace_file(path, new.encode())
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise RunError(f"{label} could not be written: {reason}", code=4) from None
    return Added(place, tuple(finding.message for finding in about))


def _is_about(finding: Finding, entry: Place) -> bool:
    """Whether a finding is about the entry at this place, which is the last on its line."""
    return finding.place.line == entry.line and finding.place.column >= entry.column


def _field(finding: Finding) -> Place:
    """Where the field stands that a finding about a waiver is about."""
    return finding.related[0].place if finding.related else finding.place


def _target(file: str | None, policy: Sequence[str] | None) -> tuple[str, str]:
    """The project root, and the waiver file to write to as the policy names it."""
    settings = load_settings(os.getcwd())
    try:
        loaded = load_policy(policy or settings.policy or DEFAULT_POLICY, root=settings.root, catalogue=Catalogue())
    except PluginError as error:
        raise RunError(str(error), remedy="repair or uninstall that plugin") from None
    labels = [label for label, _ in loaded.waivers.files]
    if not labels:
        name = loaded.sources[-1].path
        remedy = f"add to {name}: `waivers: {{files: [waivers.yaml]}}`"
        if name.startswith(("builtin:", "package:")):
            remedy = "write a policy that extends it and has `waivers: {files: [waivers.yaml]}`"
        raise RunError("the policy names no waiver file", remedy=remedy)
    if file is None:
        if len(labels) > 1:
            raise RunError("the policy names several waiver files", remedy=f"choose with --file: {', '.join(labels)}")
        return settings.root, labels[0]
    label = os.path.relpath(os.path.abspath(file), settings.root).replace(os.sep, "/")
    if label not in labels:
        message = f"the policy does not name {label}, so that no check would read it"
        raise RunError(message, remedy=f"choose with --file: {', '.join(labels)}")
    return settings.root, label


def _old_text(path: str, label: str, root: str) -> str:
    if label.endswith(".json"):
        raise RunError(f"{label} is JSON, and waivers are added to YAML files", remedy="add the entry by hand")
    if not os.path.lexists(path):
        return EMPTY
    outside = label.startswith("../")
    try:
        return read_regular(path, root=os.path.dirname(path) if outside else root, limit=WAIVER_BYTES).decode()
    except Refused as refused:
        raise RunError(f"{label}: {refused.problems[0].message}", remedy=refused.problems[0].remedy) from None
    except UnicodeDecodeError:
        raise RunError(f"{label} is not UTF-8", remedy="save it as UTF-8") from None


def _parsed(text: str, label: str) -> Document:
    """A waiver file as a document. Raises `RunError` for one that is not valid."""
    try:
        document = read(text.encode(), label, as_json=False)
        problems = [problem for problem in Shape("waivers").problems(document) if len(problem.pointer) < 2]
        if problems:
            raise Refused(problems, document.text)
    except Refused as refused:
        problem = refused.problems[0]
        place = place_in(label, refused.text, problem.span)
        raise RunError(problem.message, place, remedy=problem.remedy) from None
    return document
