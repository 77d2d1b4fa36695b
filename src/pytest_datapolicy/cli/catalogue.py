"""The catalogue for commands that only read it."""

from __future__ import annotations

from pytest_datapolicy.model.report import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pytest_datapolicy.catalogue import Catalogue


def load_catalogue() -> Catalogue:
    """All rules of this installation. Raises `RunError` when a plugin cannot be loaded."""
    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.hooks import PluginError

    try:
        return Catalogue()
    except PluginError as error:
        raise RunError(str(error), remedy="repair or uninstall that plugin") from None
