"""What the cases of DP105 cannot show, because the schema stops it first."""

from __future__ import annotations

from pytest_datapolicy.model.manifest import Manifest
from pytest_datapolicy.model.policy import Clause
from pytest_datapolicy.model.rule import Context
from pytest_datapolicy.rules.mix.bootstrap_expiry import RULE


def test_without_its_end_a_bootstrap_cannot_be_decided() -> None:
    manifest = Manifest({"stage": "bootstrap", "splits": {}})
    clause = Clause("DP105", "error", {}, {"max_days": 90}, None)

    (draft,) = RULE.check(manifest, clause, Context("2026-11-01", "low", {}))

    assert (draft.outcome, draft.at) == ("indeterminate", ("bootstrap_until",))
    assert draft.message == "stage is bootstrap, but bootstrap_until is missing, so its end cannot be told"
    assert draft.remedy == "give bootstrap_until"
