"""One rule a file, by family. A rule sees the model only; ``ledger`` lists them all without importing them."""
