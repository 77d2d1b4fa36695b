"""The policies of Acme, as package data. Nothing here is imported to read them."""
