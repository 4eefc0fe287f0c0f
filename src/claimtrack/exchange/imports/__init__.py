"""Imports: rows of foreign files, converted to records by a profile."""
