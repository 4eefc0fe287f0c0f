"""Imports: rows of other people's files, made into records as a profile says."""
