"""Imports: rows of other people's files, converted to records by a profile."""
