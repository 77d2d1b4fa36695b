"""The limits on input, shared by both readers."""

from __future__ import annotations

MANIFEST_BYTES = 1 << 20
HOST_BYTES = 8 << 20
DEPTH = 64
NODES = 100_000
"""Mappings, lists, keys and scalars of one document, with every alias counted as what it stands for."""
EXPANDED = MANIFEST_BYTES
"""Characters that all aliases of one document stand for together."""
KEYS = 10_000
DIGITS = 18
FAULTS = 50
"""Reading stops at this many faults: nobody reads further, and each costs time."""

DATE_KEYS = frozenset({"bootstrap_until", "from", "to", "date", "granted", "expires", "effective"})
"""Keys whose values are dates, in manifests, policies and waivers."""
