"""Measurements of the product: ratios side by side in one run, never a test that fails by the clock."""
