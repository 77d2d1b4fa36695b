"""The engine: plans, subjects, what the whole project decides."""
