"""Spark for the tests: one session here, and one at a server that is a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_datapolicy.verify.options import Options
from pytest_datapolicy.verify.verification import Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_datapolicy.verify.engine import Engine
    from pytest_datapolicy.verify.spark import Spark

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Java that starts soon; these tests do not run long enough for another to pay."""
SMALL = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "2",
}
"""For many statements over little data: Spark writes no Java for each."""
LOCAL = Options(engine="spark", master="local[2]", memory_limit="1GB")


def tuned(engine: Spark) -> Spark:
    """An engine that does small things soon."""
    for key, value in SMALL.items():
        engine._spark.session.conf.set(key, value)
    return engine


def opener(engine: Engine) -> Callable[[str], Verification]:
    """What opens data files below a folder with an engine that goes on running."""

    def opened(root: str) -> Verification:
        verification = Verification(root, Options(engine=engine.name), cached=False, show_records=False)
        verification._engine = engine
        return verification

    return opened


@contextmanager
def quick_java() -> Iterator[None]:
    """Java processes that are started within start soon."""
    before = os.environ.get("JDK_JAVA_OPTIONS")
    os.environ["JDK_JAVA_OPTIONS"] = f"{before or ''} {QUICK}"
    try:
        yield
    finally:
        os.environ.pop("JDK_JAVA_OPTIONS")
        if before is not None:
            os.environ["JDK_JAVA_OPTIONS"] = before


@contextmanager
def connect_server() -> Iterator[str]:
    """A Spark Connect server; gives its address."""
    from pyspark.find_spark_home import _find_spark_home

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="spark-server-", ignore_cleanup_errors=True) as folder:
        settings = {
            "spark.connect.grpc.binding.port": str(port),
            "spark.driver.memory": "1g",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.local.dir": folder,
            "spark.sql.warehouse.dir": os.path.join(folder, "warehouse"),
            "spark.ui.enabled": "false",
        }
        command = [os.path.join(_find_spark_home(), "bin", "spark-submit"), "--master", "local[2]"]
        command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
        command += [word for key, value in settings.items() for word in ("--conf", f"{key}={value}")]
        log = os.path.join(folder, "server.log")
        with quick_java(), open(log, "wb") as output:
            server = subprocess.Popen([*command, "spark-internal"], cwd=folder, stdout=output, stderr=output)
        try:
            _wait(server, port, log)
            yield f"sc://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def _wait(server: subprocess.Popen[bytes], port: int, log: str) -> None:
    for _ in range(600):
        if server.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", port), 1):
                    return
            except OSError:
                time.sleep(0.1)
    with open(log, encoding="utf-8", errors="replace") as file:
        raise RuntimeError(f"the Spark Connect server did not start: {file.read()[-2000:]}")
