"""Host files that a sidecar describes: they are judged with it, and not once more alone."""

from __future__ import annotations

from pytest_datapolicy.model.document import Refused
from pytest_datapolicy.syntax.reader import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def described(sidecars: Iterable[str], head: Callable[[str], bytes | None]) -> set[str]:
    """The paths of the files that these native manifests describe; `head` gives their first bytes."""
    found = set()
    for path in sidecars:
        data = head(path)
        if data is None or b"describes" not in data:
            continue
        try:
            tree = read(data, path, as_json=path.endswith(".json")).tree
        except Refused:
            continue  # it is told when it is judged, and its host is judged alone
        block = tree.get("describes")
        name = block.get("path") if isinstance(block, dict) else None
        if isinstance(name, str):
            found.add(path[: path.rfind("/") + 1] + name)
    return found
