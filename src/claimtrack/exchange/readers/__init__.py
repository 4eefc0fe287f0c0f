"""Readers: a file of any format, read as rows with the place of each."""
