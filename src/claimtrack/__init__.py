"""A casebook of sourced claims, and what contradicts them."""

__version__ = "0.1.0"
