"""JSON Schemas of manifest, policy and report."""
