"""How far measuring has come, on a terminal; nothing where nobody watches."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tqdm import tqdm

DELAY = 1.0
"""Seconds before anything is shown: what is done by then needs no bar."""


class Progress:
    """A bar for what is under way, on standard error, gone when it is done."""

    def __init__(self, *, watched: bool) -> None:
        self._watched = watched
        self._bar: tqdm[Any] | None = None
        self._lock = threading.Lock()

    @contextmanager
    def reading(self, title: str, size: int) -> Iterator[None]:
        """While `size` bytes are read and `read` is called with how many."""
        with self._shown(title, size):
            yield

    @contextmanager
    def working(self, title: str) -> Iterator[None]:
        """While something is done that tells nothing of how far it is."""
        with self._shown(title, None):
            yield

    def read(self, size: int) -> None:
        """So many bytes more were read."""
        if self._bar is not None:
            with self._lock:
                self._bar.update(size)

    @contextmanager
    def _shown(self, title: str, size: int | None) -> Iterator[None]:
        if not self._watched:
            yield
            return
        from tqdm import tqdm

        layout = None if size is not None else "{desc} [{elapsed}]"
        with tqdm(
            total=size, desc=title, unit="B", unit_scale=True, leave=False, delay=DELAY, bar_format=layout
        ) as bar:
            ticking = threading.Event()
            ticker = threading.Thread(target=_tick, args=(bar, ticking, self._lock), daemon=True)
            if size is None:
                ticker.start()
            self._bar = bar
            try:
                yield
            finally:
                self._bar = None
                ticking.set()
                if size is None:
                    ticker.join()
                    bar.clear()  # it knows nothing of what was only refreshed


def is_watched() -> bool:
    """Whether a person is likely to look at standard error."""
    return sys.stderr is not None and sys.stderr.isatty() and not os.environ.get("CI")


def _tick(bar: tqdm[Any], done: threading.Event, lock: threading.Lock) -> None:
    pause = DELAY
    while not done.wait(pause):
        with lock:
            bar.refresh()
        pause = 0.5
