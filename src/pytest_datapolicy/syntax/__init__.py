"""Bytes to values and positions in one pass, within the input limits."""
