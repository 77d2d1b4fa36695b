"""What `benchmarks.verify` measures is right: the data that it makes hold what their manifests claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.records import LEAKED, TESTED, make

from pytest_datapolicy import check

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_made_data_hold_what_is_claimed_and_what_leaked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(tmp_path / "made", 10_000, limit="1GB")
    monkeypatch.chdir(made.claims.parent)
    claims = check([str(made.claims)], verify=True, cached=False)
    assert claims.errors == ()
    assert [finding for finding in claims.findings if finding.rule.startswith("DP6")] == []
    texts = check([str(made.texts)], verify=True, cached=False)
    (finding,) = [finding for finding in texts.findings if finding.rule.startswith("DP6")]
    assert (finding.rule, made.leaked) == ("DP606", 10_000 // TESTED // LEAKED)
    assert f"{made.leaked} of the {10_000 // TESTED} records" in finding.message
