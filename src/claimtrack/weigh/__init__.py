"""The definitions of model.md, each in one place, as pure functions on the facts of entries.

No session and no SQL: `query` selects the entries and fetches their `facts`.
"""
