"""Plugins: found by their entry point, in an order of their own, refused with their name when something is wrong."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pytest_datapolicy.builtin import PACKS
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.hooks import PluginError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Install = Callable[[str, str], None]

SHIPPED = list(PACKS)
PACK = """
from pytest_datapolicy.hooks import PackEntry

def datapolicy_packs():
    return [PackEntry({name!r}, __name__, "pack.yaml")]
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a plugin of one module, named like its distribution."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(name: str, code: str) -> None:
        info = tmp_path / f"{name}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[datapolicy]\n{name} = {name}\n", "utf-8")
        (tmp_path / f"{name}.py").write_text(code, "utf-8")
        monkeypatch.delitem(sys.modules, name, raising=False)

    return write


@pytest.mark.parametrize("mark", ["", "@hookimpl\n"])
def test_hooks_are_found_by_name_marked_or_not(install: Install, mark: str) -> None:
    code = PACK.format(name="acme").replace("def ", f"{mark}def ")
    install("acme_packs", f"from pytest_datapolicy.hooks import hookimpl\n{code}" if mark else code)
    packs = Catalogue().packs
    assert list(packs) == [*SHIPPED, "acme"]
    assert packs["acme"] == ("acme", "acme_packs", "pack.yaml")


def test_plugins_come_after_the_built_in_one_and_by_name(install: Install) -> None:
    install("zeta_packs", PACK.format(name="z"))
    install("alpha_packs", PACK.format(name="a"))
    assert list(Catalogue().packs) == [*SHIPPED, "a", "z"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import nothing_of_that_name", r"plugin 'acme' \(acme\) cannot be loaded: ModuleNotFoundError"),
        ("def datapolicy_rule(): return []", r"plugin 'acme' \(acme\): unknown hook 'datapolicy_rule'"),
        (PACK.format(name="baseline"), "plugin 'acme' claims pack 'baseline', which another plugin already offers"),
    ],
)
def test_a_plugin_that_cannot_be_used_is_named(install: Install, code: str, message: str) -> None:
    install("acme", code)
    with pytest.raises(PluginError, match=message):
        Catalogue()


def test_without_plugins_pluggy_is_not_loaded() -> None:
    code = "import sys; from pytest_datapolicy.catalogue import Catalogue; Catalogue(); print('pluggy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
