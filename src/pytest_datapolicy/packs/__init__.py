"""The policies that ship with the product."""
