"""Rules that keep evaluation anchored in reality."""
