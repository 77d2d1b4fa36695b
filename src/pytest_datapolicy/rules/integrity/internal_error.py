"""No rule and no format reader crashed.

## What it demands

Every rule and every format reader that took part came to an end. One that raised, left the process or gave something
other than findings is itself a finding, named with the manifest that it was working on; the other rules still run, and
the run ends with exit code 4.

## Why

A crash that is passed over is a demand that nobody checked. "Cannot tell" fails like "no".

## Bad

A rule of a plugin that raises for some manifests:

```python
from pytest_datapolicy.model.rule import Rule

RULE = Rule("ACME001", "owned-by-acme", "dataset", "owner ends in @acme.example",
            check=lambda manifest, clause, context: 1 / 0)
```

## Good

```python
from pytest_datapolicy.model.rule import Rule

RULE = Rule("ACME001", "owned-by-acme", "dataset", "owner ends in @acme.example",
            check=lambda manifest, clause, context: ())
```

## Parameters

None. Always on: no policy lowers it, no waiver covers it.

## Evidence

Convention: failing closed. Kubernetes admission policies treat an error while evaluating as a refusal by default.

## Crosswalk

None of its own: it keeps the evidence of the other rules sound.
"""

from __future__ import annotations

from pytest_datapolicy.model.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_datapolicy.model.policy import Clause
    from pytest_datapolicy.model.rule import Context, Draft


def check(project: object, clause: Clause, context: Context) -> Iterable[Draft]:  # noqa: ARG001
    """Nothing: the engine makes these findings where a crash is caught."""
    return ()


RULE = Rule(
    id="DP000",
    name="internal-error",
    scope="project",
    summary="no rule or format reader crashed",
    check=check,
    always_on=True,
    waivable=False,
)
