"""Rules that compare claims with the data itself."""
