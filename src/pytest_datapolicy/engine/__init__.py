"""Rules and subjects to findings."""
