"""The engines that the matrix runs on: by name, what opens the data files below a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_datapolicy.model.data import Verifier

ENGINES: dict[str, Callable[[str], Verifier] | bool] = {"duckdb": True}
"""True: the engine of the default settings, closed after each case."""
