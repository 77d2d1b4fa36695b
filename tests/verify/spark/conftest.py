"""Engines that the tests of Spark share: starting one takes seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.verify.spark.sessions import LOCAL, connect_server, quick_java, tuned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_datapolicy.verify.engine import Engine


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each session is started by one process only, when there are several."""
    for item in items:
        if isinstance(item, pytest.Function) and item.get_closest_marker("spark"):
            params = item.callspec.params if hasattr(item, "callspec") else {}
            item.add_marker(pytest.mark.xdist_group(params.get("spark", "local")))


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
