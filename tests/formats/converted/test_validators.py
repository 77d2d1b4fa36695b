"""What is converted passes the validators that the other formats have."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from pytest_datapolicy.app.converting import write
from pytest_datapolicy.catalogue import Catalogue
from pytest_datapolicy.testing import read_cases

HERE = Path(__file__).parent
pytestmark = pytest.mark.validators
NAMES = {"croissant": "croissant.json", "frictionless": "datapackage.json", "odcs": "contract.odcs.yaml"}


@pytest.mark.parametrize("form", list(NAMES))
def test_converted_manifests_are_valid(form: str, tmp_path: Path) -> None:
    paths = []
    for tree in read_cases(str(HERE / "manifests.yaml")):
        folder = tmp_path / tree["name"]
        (folder / "data").mkdir(parents=True)
        for split in tree["splits"].values():
            for component in split["components"]:
                for file in component.get("files", ()):
                    (folder / file["path"]).write_bytes(b"id,text\n1,a\n")
                    file["sha256"] = sha256(b"id,text\n1,a\n").hexdigest()
        text, lost = write(tree, form, Catalogue())
        assert all("license" in item for item in lost)
        (folder / NAMES[form]).write_text(text, "utf-8")
        paths.append(str(folder / NAMES[form]))
    command = [sys.executable, "-W", "ignore", str(HERE / "validate.py"), form, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {path: [] for path in paths}


@pytest.mark.parametrize(
    ("form", "text"),
    [("croissant", '{"@type": "sc:Dataset"}'), ("frictionless", '{"name": "a"}'), ("odcs", "kind: DataContract\n")],
)
def test_the_validators_do_refuse(form: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / NAMES[form]
    path.write_text(text)
    command = [sys.executable, "-W", "ignore", str(HERE / "validate.py"), form, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[str(path)] != []
