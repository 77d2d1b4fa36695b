"""Rules about human review of synthetic data."""
