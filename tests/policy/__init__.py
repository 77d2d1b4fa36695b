"""Loading and merging of policies."""
