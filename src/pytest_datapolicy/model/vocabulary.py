"""The closed vocabularies of manifests and policies, in one place (see the manifest reference)."""

from __future__ import annotations

ORIGINS = ("human", "observed", "model", "simulation", "rewritten", "unknown")
REAL = frozenset({"human", "observed"})
SYNTHETIC = frozenset({"model", "simulation", "rewritten", "unknown"})

LABELLERS = ("expert", "crowd", "user", "model", "program", "simulation", "none", "unknown")
HUMAN_LABELLERS = frozenset({"expert", "crowd", "user"})

PURPOSES = ("training", "validation", "evaluation", "preference", "diagnostic")
STAKES = ("low", "medium", "high", "critical")
STAKES_RANK = {name: rank for rank, name in enumerate(STAKES)}
JUDGMENTS = ("objective", "subjective")
NOVELTIES = ("established", "novel")
STAGES = ("bootstrap", "development", "production")
MEASURES = ("records", "tokens", "bytes")
REVIEW_METHODS = ("random", "stratified", "census", "convenience")

LEVELS = ("disabled", "advice", "warning", "error")
LEVEL_RANK = {name: rank for rank, name in enumerate(LEVELS)}

OUTCOMES = ("pass", "fail", "waived", "baselined", "indeterminate", "not-applicable")
