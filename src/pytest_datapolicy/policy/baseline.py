"""A baseline file, read. It is written by the program, so that any fault of it makes the run invalid."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from fractions import Fraction

from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.model.waivers import Baseline, Recorded
from pytest_datapolicy.policy.faults import Faults, named
from pytest_datapolicy.policy.text import PolicyText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

BASELINE_BYTES = 8 << 20
FRACTION = re.compile(r"(-?[0-9]+)/([1-9][0-9]*)")


def load_baseline(name: str, *, root: str, read: Callable[[str], bytes] | None = None) -> Baseline:
    """The baseline at the path `name`, relative to the working directory.

    `read` gives the bytes of a file by its absolute path in place of the file system, and raises FileNotFoundError for
    what is not there. Raises `RunError` with the place of the first fault, which holds the others.
    """
    from pytest_datapolicy.syntax.reader import read as parse
    from pytest_datapolicy.syntax.shape import Shape

    label = baseline_label(name, root)
    faults = Faults()
    try:
        data = _bytes(name, root, read)
        document = parse(data, label, as_json=label.endswith(".json"), limit=BASELINE_BYTES)
        problems = Shape("baseline").problems(document)
        if problems:
            raise Refused(problems, document.text)
    except FileNotFoundError:
        remedy = f"write it: datapolicy check --write-baseline {named(label)}"
        raise RunError(f"there is no baseline {named(label)}", remedy=remedy) from None
    except Refused as refused:
        faults.take(refused, label, None)
        faults.close()
        raise
    text = PolicyText(document)
    return Baseline(
        label,
        tuple(
            Recorded(
                body["rule"],
                body["dataset"],
                body.get("split"),
                body.get("component"),
                body.get("thing", ""),
                _value(body.get("observed")),
                _value(body.get("limit")),
                text.value("entries", index),
            )
            for index, body in enumerate(document.tree["entries"])
        ),
    )


def baseline_label(name: str, root: str) -> str:
    """The path of a baseline as reports name it."""
    path = os.path.abspath(name)
    try:
        return os.path.relpath(path, root).replace(os.sep, "/")
    except ValueError:  # another drive
        return path.replace(os.sep, "/")


def _bytes(name: str, root: str, read: Callable[[str], bytes] | None) -> bytes:
    path = os.path.abspath(name)
    if read is not None:
        return read(path)
    if not os.path.lexists(path):
        raise FileNotFoundError(path)
    from pytest_datapolicy.syntax.files import read_regular

    inside = not baseline_label(name, root).startswith("../")
    return read_regular(path, root=root if inside else os.path.dirname(path), limit=BASELINE_BYTES)


def _value(value: Any) -> Any:
    """An observed value as findings have it: whole numbers as int, others as fractions."""
    if isinstance(value, Decimal):
        return Fraction(value)
    fraction = FRACTION.fullmatch(value) if isinstance(value, str) else None
    return value if fraction is None else Fraction(int(fraction[1]), int(fraction[2]))
