"""``python -m pytest_datapolicy`` is ``datapolicy``."""

from __future__ import annotations

import sys

from pytest_datapolicy.cli import main

if __name__ == "__main__":
    sys.exit(main())
