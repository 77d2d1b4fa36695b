"""Mutation testing of `rules/` and `engine/`: ``python -m benchmarks.mutants WORK`` prints score and survivors.

mutmut makes the mutants, from a copy of this tree in the folder WORK, as ``[tool.mutmut]`` of pyproject.toml says. The
tests are collected once; each mutant runs in a fork of that one process, with the tests that call its function, until
one fails. Tests of Hypothesis and tests over a second are left out, so that a run can be repeated. Needs ``fork`` and
the extra ``mutation``.
"""

from __future__ import annotations

import argparse
import fnmatch
import gc
import importlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from benchmarks.scores import Result, told

if TYPE_CHECKING:
    from pytest_datapolicy.catalogue import Catalogue

MEMORY = 4 << 30
"""Bytes of address space of a fork: a mutant that grows without end dies of it."""
SLOWEST = 1.0
"""Seconds of processor time over which a test is left out."""
STEP = 20
"""After so many mutants the results are kept."""
SEED = 20261101


class Options(NamedTuple):
    """What is asked for."""

    work: Path
    jobs: int
    sample: int | None
    seed: int
    only: list[str]
    again: bool
    tests: int


def main() -> None:
    """Copy the tree, and run everything in the copy: there the package is the one with the mutants."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path, help="folder for the copy and the results")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants tested at a time")
    parser.add_argument("--sample", type=int, help="test only so many, taken at random")
    parser.add_argument("--seed", type=int, default=SEED, help="which mutants a sample takes, and the order of the run")
    parser.add_argument("--only", action="append", default=[], metavar="GLOB", help="test only mutants of these names")
    parser.add_argument("--again", action="store_true", help="test only those that survived in the run before")
    parser.add_argument("--tests", type=int, default=400, help="at most so many for one mutant; more would rarely kill")
    given = parser.parse_args()
    options = Options(given.work.resolve(), given.jobs, given.sample, given.seed, given.only, given.again, given.tests)
    tree = options.work / "tree"
    copy(Path.cwd(), tree)
    os.chdir(tree)
    names, selection = generate(options.jobs)
    os.chdir("mutants")
    raise SystemExit(test(names, selection, options))


def copy(source: Path, target: Path) -> None:
    """A copy of what git knows or would know; mutants of what has not changed since an earlier run stay."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=source, capture_output=True, check=True).stdout.decode()
    names = [name for name in sorted(listed.split("\0")) if name and (source / name).is_file()]
    mutants = target / "mutants"
    for path in (target / "src").rglob("*.*"):
        now = source / path.relative_to(target)
        if not now.is_file() or now.read_bytes() != path.read_bytes():
            (mutants / path.relative_to(target)).unlink(missing_ok=True)
    for folder, kept in ((mutants, "src"), (target, "mutants")):
        for old in folder.iterdir() if folder.is_dir() else ():
            if old.name != kept:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / name, target / name)


def generate(jobs: int) -> tuple[list[str], list[str]]:
    """Let mutmut write the mutants; their names, and the tests to select."""
    from mutmut import __main__ as mutmut
    from mutmut.configuration import config
    from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths

    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    mutmut.create_mutants(jobs)
    mutants, _ = mutmut.collect_source_file_mutation_data(mutant_names=())
    return [name for _, name, _ in mutants], config().pytest_add_cli_args_test_selection


def chosen(names: list[str], options: Options) -> list[str]:
    """The mutants to test, in an order that a seed settles."""
    names = sorted(names)
    random.Random(options.seed).shuffle(names)
    if options.again:
        undone = {result.name for result in kept(options) if result.status != "killed"}
        names = [name for name in names if name in undone]
    if options.only:
        names = [name for name in names if any(fnmatch.fnmatch(name, pattern) for pattern in options.only)]
    if options.sample is not None and options.sample < len(names):
        names = names[: options.sample]
    return names


def kept(options: Options) -> list[Result]:
    """The results of the run before, also of one that was stopped."""
    return [Result(*item) for item in json.loads((options.work / "results.json").read_text())]


def test(names: list[str], selection: list[str], options: Options) -> int:
    """Run the tests of each mutant; the exit code."""
    before = [result for result in kept(options) if result.status == "killed"] if options.again else []
    loop = Loop(chosen(names, options), before, options)
    arguments = ["-q", "-s", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir=.", *selection]
    code = int(pytest.main(arguments, plugins=[loop]))
    if code:
        return code
    os.chdir(options.work / "tree")
    print(told(loop.results, len(names)))
    return 0


class Loop:
    """In place of pytest's own loop: once through all tests to see what they call, then the mutants."""

    def __init__(self, names: list[str], before: list[Result], options: Options) -> None:
        self.names = names
        self.options = options
        self.results = before
        self.items: list[pytest.Item] = []
        self.calls: dict[str, list[int]] = {}
        self.times: list[float] = []
        self.kills: dict[str, Counter[int]] = defaultdict(Counter)
        self.catalogue = _catalogue()
        self._slots: dict[int, tuple[int, str]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Whether a test failed is enough: to show where would mean to parse files of a hundred thousand lines."""
        error = call.excinfo
        outcome = "passed" if error is None else "skipped" if error.errisinstance(pytest.skip.Exception) else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)  # type: ignore[arg-type]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Runs instead of the loop of pytest."""
        self.items = [
            item for item in session.items if not getattr(getattr(item, "obj", None), "is_hypothesis_test", 0)
        ]
        for name in sorted({name.rpartition(".")[0] for name in self.names}):
            importlib.import_module(name)
        self._measure()
        self._warm()
        self._run()
        return True

    def _measure(self) -> None:
        """Run every test once, without a mutant, in a fork of its own."""
        source, sink = os.pipe()
        if not os.fork():
            os.close(source)
            with os.fdopen(sink, "w") as pipe:
                json.dump(_traced(self.items), pipe)
            os._exit(0)
        os.close(sink)
        with os.fdopen(source) as pipe:
            self.times, hits, failed = json.load(pipe)
        os.wait()
        for index in failed:
            print(f"left out, as it fails without a mutant: {self.items[index].nodeid}")
        for index, (seconds, functions) in enumerate(zip(self.times, hits, strict=True)):
            for function in functions if seconds <= SLOWEST and index not in failed else ():
                self.calls.setdefault(function, []).append(index)
        used = {index for indices in self.calls.values() for index in indices}
        print(
            f"{len(self.items)} tests, {len(used)} used, {sum(self.times[index] for index in used):.0f} s", flush=True
        )

    def _warm(self) -> None:
        """Run the quickest test of each file, so that forks need not import and compile what all of them use."""
        from mutmut.mutation.trampoline import set_mutant_under_test

        set_mutant_under_test("none")
        quickest: dict[str, int] = {}
        for index in sorted(
            {index for indices in self.calls.values() for index in indices}, key=self.times.__getitem__
        ):
            quickest.setdefault(self.items[index].nodeid.partition("::")[0], index)
        for index in quickest.values():
            _passes(self.items[index], None)
        gc.collect()
        gc.freeze()

    def _run(self) -> None:
        start = time.monotonic()
        slots = list(range(self.options.jobs))
        for done, name in enumerate(self.names, 1):
            tests = self._ordered(name)
            if not tests:
                self.results.append(Result(name, "no tests", ""))
                continue
            if not slots:
                slots.append(self._wait())
            self._fork(name, tests, slots.pop())
            if done % STEP == 0:
                lost = sum(result.status != "killed" for result in self.results)
                took = time.monotonic() - start
                print(f"{done}/{len(self.names)} in {took:.0f} s, {lost} not killed", flush=True)
                self._save()
        while self._slots:
            self._wait()
        self.results.sort()
        self._save()

    def _save(self) -> None:
        (self.options.work / "results.json").write_text(json.dumps(self.results, indent=0))

    def _ordered(self, name: str) -> list[int]:
        """The tests of a mutant: those that killed others of its function, of its rule, quick ones of each file."""
        kills = self.kills[_function(name)]
        rule = self.catalogue.id_of(name.split(".")[-2].replace("_", "-")) or "no rule"
        turns: Counter[str] = Counter()
        ranked = []
        for index in sorted(self.calls.get(_function(name), ()), key=self.times.__getitem__):
            file, _, title = self.items[index].nodeid.partition("::")
            turns[file] += 1
            ranked.append((-kills[index], rule not in title, turns[file], index))
        return [index for *_, index in sorted(ranked)[: self.options.tests]]

    def _fork(self, name: str, tests: list[int], slot: int) -> None:
        pid = os.fork()
        if pid:
            self._slots[pid] = (slot, name)
            return
        try:
            self._prove(name, tests, slot)
        finally:
            os._exit(3)

    def _prove(self, name: str, tests: list[int], slot: int) -> None:
        """Run tests on a mutant until one fails; does not return."""
        from mutmut.mutation.trampoline import set_mutant_under_test

        seconds = 20 + 10 * int(sum(self.times[index] for index in tests))
        signal.alarm(seconds * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        _quiet()
        gc.disable()
        set_mutant_under_test(name)
        folder = self.options.work / f"tmp{slot}"
        killer = self._killer(slot)
        killer.unlink(missing_ok=True)
        _own_folder(self.items[0].config, folder)
        for position, index in enumerate(tests):
            following = self.items[tests[position + 1]] if position + 1 < len(tests) else None
            if not _passes(self.items[index], following):
                killer.write_text(str(index))
                os._exit(1)
        os._exit(0)

    def _killer(self, slot: int) -> Path:
        return self.options.work / f"killer{slot}"

    def _wait(self) -> int:
        """Wait for one mutant to be done; the slot that is free now."""
        pid, status = os.wait()
        slot, name = self._slots.pop(pid)
        code = os.waitstatus_to_exitcode(status)
        test = ""
        if code == 1:
            index = int(self._killer(slot).read_text())
            self.kills[_function(name)][index] += 1
            test = self.items[index].nodeid
        # An end that no test asked for, such as too much time, is noticed as well.
        how = test or ("" if code == 0 else f"ended with {code}")
        self.results.append(Result(name, "killed" if how else "survived", how))
        return slot


def _catalogue() -> Catalogue:
    """Imported late: it comes from the copy of the tree."""
    from pytest_datapolicy.catalogue import Catalogue

    return Catalogue()


def _function(mutant: str) -> str:
    return mutant.rpartition("__mutmut_")[0]


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    from _pytest.runner import runtestprotocol

    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def _traced(items: list[pytest.Item]) -> tuple[list[float], list[list[str]], list[int]]:
    """Seconds and mutated functions of each test, and the tests that fail."""
    from mutmut.mutation.trampoline import set_mutant_under_test
    from mutmut.state import state

    _quiet()
    set_mutant_under_test("stats")
    times, hits, failed = [], [], []
    for index, (item, following) in enumerate(zip(items, [*items[1:], None], strict=True)):
        state()._stats.clear()
        start = time.process_time()
        if not _passes(item, following):
            failed.append(index)
        times.append(time.process_time() - start)
        hits.append(sorted(state()._stats))
    return times, hits, failed


def _quiet() -> None:
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)


def _own_folder(config: Any, folder: Path) -> None:
    """Temporary folders of tests, apart from those of the mutants beside this one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config._tmp_path_factory._basetemp = folder


if __name__ == "__main__":
    main()
