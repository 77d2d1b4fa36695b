"""Rules against model collapse over generations."""
