"""Decisions as worked calculations."""
