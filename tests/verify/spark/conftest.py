"""Engines that the tests of Spark share: starting one takes seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.verify.spark.sessions import LOCAL, connect_server, quick_java, tuned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.verify.engine import Engine


@pytest.fixture(scope="session")
def local() -> Iterator[Engine]:
    """Spark in this process's own Java, ``local[2]``."""
    from pytest_datapolicy.verify.spark import Spark

    with quick_java():
        engine = tuned(Spark(LOCAL))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Spark through Spark Connect, at a server in a process of its own that sees the folder for temporary files."""
    from pytest_datapolicy.verify.spark import Spark

    temp = str(tmp_path_factory.mktemp("shared"))
    with connect_server() as address:
        engine = tuned(Spark(LOCAL._replace(master=None, remote=address, temp=temp)))
        yield engine
        engine.close()


@pytest.fixture(scope="session", params=["local", "remote"])
def spark(request: pytest.FixtureRequest) -> Engine:
    """Each of the two."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine
