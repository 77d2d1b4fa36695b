"""The pytest entry point: options, marker and fixtures. Everything else loads when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_datapolicy.collection import Datapolicy, Dataset

MARKER = (
    "dataset(name, split=None, purpose=None): the test uses this data set (name@version); it errors at set-up unless "
    "the split exists, has that purpose and has no failing finding."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("datapolicy", "data set manifests against policies")
    group.addoption("--datapolicy", action="store_true", help="collect data set manifests and judge them")
    group.addoption(
        "--datapolicy-policy",
        action="append",
        metavar="FILE",
        help="policy file or builtin:PACK (default: the settings, or builtin:baseline); may be given several times",
    )
    group.addoption("--datapolicy-baseline", metavar="FILE", help="a file of findings that are known: they xfail")
    group.addoption(
        "--datapolicy-base",
        metavar="REV",
        help="take policy, waivers, baseline and settings from this git revision, and compare with what it declares",
    )
    group.addoption(
        "--datapolicy-only-new",
        action="store_true",
        help="with --datapolicy-base: findings that REV has too xfail",
    )
    group.addoption(
        "--datapolicy-strict",
        action="store_true",
        help="judge the whole tree when the session finishes, whatever was selected; warnings fail too",
    )
    group.addoption(
        "--datapolicy-output",
        metavar="FILE",
        help="write the report on the whole tree to FILE, as `datapolicy check --format json` does",
    )
    group.addoption(
        "--datapolicy-verify",
        action="store_true",
        help="read the data files and check what manifests claim of them",
    )
    group.addoption("--datapolicy-today", metavar="DATE", help="judge as of this UTC day (YYYY-MM-DD)")
    parser.addini("datapolicy", "collect data set manifests and judge them (bool)", type="bool", default=False)
    parser.addini("datapolicy_verify", "read the data files of manifests (bool)", type="bool", default=False)
    parser.addini("datapolicy_items", "one item a rule or a manifest: rule (default) or manifest", default="rule")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    strict, output = config.getoption("--datapolicy-strict"), config.getoption("--datapolicy-output")
    if strict or output is not None or config.getoption("--datapolicy") or config.getini("datapolicy"):
        from pytest_datapolicy.collection import Collector

        config.pluginmanager.register(Collector(config), "datapolicy-collection")
    if (strict or output is not None) and not hasattr(config, "workerinput"):
        from pytest_datapolicy.gate import Gate

        config.pluginmanager.register(Gate(strict=strict, output=output), "datapolicy-gate")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("dataset") is not None:
        from pytest_datapolicy.collection import require_dataset

        require_dataset(item)


@pytest.fixture(scope="session")
def datapolicy(request: pytest.FixtureRequest) -> Datapolicy:
    """Judge manifests from a test: ``datapolicy.check(path)`` and ``datapolicy.manifest("name@version")``."""
    from pytest_datapolicy.collection import Datapolicy

    return Datapolicy.of(request.config)


@pytest.fixture
def dataset(request: pytest.FixtureRequest) -> Dataset:
    """The data set that the test's ``dataset`` marker names, once it has been found to meet its policy."""
    from pytest_datapolicy.collection import marked_dataset

    return marked_dataset(request.node)
