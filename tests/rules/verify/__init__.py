"""Claims with data beside them: what passes, and every planted fault with its figure and its place."""
