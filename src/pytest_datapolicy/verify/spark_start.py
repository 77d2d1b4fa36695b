"""Sessions of Spark: one of our own here, one at a server, or the one that the program already has."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from pytest_datapolicy.model.report import RunError
from pytest_datapolicy.verify.options import size_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_datapolicy.verify.options import Options

LEAST_MEMORY = 512 << 20
"""Below it, no Spark starts."""
WAIT_FOR_ANSWER = 10.0
WAIT_FOR_WORKERS = 300.0
CONNECT_PORT = 15002
SESSION = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.csv.parser.columnPruning.enabled": "false",
    "spark.sql.json.enableExactStringParsing": "false",
    "spark.sql.legacy.codingErrorAction": "false",
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    # Workers need no package for it beyond Spark's own.
    "spark.sql.execution.pythonUDF.arrow.enabled": "false",
}
"""What the results depend on."""
JAVA = "install Java 17 or later (Debian: apt-get install openjdk-17-jre-headless), or set JAVA_HOME"
CONNECT = "start it with `sbin/start-connect-server.sh`, or correct `remote` in [tool.datapolicy.verify]"
MASTER = "start the cluster, or correct `master` in [tool.datapolicy.verify]"


class Started(NamedTuple):
    """A session, and how to end what was started for it."""

    session: Any
    local: bool
    """Whether it reads the files of this machine."""
    end: Callable[[], None]


def started(options: Options, folder: str) -> Started:
    """The session that the settings ask for; `folder` takes temporary files. Raises `RunError`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = _connected(options.remote) if options.remote else _here(options, folder)
    try:
        _set(made.session)
        if options.remote or not made.local:
            _probe(made.session)
    except BaseException:
        made.end()
        raise
    return made


def _set(session: Any) -> None:
    """Settings that are as they have to be stay untouched: some may be gone from later versions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for key, value in SESSION.items():
            if session.conf.get(key, None) != value:
                session.conf.set(key, value)


def _connected(remote: str) -> Started:
    address = urlsplit(remote.partition(";")[0])
    host, port = address.hostname or "localhost", address.port or CONNECT_PORT
    if not _answers(host, port):
        raise RunError(f"no Spark Connect server answers at {host}:{port}", remedy=CONNECT)
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql.connect.session import SparkSession
    except ImportError as error:
        raise _not_installed(error) from None
    try:
        session = SparkSession.builder.remote(remote).create()
        session.version  # noqa: B018 - asks the server
    except (PySparkException, OSError, ValueError) as error:
        raise RunError(f"no session with {host}:{port}: {told(error)}", remedy=CONNECT) from None
    return Started(session, False, session.stop)


def _here(options: Options, folder: str) -> Started:
    try:
        from pyspark import SparkContext
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise _not_installed(error) from None
    master = options.master or f"local[{options.threads or '*'}]"
    running = SparkContext._active_spark_context
    if running is not None:
        if options.master is not None and running.master != options.master:
            raise RunError(
                f"this program already runs Spark with the master {running.master}, the settings name {master}",
                remedy="stop that session first, or name its master in [tool.datapolicy.verify]",
            )
        theirs = SparkSession.getActiveSession() or SparkSession(running)
        return Started(theirs.newSession(), running.master.startswith("local"), lambda: None)
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise RunError("Spark needs Java, and there is none", remedy=JAVA)
    _reachable(master)
    return _launched(_settings(options, master, folder), folder)


def _settings(options: Options, master: str, folder: str) -> dict[str, str]:
    memory = size_of(options.memory_limit)
    if memory < LEAST_MEMORY:
        raise RunError(
            f"memory_limit is {options.memory_limit}, and Spark does not start with less than 512MiB",
            remedy='write memory_limit = "1GB" in [tool.datapolicy.verify]',
        )
    settings = {
        "spark.master": master,
        "spark.app.name": "datapolicy check --verify",
        "spark.driver.memory": f"{memory >> 20}m",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": os.path.join(folder, "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder} -XX:-UsePerfData",
    }
    if master.startswith("local"):
        threads = options.threads or os.cpu_count() or 1
        settings |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": str(2 * threads),
            "spark.pyspark.python": sys.executable,
            "spark.pyspark.driver.python": sys.executable,
        }
    return settings


def _launched(settings: dict[str, str], folder: str) -> Started:
    from py4j.protocol import Py4JError
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    conf = SparkConf(loadDefaults=False)
    conf.setAll(list(settings.items()))
    log = os.path.join(folder, "spark.log")
    interrupt = signal.getsignal(signal.SIGINT)
    gateway = None
    try:
        if SparkContext._gateway is None:
            with open(log, "wb") as output:
                gateway = launch_gateway(conf, {"stdout": output, "stderr": output})
        context = SparkContext(conf=conf, gateway=gateway)
        session = SparkSession(context)
    except (PySparkException, Py4JError, OSError, ValueError) as error:
        if gateway is not None:
            _shut(gateway)
        raise _failed(settings["spark.master"], log, error) from None
    finally:
        _restore(interrupt)

    def end() -> None:
        session.stop()
        if gateway is not None:
            _shut(gateway)

    return Started(session, settings["spark.master"].startswith("local"), end)


def _shut(gateway: Any) -> None:
    """End the Java process, and let a session that the program starts later have its own."""
    from pyspark import SparkContext

    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
    if SparkContext._gateway in (gateway, None):
        SparkContext._gateway = SparkContext._jvm = None


def _restore(interrupt: Any) -> None:
    """Spark handles Ctrl-C for as long as the process lives; this one handles its own."""
    if threading.current_thread() is threading.main_thread() and interrupt is not None:
        signal.signal(signal.SIGINT, interrupt)


def _reachable(master: str) -> None:
    """Spark itself gives up after minutes only."""
    if not master.startswith("spark://"):
        return
    hosts = [host.rpartition(":") for host in master.removeprefix("spark://").split(",")]
    if not any(port.isdigit() and _answers(host, int(port)) for host, _, port in hosts):
        raise RunError(f"no Spark master answers at {master}", remedy=MASTER)


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host.strip("[]"), port), WAIT_FOR_ANSWER):
            return True
    except (OSError, UnicodeError):
        return False


def _probe(session: Any) -> None:
    """One small job: a cluster without workers would let the first measure wait for ever."""
    found: list[BaseException | None] = []

    def ask() -> None:
        try:
            session.range(0, 1, 1, 1).selectExpr("sum(id)").collect()
            found.append(None)
        except Exception as error:  # handed to the thread that waits
            found.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(WAIT_FOR_WORKERS)
    if not found:
        raise RunError(
            f"Spark gave no worker within {WAIT_FOR_WORKERS:.0f} s",
            remedy="start workers, or free some of those that there are",
        )
    if found[0] is not None:
        raise RunError(f"Spark does not work: {told(found[0])}", remedy=MASTER)


def _failed(master: str, log: str, error: BaseException) -> RunError:
    text = ""
    if os.path.exists(log):
        with open(log, encoding="utf-8", errors="replace") as file:
            text = file.read(1 << 20)
    if "UnsupportedClassVersionError" in text:
        return RunError("the Java here is too old for Spark", remedy=JAVA)
    if "JAVA_HOME is not set" in text or ("No such file or directory" in text and "java" in text):
        return RunError("Spark needs Java, and JAVA_HOME leads to none", remedy=JAVA)
    return RunError(f"Spark with the master {master} cannot be started: {told(error)}", remedy=MASTER)


def told(error: BaseException) -> str:
    """What an error says, on one line, without stack traces."""
    for line in str(error).splitlines():
        line = re.sub(r"^(: )?([a-z]\w*\.)+[A-Z]\w*: ", "", line.strip())
        if line and not line.startswith("An error occurred while calling"):
            return line[:200].rstrip(".")
    return type(error).__name__


def _not_installed(error: ImportError) -> RunError:
    return RunError(
        f"Spark needs packages that are not installed: {error.name or told(error)}",
        remedy="pip install 'pytest-datapolicy[spark]'",
    )
