"""The claims of manifests checked against the data. Nothing of it, nor of any engine, loads without ``--verify``."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pytest_datapolicy.verify.options import Options
    from pytest_datapolicy.verify.verification import Verification


def open_verifier(
    root: str, options: Options | None = None, *, cached: bool = True, show_records: bool = False
) -> Verification:
    """What opens data files below `root`; close it in the end. No engine starts before something has to be read.

    Raises `RunError` when the engine's packages are not installed.
    """
    from pytest_datapolicy.verify.engines import version_of
    from pytest_datapolicy.verify.options import Options as Default

    chosen = options or Default()
    version_of(chosen)
    from pytest_datapolicy.verify.verification import Verification

    return Verification(root, chosen, cached=cached, show_records=show_records)
