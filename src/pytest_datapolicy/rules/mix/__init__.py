"""Rules about shares of synthetic and real data."""
