"""Rules about human preference and judgment."""
