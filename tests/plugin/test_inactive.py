"""An inactive plugin loads two modules and does nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """
import sys, pytest
code = pytest.main(["-q", "-p", "no:cacheprovider", sys.argv[1]])
print("LOADED", sorted(name for name in sys.modules if name.startswith("pytest_datapolicy")))
print("HEAVY", sorted({"yaml", "jsonschema_rs", "ruamel"} & set(sys.modules)))
sys.exit(code)
"""


def test_only_the_entry_point_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n", "utf-8")
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert "LOADED ['pytest_datapolicy', 'pytest_datapolicy.plugin']" in result.stdout
    assert "HEAVY []" in result.stdout
