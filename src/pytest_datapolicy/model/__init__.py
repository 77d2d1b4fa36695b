"""The words of the product as immutable types: standard library only, imported by every floor above."""
