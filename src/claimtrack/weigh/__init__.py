"""The definitions, each in one place, as pure functions on the facts of `facts`.

No session, no SQL: `query` finds what they are asked of.
"""
