"""The same data, the same figures: DuckDB, Spark here and Spark through Spark Connect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_datapolicy.model.data import Counts, Diversity, Duplicates, Overlap, Tails
from pytest_datapolicy.verify import open_verifier
from tests.verify.spark.generated import build, figures
from tests.verify.spark.sessions import opener

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_datapolicy.model.manifest import Manifest
    from pytest_datapolicy.verify.engine import Engine

pytestmark = pytest.mark.spark


class Known:
    """The data set and what DuckDB finds in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.manifest: Manifest = build(folder)
        verifier = open_verifier(self.folder, cached=False)
        try:
            self.figures: dict[str, Any] = figures(verifier, self.manifest)
        finally:
            verifier.close()


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    return Known(tmp_path_factory.mktemp("generated"))


def test_each_measure_finds_something(known: Known) -> None:
    found = known.figures
    kinds = {"counts": Counts, "overlap": Overlap, "duplicates": Duplicates, "tails": Tails, "diversity": Diversity}
    assert {title: type(value) for title, value in found.items()} == {
        title: kinds[title.partition(" ")[0]] for title in found
    }
    overlap = found["overlap test"]
    assert overlap.exact > 30
    assert overlap.grams > 20
    assert len(overlap.ids) == 3
    assert found["duplicates train"].duplicates > 100
    assert found["counts generated@1#train/shared-real"].shared == ()
    assert sum(found["counts generated@1#train/shared-real"].unclaimed) > 10
    assert found["tails train"].rare[0].categories > 3


def test_spark_finds_the_same(known: Known, spark: Engine) -> None:
    assert figures(opener(spark)(known.folder), known.manifest) == known.figures
