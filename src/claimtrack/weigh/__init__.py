"""The definitions behind the reports, each in one place, as pure functions on facts of entries.

`docs/concepts.md` explains the terms with examples; each module defines its own exactly. No session
and no SQL: `query` selects the entries and fetches their `facts`.
"""
