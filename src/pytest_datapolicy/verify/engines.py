"""Which engine the options name, and whether it is installed: asked before anything that needs its packages loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_datapolicy.model.report import RunError

if TYPE_CHECKING:
    from pytest_datapolicy.verify.engine import Engine
    from pytest_datapolicy.verify.options import Options


def version_of(options: Options) -> str:
    """The version of the engine. Raises `RunError` when its packages are not installed."""
    try:
        from sqlglot import _version

        if options.engine == "spark":
            from pytest_datapolicy.verify.spark import VERSION

            version = VERSION
        else:
            import duckdb

            version = f"duckdb {duckdb.__version__}"
    except ImportError as error:
        extra = "spark" if options.engine == "spark" else "verify"
        raise RunError(
            f"--verify needs packages that are not installed: {error.name}",
            remedy=f"pip install 'pytest-datapolicy[{extra}]'",
        ) from None
    return f"{version}, sqlglot {_version.__version__}"


def start(options: Options, root: str) -> Engine:
    """The engine that the options name. Raises `RunError`."""
    if options.engine == "spark":
        from pytest_datapolicy.verify.spark import start_spark

        return start_spark(options, root)
    from pytest_datapolicy.verify.duck import Duck

    return Duck(options, root)
