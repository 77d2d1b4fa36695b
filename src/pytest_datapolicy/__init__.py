"""Keep synthetic and human data in their places. Public names load on first use: pytest imports this in every run."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pytest_datapolicy.app import check as check
    from pytest_datapolicy.model.report import Finding as Finding
    from pytest_datapolicy.model.report import Report as Report

__version__ = "0.1.0"
__all__ = ["Finding", "Report", "__version__", "check"]

_HOMES = {
    "check": "pytest_datapolicy.app",
    "Finding": "pytest_datapolicy.model.report",
    "Report": "pytest_datapolicy.model.report",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(home), name)
