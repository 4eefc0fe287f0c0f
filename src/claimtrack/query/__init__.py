"""Selects in SQL the entries and candidate pairs of a question, and fetches facts for `weigh`."""
