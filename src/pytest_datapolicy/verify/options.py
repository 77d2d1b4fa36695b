"""What the settings say of measuring: ``[tool.datapolicy.verify]``."""

from __future__ import annotations

from pytest_datapolicy.model.record import NamedTuple

ENGINES = ("duckdb", "spark")


class Options(NamedTuple):
    """Which engine measures, within which limits, and what it may read."""

    engine: str = "duckdb"
    master: str | None = None
    """A Spark master URL: ``local[2]``, ``spark://host:7077``."""
    remote: str | None = None
    """A Spark Connect address: ``sc://host:15002``."""
    memory_limit: str = "2GB"
    temp: str | None = None
    """Folder for temporary files, absolute; None: the system's."""
    temp_limit: str = "20GB"
    threads: int | None = None
    """None: one for each processor."""
    roots: tuple[str, ...] = ()
    """Addresses, each with ``/`` at the end, below which objects may be read."""
    cache: str | None = None
    """Folder for results, absolute and not below the project root; None: one among the user's caches."""


def size_of(text: str) -> int:
    """The bytes that ``512MB`` or ``2GB`` stand for."""
    units = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
    unit = next(unit for unit in (*units, "TiB") if text.endswith(unit))
    return int(text.removesuffix(unit)) * units.get(unit, 2**40)
