"""Readers: files of any format as rows, each with its place in the file."""
